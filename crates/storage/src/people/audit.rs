//! Who changed what figures rest on.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::people::{AuditEntry, Difference, UserId};
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// A change to note.
#[derive(Debug, Clone, Default)]
pub struct NewEntry<'a> {
    /// `user`, or who acted where there was none.
    pub who: &'a str,
    pub user: Option<UserId>,
    pub address: Option<IpAddr>,
    pub site: Option<SiteId>,
    pub action: &'a str,
    pub subject: &'a str,
    pub difference: Difference,
    pub reason: Option<&'a str>,
}

/// Notes a change. Belongs into the transaction that makes it.
pub async fn add(db: impl PgExecutor<'_>, new: NewEntry<'_>) -> Result<(), Error> {
    sqlx::query(
        "WITH entry AS (\
             INSERT INTO audit_log (who, user_id, site_id, action, subject, before, after, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id\
         ) \
         INSERT INTO audit_addresses (audit_id, address) \
         SELECT id, $9::text::inet FROM entry WHERE $9 IS NOT NULL",
    )
    .bind(new.who)
    .bind(new.user)
    .bind(new.site)
    .bind(new.action)
    .bind(new.subject)
    .bind(new.difference.before)
    .bind(new.difference.after)
    .bind(new.reason)
    .bind(new.address.map(|address| address.to_string()))
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the addresses of changes before an instant.
pub async fn forget_addresses(pool: &PgPool, before: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query("DELETE FROM audit_addresses WHERE at < $1").bind(before).execute(pool).await?;
    Ok(())
}

/// Changes before an id, newest first; of one subject, or of all.
pub async fn list(
    pool: &PgPool,
    subject: Option<&str>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<AuditEntry>, Error> {
    let entries = sqlx::query_as(
        "SELECT audit_log.id, audit_log.at, COALESCE(users.name, who) AS who, user_id, \
             host(address) AS address, sites.slug AS site, action, subject, before, after, reason \
         FROM audit_log \
         LEFT JOIN users ON users.id = user_id \
         LEFT JOIN sites ON sites.id = site_id \
         LEFT JOIN audit_addresses ON audit_id = audit_log.id \
         WHERE ($1::text IS NULL OR subject = $1) AND ($2::bigint IS NULL OR audit_log.id < $2) \
         ORDER BY audit_log.id DESC LIMIT $3",
    )
    .bind(subject)
    .bind(before)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(entries)
}
