//! Who acts, and what they may do.

use serde::{Deserialize, Serialize};

use crate::Error;

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

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Whoever sits at this machine while no user exists: acts as administrator.
    Loopback,
    /// Nobody known.
    Anonymous,
}

impl Principal {
    /// Passes when the principal holds at least `role`.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] otherwise.
    pub fn require(self, role: Role) -> Result<(), Error> {
        match self {
            Self::Loopback => Ok(()),
            Self::Anonymous => Err(Error::Unauthorized { needed: role }),
        }
    }
}
