//! Claims in an order worth working in.

use chrono::TimeDelta;
use domain::MeterId;
use domain::energy::QUARTER;
use storage::rollup::Live;
use storage::span::{Key, Span};

/// Claims this close together are computed in one go: the day of a meter that is read once an hour, or
/// every other hour, is one run and not two dozen that wait for each other.
const JOINED: TimeDelta = TimeDelta::hours(3);
/// The longest run: its readings are in memory at once.
const LONGEST: TimeDelta = TimeDelta::days(1);
/// Quarter-hours of a batch …
const BATCH: usize = 960;
/// … of which one with more readings counts as several: those of a meter that is read every 25 s have as many. All
/// readings of a batch are in memory at once, half a kilobyte each.
const READINGS: i64 = 36;

/// A stretch of one meter's time whose readings changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) span: Span,
    /// The claims that it settles.
    pub(super) claims: Vec<Key>,
}

impl Run {
    fn begin((meter, start): Key) -> Self {
        let span = Span { meter, from: start, to: start + QUARTER };
        Self { span, claims: vec![(meter, start)] }
    }

    pub(super) fn meter(&self) -> MeterId {
        self.span.meter
    }

    /// As how many quarter-hours it counts in a batch, read every `poll`.
    pub(super) fn weight(&self, poll: TimeDelta) -> usize {
        let length = (self.span.to - self.span.from).num_milliseconds();
        let readings = length / poll.num_milliseconds().max(1);
        self.claims.len().max(usize::try_from(readings / READINGS).unwrap_or(0))
    }

    fn takes(&self, (meter, start): Key) -> bool {
        meter == self.span.meter
            && start - self.span.to <= JOINED
            && start + QUARTER - self.span.from <= LONGEST
    }
}

/// Claims, sorted by meter and time, as runs.
pub(super) fn runs(claims: &[Key]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for &claim in claims {
        match runs.last_mut() {
            Some(run) if run.takes(claim) => {
                run.span.to = claim.1 + QUARTER;
                run.claims.push(claim);
            }
            _ => runs.push(Run::begin(claim)),
        }
    }
    runs
}

/// Runs, with those that weigh more than a batch may in parts that do not, down to a quarter-hour.
pub(super) fn divided(all: Vec<Run>, weight: impl Fn(&Run) -> usize) -> Vec<Run> {
    let mut divided = Vec::with_capacity(all.len());
    for run in all {
        let most = run.claims.len() * BATCH / weight(&run).max(BATCH);
        for claims in run.claims.chunks(most.max(1)) {
            divided.extend(runs(claims));
        }
    }
    divided
}

/// Runs in passes, each with at most one run of a meter, for a run needs what the one before it
/// wrote. What is live comes first, the rest from the oldest on.
pub(super) fn passes(runs: Vec<Run>, live: &Live) -> Vec<Vec<Run>> {
    let (live, past): (Vec<_>, Vec<_>) =
        runs.into_iter().partition(|run| live.holds(run.span.from));
    let mut ordered = turns(live);
    ordered.extend(turns(past));
    ordered
}

fn turns(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let mut ordered: Vec<Vec<Run>> = Vec::new();
    let mut last: Option<(MeterId, usize)> = None;
    for run in runs {
        let turn = match last {
            Some((meter, turn)) if meter == run.meter() => turn + 1,
            _ => 0,
        };
        last = Some((run.meter(), turn));
        if ordered.len() <= turn {
            ordered.push(Vec::new());
        }
        ordered[turn].push(run);
    }
    ordered
}

/// The runs of a pass in batches, each worth a transaction.
pub(super) fn batches(pass: Vec<Run>, weight: impl Fn(&Run) -> usize) -> Vec<Vec<Run>> {
    let mut batches: Vec<Vec<Run>> = Vec::new();
    let mut room = 0;
    for run in pass {
        let size = weight(&run);
        match batches.last_mut() {
            Some(batch) if size <= room => {
                room -= size;
                batch.push(run);
            }
            _ => {
                room = BATCH.saturating_sub(size);
                batches.push(vec![run]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn at(quarter: i32) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + QUARTER * quarter
    }

    fn keys(meter: i64, quarters: impl IntoIterator<Item = i32>) -> Vec<Key> {
        quarters.into_iter().map(|quarter| (MeterId(meter), at(quarter))).collect()
    }

    #[test]
    fn neighbours_make_a_run_of_at_most_a_day() {
        let claims = [keys(1, [0, 1, 8, 33]), keys(2, 9..200)].concat();
        let runs = runs(&claims);
        let spans: Vec<_> = runs.iter().map(|r| (r.span.meter.0, r.span.from, r.span.to)).collect();
        assert_eq!(
            spans,
            [(1, at(0), at(9)), (1, at(33), at(34)), (2, at(9), at(105)), (2, at(105), at(200)),]
        );
        assert_eq!(runs.iter().map(|run| run.claims.len()).sum::<usize>(), claims.len());
    }

    #[test]
    fn a_meter_has_one_run_in_a_pass_and_what_is_live_comes_first() {
        let claims = [keys(1, [0, 20, 40, 1000]), keys(2, [5, 1000])].concat();
        let passes = passes(runs(&claims), &Live::about([at(1001)], QUARTER * 2));
        let meters: Vec<Vec<_>> =
            passes.iter().map(|pass| pass.iter().map(|run| run.meter().0).collect()).collect();
        assert_eq!(meters, [vec![1, 2], vec![1, 2], vec![1], vec![1]]);
        assert_eq!(passes[0][0].span.from, at(1000));
        assert_eq!(passes[1][0].span.from, at(0));
    }

    #[test]
    fn batches_hold_many_small_runs_or_a_few_days() {
        let every = |seconds| move |run: &Run| run.weight(TimeDelta::seconds(seconds));
        let small: Vec<Run> = (0..500).flat_map(|meter| runs(&keys(meter, [0, 1]))).collect();
        assert_eq!(batches(small.clone(), every(60)).len(), 2);
        assert_eq!(batches(small, every(1)).len(), 27, "34,000 readings in each");
        let days: Vec<Run> = (0..5).flat_map(|meter| runs(&keys(meter, 0..96))).collect();
        assert_eq!(batches(days.clone(), every(900)).len(), 1);
        assert_eq!(batches(days, every(10)).iter().map(Vec::len).collect::<Vec<_>>(), [4, 1]);
    }

    #[test]
    fn days_of_a_meter_read_many_times_a_second_are_divided() {
        let day = keys(1, 0..96);
        for (millis, most) in [(60_000, 96), (1_000, 38), (100, 3), (1, 1)] {
            let divided = divided(runs(&day), |run| run.weight(TimeDelta::milliseconds(millis)));
            let parts: Vec<usize> = divided.iter().map(|run| run.claims.len()).collect();
            assert_eq!((parts[0], parts.iter().max()), (most, Some(&most)), "every {millis} ms");
            assert_eq!(divided.into_iter().flat_map(|run| run.claims).collect::<Vec<_>>(), day);
        }
        let live: Vec<Run> = (0..100).flat_map(|meter| runs(&keys(meter, [0]))).collect();
        let ten_a_second = |run: &Run| run.weight(TimeDelta::milliseconds(100));
        assert_eq!(batches(live, ten_a_second).len(), 34, "27,000 readings in each");
    }
}
