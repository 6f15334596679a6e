//! Who acts, and what they may do.

use std::borrow::Cow;
use std::sync::Arc;

use domain::devices::logger::SerialNumber;
use domain::language::Language;
use domain::meters::Meter;
use domain::ownership::{OwnMeter, Seen};
use domain::people::refusal::SignInRefusal;
use domain::people::{Action, Grant, Role, TokenId, UserId};
use domain::{MeterId, SiteId};
use uuid::Uuid;

use crate::Error;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Somebody who has signed in.
    User(Arc<SignedIn>),
    /// A program that acts for a user.
    Token(Arc<TokenUse>),
    /// A data logger that has proved by its password which one it is: it brings readings to its site.
    Logger(Arc<KnownLogger>),
    /// Whoever sits at this machine while no user exists: acts as administrator.
    Loopback,
    /// Nobody known.
    Anonymous,
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The language of pages; that of the browser without one.
    pub language: Option<Language>,
    /// The session.
    pub session: Uuid,
    /// SHA-256 of the session's token.
    pub token: [u8; 32],
    /// Whether the account is one to see a demonstration as, which holds at the machine itself alone.
    pub is_demo: bool,
}

/// The account of a user, with its rights of this moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Account {
    /// Its id.
    pub user: UserId,
    /// The user name.
    pub name: String,
    /// The name that others see.
    pub display_name: String,
    /// The roles.
    pub grants: Vec<Grant>,
    /// Meters of their own.
    pub own: Vec<OwnMeter>,
}

/// A data logger that has proved which one it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KnownLogger {
    /// Its serial number.
    pub serial: SerialNumber,
    /// The site that it reads.
    pub site: SiteId,
}

/// A token in use.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenUse {
    /// Its id.
    pub id: TokenId,
    /// SHA-256 of the token.
    pub token: [u8; 32],
    /// For whom it acts: it may never do what they may not.
    pub owner: Account,
    /// The actions that it allows.
    pub actions: Vec<Action>,
    /// The site that it is for; all of its owner without one.
    pub site: Option<SiteId>,
    /// The meters that it is for, with their sites; all meters without it. Those that were removed are not there.
    pub meters: Option<Vec<(MeterId, SiteId)>>,
}

/// On which something is done.
#[derive(Debug, Clone, Copy)]
enum On {
    /// Some site or meter, which one is not known yet.
    Some,
    Installation,
    Site(SiteId),
    Meter(SiteId, MeterId),
}

impl On {
    const fn site(self) -> Option<SiteId> {
        match self {
            Self::Some | Self::Installation => None,
            Self::Site(site) | Self::Meter(site, _) => Some(site),
        }
    }
}

/// All that what somebody may do rests on.
type Rights<'a> = (&'a [Grant], &'a [OwnMeter], Option<&'a TokenUse>);

impl Principal {
    /// The session of somebody with a browser; all are one while there are no users.
    pub fn session(&self) -> Option<Uuid> {
        match self {
            Self::User(user) => Some(user.session),
            Self::Loopback => Some(Uuid::nil()),
            Self::Token(_) | Self::Logger(_) | Self::Anonymous => None,
        }
    }

    pub(super) fn rights(&self) -> Rights<'_> {
        match self {
            Self::User(user) => (&user.account.grants, &user.account.own, None),
            Self::Token(token) => (&token.owner.grants, &token.owner.own, Some(token)),
            Self::Logger(_) | Self::Loopback | Self::Anonymous => (&[], &[], None),
        }
    }
}

impl Account {
    fn may(&self, action: Action, on: On) -> bool {
        let mut grants = self.grants.iter();
        match on {
            On::Some => grants.any(|grant| grant.role.allows(action)),
            _ => grants.any(|grant| grant.allows(action, on.site())),
        }
    }

