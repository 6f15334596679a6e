//! What bills are computed from: days and quarter-hours of many meters at once.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::bills::GapQuarter;
use domain::energy::interval::Flags;
use domain::{MeterId, Quality};
use sqlx::{FromRow, PgPool};

use crate::Error;
use crate::energy::bridged;
use crate::energy::intervals::SAME_KWH;

/// The days of a meter, one list for each column, in order of time.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Days {
    pub meter: MeterId,
    /// The dates on the site's clock.
    pub dates: Vec<NaiveDate>,
    /// Import, kWh.
    pub import: Vec<f64>,
    /// Export, kWh.
    pub export: Vec<f64>,
    /// Share of the day backed by readings, 0 to 1.
    pub coverage: Vec<f32>,
    /// kWh of both whose place is a guess.
    pub estimated: Vec<f64>,
    /// Seconds in gaps between readings that are believed: their energy is counted, its place a guess.
    pub bridged_s: Vec<f64>,
}

impl Days {
    /// The dates on which it counted anything.
    pub fn counted(&self) -> impl Iterator<Item = NaiveDate> {
        let energy = self.import.iter().zip(&self.export);
        let counted = self.dates.iter().zip(energy).filter(|(_, (i, e))| **i > 0.0 || **e > 0.0);
        counted.map(|(date, _)| *date)
    }
}

/// The days of meters from one date to before another; meters without any are absent.
pub async fn days(
    pool: &PgPool,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Days>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT meter_id AS meter, array_agg(day) AS dates, array_agg(import_kwh) AS import, \
             array_agg(export_kwh) AS export, array_agg(coverage) AS coverage, \
             array_agg(estimated_kwh) AS estimated, array_agg(bridged_s) AS bridged_s \
         FROM (SELECT meter_id, day, import_kwh, export_kwh, coverage, estimated_kwh, ",
        bridged!("86400"),
        " AS bridged_s \
             FROM energy_days WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 \
             ORDER BY meter_id, day) AS day_by_day \
         GROUP BY meter_id",
    ))
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// The quarter-hours of a meter, one list for each column, in order of time.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Quarters {
    pub meter: MeterId,
    /// When they begin.
    pub starts: Vec<DateTime<Utc>>,
    /// Import, kWh.
    pub import: Vec<f64>,
    /// Export, kWh.
    pub export: Vec<f64>,
    /// Share of the quarter-hour backed by readings, 0 to 1.
    pub coverage: Vec<f32>,
    /// kWh of both whose place is a guess.
    pub estimated: Vec<f64>,
    /// The worst quality of the readings.
    pub quality: Vec<Quality>,
}

/// The quarter-hours of meters in a span of time; meters without any are absent.
pub async fn quarters(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Quarters>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id AS meter, array_agg(bucket_start) AS starts, array_agg(import_kwh) AS import, \
             array_agg(export_kwh) AS export, array_agg(coverage) AS coverage, \
             array_agg(estimated_kwh) AS estimated, array_agg(quality) AS quality \
         FROM (SELECT meter_id, bucket_start, import_kwh, export_kwh, coverage, estimated_kwh, \
                 quality \
             FROM energy_intervals \
             WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
             ORDER BY meter_id, bucket_start) AS quarter_by_quarter \
         GROUP BY meter_id",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// Import and export of meters from one date to before another.
pub async fn totals(
    pool: &PgPool,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<MeterId, (f64, f64)>, Error> {
    let rows: Vec<(MeterId, f64, f64)> = sqlx::query_as(
        "SELECT meter_id, sum(import_kwh), sum(export_kwh) FROM energy_days \
         WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 GROUP BY meter_id",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(meter, import, export)| (meter, (import, export))).collect())
}

/// The quarter-hours of meters in a span of time that lie in gaps, by meter and time. Where two gaps
/// meet within a quarter-hour they count as one.
pub async fn gaps(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<GapQuarter>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT gap.meter_id AS meter, gap.bucket_start AS start, gap.estimated_kwh AS kwh, \
             gap.bridged_s AS seconds, \
             coalesce(gap.before = gap.bucket_start - interval '15 minutes', false) \
                 AND (gap.carry ->> 't')::timestamptz IS DISTINCT FROM gap.bucket_start \
                 AND (SELECT true FROM meter_readings reading \
                     WHERE reading.meter_id = gap.meter_id \
                         AND reading.\"timestamp\" = gap.bucket_start) IS NULL AS goes_on \
         FROM (SELECT meter_id, bucket_start, estimated_kwh, carry, ",
        bridged!("900"),
        " AS bridged_s, \
                 lag(bucket_start) OVER (PARTITION BY meter_id ORDER BY bucket_start) AS before \
             FROM energy_intervals \
             WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
                 AND flags <> 0 AND flags & $4 <> 0) AS gap \
         ORDER BY gap.meter_id, gap.bucket_start",
    ))
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(Flags::GAP.0)
    .fetch_all(pool)
    .await?)
}

/// Those of the meters that have days, each given with its beginning and its end, whose quarter-hours do
/// not add up to them: some were dropped.
pub async fn thinned(
    pool: &PgPool,
    meters: &[MeterId],
    days: &[(NaiveDate, DateTime<Utc>, DateTime<Utc>)],
) -> Result<HashSet<MeterId>, Error> {
    let rows: Vec<MeterId> = sqlx::query_scalar(
        "SELECT DISTINCT day.meter_id FROM energy_days day \
         JOIN UNNEST($2::date[], $3::timestamptz[], $4::timestamptz[]) \
             AS span (day, from_at, to_at) ON span.day = day.day \
         CROSS JOIN LATERAL (SELECT coalesce(sum(import_kwh), 0) AS import_kwh, \
                 coalesce(sum(export_kwh), 0) AS export_kwh \
             FROM energy_intervals WHERE meter_id = day.meter_id \
                 AND bucket_start >= from_at AND bucket_start < to_at) AS kept \
         WHERE day.meter_id = ANY($1) AND (abs(kept.import_kwh - day.import_kwh) > $5 \
             OR abs(kept.export_kwh - day.export_kwh) > $5)",
    )
    .bind(meters)
    .bind(days.iter().map(|(day, ..)| *day).collect::<Vec<_>>())
    .bind(days.iter().map(|(_, from, _)| *from).collect::<Vec<_>>())
    .bind(days.iter().map(|(.., to)| *to).collect::<Vec<_>>())
    .bind(SAME_KWH)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}
