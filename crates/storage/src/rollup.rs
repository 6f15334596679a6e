//! The work of the rollup: which quarter-hours are to be computed.
//!
//! Whoever changes what energy is computed from calls [`queue`]. The worker moves rows from
//! `rollup_queue` to `rollup_claims` and deletes them there in the transaction that writes their
//! intervals, so that a crash loses none.

use std::collections::HashSet;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::{MeterId, SiteId};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::Error;
use crate::span::{Key, Span};

/// Held shared by whoever fills the queue, exclusively by whoever empties it; chosen at random.
const QUEUE_LOCK: i64 = 1_618_033_988_749_894;
/// Held by the one worker that computes; chosen at random.
const WORKER_LOCK: i64 = 1_732_050_807_568_877;

/// Length of the quarter-hours that are queued.
const BUCKET: TimeDelta = TimeDelta::minutes(15);

/// The quarter-hour that holds an instant. All zones in use differ from UTC by whole quarter-hours.
pub(crate) fn bucket_start(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(BUCKET).unwrap_or(at)
}

/// Keeps the queue from being emptied until the transaction ends.
///
/// A quarter-hour that is in the queue already is not put in again. Were it taken out before this
/// transaction's readings can be seen, they would be left out and nobody would know.
pub async fn hold_off_claims(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("SELECT pg_advisory_xact_lock_shared($1)")
        .bind(QUEUE_LOCK)
        .execute(connection)
        .await?;
    Ok(())
}

/// Waits for whoever fills the queue, and keeps it as it is until the transaction ends.
pub(crate) async fn stop_the_queue(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(QUEUE_LOCK).execute(connection).await?;
    Ok(())
}

/// Puts quarter-hours into the queue, in the transaction that changes what they rest on.
pub async fn queue(connection: &mut PgConnection, keys: &[Key]) -> Result<(), Error> {
    if keys.is_empty() {
        return Ok(());
    }
    hold_off_claims(connection).await?;
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    queue_sorted(connection, &keys).await
}

/// The same of quarter-hours in order, each once, by whoever holds off claims already.
pub(crate) async fn queue_sorted(connection: &mut PgConnection, keys: &[Key]) -> Result<(), Error> {
    let (meters, starts): (Vec<i64>, Vec<DateTime<Utc>>) =
        keys.iter().map(|(meter, start)| (meter.0, *start)).unzip();
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[]) ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(starts)
    .execute(connection)
    .await?;
    Ok(())
}

/// Being the one that does something: it ends with this value, or with the connection.
#[derive(Debug)]
pub struct Turn {
    /// Holds a lock and nothing else.
    _transaction: Transaction<'static, Postgres>,
}

impl Turn {
    /// Takes a lock; none while another process holds it.
    pub(crate) async fn take(pool: &PgPool, lock: i64) -> Result<Option<Self>, Error> {
        let mut transaction = pool.begin().await?;
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
            .bind(lock)
            .fetch_one(&mut *transaction)
            .await?;
        Ok(taken.then_some(Self { _transaction: transaction }))
    }
}

/// Becomes the one worker; none while another is at work.
pub async fn take_turn(pool: &PgPool) -> Result<Option<Turn>, Error> {
    Turn::take(pool, WORKER_LOCK).await
}

/// Whether anything waits or is claimed.
pub async fn is_idle(pool: &PgPool) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT FROM rollup_queue) AND NOT EXISTS (SELECT FROM rollup_claims)",
    )
    .fetch_one(pool)
    .await?)
}

/// Whether quarter-hours of a site that begin before an instant wait or are claimed.
pub async fn is_waiting(pool: &PgPool, site: SiteId, before: DateTime<Utc>) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM energy_meters WHERE site_id = $1 AND ( \
             EXISTS (SELECT FROM rollup_queue WHERE meter_id = id AND bucket_start < $2) \
             OR EXISTS (SELECT FROM rollup_claims WHERE meter_id = id AND bucket_start < $2)))",
    )
    .bind(site)
    .bind(before)
    .fetch_one(pool)
    .await?)
}

