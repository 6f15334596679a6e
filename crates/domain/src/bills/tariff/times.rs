//! When an energy line holds: times of day, days and months, as sets of bits.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _, Weekday};
use serde::{Deserialize, Serialize};

use crate::strict::Carried;

use super::refusal::TermsRefusal;
use super::{Days, EnergyLine, Terms};

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
        let refused = || TermsRefusal::ClockTime { text: text.to_owned() };
        let digits = |part: &str| {
            let two = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            if two { part.parse::<u8>().ok() } else { None }
        };
        let (hours, minutes) = text.split_once(':').ok_or_else(refused)?;
        let (hours, minutes) = digits(hours).zip(digits(minutes)).ok_or_else(refused)?;
        let within = hours < 24 && minutes < 60 || hours == 24 && minutes == 0;
        if within && minutes % 15 == 0 {
            Ok(Self(hours * 4 + minutes / 15))
        } else {
            Err(refused())
        }
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

/// What a day counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayType {
    /// Monday to Friday.
    Weekday,
    /// Saturday and Sunday.
    Weekend,
    /// Listed by the tariff.
    Holiday,
}

impl Terms {
    /// What a day counts as: a holiday, else part of a weekend, else a weekday.
    pub fn day_type(&self, date: NaiveDate) -> DayType {
        if self.holidays.contains(&date) {
            DayType::Holiday
        } else if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            DayType::Weekend
        } else {
            DayType::Weekday
        }
    }

    /// The moment that a quarter-hour is, as lines see it.
    pub(super) fn moment(&self, local: NaiveDateTime) -> Cells {
        Cells {
            months: 1 << local.month0(),
            days: 1 << self.day_type(local.date()) as u8,
            quarters: 1 << (local.hour() * 4 + local.minute() / 15),
        }
    }
}

/// A set of quarter-hours: those of its times of day, on days of its types, in its months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cells {
    months: u128,
    days: u8,
    quarters: u128,
}

impl Cells {
    /// Whether any quarter-hour is in both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.months & other.months != 0
            && self.days & other.days != 0
            && self.quarters & other.quarters != 0
    }
}

impl EnergyLine {
    /// When the line holds.
    pub(super) fn cells(&self) -> Cells {
        let month = |month: Option<u8>, usual: u8| month.unwrap_or(usual).clamp(1, MONTHS);
        let days = |day: DayType| 1 << day as u8;
        Cells {
            months: ring(month(self.from_month, 1) - 1, month(self.to_month, MONTHS), MONTHS),
            days: match self.days {
                Days::All => 0b111,
                Days::Weekday => days(DayType::Weekday),
                Days::Weekend => days(DayType::Weekend),
                Days::Holiday => days(DayType::Holiday),
            },
            quarters: ring(
                self.from_time.map_or(0, |time| time.0 % QUARTERS),
                self.to_time.map_or(QUARTERS, |time| time.0),
                QUARTERS,
            ),
        }
    }

    /// How specific the line is: a time range before months before days.
    pub(super) fn rank(&self) -> (bool, bool, bool) {
        (
            self.from_time.is_some() || self.to_time.is_some(),
            self.from_month.is_some() || self.to_month.is_some(),
            self.days != Days::All,
        )
    }
}

/// The bits from one place up to another, on a ring of so many places.
fn ring(from: u8, to: u8, size: u8) -> u128 {
    let below = |place: u8| (1_u128 << place) - 1;
    if from < to { below(to) & !below(from) } else { below(size) & !below(from) | below(to) }
}
