//! Writes the readings of derived meters, each minute, once all of their inputs have passed it.
//!
//! The points go the one way in that every reading goes. Where inputs change behind what is written,
//! the later points are taken back and written again, and the registers go on from the last one left.

mod inputs;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use acquisition::Inlet;
use chrono::{DateTime, TimeDelta, Utc};
use domain::derive::{self, Point, Registers, STEP};
use domain::interval::Read;
use domain::task::Work;
use domain::trail::{QUARTER, floor};
use domain::{Field, Kwh, MeterId, Reading, Source};
use sqlx::PgPool;
use storage::readings;
use storage::set_aside::Part;
use storage::virtual_meters::{Derived, Version};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::registry::Registry;
use crate::rollup::Reader;
use crate::set_aside::{Failures, caught};
use crate::supervision::Pulse;
use crate::{Error, Service, window};
use inputs::{Inputs, PAGE};

/// How often inputs are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// The longest stretch that is computed at once.
const CHUNK: TimeDelta = TimeDelta::days(1);
/// A meter whose inputs gave no point is tried again after this.
const PAUSE: Duration = Duration::from_mins(5);

/// Share of a value by which two that are the same may differ: they were added up in another order.
const SAME: f64 = 1e-9;

/// A version of a derived meter, as far as it can be written.
struct Span<'a> {
    terms: &'a [(MeterId, f64)],
    inputs: Vec<MeterId>,
    from: Option<DateTime<Utc>>,
    reach: DateTime<Utc>,
}

/// What the task needs.
struct Deriver {
    pool: PgPool,
    registry: Registry,
    batches: Inlet,
    failures: Failures,
    pulse: Pulse,
}

/// Runs until the stop signal.
pub(crate) async fn run(service: Service, stop: CancellationToken, pulse: Pulse) {
    let deriver = Deriver {
        pool: service.pool().clone(),
        registry: service.registry().clone(),
        batches: service.inner.batches.clone(),
        failures: Failures::default(),
        pulse,
    };
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut resting: HashMap<MeterId, Instant> = HashMap::new();
    loop {
        let pass = async {
            look.tick().await;
            deriver.pass(&mut resting).await
        };
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = pass => done,
        };
        if let Err(error) = done {
            let cause = error.cause();
            tracing::warn!("derived meters could not be written, it is tried again: {cause}");
        }
    }
}

impl Deriver {
    async fn pass(&self, resting: &mut HashMap<MeterId, Instant>) -> Result<(), Error> {
        resting.retain(|_, since| since.elapsed() < PAUSE);
        let mut derived = storage::virtual_meters::all(&self.pool).await?;
        let aside = storage::set_aside::derived(&self.pool).await?;
        derived.retain(|(meter, _)| !aside.contains(meter));
        for (meter, versions) in inputs_first(derived) {
            if !resting.contains_key(&meter) && !self.written(meter, &versions).await? {
                resting.insert(meter, Instant::now());
            }
            self.pulse.beat();
        }
        self.pulse.beat();
        Ok(())
    }

    /// Whether there is hope for more points soon, of a meter that may fail: then it is tried again, and
    /// stands aside in the end.
    async fn written(&self, meter: MeterId, versions: &[Version]) -> Result<bool, Error> {
        let error = match caught(self.bring_up_to_date(meter, versions)).await {
            Ok(hope) => {
                self.failures.forget(|known| known.meter == meter);
                return Ok(hope);
            }
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => error,
        };
        let cursors = storage::derived::cursors(&self.pool, &[meter]).await?;
        let lacks = cursors.get(&meter).and_then(|cursor| cursor.to);
        let mut connection = self.pool.acquire().await.map_err(storage::Error::from)?;
        let start = lacks.unwrap_or(window::EARLIEST);
        let part = Part { work: Work::Derived, meter, start };
        self.failures.note(&mut connection, part, &error).await?;
        Ok(true)
    }

    async fn bring_up_to_date(&self, meter: MeterId, versions: &[Version]) -> Result<bool, Error> {
        let mut spans = Vec::with_capacity(versions.len());
        for version in versions {
            spans.extend(self.span(version, self.registry.latest_of(meter)).await?);
        }
        let Some(reach) = spans.iter().map(|span| span.reach).max() else { return Ok(true) };
        let cursors = storage::derived::cursors(&self.pool, &[meter]).await?;
        let cursor = cursors.get(&meter).copied().unwrap_or_default();
        let is_done = cursor.to.is_some_and(|to| reach <= to);
        let changed = match cursor.changed_from {
            // A quarter-hour is written again when it is over, and late readings with it; before that
            // only where it turns out otherwise, for every reading changes the one that runs.
            Some(from) if from + QUARTER + STEP <= reach => Some(from),
            Some(_) if is_done => self.look_again(meter, &spans).await?,
            _ => None,
        };
        let back_to = changed.or(cursor.to);
        if changed.is_none() && is_done {
            return Ok(true);
        }
        let frozen = self.registry.known().frozen.get(&meter).copied();
        let last = match back_to.max(frozen.filter(|_| back_to.is_some())) {
            Some(to) => storage::derived::take_back(&self.pool, meter, to).await?,
            None => None,
        };
        self.write(meter, &spans, last).await
    }

