//! Leaps of the computer's clock, seen by the time that really passed.

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that is set ahead by less than this is kept in time, and does not leap.
const LEAP: TimeDelta = TimeDelta::minutes(5);
/// One that is set back by more than this shows times for the second time.
const BACK: TimeDelta = TimeDelta::milliseconds(500);
/// Of a leap ahead and one back that belong together, the sizes differ by less than this.
const SAME: TimeDelta = TimeDelta::minutes(1);
/// A clock that has gone on for so long after a leap was right.
const BELIEVED_AFTER: TimeDelta = TimeDelta::days(7);

/// What a clock did that has been set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBack {
    /// It was ahead for a while and is right again: what it dated meanwhile was too late.
    FromAhead {
        /// By how much it was ahead.
        by: TimeDelta,
        /// For how long.
        lasted: TimeDelta,
    },
    /// Nobody can tell whether it is right now or was before: it shows times for the second time.
    By(TimeDelta),
}

/// A leap ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leap {
    /// What the clock would have shown when it was seen to have leapt.
    pub from: DateTime<Utc>,
    /// What it showed then.
    pub to: DateTime<Utc>,
    /// What had passed by then.
    pub passed: TimeDelta,
}

/// Looks at a clock again and again, and sees by the time that really passed when it is set.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    /// What the clock showed when nothing had passed, by what it showed last.
    origin: DateTime<Utc>,
    off: Option<Off>,
}

/// A clock that shows something else than before it leapt, ahead or back.
#[derive(Debug, Clone, Copy)]
struct Off {
    by: TimeDelta,
    /// What had passed when it leapt.
    since: TimeDelta,
    /// What it showed then.
    showed: DateTime<Utc>,
}

