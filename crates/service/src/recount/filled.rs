//! Which silences are filled with quarter-hours.
//!
//! What a register moved by is shared out over the time between two of its readings, so that two of them may
//! make a year of quarter-hours. A silence that is too long is not filled, and neither is one in time that the
//! site keeps nothing of any more, whose rows would go within the hour: what the register moved by in it
//! belongs to no time.

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::{Carry, Read};

/// A longer silence is not filled.
pub(crate) const LONGEST_GAP: TimeDelta = TimeDelta::days(400);
/// The longest that is filled in time of which nothing is kept: so what comes in of it is computed as
/// anything is, at a cost that goes with the number of readings.
const LONGEST_OF_OLD: TimeDelta = TimeDelta::days(1);

/// The silences of a meter that are filled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filled {
    /// One that begins earlier ends before anything that the site keeps, or is too long.
    filled_from: DateTime<Utc>,
}

impl Filled {
    /// Of a meter whose site keeps what is computed from an instant on; none where it keeps all of it.
    pub(crate) fn kept_from(at: Option<DateTime<Utc>>) -> Self {
        let from = at.and_then(|at| at.checked_sub_signed(LONGEST_GAP));
        Self { filled_from: from.unwrap_or(DateTime::<Utc>::MIN_UTC) }
    }

    /// Whether one from an instant to another is. Then each part of it is, too: a reading that comes late in the
    /// middle of it takes nothing away.
    pub(crate) fn has(self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        let is_of_old = from < self.filled_from;
        to - from <= if is_of_old { LONGEST_OF_OLD } else { LONGEST_GAP }
    }

    /// Leaves of the readings after one those up to the first silence that is not filled; whether there is one.
    pub(crate) fn cut(self, last: Option<DateTime<Utc>>, reads: &mut Vec<Read>) -> bool {
        let end = self.silences(last, reads).next();
        if let Some(end) = end {
            reads.truncate(end);
        }
        end.is_some()
    }

    /// Leaves of what is known of the time around a stretch that ends at an instant what no such silence parts
    /// from it.
    pub(crate) fn joined(
        self,
        to: DateTime<Utc>,
        carry: Option<Carry>,
        reads: &mut Vec<Read>,
    ) -> Option<Carry> {
        let within = reads.partition_point(|read| read.at < to);
        let last = carry.as_ref().and_then(|carry| carry.last_at);
        let ends: Vec<usize> = self.silences(last, reads).collect();
        if let Some(&after) = ends.iter().find(|&&end| end >= within) {
            reads.truncate(after);
        }
        let before = ends.iter().rfind(|&&end| end < within).copied();
        reads.drain(..before.unwrap_or(0));
        carry.filter(|_| before.is_none())
    }

    /// The places of the readings that end such a silence.
    fn silences(
        self,
        last: Option<DateTime<Utc>>,
        reads: &[Read],
    ) -> impl Iterator<Item = usize> + '_ {
        let before = std::iter::once(last).chain(reads.iter().map(|read| Some(read.at)));
        let pairs = before.zip(reads).enumerate();
        pairs.filter_map(move |(place, (before, read))| {
            before.is_some_and(|before| !self.has(before, read.at)).then_some(place)
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{Quality, Values};

    use super::*;

    const KEPT: i64 = 1_000;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn reads(days: &[i64]) -> Vec<Read> {
        let read = |day: &i64| Read {
            at: at(*day),
            quality: Quality::Good,
            is_estimate: false,
            values: Values::default(),
        };
        days.iter().map(read).collect()
    }

    fn days(reads: &[Read]) -> Vec<i64> {
        reads.iter().map(|read| (read.at - at(0)).num_days()).collect()
    }

    fn filled() -> Filled {
        Filled::kept_from(Some(at(KEPT)))
    }

    #[test]
    fn a_year_is_filled_where_it_is_kept_and_a_day_where_it_is_not() {
        let is_filled = |from, to| filled().has(at(from), at(to));
        assert!(is_filled(KEPT, KEPT + 400) && !is_filled(KEPT, KEPT + 401));
        assert!(is_filled(KEPT - 400, KEPT) && !is_filled(KEPT - 401, KEPT - 1));
        assert!(is_filled(KEPT - 400, KEPT - 300), "a part of one that ends where it is kept");
        assert!(is_filled(1, 2) && !is_filled(1, 3));
    }

    #[test]
    fn what_comes_after_a_silence_that_is_not_filled_is_left_out() {
        let mut found = reads(&[2, 3, 5, 6]);
        assert!(filled().cut(Some(at(1)), &mut found));
        assert_eq!(days(&found), [2, 3]);
        assert!(!filled().cut(None, &mut found));
        assert!(filled().cut(Some(at(0)), &mut found));
        assert!(found.is_empty());
    }

    #[test]
    fn of_a_stretch_what_lies_between_two_such_silences_is_known() {
        let joined = |to, last, of: &[i64]| {
            let mut found = reads(of);
            let carry: Carry = serde_json::from_value(serde_json::json!({"t": at(last)})).unwrap();
            let carry = filled().joined(at(to), Some(carry), &mut found);
            (carry.is_some(), days(&found))
        };
        assert_eq!(joined(8, 1, &[5, 6, 7, 8, 12]), (false, vec![5, 6, 7, 8]));
        assert_eq!(joined(8, 4, &[5, 6, 12]), (true, vec![5, 6]));
        assert_eq!(joined(8, 1, &[12, 13]), (true, vec![]));
        assert_eq!(joined(8, 1, &[7, 12]), (false, vec![7]));
    }
}
