//! What is behind a meter of the simulated world.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{MeterStatus, Profile, ResourceType};
use crate::MeterId;
use crate::meters::PhaseType;

/// An energy resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Resource {
    /// Its id.
    pub id: i64,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// Whether it only draws, or makes energy too.
    #[serde(rename = "type")]
    pub kind: ResourceType,
    /// Its appliances, as they were named; one named twice is there twice.
    #[serde(rename = "appliance_type")]
    pub appliances: Vec<String>,
    /// Number of the meter that it is linked to.
    #[serde(rename = "meter_id")]
    pub meter_number: Option<String>,
    /// Since when it is there, in the world's time.
    pub created_at: DateTime<Utc>,
}

/// A meter of the world. One that was made as any other meter is ON, at K = 1 and not linked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct SimulatedMeter {
    /// Its id.
    pub id: MeterId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its number, as "MT30125".
    #[serde(rename = "meter_id")]
    pub number: String,
    /// Id of the meter above it.
    #[serde(rename = "parent_id")]
    pub parent: Option<MeterId>,
    /// Whether others hang below it.
    #[serde(skip)]
    pub has_children: bool,
    /// The resource that it is linked to.
    #[serde(rename = "er_id")]
    pub er: Option<i64>,
    /// K of what is drawn.
    #[serde(rename = "load_factor_consumption")]
    pub consumption_factor: f64,
    /// K of what is made.
    #[serde(rename = "load_factor_production")]
    pub production_factor: f64,
    /// How it is connected.
    #[serde(rename = "meter_type")]
    pub phase_type: Option<PhaseType>,
    /// Where it is.
    #[serde(flatten)]
    #[cfg_attr(feature = "sqlx", sqlx(flatten))]
    pub whereabouts: Whereabouts,
    /// Whether it records.
    pub status: MeterStatus,
    /// How consumption goes over a day.
    pub profile: Profile,
    /// Since when it generates, in the world's time.
    pub linked_at: Option<DateTime<Utc>>,
    /// Since when it is there, in the world's time.
    pub created_at: Option<DateTime<Utc>>,
}

/// Where a meter of the world is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Whereabouts {
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Postal code.
    pub pincode: Option<String>,
}
