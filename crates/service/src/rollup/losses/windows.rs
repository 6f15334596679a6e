//! What passed the meters in the windows of balances, from their quarter-hours.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::staleness::FORGOTTEN_AFTER;
use domain::energy::window::{Ends, Known, Window};
use domain::energy::{QUARTER, floor};
use domain::{Kwh, MeterId};
use sqlx::PgConnection;
use storage::losses::{Estimated, Passed};
use storage::span::{Key, Span};

use super::Task;
use crate::Error;
use crate::losses::past::Past;

/// Windows of one statement.
const AT_ONCE: usize = 5_000;
/// How far a gap across an end is followed.
const REACH: TimeDelta = TimeDelta::days(2);

/// A meter and a window.
type MeterWindow = (MeterId, DateTime<Utc>, DateTime<Utc>);

/// What passed the meters, with how wrong that may be.
pub(super) struct Windows {
    passed: HashMap<MeterWindow, (Passed, Kwh)>,
    /// When export registers were read last.
    export_read: HashMap<MeterId, DateTime<Utc>>,
}

impl Windows {
    /// Loads what the balances need.
    pub(super) async fn load(
        connection: &mut PgConnection,
        past: &mut Past,
        tasks: &[Task],
    ) -> Result<Self, Error> {
        let mut asked: BTreeSet<MeterWindow> = BTreeSet::new();
        for task in tasks {
            for (Window { from, to }, tree) in past.stretches(task.window()) {
                let children = tree.children(task.node).map(|child| child.id);
                let members = children.chain(tree.is_node(task.node).then_some(task.node));
                asked.extend(members.map(|meter| (meter, from, to)));
            }
        }
        let export_read = export_read(connection, &asked).await?;
        let spans: Vec<Span> =
            asked.into_iter().map(|(meter, from, to)| Span { meter, from, to }).collect();
        let mut found = Vec::new();
        for spans in spans.chunks(AT_ONCE) {
            let passed = storage::losses::passed(connection, spans).await?;
            found.extend(spans.iter().zip(passed).filter_map(|(span, p)| Some((*span, p?))));
        }
        let uncertain = uncertain(connection, &found).await?;
        let passed = found.into_iter().zip(uncertain).map(|((span, passed), uncertain)| {
            ((span.meter, span.from, span.to), (passed, uncertain))
        });
        Ok(Self { passed: passed.collect(), export_read })
    }

    /// What a meter counted in a piece of a window; none where nothing of it is backed by readings.
    pub(super) fn known(&self, meter: MeterId, piece: Window, poll: TimeDelta) -> Option<Known> {
        let (passed, uncertain) = self.passed.get(&(meter, piece.from, piece.to))?;
        if passed.covered_seconds <= 0.0 {
            return None;
        }
        let missing = QUARTER.as_seconds_f64() * (1.0 - f64::from(passed.first_coverage));
        let from = if passed.goes_back {
            piece.from
        } else {
            // A meter that begins in the window: its first quarter-hour is covered from then on.
            passed.first + TimeDelta::milliseconds(millis(missing))
        };
        let to = match passed.last_read {
            // In a piece that ends before the meter begins there is nothing between the two.
            Some(last) if !passed.goes_on => last.max(from).min(piece.to),
            _ => piece.to,
        };
        let coverage = passed.covered_seconds / (piece.to - piece.from).as_seconds_f64();
        let ends = Ends::of_intervals(poll, from, to, *uncertain, coverage.clamp(0.0, 1.0));
        // What is not covered before the first reading and after the last one is not in doubt.
        let last = floor(to, QUARTER).map_or(piece.to, |start| piece.to.min(start + QUARTER));
        let outside = (from - piece.from.max(passed.first)) + (last - to);
        let doubted = TimeDelta::seconds(whole(passed.doubted_seconds)) - outside;
        let doubted = doubted.max(TimeDelta::zero());
        let known = ends.with(Kwh(passed.import_kwh), Kwh(passed.export_kwh), doubted);
        (from < to).then(|| known.with_export_read(self.export_read.get(&meter).copied()))
    }
}

