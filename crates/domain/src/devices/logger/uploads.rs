//! What loggers uploaded, and what of it was refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::message::{Message, in_english, maybe_in_english};

/// What a logger uploaded since it was added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Uploads {
    /// When it last got through.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "last_upload_at"))]
    pub last_at: Option<DateTime<Utc>>,
    /// Log files taken.
    pub files: i64,
    /// Lines stored as readings.
    pub stored: i64,
    /// Lines that were stored before.
    pub repeated: i64,
    /// Lines whose time had another reading already: both are kept, the first one counts.
    pub conflicting: i64,
    /// Lines that could not be stored.
    pub refused: i64,
    /// Lines without a value.
    pub silent: i64,
    /// Why the latest of the refused lines was.
    #[cfg_attr(feature = "sqlx", sqlx(json(nullable)))]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    #[serde(serialize_with = "maybe_in_english")]
    pub last_refused: Option<Message>,
    /// What last happened to it or to a device of it.
    #[cfg_attr(feature = "sqlx", sqlx(json(nullable)))]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    #[serde(serialize_with = "maybe_in_english")]
    pub last_event: Option<Message>,
    /// When that was.
    pub last_event_at: Option<DateTime<Utc>>,
    /// How often it writes down what it reads, in minutes from 1 to 60, as its LOGPERIOD says.
    pub log_period_minutes: Option<i16>,
}

/// Uploads that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all(serialize = "camelCase"))]
pub struct RefusedUpload {
    /// Why, as a code.
    pub reason: String,
    /// How often.
    pub count: i64,
    /// When the latest was.
    pub last_at: DateTime<Utc>,
    /// What was wrong with the latest, and where it came from.
    #[cfg_attr(feature = "sqlx", sqlx(json))]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    #[serde(serialize_with = "in_english")]
    pub detail: Message,
}
