//! Why a reading is refused, or what is entered about one.

use chrono::{DateTime, Utc};

use crate::message::messages;
use crate::{Field, MeterId};

messages! {
    /// Why a reading was not taken.
    #[derive(Eq)]
    pub enum RefusalReason in "refused_reading" {
        UnknownMeter => "there is no such meter",
        Future => "the time lies in the future: check the clock of its source",
        TooEarly => "the time lies before 1990: check the clock of its source",
        NotFinite { field: Field } => "{field} is not a finite number",
        BeyondMeasure { field: Field, most: String } =>
            "{field} is beyond {most}, which no meter shows",
        Empty => "the reading carries no value",
        NotStorable =>
            "the database does not take the reading: the log of the server says why",
        Frozen =>
            "the readings of its time are no longer kept, so its energy stays as it is",
    }

    /// Why posted readings are refused.
    pub enum PostRefusal in "posted_reading" {
        Retired { meter: String } => "meter {meter} is retired and takes no readings",
        Nth { index: usize, why: RefusalReason } => "reading {index}: {why}",
        HowMany { count: usize, most: usize } => "{count} readings: send 1 to {most} at a time",
        Future { at: String } =>
            "{at} lies in the future by more than 5 minutes: check the clock of its source",
        Empty { field: Field } =>
            "the reading carries no value: give at least one, such as {field}",
    }

    /// Why readings cannot be shown as they are asked for.
    pub enum AskRefusal in "asked_readings" {
        NoResolution { resolution: String, known: String } =>
            "{resolution:?} is no resolution: ask for {known}",
        TooLong => "the window is longer than ten years: ask for less, or for resolution=1d",
        NoPrefix { site: String, prefix: String } =>
            "no meter of site {site} has the channel prefix {prefix}: its channelPrefix says which one \
             it has",
    }

    /// Why a correction is refused.
    pub enum CorrectionRefusal in "reading_correction" {
        NoField { field: String } =>
            "no field {field:?}: give one of a reading, such as totalEnergyKwh",
        NoReading { meter: String, at: DateTime<Utc>, id: MeterId } =>
            "meter {meter} has no reading of {at}: give the timestamp of a stored one, as \
             /api/Energy/meters/{id}/readings lists them",
        NotShown { at: DateTime<Utc>, field: Field } =>
            "neither the reading of {at} nor those around it show {field}: correct a value that they show",
        Unknown { meter: String, n: String } => "meter {meter} has no correction {n} that counts",
        NotInQuarantine { n: String } => "nothing numbered {n} is in quarantine",
        NoRegister { field: String } =>
            "{field:?} is neither a register nor the power: give a field such as totalEnergyKwh or \
             activePowerKw",
        ShowsNothing { at: DateTime<Utc>, field: Field } =>
            "the reading of {at} does not show {field}",
        ShowsAnother { at: DateTime<Utc>, field: Field, value: f64 } =>
            "the reading of {at} shows {value} for {field}: give that, or no value",
        NotDecided { at: DateTime<Utc>, field: Field, value: f64 } =>
            "nobody decided about the reading of {at} with {value} for {field}",
    }

    /// Why a channel is not good.
    pub enum Doubt in "channel" {
        NoReason => "its device gives no reason",
        MarkedWrong => "its source marked the value as wrong",
        MarkedOld => "its source marked the value as old",
        TimeUncertain => "the time of the value is not certain",
        NothingNew { time: String } => "no new value for more than {time}",
    }
}

impl RefusalReason {
    /// The field's value is larger than any meter shows.
    pub fn beyond_measure(field: Field) -> Self {
        Self::BeyondMeasure { field, most: format!("{:e}", field.largest()) }
    }

    /// The code as counted and as shown to programs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::UnknownMeter => "unknown_meter",
            Self::Future => "future",
            Self::TooEarly => "too_early",
            Self::NotFinite { .. } => "not_finite",
            Self::BeyondMeasure { .. } => "beyond_measure",
            Self::Empty => "empty",
            Self::NotStorable => "not_storable",
            Self::Frozen => "period_frozen",
        }
    }
}
