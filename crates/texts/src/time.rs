//! Times as the site's clock shows them.

use chrono::{DateTime, Datelike as _, FixedOffset, TimeDelta, Timelike as _, Utc};

use crate::language::now;

/// The site's clock: an offset from UTC, as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteClock {
    offset: FixedOffset,
}

impl SiteClock {
    /// A clock so many minutes east of UTC. An offset beyond a day, which no zone has, reads as UTC.
    pub fn east(minutes: i32) -> Self {
        let offset = FixedOffset::east_opt(minutes * 60);
        Self { offset: offset.unwrap_or_else(|| chrono::Offset::fix(&Utc)) }
    }

    fn local(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.offset)
    }

    /// `14:46`.
    pub fn minute(self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// `14:46:08`.
    pub fn second(self, at: DateTime<Utc>) -> String {
        format!("{}:{:02}", self.minute(at), at.second())
    }

    /// `Thu 19 Nov`.
    pub fn day(self, at: DateTime<Utc>) -> String {
        let local = self.local(at);
        now().weekday_day(local.date_naive())
    }

    /// `Thu 19 Nov 2026`.
    pub fn date(self, at: DateTime<Utc>) -> String {
        format!("{} {}", self.day(at), self.local(at).year())
    }

    /// `UTC+05:30`.
    pub fn zone(self) -> String {
        format!("UTC{}", self.offset)
    }
}

/// How long something lasts, in the unit a person would choose: `4 s`, `12 min`, `8 h 10 min`, `3 d`.
pub fn duration(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min"),
        3600..86_400 if minutes % 60 == 0 => format!("{hours} h"),
        3600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// Hours as a clock shows them: `1:12`.
pub fn hours_minutes(hours: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "running minutes of a day fit")]
    let minutes = (hours * 60.0).round() as i64;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn india() -> SiteClock {
        SiteClock::east(330)
    }

    #[test]
    fn the_sites_clock_is_shown_not_the_browsers() {
        let at = "2026-11-19T09:16:08Z".parse().unwrap();
        assert_eq!(india().minute(at), "14:46");
        assert_eq!(india().second(at), "14:46:08");
        assert_eq!(india().day(at), "Thu 19 Nov");
        assert_eq!(india().date(at), "Thu 19 Nov 2026");
        assert_eq!(india().zone(), "UTC+05:30");
    }

    #[test]
    fn ages_are_read_at_a_glance() {
        let words = |seconds| duration(TimeDelta::seconds(seconds));
        assert_eq!(words(4), "4 s");
        assert_eq!(words(725), "12 min");
        assert_eq!(words(29_400), "8 h 10 min");
        assert_eq!(words(7_200), "2 h");
        assert_eq!(words(300_000), "3 d");
        assert_eq!(words(-5), "0 s");
        assert_eq!(hours_minutes(1.2), "1:12");
    }
}
