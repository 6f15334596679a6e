//! Meters to be added.

use chrono::{DateTime, Utc};
use domain::meters::{DieselRegister, ImportRegister, LoadRole, MeterType, PhaseType, PlacedBy};
use domain::{MeterId, SiteId};

/// A meter to be added: a [`domain::meters::Meter`] without its id and its retirement.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMeter {
    /// Where it belongs.
    pub site: SiteId,
    /// Its number, unique in the site.
    pub number: String,
    pub name: String,
    pub meter_type: MeterType,
    /// Its level; the parent's plus one, or 0, unless stated.
    pub level: Option<i16>,
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Whether it feeds its parent's bus instead of drawing from it.
    pub feeds_parent: bool,
    /// A named group of meters: unit, hall, building.
    pub area: Option<String>,
    /// Where it hangs, in words.
    pub location: Option<String>,
    /// What it counts as in the load status.
    pub load_role: LoadRole,
    /// How it is connected.
    pub phase_type: Option<PhaseType>,
    /// What its channels begin with: `grid` for the site's first grid meter and else its number in
    /// small letters, unless stated.
    pub channel_prefix: Option<String>,
    /// Rated power in kW.
    pub rated_power_kw: Option<f64>,
    /// Accuracy class in per cent.
    pub accuracy_class: Option<f64>,
    /// Where the register wraps, in kWh.
    pub register_modulus_kwh: Option<f64>,
    /// The smallest rise of the register, in kWh.
    pub register_step_kwh: Option<f64>,
    /// Which register holds its import.
    pub import_register: Option<ImportRegister>,
    /// How its fuel counter is read.
    pub diesel_register: DieselRegister,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Since when it measures.
    pub installed_at: Option<DateTime<Utc>>,
    /// Who says what it measures and where it hangs.
    pub placed_by: PlacedBy,
}

impl NewMeter {
    /// A meter with nothing but its name and type; the rest can be set in a struct update.
    pub fn named(site: SiteId, number: &str, name: &str, meter_type: &str) -> Self {
        Self {
            site,
            number: number.to_owned(),
            name: name.to_owned(),
            meter_type: MeterType::from(meter_type),
            level: None,
            parent: None,
            feeds_parent: false,
            area: None,
            location: None,
            load_role: LoadRole::None,
            phase_type: None,
            channel_prefix: None,
            rated_power_kw: None,
            accuracy_class: None,
            register_modulus_kwh: None,
            register_step_kwh: None,
            import_register: None,
            diesel_register: DieselRegister::default(),
            latitude: None,
            longitude: None,
            installed_at: None,
            placed_by: PlacedBy::Person,
        }
    }
}