impl Watch {
    /// Begins with what the clock shows.
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self { origin: now, off: None }
    }

    /// Goes on after a leap that was seen before, by time that is measured since the same beginning.
    pub fn resumed(leap: Leap) -> Self {
        let Leap { from, to, passed } = leap;
        let off = Off { by: to - from, since: passed, showed: to };
        Self { origin: to - passed, off: Some(off) }
    }

    /// The leap ahead within the last week of which nobody knows yet whether it was right.
    pub fn leap(&self) -> Option<Leap> {
        let ahead = self.off.filter(|off| off.by > TimeDelta::zero())?;
        Some(Leap { from: ahead.showed - ahead.by, to: ahead.showed, passed: ahead.since })
    }

    /// What the clock shows after `passed` of time that was measured since the beginning. Answers what it did, where
    /// it has just been set back. A leap ahead that takes back one back is none: the clock is right again.
    pub fn look(&mut self, passed: TimeDelta, now: DateTime<Utc>) -> Option<SetBack> {
        let origin = now - passed;
        let leap = origin - self.origin;
        self.origin = origin;
        self.off = self.off.filter(|off| passed - off.since <= BELIEVED_AFTER);
        if -BACK < leap && leap < LEAP {
            return None;
        }
        let was_off = self.off;
        let takes_back =
            was_off.is_some_and(|off| (off.by + leap).abs() < SAME && leap.abs() >= LEAP);
        // Of two leaps nobody can tell which of them dated what.
        let begins = was_off.is_none() && leap.abs() >= LEAP;
        let stays = was_off.filter(|_| leap.abs() < LEAP);
        self.off = stays.or(begins.then_some(Off { by: leap, since: passed, showed: now }));
        if leap > TimeDelta::zero() {
            return None;
        }
        // To the microsecond, as readings are dated.
        let by = TimeDelta::microseconds(leap.num_microseconds().unwrap_or_default().abs());
        match was_off {
            Some(off) if takes_back => Some(SetBack::FromAhead { by, lasted: passed - off.since }),
            _ => Some(SetBack::By(by)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: TimeDelta = TimeDelta::seconds(1);
    const DAY: TimeDelta = TimeDelta::days(1);
    const NONE: TimeDelta = TimeDelta::zero();

    fn ahead(by: TimeDelta, seconds: i32) -> SetBack {
        SetBack::FromAhead { by, lasted: SECOND * seconds }
    }

    /// What is answered at each look, a second apart, at a clock that is off by so much.
    fn looks(off: &[TimeDelta]) -> Vec<Option<SetBack>> {
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
        let late = TimeDelta::milliseconds(40);
        assert_eq!(
            looks(&[NONE, DAY, DAY, late, late]),
            [None, None, None, Some(ahead(DAY - late, 2)), None]
        );
    }

    #[test]
    fn it_was_ahead_by_whole_microseconds() {
        let odd = DAY + TimeDelta::nanoseconds(1_001);
        let whole = DAY + TimeDelta::microseconds(1);
        assert_eq!(looks(&[odd, NONE]), [None, Some(ahead(whole, 1))]);
    }

    #[test]
    fn a_clock_that_is_right_again_after_it_was_behind_was_never_ahead() {
        let flaps = [NONE, -DAY, NONE, -DAY, NONE];
        assert_eq!(
            looks(&flaps),
            [None, Some(SetBack::By(DAY)), None, Some(SetBack::By(DAY)), None]
        );
    }

    #[test]
    fn a_clock_that_is_kept_in_time_does_not_leap() {
        let kept = [0, 400, 200, 4_000, 3_900].map(TimeDelta::milliseconds);
        assert!(looks(&kept).iter().all(Option::is_none));
        let set = looks(&[TimeDelta::seconds(4), NONE]);
        assert_eq!(set, [None, Some(SetBack::By(TimeDelta::seconds(4)))]);
    }

    #[test]
    fn a_small_step_while_it_is_ahead_leaves_it_ahead() {
        let step = TimeDelta::seconds(2);
        let seen = looks(&[NONE, DAY, DAY - step, NONE]);
        assert_eq!(seen, [None, None, Some(SetBack::By(step)), Some(ahead(DAY - step, 2))]);
        let in_two = looks(&[NONE, DAY, step, NONE]);
        assert_eq!(in_two, [None, None, Some(ahead(DAY - step, 1)), Some(SetBack::By(step))]);
    }

    #[test]
    fn who_looks_on_after_another_knows_when_it_is_set_right() {
        let begun = DateTime::UNIX_EPOCH + DAY * 20_000;
        let mut watch = Watch::new(begun);
        watch.look(SECOND, begun + DAY);
        let leap = watch.leap().unwrap();
        let mut next = Watch::resumed(leap);
        assert_eq!(
            (next.look(SECOND * 9, begun + DAY + SECOND * 8), next.leap()),
            (None, Some(leap))
        );
        let right = next.look(SECOND * 60, begun + SECOND * 60);
        assert_eq!(right, Some(ahead(DAY - SECOND, 59)));
        // A step of another size tells nothing of it.
        let mut next = Watch::resumed(leap);
        let back = next.look(SECOND * 60, begun + DAY / 2 + SECOND * 59);
        assert_eq!((back, next.leap()), (Some(SetBack::By(DAY / 2)), None));
    }

    #[test]
    fn what_two_leaps_ahead_dated_is_not_told_apart() {
        let twice = looks(&[NONE, DAY, DAY * 3, NONE, NONE]);
        assert_eq!(twice, [None, None, None, Some(SetBack::By(DAY * 3)), None]);
        let through = looks(&[NONE, DAY, -DAY, NONE]);
        assert_eq!(through, [None, None, Some(SetBack::By(DAY * 2)), None]);
    }

    #[test]
    fn a_clock_that_has_gone_on_for_a_week_was_right() {
        let begun = DateTime::UNIX_EPOCH + DAY * 20_000;
        let mut watch = Watch::new(begun);
        assert_eq!(watch.look(SECOND, begun + DAY), None);
        let leap = Leap { from: begun + SECOND, to: begun + DAY, passed: SECOND };
        assert_eq!(watch.leap(), Some(leap));
        assert_eq!(watch.look(SECOND * 9, begun + DAY + SECOND * 8), None);
        assert_eq!(watch.leap(), Some(leap));
        let later = watch.look(DAY * 8, begun + DAY * 8 + SECOND);
        assert_eq!(later, Some(SetBack::By(DAY - SECOND * 2)));
        assert_eq!(watch.leap(), None);
    }
}
