//! What people and programs may do.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a person or program may do on a site; each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look at everything of a facility.
    Viewer,
    /// Connect, change and remove meters; post readings.
    Operator,
    /// Change sites and settings.
    Admin,
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Counts up.
    pub id: i64,
    /// When.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "at"))]
    pub timestamp: DateTime<Utc>,
    /// By whom.
    pub who: String,
    /// What was done, such as `meter_exchange.create`.
    pub action: String,
    /// To what, such as `meter:12`.
    pub subject: String,
    /// The values.
    pub detail: Value,
}
