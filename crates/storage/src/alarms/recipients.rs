//! Who is told of the alarms of a site.

use domain::SiteId;
use domain::alarms::{Recipient, RecipientKind};
use sqlx::{PgExecutor, PgPool};

use crate::Error;

macro_rules! select {
    ($with:literal, $from:literal, $rest:literal) => {
        concat!(
            $with,
            "SELECT recipient.*, site.slug AS site, shown.waiting, \
                 shown.problem_said, shown.problem_said ->> 'message' AS problem \
             FROM ",
            $from,
            " recipient JOIN sites site ON site.id = recipient.site_id CROSS JOIN LATERAL ( \
                 SELECT count(*) AS waiting, coalesce( \
                     (array_agg(message.problem ORDER BY message.id))[1], recipient.problem) \
                     AS problem_said \
                 FROM alarm_outbox message WHERE message.recipient_id = recipient.id) shown ",
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

/// The recipient of a site with this address, which nobody else changes until the transaction ends.
pub async fn lock_address(
    db: impl PgExecutor<'_>,
    site: SiteId,
    (kind, address): (RecipientKind, &str),
) -> Result<Option<Recipient>, Error> {
    Ok(sqlx::query_as(select!(
        "",
        "alarm_recipients",
        "WHERE recipient.site_id = $1 AND recipient.kind = $2 AND recipient.address = $3 \
         FOR NO KEY UPDATE OF recipient"
    ))
    .bind(site)
    .bind(kind)
    .bind(address)
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
    .bind(new.site_id)
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
