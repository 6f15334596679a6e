//! How often a meter without a device is read: learned from when its readings were taken, and true of
//! its own time alone. Whoever reads it more seldom from now on does not fill the gaps of last year.

use chrono::{DateTime, TimeDelta, Utc};

/// Fewer times between readings than this say nothing.
const ENOUGH: usize = 3;
/// Of so many times between readings …
const LOOKED_AT: usize = 8;
/// … all but one must be longer, or all but one shorter, for the cadence to be another …
const ODD: usize = 1;
/// … by this factor.
const TURNS: f64 = 1.75;

/// Readings before a changed one that its cadence depends on, and readings after it.
pub const REACH: usize = LOOKED_AT + 1;

/// How often a meter was read, and since when: each holds until the next, and the first one of what lies
/// before it, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cadences(Vec<(DateTime<Utc>, TimeDelta)>);

/// Times of readings in ascending order, of which some are new.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// The times: at least [`REACH`] before the first new one and after the last, where there are so many.
    pub times: &'a [DateTime<Utc>],
    /// No reading from here on is new.
    pub new_to: DateTime<Utc>,
    /// Whether these are the first of the meter's.
    pub begins: bool,
    /// Whether they are the last.
    pub ends: bool,
    /// How often the meter is read by what its logger says: believed where its last readings bear it out,
    /// before there are enough of them to tell.
    pub stated: Option<TimeDelta>,
}

/// What times of readings taught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// All that is known now.
    pub cadences: Cadences,
    /// The time in which the cadence is another than was thought, to the end where it says none.
    pub changed: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

impl Cadences {
    /// From what is stored, in ascending order.
    pub fn new(versions: Vec<(DateTime<Utc>, TimeDelta)>) -> Self {
        Self(versions)
    }

    /// Each with the instant from which it holds.
    pub fn versions(&self) -> &[(DateTime<Utc>, TimeDelta)] {
        &self.0
    }

    /// The one at an instant; none where nothing was learned.
    pub fn at(&self, at: DateTime<Utc>) -> Option<TimeDelta> {
        let after = self.0.partition_point(|(from, _)| *from <= at);
        self.0.get(after.saturating_sub(1)).map(|(_, every)| *every)
    }

    /// The newest one.
    pub fn now(&self) -> Option<TimeDelta> {
        self.0.last().map(|(_, every)| *every)
    }

    /// Goes through times of readings and learns. What is learned follows from the times alone, not from
    /// the order in which they came: so it goes on until it agrees with what was known. None where that
    /// needs more readings than these.
    pub fn learn(&self, taken: Taken<'_>) -> Option<Learned> {
        let Some(&start) = taken.times.first() else { return Some(self.unchanged()) };
        let gaps: Vec<Gap> =
            taken.times.windows(2).map(|pair| (pair[0], pair[1] - pair[0])).collect();
        // Before the first reading there was none, unless those that told of it are dropped.
        let is_before = |from: DateTime<Utc>| from < start || (from == start && !taken.begins);
        let before = self.0.iter().filter(|(from, _)| is_before(*from));
        let mut versions: Vec<_> = before.copied().collect();
        if versions.is_empty() {
            if gaps.len() < ENOUGH {
                return Some(self.unchanged());
            }
            versions.push((start, median(&gaps[..gaps.len().min(LOOKED_AT)])));
        }
        let mut agreed = None;
        for (place, &(at, _)) in gaps.iter().enumerate() {
            let every = versions.last()?.1;
            if at >= taken.new_to && self.at(at) == Some(every) {
                agreed = Some(at);
                break;
            }
            match gaps.get(place..place + LOOKED_AT) {
                Some(next) if turns(every, next) => versions.push((at, median(next))),
                None if !taken.ends => return None,
                None => {
                    let stated =
                        taken.stated.filter(|stated| bears_out(every, *stated, &gaps[place..]));
                    versions.extend(stated.map(|stated| (at, stated)));
                }
                Some(_) => {}
            }
        }
        if let Some(agreed) = agreed {
            versions.extend(self.0.iter().filter(|(from, _)| *from > agreed));
        } else if !taken.ends {
            return None;
        }
        let cadences = Self(versions);
        let changed = self.differs_from(&cadences);
        Some(Learned { cadences, changed })
    }

    fn unchanged(&self) -> Learned {
        Learned { cadences: self.clone(), changed: Vec::new() }
    }

    /// Where two say something else.
    fn differs_from(&self, other: &Self) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> {
        let mut bounds: Vec<DateTime<Utc>> =
            self.0.iter().chain(&other.0).map(|(from, _)| *from).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let ends = bounds.iter().skip(1).map(|end| Some(*end)).chain([None]);
        let spans = bounds.iter().copied().zip(ends);
        spans.filter(|(from, _)| self.at(*from) != other.at(*from)).collect()
    }
}

/// When a reading was taken, and how long it was until the next.
type Gap = (DateTime<Utc>, TimeDelta);

/// Whether a time is much longer than another.
fn is_longer(one: TimeDelta, other: TimeDelta) -> bool {
    one.as_seconds_f64() > other.as_seconds_f64() * TURNS
}

/// Whether a meter that was read so often is so no more, from the first of these times between readings.
fn turns(every: TimeDelta, next: &[Gap]) -> bool {
    let longer = |(_, gap): &&Gap| is_longer(*gap, every);
    let shorter = |(_, gap): &&Gap| is_longer(every, *gap);
    let most = next.len().saturating_sub(ODD);
    let first = next.first();
    (first.as_ref().is_some_and(longer) && next.iter().filter(longer).count() >= most)
        || (first.as_ref().is_some_and(shorter) && next.iter().filter(shorter).count() >= most)
}

