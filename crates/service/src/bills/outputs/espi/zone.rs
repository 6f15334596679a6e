//! The local time of a feed: how far its zone is from UTC, and when summer time begins and ends.
//!
//! A rule is a number of 32 bits, from the right: seconds after the hour (12), hour (5), day of the week
//! from Monday as 1 (3), day of the month (5), operator (3), month (4); the time is that of the clocks
//! before the change. Its years are not told: it is read within the year of the readings.

use chrono::{
    Datelike, Days, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Timelike,
    Weekday,
};
use chrono_tz::Tz;
use domain::month::Month;

/// The rule of a zone without summer time.
const NONE: u32 = 0xFFFF_FFFF;
/// On the day of the month, and on the last such day of the week in a month. Between them, from 2 on,
/// stand the first to the fifth.
const ON_DAY: u32 = 0;
const LAST: u32 = 7;
/// A rule is one if it holds for as many years before and after, too.
const YEARS: i32 = 2;

/// `LocalTimeParameters` of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LocalTime {
    /// Seconds that the clocks are ahead of UTC in winter.
    pub(super) offset: i64,
    /// Seconds that they are put forward by in summer.
    pub(super) summer: i64,
    /// When they are.
    pub(super) begins: u32,
    /// When they are put back.
    pub(super) ends: u32,
}

/// The local time of a zone in a month. None where the clocks change in it in a way that cannot be told.
pub(super) fn of(zone: Tz, month: Month) -> Option<LocalTime> {
    let year = month.first().year();
    let changes = changes(zone, year);
    let one = |forward| {
        let mut such = changes.iter().filter(|change| (change.by() > 0) == forward);
        such.next().filter(|_| such.next().is_none())
    };
    if let (Some(begins), Some(ends)) = (one(true), one(false))
        && begins.by() == -ends.by()
    {
        return Some(LocalTime {
            offset: ends.after,
            summer: begins.by(),
            begins: begins.rule(zone),
            ends: ends.rule(zone),
        });
    }
    let in_month = |change: &Change| Month::of(change.wall().date()) == month;
    let noon = month.first().and_hms_opt(12, 0, 0)?;
    (!changes.iter().any(in_month)).then(|| LocalTime {
        offset: offset(zone, noon),
        summer: 0,
        begins: NONE,
        ends: NONE,
    })
}

/// When the clocks of a zone change.
struct Change {
    /// The first instant after it, in UTC.
    at: NaiveDateTime,
    before: i64,
    after: i64,
}

impl Change {
    fn by(&self) -> i64 {
        self.after - self.before
    }

    /// What the clocks show when they are changed.
    fn wall(&self) -> NaiveDateTime {
        self.at + TimeDelta::seconds(self.before)
    }

    fn rule(&self, zone: Tz) -> u32 {
        let wall = self.wall();
        let day = wall.weekday();
        let nth = 1 + wall.day().div_ceil(7);
        let holds = |operator: &u32| {
            let year = wall.year();
            (year - YEARS..=year + YEARS).all(|year| {
                let found = changes(zone, year);
                let such = found.iter().find(|change| change.by() == self.by());
                let expected = of_weekday(*operator, year, wall.month(), day);
                such.map(Change::wall) == expected.map(|date| date.and_time(wall.time()))
            })
        };
        let (operator, of_week, of_month) = match [LAST, nth].into_iter().find(holds) {
            Some(operator) => (operator, day.number_from_monday(), 0),
            None => (ON_DAY, 0, wall.day()),
        };
        let seconds = wall.minute() * 60 + wall.second();
        let parts = [(wall.month(), 28), (operator, 25), (of_month, 20), (of_week, 17)];
        parts.into_iter().fold(wall.hour() << 12 | seconds, |rule, (part, at)| rule | part << at)
    }
}

