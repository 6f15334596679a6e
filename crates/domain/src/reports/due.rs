//! When the report of a month is to be sent.

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

use super::Month;
use crate::message::messages;
use crate::sites::clock::instant;

messages! {
    /// Why a day or an hour is refused.
    #[derive(Copy, Eq)]
    pub enum NotDue in "report_due" {
        Day => "the day is one that every month has: 1 to 28",
        Hour => "the hour is one of the site's clock: 0 to 23",
    }
}

/// When a schedule sends the report of a month: on a day of the next one, at an hour of the site's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Due {
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i16"))]
    day: u8,
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i16"))]
    hour: u8,
}

impl Due {
    /// A day and an hour.
    ///
    /// # Errors
    /// There is no such hour, or not every month has the day.
    pub fn new(day: i64, hour: i64) -> Result<Self, NotDue> {
        let day = u8::try_from(day).ok().filter(|day| (1..=28).contains(day)).ok_or(NotDue::Day)?;
        let hour = u8::try_from(hour).ok().filter(|hour| *hour < 24).ok_or(NotDue::Hour)?;
        Ok(Self { day, hour })
    }

    /// The day, from 1 to 28.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The hour of the site's clock, from 0 to 23.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// When the report of a month is due. Where the clock jumps over the hour it is due right after the
    /// jump; where the hour comes twice, the first time.
    pub fn of(self, month: Month, zone: Tz) -> DateTime<Utc> {
        let first = month.next().first();
        let date = first.checked_add_days(Days::new(u64::from(self.day) - 1)).unwrap_or(first);
        let hour = NaiveTime::from_hms_opt(u32::from(self.hour), 0, 0).unwrap_or_default();
        instant(zone, date.and_time(hour))
    }

    /// The first month whose report is due after an instant.
    pub fn next(self, zone: Tz, after: DateTime<Utc>) -> Month {
        let running = Month::of(after.with_timezone(&zone).date_naive());
        let before = running.previous();
        if self.of(before, zone) > after { before } else { running }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn due(day: i64, hour: i64, month: &str, zone: &str) -> String {
        let at = Due::new(day, hour).unwrap().of(month.parse().unwrap(), zone.parse().unwrap());
        at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn a_report_is_due_by_the_clock_of_its_site() {
        assert_eq!(due(1, 6, "2026-10", "Asia/Kolkata"), "2026-11-01T00:30:00Z");
        assert_eq!(due(3, 7, "2026-12", "Europe/Berlin"), "2027-01-03T06:00:00Z");
        assert_eq!(due(3, 7, "2026-06", "Europe/Berlin"), "2026-07-03T05:00:00Z");
        assert_eq!(due(1, 0, "2026-02", "America/New_York"), "2026-03-01T05:00:00Z");
    }

    #[test]
    fn an_hour_that_the_clock_jumps_over_is_the_one_after_the_jump() {
        // On 8 March 2026 New York goes from 2 to 3 o'clock; Berlin on 29 March, whose day 28 is usual.
        assert_eq!(due(8, 2, "2026-02", "America/New_York"), "2026-03-08T07:00:00Z");
        assert_eq!(due(8, 3, "2026-02", "America/New_York"), "2026-03-08T07:00:00Z");
        // On 1 November 2026 New York has 1 o'clock twice: the first is meant.
        assert_eq!(due(1, 1, "2026-10", "America/New_York"), "2026-11-01T05:00:00Z");
        // Samoa had no 30 December 2011.
        assert_eq!(due(28, 0, "2011-11", "Pacific/Apia"), "2011-12-28T10:00:00Z");
    }

    #[test]
    fn a_day_that_not_every_month_has_is_refused() {
        assert_eq!(Due::new(29, 0), Err(NotDue::Day));
        assert_eq!(Due::new(0, 0), Err(NotDue::Day));
        assert_eq!(Due::new(1, 24), Err(NotDue::Hour));
        assert_eq!(Due::new(1, -1), Err(NotDue::Hour));
    }

    proptest! {
        #[test]
        fn the_next_report_is_due_later_and_the_one_before_it_was_due(
            day in 1_i64..=28, hour in 0_i64..24, seconds in 1_500_000_000_i64..2_500_000_000,
            zone in prop::sample::select(vec![
                chrono_tz::UTC, chrono_tz::Asia::Kolkata, chrono_tz::Europe::Berlin,
                chrono_tz::America::New_York, chrono_tz::Pacific::Apia,
                chrono_tz::Australia::Lord_Howe,
            ]),
        ) {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            let due = Due::new(day, hour).unwrap();
            let next = due.next(zone, now);
            prop_assert!(due.of(next, zone) > now);
            prop_assert!(due.of(next.previous(), zone) <= now);
            let shown = due.of(next, zone).with_timezone(&zone).date_naive();
            prop_assert_eq!(Month::of(shown), next.next());
        }
    }
}