    /// How far a version can be written: to the last whole minute that all its inputs have passed and
    /// in which it holds, and to `latest` at most; none while an input has no reading at all.
    async fn span<'a>(
        &self,
        version: &'a Version,
        latest: DateTime<Utc>,
    ) -> Result<Option<Span<'a>>, Error> {
        let inputs = version.inputs();
        let newest = readings::last_of_each(&self.pool, &inputs, latest, 1).await?;
        if newest.len() < inputs.len() {
            return Ok(None);
        }
        let minute = |at: DateTime<Utc>| floor(at, STEP);
        let passed = newest.iter().map(|reading| reading.at).min().and_then(minute);
        let to = version.to.and_then(minute);
        let reach = passed.map(|passed| to.map_or(passed, |to| to.min(passed)));
        let from = version.from.and_then(minute);
        Ok(reach.map(|reach| Span { terms: &version.terms, inputs, from, reach }))
    }

    /// Since when what is written is not what the inputs say now; where all of it still stands, their
    /// changes are done with.
    async fn look_again(
        &self,
        meter: MeterId,
        spans: &[Span<'_>],
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let look = storage::derived::Look::begin(&self.pool, meter).await?;
        let Some(since) = look.since else { return Ok(None) };
        let last = storage::derived::last_point(&self.pool, meter, since).await?;
        let mut progress = Progress::after(last);
        let mut points = Vec::new();
        while let Some(more) = self.next(spans, &mut progress).await? {
            points.extend(more);
        }
        let Some(to) = points.last().map(|point| point.at + STEP) else { return Ok(Some(since)) };
        let from = last.map_or(window::EARLIEST, |(at, ..)| at + STEP);
        let span = readings::Span { meter, from, to };
        let reader = Reader::open(&self.pool, &[meter]).await?;
        let written = reader.whole(span, PAGE, 0).await?;
        let mut anew = storage::derived::begun_anew(&self.pool, &[meter]).await?;
        let anew = anew.remove(&meter).unwrap_or_default();
        let same = written.len() == points.len()
            && anew.range(from..to).copied().eq(begun_anew(&points))
            && written.iter().zip(&points).all(|(read, point)| is_same(read, point));
        if !same {
            return Ok(Some(since));
        }
        look.stands().await?;
        Ok(None)
    }

    /// Writes the points after the last one, or from the beginning; whether there were any, or
    /// nothing was to be done.
    async fn write(
        &self,
        meter: MeterId,
        spans: &[Span<'_>],
        last: Option<(DateTime<Utc>, f64, f64)>,
    ) -> Result<bool, Error> {
        if let Some(reach) = spans.iter().map(|span| span.reach).max() {
            storage::derived::begin_until(&self.pool, meter, reach).await?;
        }
        let mut progress = Progress::after(last);
        let (mut tried, mut wrote) = (false, false);
        while let Some(points) = self.next(spans, &mut progress).await? {
            tried = true;
            self.pulse.beat();
            if let Some(at) = points.last().map(|point| point.at) {
                // Whoever adds the points up knows of these by then.
                storage::derived::begin_anew(&self.pool, meter, &begun_anew(&points)).await?;
                self.submit(meter, points).await?;
                storage::derived::advance(&self.pool, meter, at).await?;
                wrote = true;
            }
        }
        Ok(wrote || !tried)
    }

    /// The points of the next stretch; none where there is no other.
    ///
    /// Where the inputs of an earlier version stop before the next one begins, the next one begins anew:
    /// what comes late is written when it is there.
    async fn next(
        &self,
        spans: &[Span<'_>],
        progress: &mut Progress,
    ) -> Result<Option<Vec<Point>>, Error> {
        while let Some(span) = spans.get(progress.span) {
            let begins = match progress.done_to {
                Some(done_to) => Some(done_to),
                None => self.beginning(&span.inputs).await?,
            };
            let from = begins.map(|at| span.from.map_or(at, |from| from.max(at)));
            let Some(from) = from.filter(|from| *from < span.reach) else {
                progress.span += 1;
                continue;
            };
            if progress.done_to.is_some_and(|done_to| done_to < from) {
                progress.registers.lose();
            }
            let to = span.reach.min(from + CHUNK);
            let known = self.registry.known();
            let inputs = Inputs::load(&self.pool, &known, span.terms, from, to).await?;
            let of_inputs = inputs.all();
            let mut points = Vec::new();
            if progress.done_to.is_none() {
                points.push(derive::first(from, &of_inputs));
            }
            points.extend(derive::points(&of_inputs, &mut progress.registers));
            let is_silent = points.is_empty();
            progress.done_to = Some(if is_silent { self.awake(span, to).await? } else { to });
            return Ok(Some(points));
        }
        Ok(None)
    }

    /// From when on there may be points again after a stretch without any: shortly before the next reading of an
    /// input, for years may lie between two.
    async fn awake(&self, span: &Span<'_>, to: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
        let next = storage::derived::next_reading(&self.pool, &span.inputs, to).await?;
        let begins = next.map_or(Some(span.reach), |at| floor(at - CHUNK, STEP));
        Ok(begins.map_or(to, |at| at.clamp(to, span.reach.max(to))))
    }

    /// The first whole minute at which all inputs have been read.
    async fn beginning(&self, inputs: &[MeterId]) -> Result<Option<DateTime<Utc>>, Error> {
        let firsts = storage::derived::first_readings(&self.pool, inputs).await?;
        let latest = firsts.iter().map(|(_, at)| *at).max();
        Ok(latest.and_then(|at| {
            let minute = floor(at, STEP)?;
            Some(if minute < at { minute + STEP } else { minute })
        }))
    }

    async fn submit(&self, meter: MeterId, points: Vec<Point>) -> Result<(), Error> {
        let reading = |point: Point| Reading {
            meter,
            at: point.at,
            quality: point.quality,
            source: Source::Derived,
            values: point.values,
        };
        let readings = points.into_iter().map(reading).collect();
        let outcome = self.batches.submit(readings).await.map_err(|_| Error::Unavailable)?;
        if let Some(refused) = outcome.refused.first() {
            tracing::warn!(%meter, "points of a derived meter were refused: {}", refused.reason);
        }
        Ok(())
    }
}

/// How far a derived meter is computed.
struct Progress {
    registers: Registers,
    done_to: Option<DateTime<Utc>>,
    /// The version that it is at.
    span: usize,
}

impl Progress {
    fn after(last: Option<(DateTime<Utc>, f64, f64)>) -> Self {
        let registers = last.map_or_else(Registers::default, |(_, import, export)| {
            Registers::at(Kwh(import), Kwh(export))
        });
        Self { registers, done_to: last.map(|(at, ..)| at), span: 0 }
    }
}

/// The points since whose point before nothing is known.
fn begun_anew(points: &[Point]) -> Vec<DateTime<Utc>> {
    points.iter().filter(|point| point.is_anew).map(|point| point.at).collect()
}

/// Whether a reading says what a point says.
fn is_same(read: &Read, point: &Point) -> bool {
    let same = |field: &Field| match (read.values.get(*field), point.values.get(*field)) {
        (Some(one), Some(other)) => (one - other).abs() <= SAME * one.abs().max(1.0),
        (one, other) => one.is_none() && other.is_none(),
    };
    read.at == point.at && Field::ALL.iter().all(same)
}

/// Derived meters in an order in which each comes after those that it is computed from.
fn inputs_first(mut derived: Vec<Derived>) -> Vec<Derived> {
    let mut open: HashSet<MeterId> = derived.iter().map(|(meter, _)| *meter).collect();
    let mut ordered = Vec::with_capacity(derived.len());
    while !derived.is_empty() {
        let waits = |(_, versions): &Derived| {
            versions.iter().flat_map(|v| &v.terms).any(|(input, _)| open.contains(input))
        };
        let (rest, ready): (Vec<_>, Vec<_>) = derived.into_iter().partition(waits);
        if ready.is_empty() {
            // Terms that plain SQL closed to a cycle: there is nothing to compute them from.
            break;
        }
        for (meter, _) in &ready {
            open.remove(meter);
        }
        ordered.extend(ready);
        derived = rest;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_are_computed_from_comes_first_and_cycles_are_left_out() {
        let id = MeterId;
        let always = |terms| vec![Version { from: None, to: None, terms }];
        let derived = vec![
            (id(1), always(vec![(id(2), 1.0), (id(9), 1.0)])),
            (id(2), always(vec![(id(8), 1.0)])),
            (id(3), always(vec![(id(4), 1.0)])),
            (id(4), always(vec![(id(3), 1.0)])),
        ];
        let order: Vec<_> = inputs_first(derived).into_iter().map(|(meter, _)| meter.0).collect();
        assert_eq!(order, [2, 1]);
    }
}
