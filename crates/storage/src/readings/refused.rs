//! Readings that ingest refused, counted by hour, meter, source and reason.

use chrono::{DateTime, Utc};
use domain::message::Message;
use domain::{MeterId, Source};
use sqlx::{FromRow, PgPool};

use crate::Error;
use crate::span::Key;

/// Readings of one meter and source that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RefusedReading {
    /// The meter, where it is known.
    pub meter: Option<MeterId>,
    /// When the latest of them was refused.
    pub at: DateTime<Utc>,
    /// How they came in.
    pub source: Source,
    /// Why, as a code of a few words, such as `future_timestamp`.
    pub reason: String,
    /// What was said of the latest of them.
    pub detail: Message,
    /// How many.
    #[sqlx(try_from = "i64")]
    pub count: u32,
}

/// Stands for a meter that is not known; no meter has this id.
const UNKNOWN_METER: i64 = 0;

/// Forgets what was refused before an instant, of known meters and unknown ones.
pub async fn delete_before(pool: &PgPool, before: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query("DELETE FROM refused_readings WHERE hour < $1").bind(before).execute(pool).await?;
    Ok(())
}

/// Adds refusals to their hours' counts.
pub async fn add(pool: &PgPool, refusals: &[RefusedReading]) -> Result<(), Error> {
    let meters = refusals.iter().map(|refusal| refusal.meter.map_or(UNKNOWN_METER, |m| m.0));
    sqlx::query(
        "INSERT INTO refused_readings AS kept \
             (meter_id, hour, source, reason, count, last_at, detail) \
         SELECT meter_id, date_trunc('hour', at, 'UTC') AS hour, source, reason, \
             sum(count), max(at), (array_agg(detail ORDER BY at DESC))[1] \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::jsonb[], \
             $6::bigint[]) AS batch (meter_id, at, source, reason, detail, count) \
         GROUP BY meter_id, hour, source, reason ORDER BY meter_id, hour, source, reason \
         ON CONFLICT (meter_id, hour, source, reason) DO UPDATE \
             SET count = kept.count + excluded.count, \
                 last_at = greatest(kept.last_at, excluded.last_at), detail = excluded.detail",
    )
    .bind(meters.collect::<Vec<_>>())
    .bind(refusals.iter().map(|refusal| refusal.at).collect::<Vec<_>>())
    .bind(refusals.iter().map(|refusal| refusal.source).collect::<Vec<_>>())
    .bind(refusals.iter().map(|refusal| refusal.reason.as_str()).collect::<Vec<_>>())
    .bind(refusals.iter().map(|refusal| &refusal.detail).collect::<Vec<_>>())
    .bind(refusals.iter().map(|refusal| i64::from(refusal.count)).collect::<Vec<_>>())
    .execute(pool)
    .await?;
    Ok(())
}

/// How many readings of each meter plain SQL wrote into these quarter-hours since an instant.
pub async fn written_by_sql(
    pool: &PgPool,
    quarters: &[Key],
    since: DateTime<Utc>,
) -> Result<Vec<(MeterId, u32)>, Error> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT asked.id, count(*) FROM UNNEST($1::bigint[], $2::timestamptz[]) AS asked (id, start) \
         JOIN meter_readings ON meter_id = asked.id AND \"timestamp\" >= asked.start \
             AND \"timestamp\" < asked.start + interval '15 minutes' \
         WHERE source = 'sql' AND received_at >= $3 GROUP BY asked.id ORDER BY asked.id",
    )
    .bind(quarters.iter().map(|(meter, _)| meter.0).collect::<Vec<_>>())
    .bind(quarters.iter().map(|(_, start)| *start).collect::<Vec<_>>())
    .bind(since)
    .fetch_all(pool)
    .await?;
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(rows.into_iter().map(|(meter, readings)| (MeterId(meter), count(readings))).collect())
}

/// The refusals, newest first.
pub async fn list(pool: &PgPool, limit: u32) -> Result<Vec<RefusedReading>, Error> {
    Ok(sqlx::query_as(
        "SELECT nullif(meter_id, 0) AS meter, last_at AS at, source, reason, detail, \
             least(count, 4294967295) AS count \
         FROM refused_readings \
         ORDER BY last_at DESC, meter_id, source, reason LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?)
}
