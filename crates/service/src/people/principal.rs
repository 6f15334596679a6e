//! Who acts, and what they may do.

use std::sync::Arc;

use domain::SiteId;
use domain::language::Language;
use domain::people::refusal::SignInRefusal;
use domain::people::{Action, Grant, UserId};
use uuid::Uuid;

use crate::Error;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Somebody who has signed in.
    User(Arc<SignedIn>),
    /// Whoever sits at this machine while no user exists: acts as administrator.
    Loopback,
    /// Nobody known.
    Anonymous,
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SignedIn {
    /// Whose account it is.
    pub user: UserId,
    /// The user name.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// The language of pages; that of the browser without one.
    pub language: Option<Language>,
    /// The session.
    pub session: Uuid,
    /// SHA-256 of the session's token.
    pub token: [u8; 32],
    /// The roles.
    pub grants: Vec<Grant>,
}

impl Principal {
    /// Passes when the principal may do this on the whole installation.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] where nobody is signed in, [`Error::Forbidden`] otherwise.
    pub fn require(&self, action: Action) -> Result<(), Error> {
        self.passes(action, |grant| grant.allows(action, None))
    }

    /// Passes when there is a site on which the principal may do this.
    ///
    /// # Errors
    /// As of [`Principal::require`].
    pub fn require_somewhere(&self, action: Action) -> Result<(), Error> {
        self.passes(action, |grant| grant.role.allows(action))
    }

    /// Passes when the principal may do this on a site. To those who have nothing to do with the site,
    /// what is asked for is `missing`.
    ///
    /// # Errors
    /// As of [`Principal::require`], and `missing`.
    pub(crate) fn require_on(
        &self,
        action: Action,
        site: SiteId,
        missing: impl FnOnce() -> Error,
    ) -> Result<(), Error> {
        if self.is_known() && !self.knows(site) {
            return Err(missing());
        }
        self.passes(action, |grant| grant.allows(action, Some(site)))
    }

    /// Whether the principal may do this on a site.
    pub(crate) fn may(&self, action: Action, site: SiteId) -> bool {
        self.passes(action, |grant| grant.allows(action, Some(site))).is_ok()
    }

    /// Passes when it is known who this is.
    ///
    /// # Errors
    /// [`Error::Unauthorized`].
    pub fn require_known(&self) -> Result<(), Error> {
        match self {
            Self::User(_) | Self::Loopback => Ok(()),
            Self::Anonymous => Err(Error::Unauthorized { action: Action::See }),
        }
    }

    /// The user who asks.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn signed_in(&self) -> Result<&SignedIn, Error> {
        match self {
            Self::User(user) => Ok(user),
            Self::Loopback => Err(Error::NotSignedIn(SignInRefusal::NoUsers)),
            Self::Anonymous => Err(Error::Unauthorized { action: Action::See }),
        }
    }

    /// The language that the user has chosen for pages.
    pub fn language(&self) -> Option<Language> {
        self.signed_in().ok()?.language
    }

    fn passes(&self, action: Action, allows: impl Fn(&Grant) -> bool) -> Result<(), Error> {
        match self {
            Self::Loopback => Ok(()),
            Self::User(user) if user.grants.iter().any(allows) => Ok(()),
            Self::User(_) => Err(Error::Forbidden { action }),
            Self::Anonymous => Err(Error::Unauthorized { action }),
        }
    }

    /// Whether the principal has to do with a site at all: to others it is not there.
    pub(crate) fn knows(&self, site: SiteId) -> bool {
        match self {
            Self::Loopback => true,
            Self::User(user) => {
                user.grants.iter().any(|grant| grant.site.is_none_or(|its| its == site))
            }
            Self::Anonymous => false,
        }
    }

    /// Whether it is known who this is.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }

    /// The account that acts.
    pub(crate) fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user.user),
            Self::Loopback | Self::Anonymous => None,
        }
    }

    /// The name in logs and lists.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.name,
            Self::Loopback => "loopback",
            Self::Anonymous => "anonymous",
        }
    }
}
