//! Who is told of the alarms of a site.

use domain::SiteId;
use domain::alarms::{RecipientKind, Severity};
use domain::message::Message;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Recipient {
    pub id: i64,
    pub site: SiteId,
    /// How it is told.
    pub kind: RecipientKind,
    /// URL or mailbox.
    pub address: String,
    /// The least grave alarm it is told of.
    pub min_severity: Severity,
    /// Whether it is told at all.
    pub enabled: bool,
    /// Messages that wait for it.
    pub waiting: i64,
    /// Why the oldest of them was not delivered; else why one was given up.
    pub problem: Option<Message>,
}

macro_rules! select {
    ($with:literal, $from:literal, $rest:literal) => {
        concat!(
            $with,
            "SELECT recipient.id, recipient.site_id AS site, recipient.kind, recipient.address, \
                 recipient.min_severity, recipient.enabled, \
                 (SELECT count(*) FROM alarm_outbox message WHERE message.recipient_id = recipient.id) \
                     AS waiting, \
                 coalesce((SELECT message.problem FROM alarm_outbox message \
                     WHERE message.recipient_id = recipient.id ORDER BY message.id LIMIT 1), \
                     recipient.problem) AS problem \
             FROM ",
            $from,
            " recipient ",
            $rest
        )
    };
}

/// The recipients of a site, in the order in which they were added.
pub async fn list(pool: &PgPool, site: SiteId) -> Result<Vec<Recipient>, Error> {
    Ok(sqlx::query_as(select!(
        "",
        "alarm_recipients",
        "WHERE recipient.site_id = $1 ORDER BY recipient.id"
    ))
    .bind(site)
    .fetch_all(pool)
    .await?)
}

/// Every address that is told of alarms, of whatever site, once.
pub async fn addresses(pool: &PgPool) -> Result<Vec<(RecipientKind, String)>, Error> {
    Ok(sqlx::query_as(
        "SELECT DISTINCT kind, address FROM alarm_recipients WHERE enabled ORDER BY kind, address",
    )
    .fetch_all(pool)
    .await?)
}

/// The recipient with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Recipient>, Error> {
    Ok(sqlx::query_as(select!("", "alarm_recipients", "WHERE recipient.id = $1"))
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// The recipient with this id, which nobody else changes until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Recipient>, Error> {
    Ok(sqlx::query_as(select!(
        "",
        "alarm_recipients",
        "WHERE recipient.id = $1 FOR NO KEY UPDATE OF recipient"
    ))
    .bind(id)
    .fetch_optional(db)
    .await?)
}

/// Adds a recipient; its id is given.
pub async fn insert(db: impl PgExecutor<'_>, new: &Recipient) -> Result<Recipient, Error> {
    Ok(sqlx::query_as(select!(
        "WITH made AS (INSERT INTO alarm_recipients (site_id, kind, address, min_severity, enabled) \
         VALUES ($1, $2, $3, $4, $5) RETURNING *) ",
        "made",
        ""
    ))
    .bind(new.site)
    .bind(new.kind)
    .bind(&new.address)
    .bind(new.min_severity)
    .bind(new.enabled)
    .fetch_one(db)
    .await?)
}

/// Stores a recipient. None where there is none with this id.
pub async fn update(
    db: impl PgExecutor<'_>,
    changed: &Recipient,
) -> Result<Option<Recipient>, Error> {
    Ok(sqlx::query_as(select!(
        "WITH made AS (UPDATE alarm_recipients \
         SET kind = $2, address = $3, min_severity = $4, enabled = $5 WHERE id = $1 RETURNING *) ",
        "made",
        ""
    ))
    .bind(changed.id)
    .bind(changed.kind)
    .bind(&changed.address)
    .bind(changed.min_severity)
    .bind(changed.enabled)
    .fetch_optional(db)
    .await?)
}

/// Removes a recipient, and with it what waits for it. Whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, id: i64) -> Result<bool, Error> {
    let done =
        sqlx::query("DELETE FROM alarm_recipients WHERE id = $1").bind(id).execute(db).await?;
    Ok(done.rows_affected() > 0)
}
