//! What bills are computed from: days and quarter-hours of many meters at once.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::bill::Side;
use domain::{MeterId, Quality, SiteId};
use sqlx::{FromRow, PgPool};

use crate::Error;

/// The days of a meter, one list for each column, in order of time.
#[derive(Debug, Clone, Default, PartialEq, FromRow)]
pub struct Days {
    meter_id: i64,
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
}

impl Days {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        MeterId(self.meter_id)
    }
}

/// The days of meters from one date to before another; meters without any are absent.
pub async fn days(
    pool: &PgPool,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Days>, Error> {
    let rows = sqlx::query_as(
        "SELECT meter_id, array_agg(day) AS dates, array_agg(import_kwh) AS import, \
             array_agg(export_kwh) AS export, array_agg(coverage) AS coverage, \
             array_agg(estimated_kwh) AS estimated \
         FROM (SELECT meter_id, day, import_kwh, export_kwh, coverage, estimated_kwh \
             FROM energy_days WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 \
             ORDER BY meter_id, day) AS day_by_day \
         GROUP BY meter_id",
    )
    .bind(numbers(meters))
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// The quarter-hours of a meter, one list for each column, in order of time.
#[derive(Debug, Clone, Default, PartialEq, FromRow)]
pub struct Quarters {
    meter_id: i64,
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
    #[sqlx(try_from = "Vec<String>")]
    pub quality: Qualities,
}

/// Qualities by quarter-hour; a word that is not known counts as an error.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Qualities(pub Vec<Quality>);

impl From<Vec<String>> for Qualities {
    fn from(words: Vec<String>) -> Self {
        let read = |word: String| Quality::parse(&word).unwrap_or(Quality::Error);
        Self(words.into_iter().map(read).collect())
    }
}

impl Quarters {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        MeterId(self.meter_id)
    }
}

/// The quarter-hours of meters in a span of time; meters without any are absent.
pub async fn quarters(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Quarters>, Error> {
    let rows = sqlx::query_as(
        "SELECT meter_id, array_agg(bucket_start) AS starts, array_agg(import_kwh) AS import, \
             array_agg(export_kwh) AS export, array_agg(coverage) AS coverage, \
             array_agg(estimated_kwh) AS estimated, array_agg(quality) AS quality \
         FROM (SELECT meter_id, bucket_start, import_kwh, export_kwh, coverage, estimated_kwh, \
                 quality \
             FROM energy_intervals \
             WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
             ORDER BY meter_id, bucket_start) AS quarter_by_quarter \
         GROUP BY meter_id",
    )
    .bind(numbers(meters))
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// Import and export of meters from one date to before another.
pub async fn totals(
    pool: &PgPool,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<MeterId, (f64, f64)>, Error> {
    let rows: Vec<(i64, f64, f64)> = sqlx::query_as(
        "SELECT meter_id, sum(import_kwh), sum(export_kwh) FROM energy_days \
         WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 GROUP BY meter_id",
    )
    .bind(numbers(meters))
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    let sums = |(meter, import, export)| (MeterId(meter), (import, export));
    Ok(rows.into_iter().map(sums).collect())
}

/// Those of the meters that ever exported before a date.
pub async fn exporting(
    pool: &PgPool,
    meters: &[MeterId],
    before: NaiveDate,
) -> Result<HashSet<MeterId>, Error> {
    let rows: Vec<(i64,)> = sqlx::query_as(
        "SELECT asked.id FROM UNNEST($1::bigint[]) AS asked (id) \
         WHERE EXISTS (SELECT FROM energy_days \
             WHERE meter_id = asked.id AND day < $2 AND export_kwh > 0)",
    )
    .bind(numbers(meters))
    .bind(before)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(meter,)| MeterId(meter)).collect())
}

/// What the energy resources behind simulated meters are; meters without one are absent.
pub async fn resource_sides(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Side>, Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT meter_id, type FROM simulated_meters \
         JOIN energy_resources ON energy_resources.id = er_id WHERE meter_id = ANY($1)",
    )
    .bind(numbers(meters))
    .fetch_all(pool)
    .await?;
    let side = |(meter, word): (i64, String)| Some((MeterId(meter), Side::parse(&word)?));
    Ok(rows.into_iter().filter_map(side).collect())
}

/// The meters of a site that a run bills, by id, after one: those with no meter below them, which draw
/// from the node above them and were not retired before the month.
pub async fn to_bill(
    pool: &PgPool,
    site: SiteId,
    month_start: DateTime<Utc>,
    month_end: DateTime<Utc>,
) -> Result<Vec<MeterId>, Error> {
    let rows: Vec<(i64,)> = sqlx::query_as(
        "SELECT id FROM energy_meters AS meter \
         WHERE site_id = $1 AND NOT feeds_parent AND (retired_at IS NULL OR retired_at > $2) \
             AND (installed_at IS NULL OR installed_at < $3) \
             AND NOT EXISTS (SELECT FROM energy_meters AS child \
                 WHERE child.parent_meter_id = meter.id) \
         ORDER BY id",
    )
    .bind(site.0)
    .bind(month_start)
    .bind(month_end)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(id,)| MeterId(id)).collect())
}

fn numbers(meters: &[MeterId]) -> Vec<i64> {
    meters.iter().map(|meter| meter.0).collect()
}