/// The day that an operator means.
fn of_weekday(operator: u32, year: i32, month: u32, day: Weekday) -> Option<NaiveDate> {
    if operator == LAST {
        let next = Month::of(NaiveDate::from_ymd_opt(year, month, 1)?).next().first();
        return (1..=7)
            .filter_map(|n| next.checked_sub_days(Days::new(n)))
            .find(|d| d.weekday() == day);
    }
    NaiveDate::from_weekday_of_month_opt(year, month, day, u8::try_from(operator - 1).ok()?)
}

/// The changes of a year, in order.
fn changes(zone: Tz, year: i32) -> Vec<Change> {
    let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Vec::new() };
    let days = first.iter_days().take_while(|day| day.year() == year);
    days.filter_map(|day| change(zone, day)).collect()
}

/// The change within a day of UTC.
fn change(zone: Tz, day: NaiveDate) -> Option<Change> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let at = |second: i64| midnight + TimeDelta::seconds(second);
    let (before, after) = (offset(zone, midnight), offset(zone, at(86_400)));
    if before == after {
        return None;
    }
    let (mut low, mut high) = (0, 86_400);
    while high - low > 1 {
        let middle = i64::midpoint(low, high);
        if offset(zone, at(middle)) == before { low = middle } else { high = middle }
    }
    Some(Change { at: at(high), before, after })
}

fn offset(zone: Tz, utc: NaiveDateTime) -> i64 {
    zone.offset_from_utc_datetime(&utc).fix().local_minus_utc().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(zone: Tz, month: &str) -> Option<(i64, i64, String, String)> {
        let of = of(zone, month.parse().unwrap())?;
        Some((of.offset, of.summer, format!("{:08X}", of.begins), format!("{:08X}", of.ends)))
    }

    #[expect(clippy::unnecessary_wraps, reason = "to be held against what is told")]
    fn expected(
        offset: i64,
        summer: i64,
        begins: &str,
        ends: &str,
    ) -> Option<(i64, i64, String, String)> {
        Some((offset, summer, begins.to_owned(), ends.to_owned()))
    }

    #[test]
    fn the_rules_of_north_america_are_those_that_its_utilities_publish() {
        let eastern = expected(-18_000, 3_600, "360E2000", "B40E2000");
        for month in ["2024-01", "2025-07", "2026-11"] {
            assert_eq!(told(Tz::America__New_York, month), eastern, "{month}");
        }
    }

    #[test]
    fn europe_changes_on_the_last_sundays_and_the_south_the_other_way_round() {
        for month in ["2024-03", "2025-03", "2026-10", "2027-03"] {
            let berlin = expected(3_600, 3_600, "3E0E2000", "AE0E3000");
            assert_eq!(told(Tz::Europe__Berlin, month), berlin, "{month}");
        }
        let sydney = expected(36_000, 3_600, "A40E2000", "440E3000");
        assert_eq!(told(Tz::Australia__Sydney, "2026-06"), sydney);
        let lord_howe = expected(37_800, 1_800, "A40E2000", "440E2000");
        assert_eq!(told(Tz::Australia__Lord_Howe, "2026-06"), lord_howe);
    }

    #[test]
    fn a_zone_without_summer_time_has_no_rules() {
        let kolkata = expected(19_800, 0, "FFFFFFFF", "FFFFFFFF");
        assert_eq!(told(Tz::Asia__Kolkata, "2026-03"), kolkata);
        assert_eq!(told(Tz::UTC, "2026-03"), expected(0, 0, "FFFFFFFF", "FFFFFFFF"));
    }

    #[test]
    fn a_change_that_is_no_rule_is_told_by_its_day_or_not_at_all() {
        // Morocco leaves its time for Ramadan: from 23 February at 3:00 to 6 April 2025 at 2:00.
        let ramadan = told(Tz::Africa__Casablanca, "2025-07");
        assert_eq!(ramadan, expected(0, 3_600, "40602000", "21703000"));
        // Mexico gave summer time up after October 2022; Turkey kept it from 2016 on.
        assert_eq!(
            told(Tz::Europe__Istanbul, "2016-07"),
            expected(10_800, 0, "FFFFFFFF", "FFFFFFFF")
        );
        assert_eq!(told(Tz::Europe__Istanbul, "2016-03"), None);
    }
}
