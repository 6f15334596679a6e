//! Tokens by which programs act for users.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::ids::id;

id!(
    /// A token of a program.
    TokenId
);

/// A token as lists show it: never the token itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// By which its owner calls it.
    pub name: String,
    /// User name of whom it acts for.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "user_name"))]
    pub user: String,
    /// Names of the actions that it allows, as far as its owner may do them.
    pub actions: Vec<String>,
    /// Slug of its site; all sites of its owner without one.
    pub site: Option<String>,
    /// Numbers of its meters; all meters where empty.
    pub meters: Vec<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute; never without one.
    pub used_at: Option<DateTime<Utc>>,
}
