//! The registers of a meter.

use serde::{Deserialize, Serialize};

use crate::Field;
use crate::meters::ImportRegister;

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
