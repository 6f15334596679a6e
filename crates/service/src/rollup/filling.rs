//! Quarter-hours that fill up.
//!
//! Each reading of one puts it into the queue again, and each time all of its readings are gone through: up to 900 of a
//! meter that is read once a second. So it rests after it was computed, in proportion to what that took. A live meter
//! that has come to its next quarter-hour rests no more; one whose readings of long ago stream in rests with all that
//! is newer, which is then computed in one go.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use storage::rollup::Live;
use storage::span::Key;

use super::claims::Run;

/// A quarter-hour that was computed so often in a row is taken to fill up …
const OFTEN: u32 = 3;
/// … and so is one that follows it no later than this.
const NEXT: TimeDelta = TimeDelta::hours(3);
/// All of them rest this many times as long as it takes to compute all of them …
const REST: u32 = 4;
/// … and this long at most.
const LONGEST: Duration = Duration::from_secs(20);

/// The quarter-hour that was computed last of each meter, and how long those that fill up rest.
#[derive(Debug, Default)]
pub(super) struct Filling {
    last: HashMap<MeterId, Last>,
    /// The number of those that were computed since the time was noted that it took.
    done: u32,
    rest: Duration,
}

#[derive(Debug)]
struct Last {
    start: DateTime<Utc>,
    computed: Instant,
    times: u32,
}

impl Last {
    fn fills(&self) -> bool {
        self.times >= OFTEN
    }
}

impl Filling {
    /// Those of what waits that rest at an instant.
    pub(super) fn resting(&self, waiting: &[Key], live: &Live, now: Instant) -> HashSet<Key> {
        let mut newest: HashMap<MeterId, DateTime<Utc>> = HashMap::new();
        for &(meter, start) in waiting {
            newest.entry(meter).and_modify(|newest| *newest = start.max(*newest)).or_insert(start);
        }
        let rests = |(meter, start): &&Key| {
            let last = self.last.get(meter).filter(|last| last.fills() && last.start <= *start);
            last.zip(newest.get(meter)).is_some_and(|(last, newest)| {
                let is_due = now.saturating_duration_since(last.computed) >= self.rest;
                !is_due && (*newest == last.start || !live.holds(*newest))
            })
        };
        waiting.iter().filter(rests).copied().collect()
    }

    /// The share of runs that end with a quarter-hour that fills up once they are computed.
    pub(super) fn share(&self, runs: &[Run]) -> f64 {
        let fills = |(meter, start): &&Key| {
            let last = self.last.get(meter);
            last.is_some_and(|last| last.start <= *start && last.times >= OFTEN - 1)
        };
        let fill = runs.iter().filter_map(|run| run.claims.last()).filter(fills).count();
        fill as f64 / runs.len().max(1) as f64
    }

    /// Notes that runs were computed.
    pub(super) fn computed(&mut self, runs: &[Run], now: Instant) {
        for &(meter, start) in runs.iter().filter_map(|run| run.claims.last()) {
            let last = self.last.entry(meter).or_insert(Last { start, computed: now, times: 0 });
            if start < last.start {
                continue;
            }
            if start == last.start {
                last.times = last.times.saturating_add(1);
            } else if start - last.start > NEXT {
                last.times = 1;
            }
            (last.start, last.computed) = (start, now);
            self.done += u32::from(last.fills());
        }
    }

    /// Notes how long it took to compute those of them that were computed since this was noted last.
    pub(super) fn took(&mut self, time: Duration, now: Instant) {
        let done = std::mem::take(&mut self.done);
        let Some(each) = time.checked_div(done) else { return };
        let is_under_way = |last: &&Last| {
            last.fills() && now.saturating_duration_since(last.computed) <= LONGEST * 2
        };
        let all = self.last.values().filter(is_under_way).count();
        let all = each.saturating_mul(u32::try_from(all).unwrap_or(u32::MAX));
        self.rest = all.saturating_mul(REST).min(LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use domain::energy::QUARTER;

    use super::*;
    use crate::rollup::claims::runs;

    #[test]
    fn what_is_computed_again_and_again_rests_until_the_next_quarter_hour_begins() {
        let at = |quarter: i32| DateTime::UNIX_EPOCH + QUARTER * quarter;
        let (one, next, other) = ((MeterId(1), at(1)), (MeterId(1), at(2)), (MeterId(2), at(1)));
        let (live, past) = (Live::about([at(1)], QUARTER * 2), Live::default());
        let (mut filling, begun) = (Filling::default(), Instant::now());
        let none = HashSet::new();
        for _ in 0..OFTEN {
            filling.computed(&runs(&[other]), begun);
        }
        filling.took(Duration::from_secs(1), begun);
        for _ in 1..OFTEN {
            filling.computed(&runs(&[one]), begun);
            assert_eq!(filling.resting(&[one], &live, begun), none);
        }
        filling.computed(&runs(&[one]), begun);
        assert!((filling.share(&runs(&[one])) - 1.0).abs() < 1e-9);
        assert_eq!(filling.resting(&[other, one], &live, begun), HashSet::from([other, one]));
        filling.took(Duration::from_secs(1), begun);
        let later = |seconds| begun + Duration::from_secs(seconds);
        assert_eq!(filling.resting(&[one], &live, later(7)), HashSet::from([one]), "both take 2 s");
        assert_eq!(filling.resting(&[one], &live, later(8)), none);

        assert_eq!(filling.resting(&[one, next], &live, begun), none);
        assert_eq!(filling.resting(&[one, next], &past, begun), HashSet::from([one, next]));
        filling.computed(&runs(&[one, next]), begun);
        filling.computed(&runs(&[one]), begun);
        assert_eq!(filling.resting(&[one], &past, begun), none, "its past does not fill up");
        assert_eq!(filling.resting(&[next], &live, begun), HashSet::from([next]));
        filling.computed(&runs(&[(MeterId(1), at(100))]), begun);
        assert_eq!(filling.resting(&[(MeterId(1), at(100))], &past, begun), none);
    }
}
