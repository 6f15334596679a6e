//! Accounts, roles and the audit log.

pub mod account;
pub mod own;
pub mod password;
pub mod refusal;
pub mod role;
pub mod session;
pub mod token;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

pub use account::{AccountName, Person, PersonMeter, PersonRole, UserId};
pub use own::{OwnMeter, Seen};
pub use role::{Action, Grant, Role};
pub use session::{Session, SessionId};
pub use token::{TokenId, TokenView};

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
    /// By whom: the name of a user, or `loopback` for whoever sat at the server while there was none.
    pub who: String,
    /// What was done, such as `meter_exchange.create`.
    pub action: String,
    /// To what, such as `meter:12`.
    pub subject: String,
    /// The values.
    pub detail: Value,
}
