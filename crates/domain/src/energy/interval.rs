//! Quarter-hours: what the readings of a meter add up to.
//!
//! [`fold`] turns readings into [`Interval`]s between given bounds. It is a state machine over
//! registers: what it knows at the end of each interval is a [`Carry`], from which the next run goes
//! on, so that any stretch can be computed again without its past.

mod carry;
mod counter;
mod decided;
mod fold;
mod fuel;
mod judge;
mod power;
mod register;
mod registers;
mod sampled;
mod track;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::energy::staleness;
pub use crate::meters::DieselRegister;
use crate::meters::{ImportRegister, Meter};
use crate::readings::cadence::Cadences;
use crate::{Field, Kw, Kwh, Quality, Values};

pub use carry::Carry;
pub use decided::{Decision, Decisions, Quarantined, Question, Stepped};
pub use fold::{Excluded, Folded, Folding, MOST_TIMES, Outlier, Rise, fold};
pub use fuel::{Beside, Fuel, beside_fuel};
pub(crate) use judge::Judge;
pub(crate) use register::Event;
pub use registers::Register;
pub use track::Base;
pub(crate) use track::Point;

/// What happened in an interval, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Flags(pub i32);

impl Flags {
    /// The register was set back and counted from zero.
    pub const RESET: Self = Self(1);
    /// The register passed its largest figure.
    pub const ROLLOVER: Self = Self(2);
    /// The meter was exchanged.
    pub const EXCHANGE: Self = Self(4);
    /// A reading that its register's track does not fit was left out.
    pub const GLITCH: Self = Self(8);
    /// The register fell by less than it can resolve.
    pub const NOISE: Self = Self(16);
    /// A step too large to be true was not counted.
    pub const QUARANTINED: Self = Self(32);
    /// It lies, in part, in a gap: its energy is real, its place an estimate.
    pub const GAP: Self = Self(64);
    /// A person corrected a reading.
    pub const CORRECTED: Self = Self(128);
    /// Computed from other meters.
    pub const DERIVED: Self = Self(256);
    /// Without a register: the integral of power.
    pub const INTEGRATED: Self = Self(512);

    /// The flags with their words, as the API and the screens say them.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::RESET, "reset"),
        (Self::ROLLOVER, "rollover"),
        (Self::EXCHANGE, "exchange"),
        (Self::GLITCH, "glitch"),
        (Self::NOISE, "noise"),
        (Self::QUARANTINED, "quarantined"),
        (Self::GAP, "gap"),
        (Self::CORRECTED, "corrected"),
        (Self::DERIVED, "derived"),
        (Self::INTEGRATED, "integrated"),
    ];

    /// Whether all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without others.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The words of those that are set.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().filter(move |(flag, _)| self.has(*flag)).map(|(_, word)| *word)
    }
}

/// Least, mean and highest of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The least.
    pub min: f64,
    /// The mean over samples.
    pub mean: f64,
    /// The highest.
    pub max: f64,
}

/// Energy of one meter between two bounds: a quarter-hour, or a piece of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// Drawn by a load, or delivered by a meter that feeds its parent.
    pub import: Kwh,
    /// Returned by a load, or drawn by a meter that feeds its parent.
    pub export: Kwh,
    /// kvarh of the reactive import register.
    pub reactive_import_kvarh: f64,
    /// kvarh of the reactive export register.
    pub reactive_export_kvarh: f64,
    /// Litres of the meter's own fuel counter; none where it has none.
    pub diesel_litres: Option<f64>,
    /// The time that these litres cover; none without any.
    pub fuel: Option<Fuel>,
    /// Running time: by its counter, or else while its power was above idling.
    pub runtime_seconds: f64,
    /// How often power rose from nothing.
    pub starts: u32,
    /// Lowest and highest power sample.
    pub power: Option<(Kw, Kw)>,
    /// Phase voltages to neutral, in V.
    pub voltage: Option<Spread>,
    /// Lowest and highest power factor.
    pub power_factor: Option<(f64, f64)>,
    /// Share of it backed by readings, 0 to 1.
    pub coverage: f64,
    /// Seconds of it in a gap between readings that are believed: its energy is counted, its place a
    /// guess.
    pub bridged_seconds: f64,
    /// Energy, import and export, that lies in a gap: real, but its place is a guess.
    pub estimated: Kwh,
    /// Integral of power, import less export, as a check of the register; none without either.
    pub integral: Option<Kwh>,
    /// The worst quality of its readings.
    pub quality: Quality,
    /// What happened in it.
    pub flags: Flags,
    /// What is known at its end.
    pub carry: Carry,
}

