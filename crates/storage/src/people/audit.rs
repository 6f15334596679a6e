//! Who changed what figures rest on.

use domain::people::AuditEntry;
use serde_json::Value;
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// Notes a change. Belongs into the transaction that makes it.
pub async fn add(
    db: impl PgExecutor<'_>,
    who: &str,
    action: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), Error> {
    sqlx::query("INSERT INTO audit_log (who, action, subject, detail) VALUES ($1, $2, $3, $4)")
        .bind(who)
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
        "SELECT id, at, who, action, subject, detail FROM audit_log \
         WHERE ($1::text IS NULL OR subject = $1) AND ($2::bigint IS NULL OR id < $2) \
         ORDER BY id DESC LIMIT $3",
    )
    .bind(subject)
    .bind(before)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(entries)
}
