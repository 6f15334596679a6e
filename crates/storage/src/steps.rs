//! What meters counted step by step, for charts: quarter-hours and hours from intervals, days and
//! months from days.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use crate::Error;

/// What a meter counted in one step.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Step<T: Send + Unpin> {
    meter_id: i64,
    /// When the step begins.
    pub start: T,
    /// Import, kWh.
    pub import_kwh: f64,
    /// Export, kWh.
    pub export_kwh: f64,
    /// The part of both whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Litres by its own fuel counter.
    pub diesel_l: Option<f64>,
    /// Seconds backed by readings.
    pub covered_s: f64,
    /// What happened in it.
    pub flags: i32,
    /// Integral of power, kWh, as a check of the register.
    pub integral_kwh: Option<f64>,
    /// Highest quarter-hour, kW.
    pub max_demand_kw: Option<f64>,
}

impl<T: Send + Unpin> Step<T> {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        MeterId(self.meter_id)
    }
}

/// Steps of so many quarter-hours from `from` on, by meter and time; a step without a row is absent.
pub async fn fine(
    pool: &PgPool,
    meters: &[MeterId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    length: Duration,
) -> Result<Vec<Step<DateTime<Utc>>>, Error> {
    let steps = sqlx::query_as(
        "SELECT meter_id, date_bin(make_interval(secs => $4), bucket_start, $2) AS start, \
             sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
             sum(estimated_kwh) AS estimated_kwh, sum(diesel_l) AS diesel_l, \
             sum(coverage::float8) * 900 AS covered_s, bit_or(flags) AS flags, \
             sum(integral_kwh) AS integral_kwh, max(max_demand_kw) AS max_demand_kw \
         FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
         GROUP BY 1, 2 ORDER BY 1, 2",
    )
    .bind(ids(meters))
    .bind(from)
    .bind(to)
    .bind(length.as_secs_f64())
    .fetch_all(pool)
    .await?;
    Ok(steps)
}

/// Days, or months by their first day, from one day up to another one that is not included.
pub async fn coarse(
    pool: &PgPool,
    meters: &[MeterId],
    (from, to): (NaiveDate, NaiveDate),
    by_month: bool,
) -> Result<Vec<Step<NaiveDate>>, Error> {
    let steps = sqlx::query_as(
        "SELECT meter_id, CASE WHEN $4 THEN date_trunc('month', day)::date ELSE day END AS start, \
             sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
             sum(estimated_kwh) AS estimated_kwh, sum(diesel_l) AS diesel_l, \
             sum(coverage::float8) * 86400 AS covered_s, bit_or(flags) AS flags, \
             sum(integral_kwh) AS integral_kwh, max(max_demand_kw) AS max_demand_kw \
         FROM energy_days WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 \
         GROUP BY 1, 2 ORDER BY 1, 2",
    )
    .bind(ids(meters))
    .bind(from)
    .bind(to)
    .bind(by_month)
    .fetch_all(pool)
    .await?;
    Ok(steps)
}

/// A quarter-hour in which something happened to a register.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Event {
    meter_id: i64,
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
        MeterId(self.meter_id)
    }
}

/// The quarter-hours of a window with any of the flags, by meter and time.
pub async fn events(
    pool: &PgPool,
    meters: &[MeterId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    flags: i32,
) -> Result<Vec<Event>, Error> {
    let events = sqlx::query_as(
        "SELECT meter_id, bucket_start, flags, import_kwh FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 AND flags & $4 <> 0 \
         ORDER BY meter_id, bucket_start",
    )
    .bind(ids(meters))
    .bind(from)
    .bind(to)
    .bind(flags)
    .fetch_all(pool)
    .await?;
    Ok(events)
}

fn ids(meters: &[MeterId]) -> Vec<i64> {
    meters.iter().map(|meter| meter.0).collect()
}
