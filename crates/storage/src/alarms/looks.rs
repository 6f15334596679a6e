//! Up to when the rules of alarms have looked at what was stored, by the clock of the database.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use crate::Error;

/// All that was stored before was looked at; none before the first look.
pub async fn get(db: impl PgExecutor<'_>) -> Result<Option<DateTime<Utc>>, Error> {
    let query = sqlx::query_scalar("SELECT least(looked_at, now()) FROM alarm_looks");
    Ok(query.fetch_optional(db).await?)
}

/// Notes that all was looked at that was stored longer ago than this.
pub async fn set(db: impl PgExecutor<'_>, ago: Duration) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO alarm_looks (looked_at) VALUES (now() - make_interval(secs => $1)) \
         ON CONFLICT (is_only) DO UPDATE SET looked_at = excluded.looked_at",
    )
    .bind(ago.as_secs_f64())
    .execute(db)
    .await?;
    Ok(())
}
