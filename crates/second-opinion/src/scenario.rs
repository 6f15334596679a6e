//! What happens at a site: its meters, and events in the order in which the service hears of them.

mod spoken;
mod tariff;

use chrono::{DateTime, NaiveDate, Utc};

pub use tariff::{ALL_DAYS, Line, Tariff};

/// A made-up site with everything that happens at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Where it came from.
    pub seed: u64,
    /// IANA name of the zone.
    pub zone: String,
    /// Price per kWh, as a decimal.
    pub price: Option<String>,
    /// Versions of the tariff, in order of time; the price of the site holds before them.
    pub tariffs: Vec<Tariff>,
    /// Months that are billed, by their first day.
    pub months: Vec<NaiveDate>,
    /// Meters, parents before children.
    pub meters: Vec<Meter>,
    /// What happens, in the order of arrival.
    pub events: Vec<Event>,
    /// Windows that are asked for: from, to.
    pub windows: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A meter as it is set up.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "any of them goes with any other")]
pub struct Meter {
    /// Its type, as the API says it.
    pub kind: &'static str,
    /// Place of its parent among the meters.
    pub parent: Option<usize>,
    /// Whether it feeds its parent.
    pub feeds: bool,
    /// Rated power, kW.
    pub rated_kw: Option<f64>,
    /// Smallest rise of the register, kWh.
    pub step_kwh: Option<f64>,
    /// Whether nobody states the step, so that readings have to show it.
    pub learned: bool,
    /// Where the register wraps, kWh.
    pub modulus_kwh: Option<f64>,
    /// Accuracy class, per cent.
    pub class: Option<f64>,
    /// Whether its total register runs both ways.
    pub net: bool,
    /// Whether it shows an import register beside the total, which counts half as fast.
    pub both: bool,
}

/// One reading of a meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Place of the meter.
    pub meter: usize,
    /// When.
    pub at: DateTime<Utc>,
    /// Total register, kWh.
    pub total: Option<f64>,
    /// Import register, kWh.
    pub import: Option<f64>,
    /// Export register, kWh.
    pub export: Option<f64>,
    /// Active power, kW.
    pub power: Option<f64>,
    /// Litres that were burnt since the reading with litres before it, the first of a day since midnight.
    pub litres: Option<f64>,
}

impl Reading {
    /// A reading of the total register alone.
    pub fn total(meter: usize, at: DateTime<Utc>, total: f64) -> Self {
        Self {
            meter,
            at,
            total: Some(total),
            import: None,
            export: None,
            power: None,
            litres: None,
        }
    }
}

/// A register of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Total,
    Import,
    Export,
}

impl Column {
    /// The word of the API where it is a meter's import register.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Import | Self::Export => "import",
        }
    }

    /// The name of the API in a reading.
    pub const fn json(self) -> &'static str {
        match self {
            Self::Total => "totalEnergyKwh",
            Self::Import => "energyImportKwh",
            Self::Export => "energyExportKwh",
        }
    }
}

/// A field of a meter that a rule rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Rated power, kW.
    Rated(Option<f64>),
    /// Where the register wraps, kWh.
    Modulus(Option<f64>),
    /// Accuracy class, per cent.
    Class(Option<f64>),
    /// Which register holds the import; none for the first that was seen.
    Register(Option<Column>),
}

/// What the service hears of.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Readings come in; those next to each other come in one batch.
    Reading(Reading),
    /// Everything so far is worked through before the next comes.
    Settle,
    /// A meter exchange is entered.
    Exchange {
        /// Place of the meter.
        meter: usize,
        /// When.
        at: DateTime<Utc>,
        /// Where the old register stood at last, kWh.
        old: f64,
        /// Where the new one began, kWh.
        new: f64,
        /// Whether it is undone at once.
        undone: bool,
    },
    /// A stored value is corrected.
    Correct {
        /// Place of the meter.
        meter: usize,
        /// Which reading.
        at: DateTime<Utc>,
        /// Which register.
        column: Column,
        /// What it was.
        value: Option<f64>,
        /// Whether it is undone at once.
        undone: bool,
    },
    /// Somebody decides about the step to a reading, where it waits in quarantine.
    Decide {
        /// Place of the meter.
        meter: usize,
        /// Which reading.
        at: DateTime<Utc>,
        /// Whether it is accepted, or else rejected.
        accept: bool,
    },
    /// A meter hangs elsewhere from an instant on.
    Move {
        /// Place of the meter.
        meter: usize,
        /// Place of its new parent.
        parent: Option<usize>,
        /// From when on.
        from: DateTime<Utc>,
    },
    /// A rule of a meter is stated anew, for all its history.
    Rule {
        /// Place of the meter.
        meter: usize,
        /// What it is.
        rule: Rule,
    },
    /// An emission factor holds from a day of the site on.
    Factor {
        /// `grid`, `diesel`, `solar` or `sfc`.
        kind: &'static str,
        /// Its value.
        value: f64,
        /// First day, as a date.
        from: String,
    },
}
