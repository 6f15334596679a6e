//! What is known of a meter's registers at an instant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Field;

/// What is known at the end of an interval, for going on from there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Carry {
    /// When the last reading was taken.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<DateTime<Utc>>,
    /// The registers that were seen.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<Base>,
    /// The last power sample: when, and kW.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub power: Option<(DateTime<Utc>, f64)>,
}

/// Where a register stood when it was last believed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// Which register.
    #[serde(rename = "f")]
    pub field: Register,
    /// When.
    #[serde(rename = "t")]
    pub at: DateTime<Utc>,
    /// Its value: of a register that fell by noise the higher one.
    #[serde(rename = "v")]
    pub value: f64,
    /// A later reading that is not believed before the next one has been seen.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub doubted: Option<(DateTime<Utc>, f64)>,
    /// Energy by the power samples since, in this register's direction, kWh.
    #[serde(rename = "w", default, skip_serializing_if = "is_zero")]
    pub weight: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(weight: &f64) -> bool {
    *weight == 0.0
}

/// A register that energy, fuel or running time is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Register {
    /// Import energy: of the total or the import register.
    #[serde(rename = "i")]
    Import,
    /// Export energy.
    #[serde(rename = "e")]
    Export,
    /// Reactive import.
    #[serde(rename = "ri")]
    ReactiveImport,
    /// Reactive export.
    #[serde(rename = "re")]
    ReactiveExport,
    /// A fuel counter.
    #[serde(rename = "d")]
    Diesel,
    /// A running hours counter.
    #[serde(rename = "h")]
    Runtime,
}

impl Carry {
    /// Where one register stood.
    pub fn base(&self, register: Register) -> Option<&Base> {
        self.registers.iter().find(|base| base.field == register)
    }
}

/// A step of a register that is too large to be true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quarantined {
    /// When the reading was taken.
    pub at: DateTime<Utc>,
    /// Its field.
    pub field: Field,
    /// When the reading before was taken.
    pub previous_at: DateTime<Utc>,
    /// What that one showed.
    pub previous: f64,
    /// What it showed.
    pub value: f64,
    /// The step, not counted.
    pub delta: f64,
    /// The largest step that would have been counted.
    pub plausible: f64,
    /// Whether a person accepted it: then it is counted.
    pub accepted: bool,
}
