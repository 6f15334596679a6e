//! The clock of the simulated world.

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::simulation::PausedBecause;
use sqlx::{FromRow, PgExecutor};

use crate::Error;

/// The clock as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// The simulated site.
    pub site: SiteId,
    /// Its present.
    pub current: DateTime<Utc>,
    /// End of the newest record of its meters.
    pub recorded_to: DateTime<Utc>,
    /// Simulated days in a real minute.
    pub days_per_minute: f64,
    /// Simulated minutes of a record, 1 to 60.
    pub record_minutes: u32,
    /// Why it stands still; none while it runs.
    pub paused_because: Option<PausedBecause>,
    /// What is random follows from it.
    pub seed: u64,
    /// Share of the light that the thickest clouds take, 0 to 1.
    pub clouds: f64,
}

#[derive(FromRow)]
struct Row {
    site_id: i64,
    current_datetime: DateTime<Utc>,
    recorded_to: DateTime<Utc>,
    days_per_minute: f64,
    record_minutes: i32,
    paused_because: Option<String>,
    seed: i64,
    clouds: f64,
}

/// The clock of the world; none where someone took the site away.
pub async fn get(db: impl PgExecutor<'_>) -> Result<Option<Clock>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT site_id, current_datetime, recorded_to, days_per_minute, record_minutes, \
             paused_because, seed, clouds \
         FROM simulation_clock ORDER BY site_id LIMIT 1",
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Clock {
        site: SiteId(row.site_id),
        current: row.current_datetime,
        recorded_to: row.recorded_to,
        days_per_minute: row.days_per_minute,
        record_minutes: row.record_minutes.unsigned_abs(),
        paused_because: row.paused_because.as_deref().and_then(PausedBecause::parse),
        seed: row.seed.cast_unsigned(),
        clouds: row.clouds,
    }))
}

/// Stores the clock.
pub async fn put(db: impl PgExecutor<'_>, clock: &Clock) -> Result<(), Error> {
    sqlx::query(
        "UPDATE simulation_clock SET current_datetime = $2, recorded_to = $3, \
             days_per_minute = $4, record_minutes = $5, paused_because = $6, seed = $7, clouds = $8 \
         WHERE site_id = $1",
    )
    .bind(clock.site.0)
    .bind(clock.current)
    .bind(clock.recorded_to)
    .bind(clock.days_per_minute)
    .bind(clock.record_minutes.cast_signed())
    .bind(clock.paused_because.map(PausedBecause::as_str))
    .bind(clock.seed.cast_signed())
    .bind(clock.clouds)
    .execute(db)
    .await?;
    Ok(())
}
