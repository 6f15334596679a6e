//! A month of a calendar.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use chrono::{Datelike as _, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};

use crate::message::{Param, messages};
use crate::stored::stored;
use crate::strict;

messages! {
    /// Why a text is no month.
    pub enum MonthError in "month" {
        NoMonth { text: String } => "{text:?} is no month: give it as 2026-10",
    }
}

/// A month, written as `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Month(NaiveDate);

stored!(Month as NaiveDate, |month| month.0, |day| Some(Self::of(day)));

impl Month {
    /// The month that a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    /// The month before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN))
    }

    /// Its days.
    pub fn days(self) -> Range<NaiveDate> {
        self.0..self.next().0
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let refused = || MonthError::NoMonth { text: text.to_owned() };
        let well_formed = text.len() == 7
            && text.bytes().enumerate().all(|(i, byte)| match i {
                4 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !well_formed {
            return Err(refused());
        }
        let (year, month) = text.split_once('-').ok_or_else(refused)?;
        let (year, month) = (year.parse().map_err(|_| refused())?, month.parse());
        let month = month.map_err(|_| refused())?;
        let first = NaiveDate::from_ymd_opt(year, month, 1).filter(|first| first.year() > 0);
        first.map(Self).ok_or_else(refused)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        strict::parsed(from)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl From<Month> for Param {
    fn from(month: Month) -> Self {
        Self::Text(month.to_string())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Month {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A month, such as 2026-10.",
            "pattern": "^([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-(0[1-9]|1[0-2])$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_month_is_read_as_one() {
        assert_eq!("2025-05".parse::<Month>().unwrap().to_string(), "2025-05");
        let none = [
            "2025-13",
            "2025-00",
            "2025-5",
            "2025-05-01",
            "25-05",
            "",
            "2025/05",
            "+025-05",
            "0000-01",
        ];
        for text in none {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_months_around_a_turn_of_the_year() {
        let december: Month = "2025-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2026-01");
        assert_eq!(december.previous().to_string(), "2025-11");
        assert_eq!(december.days().end.to_string(), "2026-01-01");
    }
}