/// Those of the meters whose energy in a span is not all computed yet: quarter-hours of theirs, or of
/// what they are derived from, wait or are claimed, up to the first reading after the span, which
/// decides about the last one in it; or they are to be derived again.
pub async fn behind(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashSet<MeterId>, Error> {
    let rows: Vec<MeterId> = sqlx::query_scalar(
        "WITH RECURSIVE rests_on (meter_id, on_id) AS (\
             SELECT id, id FROM energy_meters WHERE id = ANY($1) \
             UNION \
             SELECT rests_on.meter_id, term.input_id FROM rests_on \
             JOIN virtual_meters term ON term.meter_id = rests_on.on_id \
                 AND term.valid_from < $3 AND term.valid_to > $2\
         ), bounds AS (\
             SELECT rests_on.meter_id, on_id, COALESCE((SELECT \"timestamp\" FROM meter_readings \
                 WHERE meter_readings.meter_id = on_id AND \"timestamp\" >= $3 \
                 ORDER BY \"timestamp\" LIMIT 1), $3 - interval '1 microsecond') AS last_start \
             FROM rests_on\
         ) \
         SELECT meter_id FROM bounds \
         WHERE EXISTS (SELECT FROM rollup_queue AS waiting \
                 WHERE waiting.meter_id = on_id AND bucket_start <= last_start) \
             OR EXISTS (SELECT FROM rollup_claims AS claimed \
                 WHERE claimed.meter_id = on_id AND bucket_start <= last_start) \
         UNION \
         SELECT rests_on.meter_id FROM rests_on \
         JOIN meter_registers known ON known.meter_id = on_id AND derive_from < $3 \
         JOIN energy_meters derived ON derived.id = on_id AND derived.retired_at IS NULL",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// How many quarter-hours wait.
pub async fn waiting(pool: &PgPool) -> Result<u64, Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM rollup_queue) + (SELECT count(*) FROM rollup_claims)",
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

/// The time about the present of each clock: what began in it is not kept waiting by the past.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live(Vec<(DateTime<Utc>, DateTime<Utc>)>);

impl Live {
    /// The time up to `about` before and after each present.
    pub fn about(presents: impl IntoIterator<Item = DateTime<Utc>>, about: TimeDelta) -> Self {
        Self(presents.into_iter().map(|present| (present - about, present + about)).collect())
    }

    /// Whether an instant lies in it.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.0.iter().any(|(from, to)| (from..to).contains(&&at))
    }
}

/// Claims what began in the live time, and of the rest at most `limit`: whole days of meters, the
/// oldest first. Answers every claim, those left over too, by meter and time.
///
/// A live quarter-hour is computed from the last one that is known, so it waits while more than a day
/// between the two does: weeks of readings would be gone through at once, and then a day at a time. What `resting`
/// answers of what is chosen stays in the queue.
pub async fn claim(
    pool: &PgPool,
    live: &Live,
    limit: u32,
    resting: impl FnOnce(&[Key]) -> HashSet<Key>,
) -> Result<Vec<Key>, Error> {
    let mut transaction = pool.begin().await?;
    stop_the_queue(&mut transaction).await?;
    // The queue is empty one moment and holds months the next: what the planner knows of it is old.
    sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut *transaction).await?;
    // What an earlier round has left comes first.
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM rollup_claims")
        .fetch_one(&mut *transaction)
        .await?;
    let limit = limit.saturating_sub(u32::try_from(left).unwrap_or(u32::MAX));
    let chosen = choose(&mut transaction, live, limit).await?;
    // Of the past the oldest is chosen first, so that there is nothing to look for where none of it is old.
    let is_old = left > 0 || has_old(live, &chosen);
    let far_behind =
        if is_old { far_behind(&mut transaction, live, &chosen).await? } else { HashSet::new() };
    let resting = resting(&chosen);
    let waits = |key: &Key| far_behind.contains(&key.0) && live.holds(key.1);
    let is_due = |key: &Key| !(resting.contains(key) || waits(key));
    let (meters, starts): (Vec<MeterId>, Vec<_>) = chosen.into_iter().filter(is_due).unzip();
    sqlx::query(
        "WITH moved AS (\
             DELETE FROM rollup_queue USING UNNEST($1::bigint[], $2::timestamptz[]) AS chosen (id, start) \
             WHERE meter_id = chosen.id AND bucket_start = chosen.start \
             RETURNING meter_id, bucket_start) \
         INSERT INTO rollup_claims (meter_id, bucket_start) \
         SELECT meter_id, bucket_start FROM moved ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(starts)
    .persistent(false)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(sqlx::query_as(
        "SELECT meter_id, bucket_start FROM rollup_claims ORDER BY meter_id, bucket_start",
    )
    .fetch_all(pool)
    .await?)
}

/// What is to be claimed next, found by the index of time.
async fn choose(connection: &mut PgConnection, live: &Live, limit: u32) -> Result<Vec<Key>, Error> {
    let (first, past): (Vec<_>, Vec<_>) = live.0.iter().copied().unzip();
    Ok(sqlx::query_as(
        "WITH live AS (SELECT * FROM UNNEST($1::timestamptz[], $2::timestamptz[]) AS live (first, past)), \
         waiting AS NOT MATERIALIZED (\
             SELECT meter_id, bucket_start FROM rollup_queue WHERE NOT EXISTS (\
                 SELECT FROM live WHERE bucket_start >= first AND bucket_start < past)), \
         last_day AS (\
             SELECT date_trunc('day', bucket_start, 'UTC') AS day FROM waiting \
             ORDER BY bucket_start OFFSET $3 LIMIT 1) \
         SELECT DISTINCT meter_id, bucket_start FROM rollup_queue \
         JOIN live ON bucket_start >= first AND bucket_start < past \
         UNION ALL \
         (SELECT meter_id, bucket_start FROM waiting \
          WHERE bucket_start < COALESCE((SELECT day + interval '1 day' FROM last_day), 'infinity') \
          ORDER BY date_trunc('day', bucket_start, 'UTC'), meter_id, bucket_start LIMIT $3)",
    )
    .bind(first)
    .bind(past)
    .bind(i64::from(limit))
    .persistent(false)
    .fetch_all(connection)
    .await?)
}

/// Whether the oldest that is not live lies more than a day before the newest that is.
fn has_old(live: &Live, chosen: &[Key]) -> bool {
    let starts = || chosen.iter().map(|(_, start)| *start);
    let newest = starts().filter(|start| live.holds(*start)).max();
    let oldest = starts().filter(|start| !live.holds(*start)).min();
    newest.zip(oldest).is_some_and(|(newest, oldest)| newest - oldest > TimeDelta::days(1))
}

/// The meters of live quarter-hours with others waiting or claimed that lie more than a day before, and
/// after the last one that is computed.
async fn far_behind(
    connection: &mut PgConnection,
    live: &Live,
    chosen: &[Key],
) -> Result<HashSet<MeterId>, Error> {
    let (meters, starts): (Vec<MeterId>, Vec<_>) =
        chosen.iter().copied().filter(|(_, start)| live.holds(*start)).unzip();
    if meters.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<MeterId> = sqlx::query_scalar(
        "WITH live AS MATERIALIZED (\
             SELECT id, min(start) AS start FROM UNNEST($1::bigint[], $2::timestamptz[]) AS live (id, start) \
             GROUP BY id), \
         behind AS MATERIALIZED (\
             SELECT id, start FROM live WHERE EXISTS (SELECT FROM rollup_queue \
                     WHERE meter_id = id AND bucket_start < start - interval '1 day') \
                 OR EXISTS (SELECT FROM rollup_claims \
                     WHERE meter_id = id AND bucket_start < start - interval '1 day')), \
         known AS MATERIALIZED (\
             SELECT id, start, (SELECT max(bucket_start) FROM energy_intervals \
                 WHERE meter_id = id AND bucket_start < start) AS last FROM behind) \
         SELECT id FROM known WHERE EXISTS (SELECT FROM rollup_queue WHERE meter_id = id \
                 AND bucket_start > last AND bucket_start < start - interval '1 day') \
             OR EXISTS (SELECT FROM rollup_claims WHERE meter_id = id \
                 AND bucket_start > last AND bucket_start < start - interval '1 day')",
    )
    .bind(meters)
    .bind(starts)
    .persistent(false)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().collect())
}

