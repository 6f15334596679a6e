//! Accounts of people.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::AccountRefusal;
use super::role::Role;
use crate::ids::{MeterId, id};

id!(
    /// Somebody who can sign in.
    UserId
);

/// A user name. Small letters of the alphabet, digits and `.-_@+`: two names never look alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct AccountName(String);

/// Characters of a name.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;

impl AccountName {
    /// The name as it was typed, in small letters.
    ///
    /// # Errors
    /// It has other characters, or too few or too many.
    pub fn parse(typed: &str) -> Result<Self, AccountRefusal> {
        let name = typed.trim().to_ascii_lowercase();
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@+".contains(&byte);
        if !NAME_LENGTH.contains(&name.len()) || !name.bytes().all(is_known) {
            let (least, most) = (*NAME_LENGTH.start(), *NAME_LENGTH.end());
            return Err(AccountRefusal::Name { least, most });
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for AccountName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An account as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Its id.
    pub id: UserId,
    /// The user name.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// Whether a password is set; without one a user is invited and has not signed in yet.
    pub has_password: bool,
    /// Whether it may sign in.
    pub is_disabled: bool,
    /// Its roles.
    pub roles: Vec<PersonRole>,
    /// Meters of their own.
    pub meters: Vec<PersonMeter>,
    /// When it was last there; never without one.
    pub last_seen: Option<DateTime<Utc>>,
}

impl Person {
    /// Whether nothing is left of the account but its number.
    pub fn is_erased(&self) -> bool {
        self.is_disabled && self.name == format!("erased-{}", self.id)
    }
}

/// A role of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PersonRole {
    /// Slug of the site; all sites without one.
    pub site: Option<String>,
    /// The role.
    pub role: Role,
}

/// A meter of somebody's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct PersonMeter {
    /// Its id.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Slug of its site.
    pub site: String,
    /// The first day on which it is theirs; ever since without one.
    pub valid_from: Option<NaiveDate>,
    /// The day after the last one; for good without one.
    pub valid_to: Option<NaiveDate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_small() {
        assert_eq!(
            AccountName::parse(" Asha.Rao@Example.org ").unwrap().as_str(),
            "asha.rao@example.org"
        );
        let long = "a".repeat(10_000);
        // The second has a Cyrillic letter that looks like the a.
        for typed in ["a", "\u{430}sha", "asha rao", "asha\0", "", &long] {
            assert!(AccountName::parse(typed).is_err(), "{typed:?}");
        }
    }
}
