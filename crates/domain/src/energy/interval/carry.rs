//! What is known of a meter's registers at the end of an interval.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Field;
use crate::meters::ImportRegister;
use crate::stored::stored;

/// What is known at the end of an interval, for going on from there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Carry {
    /// When the last reading that bears on energy was taken.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<DateTime<Utc>>,
    /// The registers that were seen.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<Base>,
    /// The last power sample: when, and kW.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub power: Option<(DateTime<Utc>, f64)>,
    /// The highest power that was sampled, kW, whichever its direction.
    #[serde(rename = "m", default, skip_serializing_if = "is_nothing")]
    pub highest_kw: f64,
}

stored!(json Carry);

fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Carry {
    /// Where one register stood.
    pub fn base(&self, register: Register) -> Option<&Base> {
        self.registers.iter().find(|base| base.field == register)
    }

    /// Notes where a register stands that does not count, should it count one day.
    pub(super) fn stand(&mut self, register: Register, (at, value): (DateTime<Utc>, f64)) {
        self.registers.retain(|base| base.field != register);
        self.begin(Base::new(register, (at, value), None));
    }

    /// Notes a register that was not seen before.
    pub(super) fn begin(&mut self, base: Base) {
        self.registers.push(base);
        self.registers.sort_by_key(|base| base.field);
    }

    /// Gives a base that does not say its column the one that counts.
    pub(super) fn tell_apart(&mut self, column: ImportRegister) {
        let column = Register::of(column);
        if self.base(column).is_none() {
            for base in self.registers.iter_mut().filter(|base| base.field == Register::Either) {
                base.field = column;
            }
        }
        self.registers.retain(|base| base.field != Register::Either);
    }
}

/// Where a register stood when it was last believed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Base {
    #[serde(rename = "f")]
    pub field: Register,
    /// When.
    #[serde(rename = "t")]
    pub at: DateTime<Utc>,
    /// Its value: of a register that fell by noise the higher one.
    #[serde(rename = "v")]
    pub value: f64,
    /// What it showed then, where that is another figure.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub read: Option<f64>,
    /// A later reading that is not believed before the next one has been seen.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub doubted: Option<(DateTime<Utc>, f64)>,
    /// Energy by power samples since, in this register's direction, kWh; none where they do not
    /// follow each other closely enough to tell.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The highest rate of its ordinary rises so far, units per hour.
    #[serde(rename = "s", default, skip_serializing_if = "is_nothing")]
    pub shown: f64,
}

impl Base {
    pub(super) fn new(
        field: Register,
        (at, value): (DateTime<Utc>, f64),
        weight: Option<f64>,
    ) -> Self {
        Self { field, at, value, read: None, doubted: None, weight, shown: 0.0 }
    }

    /// When it was last read, believed or not.
    pub fn last_read_at(&self) -> DateTime<Utc> {
        self.last_read().0
    }

    /// When it was last read, and what it showed, believed or not.
    pub(super) fn last_read(&self) -> (DateTime<Utc>, f64) {
        self.doubted.unwrap_or((self.at, self.read.unwrap_or(self.value)))
    }
}

/// A register that energy, fuel or running time is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Register {
    /// Import energy, by the import register.
    #[serde(rename = "im")]
    Import,
    /// Import energy, by the total register.
    #[serde(rename = "to")]
    Total,
    /// Import energy by whichever of the two counted, where what was stored does not say.
    #[serde(rename = "i")]
    Either,
    /// Export energy.
    #[serde(rename = "e")]
    Export,
    #[serde(rename = "ri")]
    ReactiveImport,
    #[serde(rename = "re")]
    ReactiveExport,
    /// A fuel counter.
    #[serde(rename = "d")]
    Diesel,
    /// A running hours counter.
    #[serde(rename = "h")]
    Runtime,
}

impl Register {
    /// The register that a column of import energy is.
    pub const fn of(column: ImportRegister) -> Self {
        match column {
            ImportRegister::Import => Self::Import,
            ImportRegister::Total => Self::Total,
        }
    }

    pub(super) const fn is_import(self) -> bool {
        matches!(self, Self::Import | Self::Total | Self::Either)
    }

    pub(super) const fn is_energy(self) -> bool {
        self.is_import() || matches!(self, Self::Export)
    }

    /// The field that it is read from.
    pub const fn field(self) -> Field {
        match self {
            Self::Import => Field::EnergyImportKwh,
            Self::Total | Self::Either => Field::TotalEnergyKwh,
            Self::Export => Field::EnergyExportKwh,
            Self::ReactiveImport => Field::ReactiveEnergyImportKvarh,
            Self::ReactiveExport => Field::ReactiveEnergyExportKvarh,
            Self::Diesel => Field::DieselConsumptionLiters,
            Self::Runtime => Field::RuntimeHours,
        }
    }
}