/// Strikes claims off, in the transaction that writes what they asked for: they stand aside no more.
pub async fn finish(connection: &mut PgConnection, claims: &[Key]) -> Result<(), Error> {
    let (meters, starts): (Vec<i64>, Vec<DateTime<Utc>>) =
        claims.iter().map(|(meter, start)| (meter.0, *start)).unzip();
    sqlx::query(
        "WITH done AS (\
             DELETE FROM rollup_claims WHERE (meter_id, bucket_start) IN \
                 (SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[])) \
             RETURNING meter_id, bucket_start) \
         DELETE FROM set_aside USING done WHERE work = 'energy' \
             AND set_aside.meter_id = done.meter_id AND start = bucket_start",
    )
    .bind(meters)
    .bind(starts)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a claim out of the work without an answer to it.
pub async fn drop_claim(connection: &mut PgConnection, (meter, start): Key) -> Result<(), Error> {
    sqlx::query("DELETE FROM rollup_claims WHERE meter_id = $1 AND bucket_start = $2")
        .bind(meter)
        .bind(start)
        .execute(connection)
        .await?;
    Ok(())
}

/// A quarter-hour with rows that plain SQL wrote, and what tells one look at it from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The quarter-hour.
    pub key: Key,
    /// How many rows, and when the first and the last of them arrived.
    pub seen: (i64, DateTime<Utc>, DateTime<Utc>),
}

