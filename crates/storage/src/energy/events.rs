//! What happened to registers: quarter-hours with flags.

use chrono::{DateTime, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use crate::Error;

/// A quarter-hour in which something happened to a register.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Event {
    meter_id: MeterId,
    /// When it begins.
    pub bucket_start: DateTime<Utc>,
    /// What happened in it.
    pub flags: i32,
    /// Energy of it, kWh.
    pub import_kwh: f64,
}

impl Event {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }
}

/// The quarter-hours of a window with any of the flags, by meter and time.
pub async fn list(
    pool: &PgPool,
    meters: &[MeterId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    flags: i32,
) -> Result<Vec<Event>, Error> {
    // `flags <> 0` says no more than the mask does, but has the index of quarter-hours with flags used.
    Ok(sqlx::query_as(
        "SELECT meter_id, bucket_start, flags, import_kwh FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 AND flags <> 0 \
             AND flags & $4 <> 0 \
         ORDER BY meter_id, bucket_start",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(flags)
    .fetch_all(pool)
    .await?)
}
