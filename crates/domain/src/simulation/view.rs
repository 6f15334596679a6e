//! The page of the simulated world.

use chrono::{DateTime, Utc};

use crate::MeterId;
use crate::simulation::record::Spike;
use crate::simulation::{PausedBecause, ResourceType};
use crate::sites::Site;

/// The page of the simulated world.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatorPage {
    pub site: Site,
    pub clock: WorldClock,
    /// Its meters in the order of their tree.
    pub meters: Vec<WorldMeter>,
    pub chosen: Option<ChosenMeter>,
    /// Resources without a meter: id and name.
    pub loose: Vec<(i64, String)>,
    /// Names of all appliances.
    pub catalogue: Vec<String>,
    /// Pincodes of the world.
    pub pincodes: Vec<String>,
}

/// The clock of a world.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldClock {
    pub at: DateTime<Utc>,
    /// Simulated days in a real minute.
    pub days_per_minute: f64,
    /// Why it stands still; none while it runs.
    pub paused_because: Option<PausedBecause>,
    pub record_minutes: u32,
}

/// A meter of the world.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldMeter {
    pub id: MeterId,
    pub number: String,
    pub name: String,
    /// How deep it hangs, from 0.
    pub depth: usize,
    /// Whether others hang below it, whose sum it shows.
    pub is_parent: bool,
    /// What is linked to it; none where nothing is.
    pub kind: Option<ResourceType>,
    pub appliances: Vec<String>,
    /// Whether it is switched on.
    pub is_on: bool,
    /// K of consumption and of production.
    pub factors: (f64, f64),
    /// kW of its newest record, production negative.
    pub newest_kw: Option<f64>,
}

/// The meter that the page looks into.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenMeter {
    /// Its place in the list.
    pub meter: WorldMeter,
    /// The resource linked to it.
    pub resource: Option<(i64, String)>,
    /// Its appliances, each once: how many, watts, K of consumption and of production.
    pub appliances: Vec<WorldAppliance>,
    /// Its newest records, the oldest first.
    pub records: Vec<WorldRecord>,
    /// Spikes that have not ended.
    pub spikes: Vec<Spike>,
}

/// An appliance behind a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldAppliance {
    pub name: String,
    /// How many there are.
    pub count: usize,
    /// kW of one at full load.
    pub rated_kw: f64,
    /// Whether it makes energy.
    pub makes: bool,
    /// Its own K.
    pub factor: f64,
    /// Whether it makes nothing since its household is no prosumer.
    pub is_idle: bool,
}

/// A record of a meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorldRecord {
    /// When it ends.
    pub at: DateTime<Utc>,
    /// Its length in minutes.
    pub minutes: u32,
    /// kWh consumed.
    pub consumption_kwh: f64,
    /// kWh produced; none for a consumer.
    pub production_kwh: Option<f64>,
}
