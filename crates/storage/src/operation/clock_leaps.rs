//! The leap of the computer's clock that the next process must know of.

use chrono::{DateTime, TimeDelta, Utc};
use domain::operation::leap::Leap;
use sqlx::PgExecutor;

use crate::Error;

/// The leap that was seen since the machine was started; none where nothing is to be known of one.
pub async fn get(db: impl PgExecutor<'_>, boot: &str) -> Result<Option<Leap>, Error> {
    let row: Option<(DateTime<Utc>, DateTime<Utc>, i64)> = sqlx::query_as(
        "SELECT leapt_from, leapt_to, passed_us FROM clock_leaps WHERE boot_id = $1",
    )
    .bind(boot)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(from, to, passed)| Leap { from, to, passed: TimeDelta::microseconds(passed) }))
}

/// Stores it in place of the one before.
pub async fn set(db: impl PgExecutor<'_>, leap: Leap, boot: &str) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO clock_leaps (leapt_from, leapt_to, passed_us, boot_id) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (is_only) DO UPDATE SET leapt_from = excluded.leapt_from, \
             leapt_to = excluded.leapt_to, passed_us = excluded.passed_us, \
             boot_id = excluded.boot_id",
    )
    .bind(leap.from)
    .bind(leap.to)
    .bind(leap.passed.num_microseconds().unwrap_or(i64::MAX))
    .bind(boot)
    .execute(db)
    .await?;
    Ok(())
}

/// Nothing is to be known of a leap any more.
pub async fn clear(db: impl PgExecutor<'_>) -> Result<(), Error> {
    sqlx::query("DELETE FROM clock_leaps").execute(db).await?;
    Ok(())
}
