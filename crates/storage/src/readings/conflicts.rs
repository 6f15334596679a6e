//! Readings for a stored key with other values: kept beside the readings, never stored over them.

use chrono::{DateTime, Utc};
use domain::{MeterId, Quality, Reading, Source, Values};
use sqlx::{FromRow, PgConnection, PgPool};

use crate::Error;

/// A reading that differs from the stored one of its meter and instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The reading that was not stored.
    pub reading: Reading,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    meter_id: MeterId,
    timestamp: DateTime<Utc>,
    received_at: DateTime<Utc>,
    quality: Quality,
    source: Source,
    values: Values,
}

impl From<Row> for Conflict {
    fn from(row: Row) -> Self {
        Self {
            reading: Reading {
                meter: row.meter_id,
                at: row.timestamp,
                quality: row.quality,
                source: row.source,
                values: row.values,
            },
            received_at: row.received_at,
        }
    }
}

/// Readings kept of a meter in an hour: they show what is wrong, and more of them show nothing else.
const MOST_AN_HOUR: i64 = 100;

/// Keeps differing readings, sorted by key, as far as the hour has room. The same one, delivered again, is
/// kept once.
pub(crate) async fn keep(
    connection: &mut PgConnection,
    readings: &[&Reading],
) -> Result<(), Error> {
    keep_most(connection, readings, MOST_AN_HOUR).await
}

/// Keeps all of them.
pub(crate) async fn keep_all(
    connection: &mut PgConnection,
    readings: &[&Reading],
) -> Result<(), Error> {
    keep_most(connection, readings, i64::MAX).await
}

async fn keep_most(
    connection: &mut PgConnection,
    readings: &[&Reading],
    most_an_hour: i64,
) -> Result<(), Error> {
    if readings.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "WITH batch AS (\
             SELECT *, row_number() OVER (PARTITION BY meter_id ORDER BY n) AS nth \
             FROM UNNEST($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::jsonb[]) \
                 WITH ORDINALITY AS batch (meter_id, at, quality, source, \"values\", n)\
         ), full_hours AS (\
             SELECT id, (SELECT count(*) FROM reading_conflicts kept WHERE kept.meter_id = id \
                 AND received_at >= date_trunc('hour', now())) AS count \
             FROM (SELECT DISTINCT meter_id AS id FROM batch) AS meters\
         ) \
         INSERT INTO reading_conflicts (meter_id, \"timestamp\", quality, source, \"values\") \
         SELECT meter_id, at, quality, source, \"values\" \
         FROM batch JOIN full_hours ON id = meter_id WHERE nth <= $6 - count ORDER BY n \
         ON CONFLICT DO NOTHING",
    )
    .bind(readings.iter().map(|reading| reading.meter).collect::<Vec<_>>())
    .bind(readings.iter().map(|reading| reading.at).collect::<Vec<_>>())
    .bind(readings.iter().map(|reading| reading.quality).collect::<Vec<_>>())
    .bind(readings.iter().map(|reading| reading.source).collect::<Vec<_>>())
    .bind(readings.iter().map(|reading| &reading.values).collect::<Vec<_>>())
    .bind(most_an_hour)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets the conflicts of meters that arrived before an instant.
pub async fn delete_before(
    pool: &PgPool,
    meters: &[MeterId],
    before: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM reading_conflicts WHERE meter_id = ANY($1) AND received_at < $2")
        .bind(meters)
        .bind(before)
        .execute(pool)
        .await?;
    Ok(())
}

/// The conflicts that arrived last, newest first; of one meter, or of all.
pub async fn list(
    pool: &PgPool,
    meter: Option<MeterId>,
    limit: u32,
) -> Result<Vec<Conflict>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT meter_id, \"timestamp\", received_at, quality, source, \"values\" \
         FROM reading_conflicts WHERE $1::bigint IS NULL OR meter_id = $1 \
         ORDER BY received_at DESC, meter_id, \"timestamp\" DESC LIMIT $2",
    )
    .bind(meter)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Conflict::from).collect())
}
