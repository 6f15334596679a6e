//! Who changed what figures rest on.

use domain::people::{AuditEntry, UserId};
use serde_json::Value;
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// Notes a change. Belongs into the transaction that makes it.
pub async fn add(
    db: impl PgExecutor<'_>,
    (who, user): (&str, Option<UserId>),
    action: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO audit_log (who, user_id, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(who)
    .bind(user)
    .bind(action)
    .bind(subject)
    .bind(detail)
    .execute(db)
    .await?;
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
        "SELECT audit_log.id, at, COALESCE(name, who) AS who, action, subject, detail FROM audit_log \
         LEFT JOIN users ON users.id = user_id \
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
