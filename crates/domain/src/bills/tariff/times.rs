//! When an energy line holds: times of day, days and months.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::strict::Carried;

use super::days::{Day, Days};
use super::refusal::TermsRefusal;
use super::{Direction, EnergyLine, Terms};

/// Quarter-hours of a day.
const QUARTERS: u8 = 96;
/// Months of a year.
const MONTHS: u8 = 12;

/// A time of day on a quarter-hour, written as `22:15`. `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u8);

impl FromStr for ClockTime {
    type Err = TermsRefusal;

    fn from_str(text: &str) -> Result<Self, TermsRefusal> {
        let part = |part: &str| part.parse::<u8>().ok().map(u32::from);
        let time = text.split_once(':').and_then(|(hours, minutes)| {
            let quarters = part(hours)? * 4 + part(minutes)? / 15;
            u8::try_from(quarters).ok().filter(|quarters| *quarters <= QUARTERS).map(Self)
        });
        let is_so = |time: &Self| time.to_string() == text;
        time.filter(is_so).ok_or_else(|| TermsRefusal::ClockTime { text: text.to_owned() })
    }
}

impl TryFrom<String> for ClockTime {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        text.parse().map_err(|refusal: TermsRefusal| Carried::new(refusal))
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 4, self.0 % 4 * 15)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ClockTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockTime".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A time of day on a quarter-hour, such as 22:15; 24:00 is the end of the day.",
            "pattern": "^([01][0-9]|2[0-3]):(00|15|30|45)$|^24:00$"
        })
    }
}

/// A quarter-hour as lines see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) month: u8,
    pub(super) day: Day,
    pub(super) quarter: u8,
}

impl Moment {
    /// Every one of a year.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (1..=MONTHS).flat_map(|month| {
            Day::all()
                .flat_map(move |day| (0..QUARTERS).map(move |quarter| Self { month, day, quarter }))
        })
    }
}

impl Terms {
    pub(super) fn moment(&self, local: NaiveDateTime) -> Moment {
        let quarter = u8::try_from(local.hour() * 4 + local.minute() / 15).unwrap_or_default();
        let month = u8::try_from(local.month()).unwrap_or_default();
        Moment { month, day: self.day(local.date()), quarter }
    }

    /// Until when the same lines hold as at a local time: until the next time of day at which one of them begins or
    /// ends, and no longer than the day.
    pub fn hold_until(&self, local: NaiveDateTime) -> NaiveDateTime {
        let now = self.moment(local).quarter;
        let times = self.energy.iter().flat_map(|line| [line.from_time, line.to_time]).flatten();
        let next = times.map(|time| time.0).filter(|quarter| *quarter > now).min();
        let minutes = i64::from(next.unwrap_or(QUARTERS)) * 15;
        local.date().and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes)
    }
}

/// How specific a line is: a time range before months before days.
pub(super) type Rank = (bool, bool, u32);

impl EnergyLine {
    /// Whether it holds at a moment, and with which precedence among the days.
    pub(super) fn holds_at(&self, moment: Moment) -> Option<u8> {
        let within = self.months() >> (moment.month - 1) & 1 == 1
            && self.quarters() >> moment.quarter & 1 == 1;
        moment.day.precedence(self.days).filter(|_| within)
    }

    /// Whether there is a quarter-hour at which both were written for.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.months() & other.months() != 0
            && self.days.meets(other.days)
            && self.quarters() & other.quarters() != 0
    }

    fn months(&self) -> u128 {
        let month = |month: Option<u8>, usual: u8| month.unwrap_or(usual).clamp(1, MONTHS);
        ring(month(self.from_month, 1) - 1, month(self.to_month, MONTHS), MONTHS)
    }

    fn quarters(&self) -> u128 {
        let from = self.from_time.map_or(0, |time| time.0 % QUARTERS);
        ring(from, self.to_time.map_or(QUARTERS, |time| time.0), QUARTERS)
    }

    /// One that holds at a moment alone, above so many kWh.
    pub(super) fn at(direction: Direction, moment: Moment, above: Decimal) -> Self {
        Self {
            days: Days::of(moment.day.weekday),
            from_time: Some(ClockTime(moment.quarter)),
            to_time: Some(ClockTime(moment.quarter + 1)),
            from_month: Some(moment.month),
            to_month: Some(moment.month),
            from_kwh: Some(above),
            ..Self::flat(direction, Decimal::ZERO)
        }
    }

    /// How specific the line is.
    pub(super) fn rank(&self) -> Rank {
        (
            self.from_time.is_some() || self.to_time.is_some(),
            self.from_month.is_some() || self.to_month.is_some(),
            self.days.left_out(),
        )
    }
}

/// The bits from one place up to another, on a ring of so many places.
fn ring(from: u8, to: u8, size: u8) -> u128 {
    let below = |place: u8| (1_u128 << place) - 1;
    if from < to { below(to) & !below(from) } else { below(size) & !below(from) | below(to) }
}
