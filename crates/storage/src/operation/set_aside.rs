//! Parts of the work that failed again and again and are left out until they are tried again.

mod list;
mod part;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::message::Message;
use domain::month::Month;
use sqlx::{PgConnection, PgExecutor};

pub use list::{counts, list};
pub use part::{Part, Subject};

use crate::span::Span;
use crate::{Error, losses, rollup};

/// Notes that a part stands aside, or failed once more.
pub async fn put(
    connection: &mut PgConnection,
    part: Part,
    failures: u32,
    error: &Message,
    version: &str,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO set_aside AS known \
             (work, meter_id, schedule_id, start, failures, error, version) \
         SELECT $1, $2, $3, $4, $5, $6, $7 \
         WHERE EXISTS (SELECT FROM energy_meters WHERE id = $2) \
             OR EXISTS (SELECT FROM report_schedules WHERE id = $3) \
         ON CONFLICT (work, meter_id, schedule_id, start) DO UPDATE SET \
             failures = known.failures + 1, error = excluded.error, version = excluded.version, \
             failed_at = now()",
    )
    .bind(part.work)
    .bind(part.of.meter())
    .bind(part.of.schedule())
    .bind(part.start)
    .bind(i32::try_from(failures).unwrap_or(i32::MAX))
    .bind(error)
    .bind(version)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a part stands aside already.
pub async fn holds(db: impl PgExecutor<'_>, part: Part) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM set_aside \
             WHERE work = $1 AND (meter_id = $2 OR schedule_id = $3) AND start = $4)",
    )
    .bind(part.work)
    .bind(part.of.meter())
    .bind(part.of.schedule())
    .bind(part.start)
    .fetch_one(db)
    .await?)
}

/// The last quarter-hour before each span that stands aside of its meter; in the order asked.
pub async fn last_before(
    db: impl PgExecutor<'_>,
    spans: &[Span],
) -> Result<Vec<Option<DateTime<Utc>>>, Error> {
    let rows: Vec<(Option<DateTime<Utc>>,)> = sqlx::query_as(
        "SELECT (SELECT max(start) FROM set_aside \
                 WHERE meter_id = id AND work = 'energy' AND start < from_at) \
         FROM UNNEST($1::bigint[], $2::timestamptz[]) WITH ORDINALITY AS span (id, from_at, n) \
         ORDER BY n",
    )
    .bind(spans.iter().map(|span| span.meter).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(start,)| start).collect())
}

/// Those of the meters of which a quarter-hour in a span, or the points of which, stand aside.
pub async fn among(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<MeterId>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT meter_id FROM set_aside WHERE meter_id = ANY($1) \
             AND ((work = 'energy' AND start >= $2 AND start < $3) OR (work = 'derived' AND start < $3))",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(db)
    .await?)
}

/// The derived meters whose points stand aside.
pub async fn derived(db: impl PgExecutor<'_>) -> Result<Vec<MeterId>, Error> {
    Ok(sqlx::query_scalar("SELECT meter_id FROM set_aside WHERE work = 'derived'")
        .fetch_all(db)
        .await?)
}

/// Those of the meters whose bill of a month stands aside.
pub async fn bills(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    month: Month,
) -> Result<Vec<MeterId>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT meter_id FROM set_aside WHERE work = 'bill' AND meter_id = ANY($1) AND start = $2",
    )
    .bind(meters)
    .bind(part::begin(month))
    .fetch_all(db)
    .await?)
}

/// The bills that are to be tried again: a person asked for it, or they failed under another version.
pub async fn bills_to_try(
    db: impl PgExecutor<'_>,
    version: &str,
) -> Result<Vec<(MeterId, Month)>, Error> {
    let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(
        "SELECT meter_id, start FROM set_aside WHERE work = 'bill' AND version <> $1 \
         ORDER BY failed_at, meter_id, start",
    )
    .bind(version)
    .fetch_all(db)
    .await?;
    let bill =
        |(meter, start): (i64, DateTime<Utc>)| (MeterId(meter), Month::of(start.date_naive()));
    Ok(rows.into_iter().map(bill).collect())
}

/// Strikes parts of meters off that were computed after all.
pub async fn done(connection: &mut PgConnection, parts: &[Part]) -> Result<(), Error> {
    if parts.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM set_aside USING UNNEST($1::text[], $2::bigint[], $3::timestamptz[]) \
             AS done (work, id, at) \
         WHERE set_aside.work = done.work AND meter_id = id AND start = at",
    )
    .bind(parts.iter().map(|part| part.work).collect::<Vec<_>>())
    .bind(parts.iter().map(|part| part.of.meter()).collect::<Vec<_>>())
    .bind(parts.iter().map(|part| part.start).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// What is to be tried again.
#[derive(Debug, Clone, Copy)]
pub enum Again<'a> {
    /// All of a meter or a schedule.
    Of(Subject),
    /// All that failed under another version of the program, but bills, which are found by that.
    NotUnder(&'a str),
}

/// Puts what stands aside back to where it is worked on; how many parts that are. Bills are marked to be
/// tried, since nothing else keeps them in mind.
pub async fn again(connection: &mut PgConnection, which: Again<'_>) -> Result<u64, Error> {
    rollup::hold_off_claims(&mut *connection).await?;
    losses::hold_off(&mut *connection).await?;
    let (of, version) = match which {
        Again::Of(of) => (Some(of), None),
        Again::NotUnder(version) => (None, Some(version)),
    };
    let count: i64 = sqlx::query_scalar(
        "WITH back AS (\
             DELETE FROM set_aside WHERE work <> 'bill' \
                 AND (meter_id = $1 OR schedule_id = $2 OR version <> $3) \
             RETURNING work, meter_id, schedule_id, start\
         ), asked AS (\
             UPDATE set_aside SET version = '' WHERE work = 'bill' AND meter_id = $1 RETURNING start\
         ), queued AS (\
             INSERT INTO rollup_queue (meter_id, bucket_start) \
             SELECT meter_id, start FROM back WHERE work = 'energy' ON CONFLICT DO NOTHING\
         ), balanced AS (\
             INSERT INTO loss_queue (meter_id, hour_start) \
             SELECT DISTINCT meter_id, start FROM back WHERE work IN ('hour', 'day') \
             ON CONFLICT DO NOTHING\
         ), mailed AS (\
             UPDATE report_outbox mail SET next_at = now() FROM back \
             WHERE mail.schedule_id = back.schedule_id \
                 AND mail.month = (back.start AT TIME ZONE 'UTC')::date\
         ) \
         SELECT (SELECT count(*) FROM back) + (SELECT count(*) FROM asked)",
    )
    .bind(of.and_then(Subject::meter))
    .bind(of.and_then(Subject::schedule))
    .bind(version)
    .fetch_one(connection)
    .await?;
    Ok(count.unsigned_abs())
}
