//! How often meters without a device were read when.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::readings::cadence::{Cadences, Learned, REACH};
use sqlx::{PgConnection, PgPool};

use crate::span::Span;
use crate::{Error, rollup};

/// What was learned of meters; absent where that is nothing.
pub async fn of(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, Cadences>, Error> {
    let rows = sqlx::query_as(
        "SELECT meter_id, valid_from, every_ms FROM meter_cadences \
         WHERE meter_id = ANY($1) ORDER BY meter_id, valid_from",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?;
    Ok(by_meter(rows))
}

/// What was learned of all meters.
pub async fn all(pool: &PgPool) -> Result<HashMap<MeterId, Cadences>, Error> {
    let rows = sqlx::query_as(
        "SELECT meter_id, valid_from, every_ms FROM meter_cadences ORDER BY meter_id, valid_from",
    )
    .fetch_all(pool)
    .await?;
    Ok(by_meter(rows))
}

fn by_meter(rows: Vec<(i64, DateTime<Utc>, i64)>) -> HashMap<MeterId, Cadences> {
    let mut versions: HashMap<MeterId, Vec<(DateTime<Utc>, TimeDelta)>> = HashMap::new();
    for (meter, from, every) in rows {
        let of = versions.entry(MeterId(meter)).or_default();
        of.push((from, TimeDelta::milliseconds(every)));
    }
    versions.into_iter().map(|(meter, versions)| (meter, Cadences::new(versions))).collect()
}

/// When a meter was read in a span and around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// The times, ascending.
    pub times: Vec<DateTime<Utc>>,
    /// Whether none is before them.
    pub begins: bool,
    /// Whether none is after them.
    pub ends: bool,
}

/// The times of the readings of a span, of [`REACH`] before it and of `after` behind it.
pub async fn times(pool: &PgPool, span: Span, after: usize) -> Result<Times, Error> {
    let rows: Vec<(DateTime<Utc>,)> = sqlx::query_as(
        "(SELECT \"timestamp\" FROM meter_readings WHERE meter_id = $1 AND \"timestamp\" < $2 \
             ORDER BY \"timestamp\" DESC LIMIT $4) \
         UNION ALL (SELECT \"timestamp\" FROM meter_readings \
             WHERE meter_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3) \
         UNION ALL (SELECT \"timestamp\" FROM meter_readings \
             WHERE meter_id = $1 AND \"timestamp\" >= $3 ORDER BY \"timestamp\" LIMIT $5) \
         ORDER BY 1",
    )
    .bind(span.meter.0)
    .bind(span.from)
    .bind(span.to)
    .bind(limit(REACH))
    .bind(limit(after))
    .fetch_all(pool)
    .await?;
    let times: Vec<_> = rows.into_iter().map(|(at,)| at).collect();
    let before = times.partition_point(|at| *at < span.from);
    let behind = times.len() - times.partition_point(|at| *at < span.to);
    Ok(Times { begins: before < REACH, ends: behind < after, times })
}

fn limit(readings: usize) -> i64 {
    i64::try_from(readings).unwrap_or(i64::MAX)
}

/// Keeps what was learned of a meter, and queues the quarter-hours of the time for which it is another
/// than was thought.
pub async fn keep(
    connection: &mut PgConnection,
    meter: MeterId,
    learned: &Learned,
) -> Result<(), Error> {
    rollup::hold_off_claims(connection).await?;
    sqlx::query("DELETE FROM meter_cadences WHERE meter_id = $1")
        .bind(meter)
        .execute(&mut *connection)
        .await?;
    let (from, every): (Vec<_>, Vec<_>) = learned
        .cadences
        .versions()
        .iter()
        .map(|(from, every)| (*from, every.num_milliseconds()))
        .unzip();
    sqlx::query(
        "INSERT INTO meter_cadences (meter_id, valid_from, every_ms) \
         SELECT $1, UNNEST($2::timestamptz[]), UNNEST($3::bigint[])",
    )
    .bind(meter)
    .bind(from)
    .bind(every)
    .execute(&mut *connection)
    .await?;
    let (from, to): (Vec<_>, Vec<_>) = learned.changed.iter().copied().unzip();
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT DISTINCT $1, bucket_start \
         FROM UNNEST($2::timestamptz[], $3::timestamptz[]) AS span (from_at, to_at) \
         JOIN energy_intervals ON meter_id = $1 AND NOT frozen \
             AND bucket_start >= date_bin('15 minutes', from_at, 'epoch') \
             AND bucket_start < coalesce(to_at, 'infinity') \
         ORDER BY bucket_start ON CONFLICT DO NOTHING",
    )
    .bind(meter)
    .bind(from)
    .bind(to)
    .execute(connection)
    .await?;
    Ok(())
}
