//! What became of readings that were to be stored.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::message::Message;
use domain::{Field, MeterId};
use thiserror::Error;

/// What became of a batch that was taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Readings stored now.
    pub accepted: u64,
    /// Readings that were there already with the same values.
    pub duplicates: u64,
    /// Readings that were there already with other values; both are kept.
    pub conflicts: u64,
    /// Readings that were not taken, each with the reason.
    pub refused: Vec<Refusal>,
}

/// A reading that was not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Its meter.
    pub meter: MeterId,
    /// Its time.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: RefusalReason,
}

/// Why a reading was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// No meter has this id.
    UnknownMeter,
    /// Its time lies in the future of its site.
    Future,
    /// Its time lies before there were meters that tell it.
    TooEarly,
    /// A value is infinite or not a number.
    NotFinite(Field),
    /// A value is larger than any meter shows.
    BeyondMeasure(Field),
    /// It carries no value at all.
    Empty,
    /// The database refuses it, and would each time.
    NotStorable,
    /// Its quarter-hour was rolled up, and the readings behind it are dropped.
    Frozen,
}

impl RefusalReason {
    /// The code as counted and as shown to programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownMeter => "unknown_meter",
            Self::Future => "future",
            Self::TooEarly => "too_early",
            Self::NotFinite(_) => "not_finite",
            Self::BeyondMeasure(_) => "beyond_measure",
            Self::Empty => "empty",
            Self::NotStorable => "not_storable",
            Self::Frozen => "period_frozen",
        }
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMeter => f.write_str("there is no such meter"),
            Self::Future => {
                f.write_str("the time lies in the future: check the clock of its source")
            }
            Self::TooEarly => {
                f.write_str("the time lies before 1990: check the clock of its source")
            }
            Self::NotFinite(field) => write!(f, "{} is not a finite number", field.json()),
            Self::BeyondMeasure(field) => {
                write!(f, "{} is beyond {:e}, which no meter shows", field.json(), field.largest())
            }
            Self::Empty => f.write_str("the reading carries no value"),
            Self::NotStorable => f.write_str(
                "the database does not take the reading: the log of the server says why",
            ),
            Self::Frozen => f.write_str(
                "the readings of its time are no longer kept, so its energy stays as it is",
            ),
        }
    }
}

impl From<RefusalReason> for Message {
    fn from(reason: RefusalReason) -> Self {
        Self::foreign(reason.to_string())
    }
}

/// The batch could not be stored. Nothing of it was acknowledged: send it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the readings could not be stored: send them again")]
pub struct NotStored;