/// Whether the last times between readings are as stated, from the first of them on, and not as before.
fn bears_out(every: TimeDelta, stated: TimeDelta, last: &[Gap]) -> bool {
    let is_other = |one, other| is_longer(one, other) || is_longer(other, one);
    last.first().is_some_and(|(_, gap)| is_other(*gap, every))
        && last.iter().all(|(_, gap)| !is_other(*gap, stated))
}

/// The middle one of times between readings, to the millisecond; of two the shorter.
fn median(gaps: &[Gap]) -> TimeDelta {
    let mut gaps: Vec<i64> = gaps.iter().map(|(_, gap)| gap.num_milliseconds().max(1)).collect();
    gaps.sort_unstable();
    let middle = gaps.get((gaps.len().saturating_sub(1)) / 2);
    middle.map_or(TimeDelta::zero(), |gap| TimeDelta::milliseconds(*gap))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    /// Readings of a day every quarter-hour with three hours' silence, then of two days every hour, then
    /// every quarter-hour again.
    fn life() -> Vec<DateTime<Utc>> {
        let quarters = (0..96).filter(|n| !(40..52).contains(n)).map(|n| at(n * 15));
        let hours = (24..72).map(|n| at(n * 60));
        let again = (0..40).map(|n| at(72 * 60 + n * 15));
        quarters.chain(hours).chain(again).collect()
    }

    fn whole(times: &[DateTime<Utc>]) -> Cadences {
        let new_to = *times.last().unwrap() + TimeDelta::seconds(1);
        let taken = Taken { times, new_to, begins: true, ends: true, stated: None };
        Cadences::default().learn(taken).unwrap().cadences
    }

    #[test]
    fn each_time_keeps_the_cadence_it_was_read_at() {
        let [quarter, hour] = [15, 60].map(TimeDelta::minutes);
        let learned = whole(&life());
        assert_eq!(
            learned.versions(),
            [(at(0), quarter), (at(24 * 60), hour), (at(72 * 60), quarter)],
            "the silence is none of them"
        );
        assert_eq!(learned.at(at(-1)), Some(quarter));
        assert_eq!(learned.at(at(24 * 60 - 1)), Some(quarter));
        assert_eq!(learned.at(at(24 * 60)), Some(hour));
        assert_eq!(learned.now(), Some(quarter));
    }

    #[test]
    fn too_few_readings_say_nothing_and_what_goes_on_changes_nothing() {
        assert_eq!(whole(&life()[..3]), Cadences::default());
        let times = life();
        let known = whole(&times[..100]);
        let taken = Taken {
            times: &times[80..101],
            new_to: at(9_999),
            begins: false,
            ends: true,
            stated: Some(TimeDelta::minutes(30)),
        };
        assert_eq!(known.learn(taken).unwrap().changed, []);
    }

    #[test]
    fn another_cadence_changes_its_own_time_alone() {
        let times = life();
        let until = times.iter().position(|time| *time == at(24 * 60 + 8 * 60)).unwrap();
        let before = whole(&times[..until]);
        assert_eq!(before.versions().len(), 1);
        let taken = Taken {
            times: &times[until - REACH..=until],
            new_to: at(99_999),
            begins: false,
            ends: true,
            stated: None,
        };
        assert_eq!(before.learn(taken).unwrap().changed, [(at(24 * 60), None)]);
    }

    #[test]
    fn what_a_logger_says_holds_from_the_first_reading_that_bears_it_out() {
        let times = life();
        let known = whole(&times[..84]);
        let first_hour = times.iter().position(|time| *time == at(25 * 60)).unwrap();
        let learn = |until: usize| {
            let taken = Taken {
                times: &times[until - REACH..until],
                new_to: at(99_999),
                begins: false,
                ends: true,
                stated: Some(TimeDelta::minutes(60)),
            };
            known.learn(taken).unwrap().cadences
        };
        assert_eq!(learn(first_hour), known, "it was read as before");
        let hour = (at(24 * 60), TimeDelta::minutes(60));
        assert_eq!(learn(first_hour + 1).versions(), [known.versions(), &[hour]].concat());
    }

    /// A piece of a meter's times, as it is looked at after some of them came.
    fn look(
        times: &[DateTime<Utc>],
        new: (DateTime<Utc>, DateTime<Utc>),
        more: usize,
    ) -> Taken<'_> {
        let (from, to) = new;
        let first = times.partition_point(|time| *time < from);
        let last = times.partition_point(|time| *time < to);
        let (start, end) = (first.saturating_sub(REACH), (last + REACH + more).min(times.len()));
        Taken {
            times: &times[start..end],
            new_to: to,
            begins: first < REACH,
            ends: end == times.len(),
            stated: None,
        }
    }

    #[test]
    fn the_order_in_which_readings_come_is_of_no_matter() {
        let all = life();
        let right = whole(&all);
        let mut seed = 7_u32;
        for _ in 0..50 {
            let mut left = all.clone();
            let mut come: Vec<DateTime<Utc>> = Vec::new();
            let mut known = Cadences::default();
            while !left.is_empty() {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let start = (seed >> 8) as usize % left.len();
                let end = (start + 1 + (seed >> 4) as usize % 40).min(left.len());
                let new: Vec<_> = left.drain(start..end).collect();
                let span = (new[0], *new.last().unwrap() + TimeDelta::seconds(1));
                come.extend(new);
                come.sort_unstable();
                let more = [0, 1_000].into_iter();
                let mut learned = more.filter_map(|more| known.learn(look(&come, span, more)));
                known = learned.next().unwrap().cadences;
            }
            assert_eq!(known, right);
        }
    }
}
