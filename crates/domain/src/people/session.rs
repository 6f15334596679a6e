//! Sessions of people.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::ids::id;

id!(
    /// The id by which a session is listed and ended.
    SessionId(Uuid)
);

/// A session as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub id: SessionId,
    /// The `User-Agent` of the browser or program.
    pub device: String,
    /// The address from which it began.
    pub address: String,
    /// The time of the sign-in.
    pub begun_at: DateTime<Utc>,
    /// The last request, to the minute.
    pub used_at: DateTime<Utc>,
}