impl Interval {
    /// Seconds of it whose energy is counted.
    pub fn backed_seconds(&self) -> f64 {
        self.coverage * (self.end - self.start).as_seconds_f64() + self.bridged_seconds
    }

    /// Mean power of its import: the demand.
    pub fn demand(&self) -> Kw {
        Kw(self.import.0 * 3600.0 / (self.end - self.start).as_seconds_f64())
    }
}

/// A meter was replaced by another, or its register set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When.
    pub at: DateTime<Utc>,
    /// Where the old register stood at last, kWh.
    pub old_final_kwh: f64,
    /// Where the new one began, kWh.
    pub new_initial_kwh: f64,
    /// The column of import energy that both figures are of; none: whichever import is taken from.
    pub register: Option<ImportRegister>,
}

impl Exchange {
    /// Whether its figures are those of a column: of one that holds import energy, and of the other
    /// counters of a meter never.
    pub fn tells_of(&self, field: Field) -> bool {
        let is_of = |register| Register::of(register).field() == field;
        match self.register {
            Some(register) => is_of(register),
            None => is_of(ImportRegister::Import) || is_of(ImportRegister::Total),
        }
    }
}

/// What is fixed about a meter for the time that is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Which register holds the import; none while no reading had one: power is integrated.
    pub register: Option<ImportRegister>,
    /// Whether the total register also falls, by what is returned.
    pub net: bool,
    /// Smallest rise of the registers, kWh; 0 where it is not known.
    pub step_kwh: f64,
    /// Whether somebody stated it; else it was learned from the readings.
    pub step_is_stated: bool,
    /// Where the registers wrap, kWh.
    pub modulus_kwh: Option<f64>,
    /// Rated power; without one every rise is plausible.
    pub rated: Option<Kw>,
    /// How often the meter is read, where nothing was learned of that.
    pub poll: TimeDelta,
    /// How often it was read when, as far as that was learned.
    pub cadences: Cadences,
    /// Whether it speaks only when something changes.
    pub event_driven: bool,
    /// How its fuel counter is read.
    pub diesel: DieselRegister,
    /// Exchanges that count, in order of time.
    pub exchanges: Vec<Exchange>,
    /// What people decided about steps.
    pub decisions: Decisions,
    /// Readings with which the registers begin anew: what they did since the one before is not known. Of
    /// meters that are computed from others.
    pub anew: BTreeSet<DateTime<Utc>>,
}

impl Rules {
    /// The rules of a meter without exchanges and decisions.
    pub fn of(meter: &Meter, poll: TimeDelta) -> Self {
        Self {
            register: meter.import_register,
            net: meter.is_net(ImportRegister::Total),
            step_kwh: meter.register_step_kwh.unwrap_or(0.0),
            step_is_stated: meter.register_step_kwh.is_some(),
            modulus_kwh: meter.register_modulus_kwh,
            rated: meter.rated_power_kw.map(Kw),
            poll,
            cadences: Cadences::default(),
            diesel: meter.diesel_register,
            event_driven: false,
            exchanges: Vec::new(),
            decisions: Decisions::default(),
            anew: BTreeSet::new(),
        }
    }

    /// How often the meter was read at an instant.
    pub fn poll_at(&self, at: DateTime<Utc>) -> TimeDelta {
        self.cadences.at(at).unwrap_or(self.poll)
    }

    /// Silence from an instant on that is longer than this is a gap.
    pub fn gap_limit(&self, from: DateTime<Utc>) -> TimeDelta {
        staleness::gap_limit(self.poll_at(from))
    }
}

/// A reading as [`fold`] takes it, corrections already in place.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// When the values held.
    pub at: DateTime<Utc>,
    /// How far they can be trusted.
    pub quality: Quality,
    /// Whether somebody estimated the values; of others with [`Quality::Estimated`] only the time is.
    pub is_estimate: bool,
    pub values: Values,
}

impl Read {
    /// Active power at this instant, kW; none where it is not certain when the power was that.
    pub fn power(&self) -> Option<f64> {
        self.values.active_power_kw.filter(|_| self.quality.is_dated())
    }
}