async fn export_read(
    connection: &mut PgConnection,
    asked: &BTreeSet<MeterWindow>,
) -> Result<HashMap<MeterId, DateTime<Utc>>, Error> {
    let meters: BTreeSet<MeterId> = asked.iter().map(|(meter, ..)| *meter).collect();
    let meters: Vec<MeterId> = meters.into_iter().collect();
    let first = asked.iter().map(|(_, _, to)| *to).min().unwrap_or_default();
    Ok(storage::energy::intervals::export_read(connection, &meters, first - FORGOTTEN_AFTER)
        .await?)
}

#[expect(clippy::cast_possible_truncation, reason = "at most a day")]
fn whole(seconds: f64) -> i64 {
    seconds as i64
}

#[expect(clippy::cast_possible_truncation, reason = "at most a quarter-hour")]
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}

/// How wrong the energy of each window may be: where a gap lies across an end, nobody knows which
/// part of its energy belongs into the window, and the larger part is how wrong it may be.
async fn uncertain(
    connection: &mut PgConnection,
    found: &[(Span, Passed)],
) -> Result<Vec<Kwh>, Error> {
    let mut ends: Vec<(usize, Key)> = Vec::new();
    for (i, (span, passed)) in found.iter().enumerate() {
        ends.extend(passed.gap_at_start.then_some((i, (span.meter, span.from))));
        ends.extend(passed.gap_at_end.then_some((i, (span.meter, span.to))));
    }
    let mut uncertain = vec![Kwh::ZERO; found.len()];
    if ends.is_empty() {
        return Ok(uncertain);
    }
    let keys = ends.iter().map(|(_, key)| *key);
    let estimated = storage::losses::estimated(connection, &around(keys)).await?;
    for (i, (meter, at)) in ends {
        uncertain[i] += larger_part(at, estimated.get(&meter).map_or(&[], Vec::as_slice));
    }
    Ok(uncertain)
}

/// The stretches in which gaps across instants lie, each time of a meter once.
fn around(keys: impl Iterator<Item = Key>) -> Vec<Span> {
    let sorted: BTreeSet<Key> = keys.collect();
    let mut stretches: Vec<Span> = Vec::new();
    for (meter, at) in sorted {
        let (from, to) = (at - REACH, at + REACH);
        match stretches.last_mut() {
            Some(last) if last.meter == meter && from <= last.to => last.to = to,
            _ => stretches.push(Span { meter, from, to }),
        }
    }
    stretches
}

/// Of the gap across an instant the larger part of its energy, before or after.
fn larger_part(at: DateTime<Utc>, around: &[Estimated]) -> Kwh {
    let within = |far: DateTime<Utc>| around.partition_point(|(start, _)| *start < far);
    let around = &around[within(at - REACH)..within(at + REACH)];
    let split = around.partition_point(|(start, _)| *start < at);
    let mut edge = at;
    let after = around[split..].iter().take_while(|(start, _)| {
        let joined = *start == edge;
        edge += QUARTER;
        joined
    });
    let after: f64 = after.map(|(_, kwh)| kwh).sum();
    let mut edge = at;
    let before = around[..split].iter().rev().take_while(|(start, _)| {
        edge -= QUARTER;
        *start == edge
    });
    let before: f64 = before.map(|(_, kwh)| kwh).sum();
    Kwh(before.max(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_around_instants_is_looked_at_once() {
        let at = |days: i64| DateTime::UNIX_EPOCH + TimeDelta::days(days);
        let keys = [(1, 9), (2, 10), (1, 10), (1, 20)].map(|(id, day)| (MeterId(id), at(day)));
        let found = around(keys.into_iter());
        let spans: Vec<_> = found.iter().map(|span| (span.meter.0, span.from, span.to)).collect();
        assert_eq!(spans, [(1, at(7), at(12)), (1, at(18), at(22)), (2, at(8), at(12))]);
    }

    #[test]
    fn the_larger_part_of_the_gap_across_the_end_counts() {
        let at = |quarter: i32| DateTime::UNIX_EPOCH + QUARTER * quarter;
        let around: Vec<Estimated> = [(1, 9.0), (3, 1.0), (4, 2.0), (5, 4.0), (6, 0.5), (8, 9.0)]
            .map(|(q, k)| (at(q), k))
            .to_vec();
        assert_eq!(larger_part(at(5), &around), Kwh(4.5));
        assert_eq!(larger_part(at(6), &around), Kwh(7.0));
        assert_eq!(larger_part(at(7), &around), Kwh(7.5));
    }
}