    /// Whether there is a role by which all of a site is there for them: prosumers have their meters alone.
    fn has_role_on(&self, site: SiteId) -> bool {
        let mut grants = self.grants.iter().filter(|grant| grant.role != Role::Prosumer);
        grants.any(|grant| grant.site.is_none_or(|its| its == site))
    }

    /// The meter, where it is their own.
    fn owned(&self, meter: MeterId) -> Option<OwnMeter> {
        self.own.iter().find(|own| own.meter == meter).copied()
    }
}

impl TokenUse {
    fn covers(&self, on: On) -> bool {
        let is_for_all = self.site.is_none() && self.meters.is_none();
        let has = |meter| {
            let mut meters = self.meters.iter().flatten();
            self.meters.is_none() || meters.any(|(its, _)| *its == meter)
        };
        match on {
            On::Some => true,
            On::Installation => is_for_all,
            On::Site(site) => self.meters.is_none() && self.site.is_none_or(|its| its == site),
            On::Meter(site, meter) => self.site.is_none_or(|its| its == site) && has(meter),
        }
    }

    fn knows(&self, site: SiteId) -> bool {
        self.site.is_none_or(|its| its == site)
            && (self.meters.is_none() || self.meters.iter().flatten().any(|(_, its)| *its == site))
    }
}

impl Principal {
    /// Passes when the principal may do this on the whole installation.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] where nobody is signed in, [`Error::Forbidden`] otherwise.
    pub fn require(&self, action: Action) -> Result<(), Error> {
        self.passes(action, On::Installation)
    }

    /// Passes when there is a site on which the principal may do this.
    ///
    /// # Errors
    /// As of [`Principal::require`].
    pub fn require_somewhere(&self, action: Action) -> Result<(), Error> {
        self.passes(action, On::Some)
    }

    /// Passes when there is a site on which the principal may do this, or a meter of their own of which they may.
    ///
    /// # Errors
    /// As of [`Principal::require`].
    pub fn require_somewhere_or_own(&self, action: Action) -> Result<(), Error> {
        if self.owns().any(|own| self.may_own(action, own.meter)) {
            return Ok(());
        }
        self.passes(action, On::Some)
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
        self.passes(action, On::Site(site))
    }

    /// Passes when the principal may do this to a meter, whose it is or not. To those who see nothing of its site but
    /// meters of their own, it is `missing`.
    ///
    /// # Errors
    /// As of [`Principal::require_on`].
    pub(crate) fn require_on_meter(
        &self,
        action: Action,
        meter: &Meter,
        missing: impl FnOnce() -> Error,
    ) -> Result<(), Error> {
        if self.is_known() && !self.knows_meter(meter) {
            return Err(missing());
        }
        self.passes(action, On::Meter(meter.site, meter.id))
    }

    /// The time of a meter's figures that the principal may see: all of it, or that in which the meter is their own.
    ///
    /// # Errors
    /// As of [`Principal::require_on_meter`].
    pub(crate) fn sees(
        &self,
        action: Action,
        meter: &Meter,
        missing: impl FnOnce() -> Error,
    ) -> Result<Seen, Error> {
        let passed = self.require_on_meter(action, meter, missing);
        match (passed, self.owned(action, meter.id)) {
            (Err(Error::Forbidden { .. }), Some(own)) => Ok(Seen::While(own)),
            (passed, _) => passed.map(|()| Seen::Always),
        }
    }

    /// Whether the principal may do this on a site.
    pub fn may(&self, action: Action, site: SiteId) -> bool {
        self.passes(action, On::Site(site)).is_ok()
    }

    /// Passes when it is known who this is.
    ///
    /// # Errors
    /// [`Error::Unauthorized`].
    pub fn require_known(&self) -> Result<(), Error> {
        match self {
            Self::User(_) | Self::Token(_) | Self::Logger(_) | Self::Loopback => Ok(()),
            Self::Anonymous => Err(Error::Unauthorized { action: Action::See }),
        }
    }

