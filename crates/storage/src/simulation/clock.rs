//! The clock of the simulated world.

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::simulation::PausedBecause;
use sqlx::{FromRow, PgExecutor};

use crate::Error;

/// The clock as it stands.
#[derive(Debug, Clone, PartialEq, FromRow)]
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
    #[sqlx(try_from = "i32")]
    pub record_minutes: u32,
    /// Why it stands still; none while it runs.
    pub paused_because: Option<PausedBecause>,
    /// What is random follows from it.
    #[sqlx(try_from = "Seed")]
    pub seed: u64,
    /// Share of the light that the thickest clouds take, 0 to 1.
    pub clouds: f64,
}

/// A seed, whose highest bit is a sign in its column.
#[derive(sqlx::Type)]
#[sqlx(transparent)]
struct Seed(i64);

impl From<Seed> for u64 {
    fn from(seed: Seed) -> Self {
        seed.0.cast_unsigned()
    }
}

/// The clock of the world; none where someone took the site away.
pub async fn get(db: impl PgExecutor<'_>) -> Result<Option<Clock>, Error> {
    Ok(sqlx::query_as(
        "SELECT site_id AS site, current_datetime AS current, recorded_to, days_per_minute, record_minutes, \
             paused_because, seed, clouds \
         FROM simulation_clock ORDER BY site_id LIMIT 1",
    )
    .fetch_optional(db)
    .await?)
}

/// Stores the clock.
pub async fn put(db: impl PgExecutor<'_>, clock: &Clock) -> Result<(), Error> {
    sqlx::query(
        "UPDATE simulation_clock SET current_datetime = $2, recorded_to = $3, \
             days_per_minute = $4, record_minutes = $5, paused_because = $6, seed = $7, clouds = $8 \
         WHERE site_id = $1",
    )
    .bind(clock.site)
    .bind(clock.current)
    .bind(clock.recorded_to)
    .bind(clock.days_per_minute)
    .bind(clock.record_minutes.cast_signed())
    .bind(clock.paused_because)
    .bind(clock.seed.cast_signed())
    .bind(clock.clouds)
    .execute(db)
    .await?;
    Ok(())
}
