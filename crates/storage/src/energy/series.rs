//! What meters counted, step by step.

use chrono::{DateTime, NaiveDate, Utc};
use domain::energy::interval::Flags;
use domain::{MeterId, Quality};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgPool, Row as _};

use super::{Parts, bridged};
use crate::Error;

/// A step of a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<T> {
    /// When it begins.
    pub start: T,
    /// Seconds of it that readings back.
    pub covered_s: f64,
    /// Seconds of it whose energy is counted: those, and gaps between believed readings.
    pub backed_s: f64,
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
        let (covered_s, backed_s) = (row.try_get(15)?, row.try_get(19)?);
        Ok(Self { start: row.try_get(1)?, covered_s, backed_s, counted })
    }
}

/// Sums of a group of rows with their `seconds`, in the order in which [`Step`] reads them after its start.
macro_rules! sums {
    () => {
        concat!(
            "sum(import_kwh), sum(export_kwh), sum(reactive_import_kvarh), \
         sum(reactive_export_kvarh), sum(diesel_l), sum(runtime_s), sum(starts), \
         max(max_demand_kw), min(min_power_kw), max(max_power_kw), min(min_voltage), \
         sum(mean_voltage * seconds) / sum(seconds) FILTER (WHERE mean_voltage IS NOT NULL), \
         max(max_voltage), sum(coverage::float8 * seconds), sum(estimated_kwh), \
         (ARRAY['GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', 'ERROR'])\
             [max(array_position(ARRAY['GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', \
                 'ERROR'], quality))] AS quality, \
         bit_or(flags), sum(coverage::float8 * seconds + ",
            bridged!("seconds"),
            ")"
        )
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
    Ok(sqlx::query_as(concat!(
        "SELECT meter_id, date_bin(make_interval(mins => $4), bucket_start, $5) AS start, ",
        sums!(),
        " FROM energy_intervals CROSS JOIN (VALUES (900)) AS length (seconds) \
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
    .await?)
}

/// The first day of which anything is known of any of the meters.
pub async fn first_day(pool: &PgPool, meters: &[MeterId]) -> Result<Option<NaiveDate>, Error> {
    Ok(sqlx::query_scalar("SELECT min(day) FROM energy_days WHERE meter_id = ANY($1)")
        .bind(meters)
        .fetch_one(pool)
        .await?)
}

/// Days of which some have a length of their own.
macro_rules! days {
    ($changed:literal, $seconds:literal) => {
        concat!(
            "(SELECT energy_days.*, coalesce(length, 86400) AS seconds FROM energy_days \
              LEFT JOIN UNNEST(",
            $changed,
            "::date[], ",
            $seconds,
            "::integer[]) AS changed (date, length) ON date = day) AS days"
        )
    };
}

/// Days or months of the site's clock, in order. `changed` are the days on which the clock is changed,
/// each with its length in seconds.
pub async fn dated(
    pool: &PgPool,
    asked: StepsQuery<'_, NaiveDate>,
    unit: DateUnit,
    changed: &[(NaiveDate, i32)],
) -> Result<Vec<Step<NaiveDate>>, Error> {
    let (changed, seconds): (Vec<NaiveDate>, Vec<i32>) = changed.iter().copied().unzip();
    Ok(sqlx::query_as(concat!(
        "SELECT meter_id, date_trunc($4, day::timestamp)::date AS start, ",
        sums!(),
        " FROM ",
        days!("$6", "$7"),
        " WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 \
          GROUP BY meter_id, start ORDER BY start, meter_id LIMIT $5"
    ))
    .bind(asked.meters)
    .bind(asked.from)
    .bind(asked.to)
    .bind(match unit {
        DateUnit::Day => "day",
        DateUnit::Month => "month",
    })
    .bind(i64::from(asked.limit))
    .bind(changed)
    .bind(seconds)
    .fetch_all(pool)
    .await?)
}

/// Days or months, by which dates are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateUnit {
    Day,
    Month,
}

/// The columns that are summed up, but for what of a quarter-hour depends on how much of it counts.
macro_rules! columns {
    () => {
        "meter_id, starts, max_demand_kw, min_power_kw, max_power_kw, min_voltage, mean_voltage, \
         max_voltage, coverage, quality, flags"
    };
}

/// One step of each meter from `from` to before `to`, of whole days and of quarter-hours; of one that
/// an end of the step cuts, its share by time.
pub async fn part(
    pool: &PgPool,
    meters: &[MeterId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    parts: &Parts,
) -> Result<Vec<Step<DateTime<Utc>>>, Error> {
    let (changed, seconds): (Vec<NaiveDate>, Vec<i32>) = parts.changed.iter().copied().unzip();
    Ok(sqlx::query_as(concat!(
        "SELECT meter_id, $2::timestamptz AS start, ",
        sums!(),
        " FROM (SELECT ",
        columns!(),
        ", import_kwh * share AS import_kwh, export_kwh * share AS export_kwh, \
             reactive_import_kvarh * share AS reactive_import_kvarh, \
             reactive_export_kvarh * share AS reactive_export_kvarh, diesel_l * share AS diesel_l, \
             runtime_s * share AS runtime_s, estimated_kwh * share AS estimated_kwh, \
             bridged_s * share AS bridged_s, 900 * share AS seconds \
         FROM energy_intervals CROSS JOIN LATERAL (SELECT extract(epoch FROM \
             least(bucket_start + interval '15 minutes', $3) - greatest(bucket_start, $2))::float8 \
                 / 900 AS share) AS inside \
         WHERE meter_id = ANY($1) AND bucket_start > $2 - interval '15 minutes' \
             AND bucket_start < $3 AND NOT (bucket_start >= $4 AND bucket_start < $5) \
         UNION ALL SELECT ",
        columns!(),
        ", import_kwh, export_kwh, reactive_import_kvarh, reactive_export_kvarh, diesel_l, \
             runtime_s, estimated_kwh, bridged_s, seconds FROM ",
        days!("$8", "$9"),
        " WHERE meter_id = ANY($1) AND day >= $6 AND day < $7) AS rows GROUP BY meter_id"
    ))
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(parts.head.1)
    .bind(parts.tail.0)
    .bind(parts.days.0)
    .bind(parts.days.1)
    .bind(changed)
    .bind(seconds)
    .fetch_all(pool)
    .await?)
}
