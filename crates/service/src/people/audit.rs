//! Who changed what figures rest on.

use domain::people::{AuditEntry, UserId};
use serde::Serialize;
use sqlx::{PgPool, Postgres, Transaction};

use crate::{Action, Core, Error, Principal};

/// Which changes are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditQuery<'a> {
    /// Of one subject, such as `meter:12`; of all without it.
    pub subject: Option<&'a str>,
    /// Only those before this one.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

/// Changes, newest first.
pub async fn list(
    service: &Core,
    who: &Principal,
    asked: AuditQuery<'_>,
) -> Result<Vec<AuditEntry>, Error> {
    who.require(Action::ManagePeople)?;
    let pool = service.pool();
    Ok(storage::people::audit::list(pool, asked.subject, asked.before, asked.limit).await?)
}

/// A change under way: what it does and the note about it are stored together or not at all.
pub(crate) struct Change {
    pub(crate) db: Transaction<'static, Postgres>,
    who: String,
    user: Option<UserId>,
}

impl Change {
    pub(crate) async fn begin(service: &Core, who: &Principal) -> Result<Self, Error> {
        Self::on(service.pool(), who).await
    }

    pub(crate) async fn on(pool: &PgPool, who: &Principal) -> Result<Self, Error> {
        let db = pool.begin().await.map_err(storage::Error::from)?;
        Ok(Self { db, who: who.name().to_owned(), user: who.user() })
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

    /// Notes the change and stores it.
    pub(crate) async fn commit(
        mut self,
        action: &str,
        subject: &str,
        detail: &impl Serialize,
    ) -> Result<(), Error> {
        let detail = serde_json::to_value(detail).unwrap_or_default();
        storage::people::audit::add(
            &mut *self.db,
            (if self.user.is_some() { "user" } else { &self.who }, self.user),
            action,
            subject,
            &detail,
        )
        .await?;
        self.db.commit().await.map_err(storage::Error::from)?;
        tracing::info!(who = self.who, subject, "{action}");
        Ok(())
    }
}