/// The columns of a [`Written`].
type WrittenRow = (i64, DateTime<Utc>, i64, DateTime<Utc>, DateTime<Utc>);

/// The quarter-hours with rows that plain SQL wrote at or after an instant.
pub async fn written_by_sql(pool: &PgPool, since: DateTime<Utc>) -> Result<Vec<Written>, Error> {
    let rows: Vec<WrittenRow> = sqlx::query_as(
        "SELECT meter_id, date_bin($2, \"timestamp\", '2000-01-01 00:00+00') AS bucket, count(*), \
             min(received_at), max(received_at) \
         FROM meter_readings \
         WHERE source = 'sql' AND received_at >= $1 AND received_at < 'infinity' \
         GROUP BY meter_id, bucket ORDER BY meter_id, bucket",
    )
    .bind(since)
    .bind(BUCKET)
    .fetch_all(pool)
    .await?;
    let written = |(meter, bucket, count, first, last): WrittenRow| Written {
        key: (MeterId(meter), bucket),
        seen: (count, first, last),
    };
    Ok(rows.into_iter().map(written).collect())
}

/// Queues every quarter-hour of a span in which a meter has readings or rows that can be computed
/// again; answers how many these are.
pub async fn queue_span(connection: &mut PgConnection, span: Span) -> Result<u64, Error> {
    hold_off_claims(connection).await?;
    let count: i64 = sqlx::query_scalar(
        "WITH touched AS MATERIALIZED (\
             SELECT date_bin($4, \"timestamp\", '2000-01-01 00:00+00') AS bucket FROM meter_readings \
             WHERE meter_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
             UNION \
             SELECT bucket_start FROM energy_intervals \
             WHERE meter_id = $1 AND bucket_start >= $2 AND bucket_start < $3 AND NOT frozen\
         ), queued AS (\
             INSERT INTO rollup_queue (meter_id, bucket_start) \
             SELECT $1, bucket FROM touched ON CONFLICT DO NOTHING\
         ) \
         SELECT count(*) FROM touched",
    )
    .bind(span.meter.0)
    .bind(span.from)
    .bind(span.to)
    .bind(BUCKET)
    .fetch_one(connection)
    .await?;
    Ok(count.unsigned_abs())
}
