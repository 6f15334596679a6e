//! A meter and what its type says about it.

mod address;
pub mod hierarchy;
pub mod refusal;
pub mod register;
pub mod settings;
pub mod view;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::stored::words;
use crate::{MeterId, SiteId};

pub use address::{MeterAddress, Named};

/// Characters of a meter's name at most: a line of a page or of a table holds them.
pub const LONGEST_NAME: usize = 200;

/// Checks the name of a meter.
///
/// # Errors
/// It is empty or blank, or longer than [`LONGEST_NAME`] characters.
pub fn check_name(name: &str) -> Result<(), Entry> {
    if name.trim().is_empty() {
        return Err(Entry::Empty);
    }
    if name.chars().nth(LONGEST_NAME).is_some() {
        return Err(Entry::TooLong { most: LONGEST_NAME });
    }
    Ok(())
}

words!(
    /// What a meter counts as in the load status.
    #[derive(Default)]
    LoadRole {
        /// The building's main meter: subtracted from the available capacity.
        Grid = "grid",
        /// A sub-meter: subtracted from the available capacity.
        Building = "building",
        /// Production: added to the available capacity.
        Solar = "solar",
        /// For information only.
        Zone = "zone",
        /// Not part of the load status.
        #[default]
        None = "none",
    }
);

words!(
    /// How a meter is connected.
    PhaseType {
        /// One phase.
        Single = "1-Ph",
        /// Three phases.
        Three = "3-Ph",
        /// A smart meter.
        Smart = "Smart",
        /// A net meter.
        Net = "net-meter",
    }
);

words!(
    /// Which register holds the energy drawn by a load (or delivered by a generator).
    ImportRegister {
        /// `energy_import_kwh`.
        Import = "import",
        /// `total_energy_kwh`.
        Total = "total",
    }
);

words!(
    /// How a fuel counter is read.
    #[derive(Default)]
    DieselRegister {
        /// Each reading gives the litres since the one before.
        #[default]
        Increment = "increment",
        /// It only rises, like an energy register.
        Cumulative = "cumulative",
    }
);

words!(
    /// Who said what a meter measures and where it hangs.
    #[derive(Default)]
    PlacedBy {
        /// Nobody yet: it was made when something unknown sent readings.
        Nobody = "nobody",
        /// The settings of its data logger, and they may say otherwise later.
        Logger = "logger",
        /// A person.
        #[default]
        Person = "person",
    }
);

words!(
    /// What a source of energy is; every colour and carbon figure follows from it.
    SourceKind {
        /// The public grid.
        Grid = "grid",
        /// Solar panels.
        Solar = "solar",
        /// A diesel generator.
        Diesel = "diesel",
        /// A battery.
        Battery = "battery",
        /// Not a source: a load or a distribution node.
        Load = "load",
    }
);

impl SourceKind {
    /// Names under which people look for one, in every language.
    pub const fn names(self) -> &'static str {
        match self {
            Self::Grid => "Grid, mains, Netz, Netzanschluss, Stromnetz",
            Self::Solar => "Solar, PV, photovoltaic, Photovoltaik, Solaranlage",
            Self::Diesel => "Diesel, generator, genset, DG, Dieselgenerator, Notstromaggregat",
            Self::Battery => "Battery, storage, Batterie, Speicher",
            Self::Load => "",
        }
    }
}

/// The type of a meter: a known word carries behaviour, any other is a plain load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct MeterType(pub String);

impl MeterType {
    /// The types that the product knows, as written.
    pub const KNOWN: &[&str] = &[
        "Grid",
        "Main",
        "DG",
        "Solar",
        "Battery",
        "Distribution",
        "Unit",
        "Machine",
        "Lights",
        "Admin",
        "Building",
        "Zone",
        "Transformer",
        "Feeder",
        "Household",
        "Other",
    ];

    /// What kind of source it is.
    pub fn source_kind(&self) -> SourceKind {
        match self.0.as_str() {
            "Grid" => SourceKind::Grid,
            "DG" => SourceKind::Diesel,
            "Solar" => SourceKind::Solar,
            "Battery" => SourceKind::Battery,
            _ => SourceKind::Load,
        }
    }
}

impl From<&str> for MeterType {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Accuracy class in per cent; a meter that states none is taken as 1.0 and shown as assumed.
pub const ASSUMED_ACCURACY_CLASS: f64 = 1.0;

crate::meter_settings!(crate::with_meter_settings! stored {
    /// A measuring point of the registry.
    #[derive(Debug, Clone, PartialEq)]
    #[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
    pub struct Meter
} [
    {
        pub id: MeterId,
        /// Where it belongs.
        pub site: SiteId,
    }
    {}
    {
        /// 0 grid to 4 machine, or deeper.
        pub level: i16,
        /// The meter above it.
        pub parent: Option<MeterId>,
        /// Whether it feeds its parent's bus instead of drawing from it.
        pub feeds_parent: bool,
    }
    {}
] {
    /// Since when it does not measure any more.
    pub retired_at: Option<DateTime<Utc>>,
    /// Who said what it measures and where it hangs.
    pub placed_by: PlacedBy,
    /// Of a meter that is computed from others: those that it adds up, without those it takes off.
    pub adds: Vec<MeterId>,
});

impl Meter {
    /// Whether its import register also falls, by what is returned.
    pub fn is_net(&self, register: ImportRegister) -> bool {
        self.phase_type == Some(PhaseType::Net) && register == ImportRegister::Total
    }

    /// Whether it is known what it is part of. What is not belongs to no total.
    pub fn is_placed(&self) -> bool {
        self.placed_by != PlacedBy::Nobody
            || self.parent.is_some()
            || self.load_role != LoadRole::None
    }

    /// Accuracy class in per cent, assumed where the meter states none.
    pub fn class_percent(&self) -> f64 {
        self.accuracy_class.unwrap_or(ASSUMED_ACCURACY_CLASS)
    }
}
