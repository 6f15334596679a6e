//! The audit log: noting changes and listing them.

use std::net::IpAddr;

use domain::people::refusal::SignInRefusal;
use domain::people::{AuditEntry, Difference, TokenId, UserId};
use domain::period::Moment;
use domain::{SiteId, SiteSlug};
use serde::Serialize;
use sqlx::{PgPool, Postgres, Transaction};
use storage::people::audit::{AuditFilter, NewEntry};

use crate::{Action, Core, Error, Principal, window};

/// A filter of changes; an absent field does not restrict them.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditQuery<'a> {
    pub site: Option<&'a SiteSlug>,
    /// Name or id of a user.
    pub user: Option<&'a str>,
    pub action: Option<&'a str>,
    /// The changed object, such as `meter:12`.
    pub subject: Option<&'a str>,
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    /// Those before the one with this id.
    pub before: Option<i64>,
    pub limit: u32,
}

/// Changes, newest first: all of them to administrators of all sites, to others those of their sites.
///
/// # Errors
/// The principal manages no people, or not those of the site.
pub async fn list(
    core: &Core,
    who: &Principal,
    asked: AuditQuery<'_>,
) -> Result<Vec<AuditEntry>, Error> {
    who.require_somewhere(Action::ManagePeople)?;
    let (site, sites) = match asked.site {
        Some(slug) => {
            let missing = || Error::no_site(slug);
            let found = storage::sites::by_slug(core.pool(), slug.as_str()).await?;
            let site = found.ok_or_else(missing)?;
            who.require_on(Action::ManagePeople, site.id, missing)?;
            let id = site.id;
            (site, Some(vec![id]))
        }
        None => (storage::sites::default(core.pool()).await?, managed(core, who).await?),
    };
    let [from, to] = window::bounds(&site, asked.from, asked.to)?;
    let AuditQuery { user, action, subject, before, limit, .. } = asked;
    let filter = AuditFilter { sites, user, action, subject, from, to, before, limit };
    Ok(storage::people::audit::list(core.pool(), filter).await?)
}

/// The sites whose people someone manages; none for the whole installation.
async fn managed(core: &Core, who: &Principal) -> Result<Option<Vec<SiteId>>, Error> {
    if who.require(Action::ManagePeople).is_ok() {
        return Ok(None);
    }
    let all = storage::sites::list(core.pool()).await?.into_iter().map(|site| site.id);
    Ok(Some(all.filter(|site| who.may(Action::ManagePeople, *site)).collect()))
}

tokio::task_local! {
    static ADDRESS: Option<IpAddr>;
}

/// Runs a request, whose changes are noted with the address that it came from. Carried by the task, since
/// principals are shared between requests and no use case but this one needs it.
pub async fn with_address<T>(address: Option<IpAddr>, request: impl Future<Output = T>) -> T {
    ADDRESS.scope(address, request).await
}

/// The address of the request under way; none outside of one.
pub(crate) fn address() -> Option<IpAddr> {
    ADDRESS.try_with(|address| *address).ok().flatten()
}

/// A change under way: what it does and the note about it are stored together or not at all.
pub(crate) struct Change {
    pub(crate) db: Transaction<'static, Postgres>,
    who: String,
    user: Option<UserId>,
    token: Option<TokenId>,
    site: Option<SiteId>,
    reason: Option<String>,
}

impl Change {
    /// Begins a change, unless whoever asked for it has lost a right since.
    pub(crate) async fn begin(service: &Core, who: &Principal) -> Result<Self, Error> {
        if !service.sessions().keeps_rights(service.pool(), who).await {
            return Err(Error::NotSignedIn(match who {
                Principal::Token(_) => SignInRefusal::Token,
                _ => SignInRefusal::Ended,
            }));
        }
        Self::on(service.pool(), who).await
    }

    pub(crate) async fn on(pool: &PgPool, who: &Principal) -> Result<Self, Error> {
        let db = pool.begin().await.map_err(storage::Error::from)?;
        let token = match who {
            Principal::Token(token) => Some(token.id),
            _ => None,
        };
        let (user, who) = (who.user(), who.name().into_owned());
        Ok(Self { db, who, user, token, site: None, reason: None })
    }

    /// The site that is changed; the whole installation without one.
    pub(crate) fn at(mut self, site: impl Into<Option<SiteId>>) -> Self {
        self.site = site.into();
        self
    }

    pub(crate) fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }

    /// The user who acts, where nobody is signed in yet.
    pub(crate) fn by(mut self, user: UserId, name: &str) -> Self {
        (self.user, self.who) = (Some(user), name.to_owned());
        self
    }

    /// What the log calls whoever acts.
    pub(crate) fn who(&self) -> &str {
        &self.who
    }

    /// Notes what is new, or was done, and stores it.
    pub(crate) async fn commit(
        self,
        action: &str,
        subject: &str,
        after: &impl Serialize,
    ) -> Result<(), Error> {
        self.commit_difference(action, subject, Difference::created(after)).await
    }

    /// Notes what is gone and stores that.
    pub(crate) async fn commit_removed(
        self,
        action: &str,
        subject: &str,
        before: &impl Serialize,
    ) -> Result<(), Error> {
        self.commit_difference(action, subject, Difference::removed(before)).await
    }

    /// Notes what differs and stores it.
    pub(crate) async fn commit_difference(
        mut self,
        action: &str,
        subject: &str,
        difference: Difference,
    ) -> Result<(), Error> {
        self.note(action, subject, difference).await?;
        self.db.commit().await.map_err(storage::Error::from)?;
        tracing::info!(who = self.who, subject, "{action}");
        Ok(())
    }

    /// Notes what else changes on the way.
    pub(crate) async fn note(
        &mut self,
        action: &str,
        subject: &str,
        difference: Difference,
    ) -> Result<(), Error> {
        let new = NewEntry {
            who: if self.user.is_some() { "user" } else { &self.who },
            user: self.user,
            token: self.token,
            address: address(),
            site: self.site,
            action,
            subject,
            difference,
            reason: self.reason.as_deref(),
        };
        Ok(storage::people::audit::add(&mut *self.db, new).await?)
    }
}
