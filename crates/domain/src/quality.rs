//! How far a value can be trusted.

use crate::stored::stored;
use serde::{Deserialize, Serialize};

/// Ordered from best to worst, so that the worst of several is their maximum.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Quality {
    /// Measured and fresh.
    #[default]
    Good,
    /// Computed from other measured values.
    Derived,
    /// Changed by a person, with a reason on record.
    Corrected,
    /// The amount is real, its place in time is not certain.
    Estimated,
    /// Older than three polls, or its device says it is offline.
    Stale,
    /// The last attempt to read it failed.
    Error,
}

// Whoever writes plain SQL may say anything of a reading: it is not to be trusted then.
stored!(Quality as &str, |quality| quality.as_str(), |word| Some(
    Self::parse(word).unwrap_or(Self::Error)
));

impl Quality {
    /// The word as stored and as shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "GOOD",
            Self::Derived => "DERIVED",
            Self::Corrected => "CORRECTED",
            Self::Estimated => "ESTIMATED",
            Self::Stale => "STALE",
            Self::Error => "ERROR",
        }
    }

    /// Whether it is certain when the value held. Power of an uncertain time adds up to no energy.
    pub const fn is_dated(self) -> bool {
        !matches!(self, Self::Estimated)
    }

    /// Reads the stored word, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Good, Self::Derived, Self::Corrected, Self::Estimated, Self::Stale, Self::Error]
            .into_iter()
            .find(|quality| quality.as_str().eq_ignore_ascii_case(text))
    }
}
