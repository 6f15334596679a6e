//! The plant of the demonstration: one seed, one beginning, the same figures for everyone.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::plant::Plant;
pub use crate::plant::UNMETERED_KW;

/// Seed of its noise.
pub const SEED: u64 = 92;

/// Midnight of 1 October 2026 in Pune: when its registers began to count. It stays as it is, so that
/// registers go on across restarts.
pub const EPOCH: DateTime<Utc> = match DateTime::from_timestamp(1_790_793_000, 0) {
    Some(epoch) => epoch,
    None => DateTime::UNIX_EPOCH,
};

/// Number of the node with load that no meter sees.
pub const UNMETERED_BELOW: &str = "SMD-001";

/// The site of the plant, as the default site is set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DemoSite {
    pub name: &'static str,
    /// IANA name of its time zone.
    pub time_zone: chrono_tz::Tz,
    /// ISO 4217 code of its currency.
    pub currency: &'static str,
    /// Price of a kWh in that currency.
    pub price_per_kwh: Decimal,
    /// What the grid connection carries, in kW.
    pub grid_capacity_kw: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// Where the plant stands and what its energy costs.
pub const fn site() -> DemoSite {
    DemoSite {
        name: "Pune Works",
        time_zone: chrono_tz::Asia::Kolkata,
        currency: "INR",
        price_per_kwh: Decimal::from_parts(840, 0, 0, false, 2),
        grid_capacity_kw: 1000.0,
        latitude: crate::plant::LATITUDE,
        longitude: crate::plant::LONGITUDE,
    }
}

/// The plant; [`Plant::meters`] lists its 92 meters, parents first. `anchor` is when it was first
/// shown: its [faults](crate::plant::faults) lie before that.
pub fn plant(anchor: Option<DateTime<Utc>>) -> Plant {
    let plant = Plant::new(SEED, EPOCH);
    match anchor {
        Some(anchor) => plant.with_faults(anchor),
        None => plant,
    }
}
