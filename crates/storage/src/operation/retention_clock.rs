//! The clock by which old readings go.

use chrono::{DateTime, Utc};
use domain::operation::retention::{Clock, Leap};
use sqlx::PgExecutor;

use crate::Error;

/// What was stored last; none before the first start. In a transaction nobody else changes it until that ends.
pub async fn get(db: impl PgExecutor<'_>) -> Result<Option<Clock>, Error> {
    type Row = (DateTime<Utc>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let row: Option<Row> =
        sqlx::query_as("SELECT at, leap_seen, leap_last FROM retention_clock FOR UPDATE")
            .fetch_optional(db)
            .await?;
    Ok(row.map(|(at, seen, last)| Clock {
        at,
        leap: seen.zip(last).map(|(seen, last)| Leap { seen, last }),
    }))
}

/// What it showed last; none before the first start.
pub async fn shown(db: impl PgExecutor<'_>) -> Result<Option<DateTime<Utc>>, Error> {
    let row: Option<(DateTime<Utc>,)> =
        sqlx::query_as("SELECT at FROM retention_clock").fetch_optional(db).await?;
    Ok(row.map(|(at,)| at))
}

/// Stores what it shows.
pub async fn set(db: impl PgExecutor<'_>, clock: Clock) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO retention_clock (at, leap_seen, leap_last) VALUES ($1, $2, $3) \
         ON CONFLICT (is_only) DO UPDATE SET at = excluded.at, \
             leap_seen = excluded.leap_seen, leap_last = excluded.leap_last",
    )
    .bind(clock.at)
    .bind(clock.leap.map(|leap| leap.seen))
    .bind(clock.leap.map(|leap| leap.last))
    .execute(db)
    .await?;
    Ok(())
}
