//! Readings of simulated meters, from which their records are served and their registers go on.

use chrono::{DateTime, Utc};
use domain::{MeterId, Reading};
use sqlx::PgPool;

use super::{Row, columns};
use crate::Error;

/// The newest reading of each of these meters at or before an instant.
pub async fn newest_simulated(
    pool: &PgPool,
    meters: &[MeterId],
    until: DateTime<Utc>,
) -> Result<Vec<Reading>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM UNNEST($1::bigint[]) AS wanted (id) \
          CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM meter_readings WHERE meter_id = wanted.id AND \"timestamp\" <= $2 \
              AND source = 'simulator' AND energy_import_kwh IS NOT NULL \
              ORDER BY \"timestamp\" DESC LIMIT 1) AS newest",
    ))
    .bind(meters)
    .bind(until)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}

/// The time of the newest simulated reading of any of these meters.
pub async fn simulated_until(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<Option<DateTime<Utc>>, Error> {
    let (newest,): (Option<DateTime<Utc>>,) = sqlx::query_as(
        "SELECT max(newest.at) FROM UNNEST($1::bigint[]) AS wanted (id) \
         CROSS JOIN LATERAL (SELECT \"timestamp\" AS at FROM meter_readings \
             WHERE meter_id = wanted.id AND source = 'simulator' \
             ORDER BY \"timestamp\" DESC LIMIT 1) AS newest",
    )
    .bind(meters)
    .fetch_one(pool)
    .await?;
    Ok(newest)
}

/// The newest simulated readings of a meter over (`after`, `until`], the newest first.
pub async fn simulated(
    pool: &PgPool,
    meter: MeterId,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Reading>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_readings \
          WHERE meter_id = $1 AND \"timestamp\" > $2 AND \"timestamp\" <= $3 \
              AND source = 'simulator' AND energy_import_kwh IS NOT NULL \
          ORDER BY \"timestamp\" DESC LIMIT $4",
    ))
    .bind(meter)
    .bind(after)
    .bind(until)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| reading).collect())
}
