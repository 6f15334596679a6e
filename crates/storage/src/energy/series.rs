//! What meters counted, step by step.

use chrono::{DateTime, NaiveDate, Utc};
use domain::energy::interval::Flags;
use domain::{MeterId, Quality};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgPool, Row as _};

use crate::Error;

/// A step of a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<T> {
    /// When it begins.
    pub start: T,
    /// Quarter-hours' coverage summed up, in quarter-hours; of days their coverage.
    pub covered: f64,
    /// What the meter counted in it.
    pub counted: Counted,
}

/// What a meter counted in a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The measuring point.
    pub meter: MeterId,
    /// Import, kWh.
    pub import_kwh: f64,
    /// Export, kWh.
    pub export_kwh: f64,
    pub reactive_import_kvarh: f64,
    pub reactive_export_kvarh: f64,
    /// Litres by its own fuel counter.
    pub diesel_l: Option<f64>,
    /// Running time by its counter.
    pub runtime_s: f64,
    /// How often power rose from nothing.
    pub starts: i64,
    /// Its highest quarter-hour, kW.
    pub max_demand_kw: Option<f64>,
    /// Lowest and highest power sample, kW.
    pub power_kw: (Option<f64>, Option<f64>),
    /// Lowest, mean and highest voltage, V.
    pub voltage: (Option<f64>, Option<f64>, Option<f64>),
    /// The part whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// The worst quality.
    pub quality: Quality,
    pub flags: Flags,
}

impl<T> FromRow<'_, PgRow> for Step<T>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let counted = Counted {
            meter: row.try_get(0)?,
            import_kwh: row.try_get(2)?,
            export_kwh: row.try_get(3)?,
            reactive_import_kvarh: row.try_get(4)?,
            reactive_export_kvarh: row.try_get(5)?,
            diesel_l: row.try_get(6)?,
            runtime_s: row.try_get(7)?,
            starts: row.try_get(8)?,
            max_demand_kw: row.try_get(9)?,
            power_kw: (row.try_get(10)?, row.try_get(11)?),
            voltage: (row.try_get(12)?, row.try_get(13)?, row.try_get(14)?),
            estimated_kwh: row.try_get(16)?,
            quality: row.try_get(17)?,
            flags: row.try_get(18)?,
        };
        Ok(Self { start: row.try_get(1)?, covered: row.try_get(15)?, counted })
    }
}

/// Sums of a group, in the order in which [`Step`] reads them after its start.
macro_rules! sums {
    () => {
        "sum(import_kwh), sum(export_kwh), sum(reactive_import_kvarh), \
         sum(reactive_export_kvarh), sum(diesel_l), sum(runtime_s), sum(starts), \
         max(max_demand_kw), min(min_power_kw), max(max_power_kw), min(min_voltage), \
         avg(mean_voltage), max(max_voltage), sum(coverage::float8), sum(estimated_kwh), \
         (ARRAY['GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', 'ERROR'])\
             [max(array_position(ARRAY['GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', \
                 'ERROR'], quality))] AS quality, \
         bit_or(flags)"
    };
}

/// Which steps of which meters are asked for.
#[derive(Debug, Clone, Copy)]
pub struct StepsQuery<'a, T> {
    pub meters: &'a [MeterId],
    /// Steps that begin at it or later.
    pub from: T,
    /// Steps that begin before it.
    pub to: T,
    /// At most so many.
    pub limit: u32,
}

/// Steps of so many minutes, counted from `origin`, in order of time: quarter-hours or multiples.
pub async fn steps(
    pool: &PgPool,
    asked: StepsQuery<'_, DateTime<Utc>>,
    minutes: i32,
    origin: DateTime<Utc>,
) -> Result<Vec<Step<DateTime<Utc>>>, Error> {
    let steps = sqlx::query_as(concat!(
        "SELECT meter_id, date_bin(make_interval(mins => $4), bucket_start, $5) AS start, ",
        sums!(),
        " FROM energy_intervals \
          WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
          GROUP BY meter_id, start ORDER BY start, meter_id LIMIT $6"
    ))
    .bind(asked.meters)
    .bind(asked.from)
    .bind(asked.to)
    .bind(minutes)
    .bind(origin)
    .bind(i64::from(asked.limit))
    .fetch_all(pool)
    .await?;
    Ok(steps)
}

/// Days of the site's clock, in order.
pub async fn days(
    pool: &PgPool,
    asked: StepsQuery<'_, NaiveDate>,
) -> Result<Vec<Step<NaiveDate>>, Error> {
    grouped_days(pool, asked, "day").await
}

/// The first day of which anything is known of any of the meters.
pub async fn first_day(pool: &PgPool, meters: &[MeterId]) -> Result<Option<NaiveDate>, Error> {
    let day = sqlx::query_scalar("SELECT min(day) FROM energy_days WHERE meter_id = ANY($1)")
        .bind(meters)
        .fetch_one(pool)
        .await?;
    Ok(day)
}

/// Months of the site's clock, in order; their coverage is the sum of their days'.
pub async fn months(
    pool: &PgPool,
    asked: StepsQuery<'_, NaiveDate>,
) -> Result<Vec<Step<NaiveDate>>, Error> {
    grouped_days(pool, asked, "month").await
}

async fn grouped_days(
    pool: &PgPool,
    asked: StepsQuery<'_, NaiveDate>,
    unit: &str,
) -> Result<Vec<Step<NaiveDate>>, Error> {
    let steps = sqlx::query_as(concat!(
        "SELECT meter_id, date_trunc($4, day::timestamp)::date AS start, ",
        sums!(),
        " FROM energy_days WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 \
          GROUP BY meter_id, start ORDER BY start, meter_id LIMIT $5"
    ))
    .bind(asked.meters)
    .bind(asked.from)
    .bind(asked.to)
    .bind(unit)
    .bind(i64::from(asked.limit))
    .fetch_all(pool)
    .await?;
    Ok(steps)
}
