//! Loads that no meter sees.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::MeterId;
use crate::message::messages;

/// A load below a node, until the next one of the node.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Unmetered {
    /// The node.
    pub meter_id: MeterId,
    /// Since when.
    pub valid_from: DateTime<Utc>,
    /// Its power in kW, estimated; 0 ends it.
    pub power_kw: f64,
    /// What it is, in words.
    pub reason: String,
}

messages! {
    /// Why a load that no meter sees is refused.
    pub enum LoadRefusal in "unmetered_load" {
        NoReason => "say what the load is",
        Negative => "a load is not negative",
        Known => "a load of the node begins at that time already: PUT replaces it",
    }
}
