//! What meters counted by the hour of the day or of the week, over all days of a window.

use chrono::{DateTime, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use super::{StepsQuery, bridged};
use crate::Error;

/// What a meter counted in one hour of the days or weeks.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct Slot {
    meter_id: MeterId,
    hour: i32,
    /// Import, kWh.
    pub import_kwh: f64,
    /// Quarter-hours whose energy is counted, those known in part by the part.
    pub backed: f64,
    /// Quarter-hours' coverage summed up, in quarter-hours.
    pub covered: f64,
}

impl Slot {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }

    /// The hour, from 0: of the day, or of the week from Monday.
    pub fn hour(&self) -> u32 {
        self.hour.unsigned_abs()
    }
}

/// The sums of meters by the hour that a clock in `zone` shows when a quarter-hour begins: of the day,
/// or of the week.
pub async fn slots(
    pool: &PgPool,
    asked: StepsQuery<'_, DateTime<Utc>>,
    zone: &str,
    of_week: bool,
) -> Result<Vec<Slot>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT meter_id, extract(hour FROM local)::integer \
                 + CASE WHEN $5 THEN (extract(isodow FROM local)::integer - 1) * 24 ELSE 0 END \
                 AS hour, \
             sum(import_kwh) AS import_kwh, sum(coverage::float8 + bridged_s / 900) AS backed, \
             sum(coverage::float8) AS covered \
         FROM (SELECT meter_id, bucket_start AT TIME ZONE $4 AS local, import_kwh, coverage, ",
        bridged!("900"),
        " AS bridged_s \
             FROM energy_intervals \
             WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3) AS quarter \
         GROUP BY 1, 2 LIMIT $6"
    ))
    .bind(asked.meters)
    .bind(asked.from)
    .bind(asked.to)
    .bind(zone)
    .bind(of_week)
    .bind(i64::from(asked.limit))
    .fetch_all(pool)
    .await?)
}
