//! Instants as addresses name them.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer};

use super::refusal::TimeRefusal;
use crate::sites::Site;
use crate::strict;

/// An instant, given as RFC 3339 or as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline, with = "String"))]
pub enum Moment {
    /// Itself.
    At(DateTime<Utc>),
    /// The start of a day in the zone of a site.
    Day(NaiveDate),
}

impl Moment {
    /// When that is on a site.
    pub fn of(self, site: &Site) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Day(date) => site.day_start(date),
        }
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Self::At(at)
    }
}

impl FromStr for Moment {
    type Err = TimeRefusal;

    fn from_str(text: &str) -> Result<Self, TimeRefusal> {
        let at = DateTime::parse_from_rfc3339(text).map(|at| Self::At(at.with_timezone(&Utc)));
        at.or_else(|_| text.parse().map(Self::Day))
            .map_err(|_| TimeRefusal::NoTime { text: text.to_owned() })
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        strict::parsed(from)
    }
}
