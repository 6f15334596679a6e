//! Who acts, and what they may do.

use crate::{Error, Role};

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
