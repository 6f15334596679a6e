//! The plant: its meters and what they show at any instant.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Values;
use domain::meter::{ImportRegister, LoadRole, MeterType, PhaseType};

/// Degrees north of the plant: Chakan, near Pune.
pub const LATITUDE: f64 = 18.7606;
/// Degrees east of the plant.
pub const LONGITUDE: f64 = 73.8636;

/// A meter of the plant, as it is to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantMeter {
    /// Its number, unique in the plant.
    pub number: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub meter_type: MeterType,
    /// 0 grid to 4 machine.
    pub level: i16,
    /// Number of the meter above it.
    pub parent: Option<&'static str>,
    /// Whether it feeds its parent's bus.
    pub feeds_parent: bool,
    /// Its area.
    pub area: &'static str,
    /// What it counts as in the load status.
    pub load_role: LoadRole,
    /// How it is connected.
    pub phase_type: PhaseType,
    /// Rated power in kW; its power never passes it.
    pub rated_power_kw: f64,
    /// Accuracy class in per cent.
    pub accuracy_class: f64,
    /// The smallest rise of its register, in kWh.
    pub register_step_kwh: f64,
    /// Which register holds its import.
    pub import_register: ImportRegister,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// What the whole plant shows at one instant: the index of each meter in [`Plant::meters`] with its
/// values.
pub type Snapshot = Vec<(usize, Values)>;

/// A plant, the same for the same seed and epoch. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Plant {
    meters: Arc<[PlantMeter]>,
}

impl Plant {
    /// A plant whose registers began to count at `epoch`.
    pub fn new(_seed: u64, _epoch: DateTime<Utc>) -> Self {
        Self { meters: Arc::from([]) }
    }

    /// Its 92 meters, parents before children.
    pub fn meters(&self) -> &[PlantMeter] {
        &self.meters
    }

    /// What one meter shows at an instant. This walks from the epoch: for many instants use
    /// [`Plant::history`].
    pub fn reading_at(&self, _meter: usize, _at: DateTime<Utc>) -> Values {
        Values::default()
    }

    /// What all meters show at `from`, `from + step`, … before `to`, in order. Nothing is shown
    /// before the epoch.
    pub fn history(
        &self,
        _from: DateTime<Utc>,
        _to: DateTime<Utc>,
        _step: TimeDelta,
    ) -> impl Iterator<Item = (DateTime<Utc>, Snapshot)> + Send + use<> {
        std::iter::empty()
    }
}
