//! The audit log.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::people::{AuditEntry, Difference, TokenId, UserId};
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// A change to note.
#[derive(Debug, Clone, Default)]
pub struct NewEntry<'a> {
    /// `user`, or who acted where there was none.
    pub who: &'a str,
    pub user: Option<UserId>,
    pub token: Option<TokenId>,
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
             INSERT INTO audit_log \
                 (who, user_id, token_id, site_id, action, subject, before, after, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id\
         ) \
         INSERT INTO audit_addresses (audit_id, address) \
         SELECT id, $10::text::inet FROM entry WHERE $10 IS NOT NULL",
    )
    .bind(new.who)
    .bind(new.user)
    .bind(new.token)
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

/// Counts a sign-in that was refused.
pub async fn count_refusal(pool: &PgPool, address: IpAddr) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO audit_refusals AS known (address, hour, count) \
         VALUES ($1::text::inet, date_trunc('hour', now()), 1) \
         ON CONFLICT (address, hour) DO UPDATE SET count = known.count + 1",
    )
    .bind(address.to_string())
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets the addresses of changes and refusals before an instant.
pub async fn forget_addresses(pool: &PgPool, before: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query("DELETE FROM audit_addresses WHERE at < $1").bind(before).execute(pool).await?;
    sqlx::query("DELETE FROM audit_refusals WHERE hour < $1").bind(before).execute(pool).await?;
    Ok(())
}

/// When something was first done at a site.
pub async fn first(
    pool: &PgPool,
    site: SiteId,
    action: &str,
) -> Result<Option<DateTime<Utc>>, Error> {
    let first = "SELECT min(at) FROM audit_log WHERE site_id = $1 AND action = $2";
    Ok(sqlx::query_scalar(first).bind(site).bind(action).fetch_one(pool).await?)
}

/// A filter of changes; an absent field does not restrict them.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter<'a> {
    /// Changes of these sites alone, not those of the whole installation.
    pub sites: Option<Vec<SiteId>>,
    /// Name or id of a user.
    pub user: Option<&'a str>,
    pub action: Option<&'a str>,
    pub subject: Option<&'a str>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    /// Those before the one with this id.
    pub before: Option<i64>,
    pub limit: u32,
}

/// Changes, newest first.
pub async fn list(pool: &PgPool, filter: AuditFilter<'_>) -> Result<Vec<AuditEntry>, Error> {
    Ok(sqlx::query_as(
        "SELECT audit_log.id, audit_log.at, COALESCE(users.name, who) AS who, user_id, \
             token_id, host(address) AS address, sites.slug AS site, action, subject, before, after, reason \
         FROM audit_log \
         LEFT JOIN users ON users.id = user_id \
         LEFT JOIN sites ON sites.id = site_id \
         LEFT JOIN audit_addresses ON audit_id = audit_log.id \
         WHERE ($1::bigint[] IS NULL OR site_id = ANY($1)) \
             AND ($2::text IS NULL OR COALESCE(users.name, who) = $2 OR user_id::text = $2) \
             AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR subject = $4) \
             AND ($5::timestamptz IS NULL OR audit_log.at >= $5) \
             AND ($6::timestamptz IS NULL OR audit_log.at < $6) \
             AND ($7::bigint IS NULL OR audit_log.id < $7) \
         ORDER BY audit_log.id DESC LIMIT $8",
    )
    .bind(filter.sites)
    .bind(filter.user)
    .bind(filter.action)
    .bind(filter.subject)
    .bind(filter.from)
    .bind(filter.to)
    .bind(filter.before)
    .bind(i64::from(filter.limit))
    .fetch_all(pool)
    .await?)
}
