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

/// Of each span the times of its readings, of [`REACH`] before it and of `after` behind it, in the order asked: one
/// list each, since there may be a day of them.
pub async fn times(pool: &PgPool, spans: &[Span], after: usize) -> Result<Vec<Times>, Error> {
    let rows: Vec<Vec<DateTime<Utc>>> = sqlx::query_scalar(
        "SELECT ARRAY(\
             (SELECT \"timestamp\" FROM meter_readings \
                 WHERE meter_id = span.id AND \"timestamp\" < span.from_at \
                 ORDER BY \"timestamp\" DESC LIMIT $4) \
             UNION ALL (SELECT \"timestamp\" FROM meter_readings WHERE meter_id = span.id \
                 AND \"timestamp\" >= span.from_at AND \"timestamp\" < span.to_at) \
             UNION ALL (SELECT \"timestamp\" FROM meter_readings \
                 WHERE meter_id = span.id AND \"timestamp\" >= span.to_at \
                 ORDER BY \"timestamp\" LIMIT $5)) \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) \
             WITH ORDINALITY AS span (id, from_at, to_at, n) ORDER BY span.n",
    )
    .bind(spans.iter().map(|span| span.meter).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.to).collect::<Vec<_>>())
    .bind(limit(REACH))
    .bind(limit(after))
    .fetch_all(pool)
    .await?;
    let taken = |(span, mut times): (&Span, Vec<DateTime<Utc>>)| {
        // Nearly sorted, which costs less here than there.
        times.sort();
        let before = times.partition_point(|at| *at < span.from);
        let behind = times.len() - times.partition_point(|at| *at < span.to);
        Times { begins: before < REACH, ends: behind < after, times }
    };
    Ok(spans.iter().zip(rows).map(taken).collect())
}

fn limit(readings: usize) -> i64 {
    i64::try_from(readings).unwrap_or(i64::MAX)
}

/// Keeps what was learned of meters, in their order, and queues the quarter-hours of the time for which it is another
/// than was thought.
pub async fn keep(
    connection: &mut PgConnection,
    learned: &[(MeterId, &Learned)],
) -> Result<(), Error> {
    rollup::hold_off_claims(connection).await?;
    sqlx::query("DELETE FROM meter_cadences WHERE meter_id = ANY($1)")
        .bind(learned.iter().map(|(meter, _)| *meter).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    let versions = learned.iter().flat_map(|(meter, learned)| {
        let versions = learned.cadences.versions().iter();
        versions.map(move |(from, every)| (*meter, (*from, every.num_milliseconds())))
    });
    let (meters, (from, every)): (Vec<_>, (Vec<_>, Vec<_>)) = versions.unzip();
    sqlx::query(
        "INSERT INTO meter_cadences (meter_id, valid_from, every_ms) \
         SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[]), UNNEST($3::bigint[])",
    )
    .bind(meters)
    .bind(from)
    .bind(every)
    .execute(&mut *connection)
    .await?;
    let changed = learned
        .iter()
        .flat_map(|(meter, learned)| learned.changed.iter().map(move |span| (*meter, *span)));
    let (meters, (from, to)): (Vec<_>, (Vec<_>, Vec<_>)) = changed.unzip();
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT DISTINCT meter_id, bucket_start \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) \
             AS span (id, from_at, to_at) \
         JOIN energy_intervals ON meter_id = span.id AND NOT frozen \
             AND bucket_start >= date_bin('15 minutes', from_at, 'epoch') \
             AND bucket_start < coalesce(to_at, 'infinity') \
         ORDER BY meter_id, bucket_start ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .execute(connection)
    .await?;
    Ok(())
}
