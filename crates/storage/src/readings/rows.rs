//! Readings as rows: the newest of each meter, pages of one meter, steps for a chart.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use sqlx::{FromRow, PgPool};

use super::{Row, columns};
use crate::Error;

/// The newest reading of each meter that has one.
pub async fn newest(pool: &PgPool, meters: &[MeterId]) -> Result<Vec<Reading>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM UNNEST($1::bigint[]) AS wanted (id) \
          CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM meter_readings WHERE meter_id = wanted.id \
              ORDER BY \"timestamp\" DESC LIMIT 1) AS newest",
    ))
    .bind(meters)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}

/// The last `count` readings of each meter up to an instant, of each meter in order of time.
pub async fn last_of_each(
    pool: &PgPool,
    meters: &[MeterId],
    until: DateTime<Utc>,
    count: u32,
) -> Result<Vec<Reading>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM UNNEST($1::bigint[]) AS wanted (id) \
          CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM meter_readings WHERE meter_id = wanted.id AND \"timestamp\" <= $3 \
              ORDER BY \"timestamp\" DESC LIMIT $2) AS newest \
          ORDER BY meter_id, \"timestamp\"",
    ))
    .bind(meters)
    .bind(i64::from(count))
    .bind(until)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}

/// The last `count` readings of each meter before an instant of its own, of each meter in order of time.
pub async fn last_before(
    pool: &PgPool,
    meters: &[(MeterId, DateTime<Utc>)],
    count: u32,
) -> Result<Vec<Reading>, Error> {
    let (meters, instants): (Vec<_>, Vec<_>) =
        meters.iter().map(|(meter, before)| (meter.0, *before)).unzip();
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM UNNEST($1::bigint[], $2::timestamptz[]) AS wanted (id, before) \
          CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM meter_readings WHERE meter_id = wanted.id AND \"timestamp\" < wanted.before \
              ORDER BY \"timestamp\" DESC LIMIT $3) AS newest \
          ORDER BY meter_id, \"timestamp\"",
    ))
    .bind(meters)
    .bind(instants)
    .bind(i64::from(count))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}

/// Readings of one meter over [`from`, `to`) in order of time, at most `limit`, later than `after`:
/// pass the last one's time to go on.
pub async fn page(
    pool: &PgPool,
    meter: MeterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    after: Option<DateTime<Utc>>,
    limit: u32,
) -> Result<Vec<Reading>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_readings \
          WHERE meter_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
              AND \"timestamp\" > coalesce($4::timestamptz, '-infinity') \
          ORDER BY \"timestamp\" LIMIT $5",
    ))
    .bind(meter)
    .bind(from)
    .bind(to)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}

/// The newest readings of one meter over [`from`, `to`), the newest first.
pub async fn last(
    pool: &PgPool,
    meter: MeterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Reading>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_readings \
          WHERE meter_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
          ORDER BY \"timestamp\" DESC LIMIT $4",
    ))
    .bind(meter)
    .bind(from)
    .bind(to)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}

/// Active power over one step of a chart, in kW.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct PowerStep {
    pub start: DateTime<Utc>,
    /// The smallest value.
    pub min: f64,
    /// The mean of the values.
    pub mean: f64,
    /// The largest value.
    pub max: f64,
    /// How many values there were.
    pub count: i64,
}

/// Active power of one meter over [`from`, `to`) in steps counted from `from`, but for outliers. A step without a
/// value is absent: a gap. A step of 0 s is an error of the database.
pub async fn power_steps(
    pool: &PgPool,
    meter: MeterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    step_seconds: u32,
) -> Result<Vec<PowerStep>, Error> {
    Ok(sqlx::query_as(
        "SELECT date_bin($4, \"timestamp\", $2) AS start, min(active_power_kw), \
             avg(active_power_kw) AS mean, max(active_power_kw), count(*) \
         FROM meter_readings \
         WHERE meter_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
             AND active_power_kw > '-Infinity' AND active_power_kw < 'Infinity' \
             AND NOT EXISTS (SELECT FROM outliers AS beyond \
                 WHERE (beyond.meter_id, beyond.\"timestamp\", beyond.register, beyond.value) \
                         = (meter_readings.meter_id, meter_readings.\"timestamp\", \
                             'active_power_kw', active_power_kw) \
                     AND beyond.decision IS DISTINCT FROM 'accept') \
         GROUP BY start ORDER BY start",
    )
    .bind(meter)
    .bind(from)
    .bind(to)
    .bind(TimeDelta::seconds(i64::from(step_seconds)))
    .fetch_all(pool)
    .await?)
}

/// Of these meters those with readings of [`from`, `to`) that were stored at or after an instant, each with the
/// times of the first and the last of these readings.
pub async fn stored_since(
    pool: &PgPool,
    meters: &[MeterId],
    received_at: DateTime<Utc>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(MeterId, DateTime<Utc>, DateTime<Utc>)>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, min(\"timestamp\"), max(\"timestamp\") FROM meter_readings \
         WHERE meter_id = ANY($1) AND \"timestamp\" >= $3 AND \"timestamp\" < $4 \
             AND received_at >= $2 GROUP BY meter_id ORDER BY meter_id",
    )
    .bind(meters)
    .bind(received_at)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// Meters with rows that plain SQL stored at or after an instant, each with the times of the first and
/// the last of these rows.
pub async fn written_by_sql_since(
    pool: &PgPool,
    received_at: DateTime<Utc>,
) -> Result<Vec<(MeterId, DateTime<Utc>, DateTime<Utc>)>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, min(\"timestamp\"), max(\"timestamp\") FROM meter_readings \
         WHERE source = 'sql' AND received_at >= $1 AND received_at < 'infinity' \
         GROUP BY meter_id ORDER BY meter_id",
    )
    .bind(received_at)
    .fetch_all(pool)
    .await?)
}