    /// The user who asks, not by a program.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn signed_in(&self) -> Result<&SignedIn, Error> {
        match self {
            Self::User(user) => Ok(user),
            Self::Token(_) | Self::Logger(_) => {
                Err(Error::Forbidden { action: Action::ManagePeople })
            }
            Self::Loopback => Err(Error::NotSignedIn(SignInRefusal::NoUsers)),
            Self::Anonymous => Err(Error::Unauthorized { action: Action::See }),
        }
    }

    /// The language that the user has chosen for pages.
    pub fn language(&self) -> Option<Language> {
        self.signed_in().ok()?.language
    }

    fn passes(&self, action: Action, on: On) -> Result<(), Error> {
        let is_allowed = match self {
            Self::Loopback => true,
            Self::User(user) => user.account.may(action, on),
            Self::Token(token) => {
                token.actions.contains(&action) && token.covers(on) && token.owner.may(action, on)
            }
            Self::Logger(logger) => {
                action == Action::SendReadings && on.site() == Some(logger.site)
            }
            Self::Anonymous => return Err(Error::Unauthorized { action }),
        };
        if is_allowed { Ok(()) } else { Err(Error::Forbidden { action }) }
    }

    /// Whether the principal has to do with a site at all: to others it is not there.
    pub(crate) fn knows(&self, site: SiteId) -> bool {
        let of_account = |account: &Account| {
            account.has_role_on(site) || account.own.iter().any(|own| own.site == site)
        };
        match self {
            Self::Loopback => true,
            Self::User(user) => of_account(&user.account),
            Self::Token(token) => token.knows(site) && of_account(&token.owner),
            Self::Logger(logger) => logger.site == site,
            Self::Anonymous => false,
        }
    }

    /// Whether the principal has to do with a meter at all.
    fn knows_meter(&self, meter: &Meter) -> bool {
        let is_theirs = |account: &Account| {
            account.has_role_on(meter.site) || account.owned(meter.id).is_some()
        };
        match self {
            Self::Loopback => true,
            Self::User(user) => is_theirs(&user.account),
            Self::Token(token) => {
                token.covers(On::Meter(meter.site, meter.id)) && is_theirs(&token.owner)
            }
            Self::Logger(logger) => logger.site == meter.site,
            Self::Anonymous => false,
        }
    }

    /// Meters of their own.
    pub(crate) fn owns(&self) -> impl Iterator<Item = OwnMeter> {
        self.account().into_iter().flat_map(|account| account.own.iter().copied())
    }

    /// Whether they may see this of a meter of their own on a site.
    pub(crate) fn owns_on(&self, action: Action, site: SiteId) -> bool {
        self.owns().any(|own| own.site == site && self.may_own(action, own.meter))
    }

    /// Whether they may see this of a meter since it is their own.
    pub(crate) fn may_own(&self, action: Action, meter: MeterId) -> bool {
        self.owned(action, meter).is_some()
    }

    /// The meter, where it is their own and they may see this of it.
    fn owned(&self, action: Action, meter: MeterId) -> Option<OwnMeter> {
        let own = self.account()?.owned(meter)?;
        let is_within = match self {
            Self::Token(token) => {
                token.actions.contains(&action) && token.covers(On::Meter(own.site, meter))
            }
            _ => true,
        };
        (is_within && Action::OF_OWNERS.contains(&action)).then_some(own)
    }

    /// Whether it is known who this is.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }

    /// The account by which or for which it acts.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::User(user) => Some(&user.account),
            Self::Token(token) => Some(&token.owner),
            Self::Logger(_) | Self::Loopback | Self::Anonymous => None,
        }
    }

    /// The user that acts, or for whom a token does.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.account().map(|account| account.user)
    }

    /// The name in logs and lists.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::User(user) => user.account.name.as_str().into(),
            Self::Token(token) => token.owner.name.as_str().into(),
            Self::Logger(logger) => format!("logger {}", logger.serial).into(),
            Self::Loopback => "loopback".into(),
            Self::Anonymous => "anonymous".into(),
        }
    }
}
