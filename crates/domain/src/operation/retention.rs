//! The clock by which what is too old goes.
//!
//! Readings that are dropped are gone, so that no clock that leaps may drop them. This one goes on by the time
//! that really passed, and takes the computer's word only where the two agree to a day. A larger leap, a long
//! time out of service included, stops it until a person says that the time is right, or until the computer's
//! clock has gone on for a week without another.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// By how much the computer's clock may be off what is expected of it.
const TOLERANCE: TimeDelta = TimeDelta::days(1);
/// How long it has to go on without another leap before it is believed.
const TRIAL: TimeDelta = TimeDelta::days(7);

/// The clock of what is too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What it shows.
    pub at: DateTime<Utc>,
    /// Where the computer's clock leapt to, while that is not believed.
    pub leap: Option<Leap>,
}

/// A leap of the computer's clock that is not believed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leap {
    /// When it was seen, by the computer's clock.
    pub seen: DateTime<Utc>,
    /// What that clock showed last.
    pub last: DateTime<Utc>,
}

impl Clock {
    /// A clock that begins with the computer's.
    pub const fn new(now: DateTime<Utc>) -> Self {
        Self { at: now, leap: None }
    }

    /// The clock after `passed` of time that was measured, where the computer's shows `now`. After a start nothing
    /// was measured.
    #[must_use]
    pub fn advance(self, passed: TimeDelta, now: DateTime<Utc>) -> Self {
        match self.leap {
            None if is_near(self.at + passed, now) => Self { at: now.max(self.at), leap: None },
            None => Self { at: self.at, leap: Some(Leap { seen: now, last: now }) },
            Some(leap) if !is_near(leap.last + passed, now) => {
                Self { at: self.at, leap: Some(Leap { seen: now, last: now }) }
            }
            Some(leap) if now - leap.seen >= TRIAL => Self { at: now.max(self.at), leap: None },
            Some(leap) => Self { at: self.at, leap: Some(Leap { last: now, ..leap }) },
        }
    }

    /// The clock after a person said that the computer's, which shows `now`, is right.
    #[must_use]
    pub fn confirmed(self, now: DateTime<Utc>) -> Self {
        Self { at: now.max(self.at), leap: None }
    }
}

fn is_near(expected: DateTime<Utc>, shown: DateTime<Utc>) -> bool {
    (shown - expected).abs() <= TOLERANCE
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: TimeDelta = TimeDelta::hours(1);

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
    }

    #[test]
    fn it_follows_a_clock_that_goes_on_and_one_that_is_set_by_hours() {
        let clock = Clock::new(at(0)).advance(HOUR, at(0) + HOUR);
        assert_eq!(clock, Clock::new(at(0) + HOUR));
        let summer = clock.advance(HOUR, at(0) + HOUR * 3);
        assert_eq!(summer, Clock::new(at(0) + HOUR * 3));
        // It never goes back: what was dropped by then stays dropped.
        let back = summer.advance(HOUR, at(0) + HOUR);
        assert_eq!(back.at, at(0) + HOUR * 3);
    }

    #[test]
    fn a_leap_of_a_year_stops_it_until_a_person_confirms() {
        let leapt = Clock::new(at(0)).advance(HOUR, at(365));
        assert_eq!(leapt.at, at(0));
        let later = leapt.advance(HOUR, at(365) + HOUR);
        assert_eq!((later.at, later.leap.map(|leap| leap.seen)), (at(0), Some(at(365))));
        assert_eq!(later.confirmed(at(365) + HOUR), Clock::new(at(365) + HOUR));
    }

    #[test]
    fn a_week_without_another_leap_is_believed_and_another_leap_begins_it_anew() {
        let mut clock = Clock::new(at(0)).advance(TimeDelta::zero(), at(40));
        for hour in 1..7 * 24 {
            clock = clock.advance(HOUR, at(40) + HOUR * hour);
            assert_eq!(clock.at, at(0), "{hour}");
        }
        assert_eq!(clock.advance(HOUR, at(47)), Clock::new(at(47)));
        let again = clock.advance(HOUR, at(400));
        assert_eq!(again.leap, Some(Leap { seen: at(400), last: at(400) }));
        // The first leap was a mistake, and the clock is set right: that is a leap as well.
        let mended = again.advance(HOUR, at(47));
        assert_eq!((mended.at, mended.leap.map(|leap| leap.seen)), (at(0), Some(at(47))));
    }

    #[test]
    fn a_day_out_of_service_is_nothing_and_a_month_is_a_leap() {
        let clock = Clock::new(at(0));
        assert_eq!(clock.advance(TimeDelta::zero(), at(1)), Clock::new(at(1)));
        assert!(clock.advance(TimeDelta::zero(), at(30)).leap.is_some());
    }
}
