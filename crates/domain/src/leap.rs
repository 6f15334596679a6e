//! Leaps of the computer's clock, seen by the time that really passed.

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that is set by less than this is kept in time, and does not leap.
const LEAP: TimeDelta = TimeDelta::minutes(5);
/// Of a leap ahead and one back that belong together, the sizes differ by less than this.
const SAME: TimeDelta = TimeDelta::minutes(1);
/// A clock that has gone on for so long after a leap was right.
const BELIEVED_AFTER: TimeDelta = TimeDelta::days(7);

/// Looks at a clock again and again, and knows when it was ahead for a while.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    /// What the clock showed when nothing had passed, by what it showed last.
    origin: DateTime<Utc>,
    /// By how much it leapt ahead, and how much time had passed by then.
    ahead: Option<(TimeDelta, TimeDelta)>,
}

impl Watch {
    /// Begins with what the clock shows.
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self { origin: now, ahead: None }
    }

    /// What the clock shows after `passed` of time that was measured since the beginning. Answers by how much it
    /// was ahead, where it has just been set back by as much as it had leapt: then what it dated meanwhile
    /// was that much too late. A clock that leaps back otherwise was right before, or nobody can tell.
    pub fn look(&mut self, passed: TimeDelta, now: DateTime<Utc>) -> Option<TimeDelta> {
        let origin = now - passed;
        let leap = origin - self.origin;
        self.origin = origin;
        if self.ahead.is_some_and(|(_, since)| passed - since > BELIEVED_AFTER) {
            self.ahead = None;
        }
        if leap.abs() < LEAP {
            return None;
        }
        let was_ahead = self.ahead.take().map(|(by, _)| by);
        match was_ahead {
            // To the microsecond, as readings are dated.
            Some(by) if (by + leap).abs() < SAME => {
                Some(TimeDelta::microseconds(leap.num_microseconds().unwrap_or_default().abs()))
            }
            None if leap > TimeDelta::zero() => {
                self.ahead = Some((leap, passed));
                None
            }
            // Of two leaps ahead nobody can tell which of them dated what.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: TimeDelta = TimeDelta::seconds(1);
    const DAY: TimeDelta = TimeDelta::days(1);

    /// What is answered at each look, a second apart, at a clock that is off by so much.
    fn looks(off: &[TimeDelta]) -> Vec<Option<TimeDelta>> {
        let begun = DateTime::UNIX_EPOCH + DAY * 20_000;
        let mut watch = Watch::new(begun);
        let passed = (1..).map(|second| SECOND * second);
        off.iter()
            .zip(passed)
            .map(|(off, passed)| watch.look(passed, begun + passed + *off))
            .collect()
    }

    #[test]
    fn a_clock_that_was_ahead_is_known_when_it_is_set_right() {
        let none = TimeDelta::zero();
        let late = TimeDelta::milliseconds(40);
        assert_eq!(
            looks(&[none, DAY, DAY, late, late]),
            [None, None, None, Some(DAY - late), None]
        );
    }

    #[test]
    fn it_was_ahead_by_whole_microseconds() {
        let odd = DAY + TimeDelta::nanoseconds(1_001);
        let ahead = DAY + TimeDelta::microseconds(1);
        assert_eq!(looks(&[odd, TimeDelta::zero()]), [None, Some(ahead)]);
    }

    #[test]
    fn a_clock_that_was_late_or_is_kept_in_time_was_never_ahead() {
        let none = TimeDelta::zero();
        assert!(looks(&[none, -DAY, none, none]).iter().all(Option::is_none));
        let minutes = [1, 2, 4, 8, 4, 0].map(TimeDelta::minutes);
        assert!(looks(&minutes).iter().all(Option::is_none));
    }

    #[test]
    fn what_two_leaps_ahead_dated_is_not_told_apart() {
        let none = TimeDelta::zero();
        assert!(looks(&[none, DAY, DAY * 3, none, none]).iter().all(Option::is_none));
        assert!(looks(&[none, DAY, -DAY, none]).iter().all(Option::is_none));
    }

    #[test]
    fn a_clock_that_has_gone_on_for_a_week_was_right() {
        let begun = DateTime::UNIX_EPOCH + DAY * 20_000;
        let mut watch = Watch::new(begun);
        assert_eq!(watch.look(SECOND, begun + DAY), None);
        assert_eq!(watch.look(DAY * 8, begun + DAY * 8 + SECOND), None);
    }
}
