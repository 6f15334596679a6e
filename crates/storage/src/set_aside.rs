//! Parts of the work that failed again and again and are left out until they are tried again.

use chrono::{DateTime, Utc};
use domain::task::Work;
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::readings::Span;
use crate::{Error, losses, rollup};

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// What.
    pub work: Work,
    /// Of which meter.
    pub meter: MeterId,
    /// Since when: the start of its quarter-hour, hour or day, or of what a derived meter lacks.
    pub start: DateTime<Utc>,
}

/// The parts of one kind that stand aside of one meter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// What.
    pub work: Work,
    /// The meter.
    pub meter: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// How many parts.
    pub parts: u64,
    /// The start of the first and of the last of them.
    pub first: DateTime<Utc>,
    /// See `first`.
    pub last: DateTime<Utc>,
    /// Why the one that failed last did.
    pub error: String,
    /// When that was.
    pub failed_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    work: String,
    meter_id: i64,
    meter_number: String,
    meter_name: String,
    parts: i64,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    error: String,
    failed_at: DateTime<Utc>,
}

impl TryFrom<Row> for Aside {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            work: parsed(row.work)?,
            meter: MeterId(row.meter_id),
            meter_number: row.meter_number,
            meter_name: row.meter_name,
            parts: row.parts.unsigned_abs(),
            first: row.first,
            last: row.last,
            error: row.error,
            failed_at: row.failed_at,
        })
    }
}

fn parsed(word: String) -> Result<Work, Error> {
    Work::parse(&word).ok_or(Error::Unreadable { column: "set_aside.work", value: word })
}

/// Notes that a part stands aside, or failed once more.
pub async fn put(
    connection: &mut PgConnection,
    part: Part,
    failures: u32,
    error: &str,
    version: &str,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO set_aside AS known (work, meter_id, start, failures, error, version) \
         SELECT $1, id, $3, $4, $5, $6 FROM energy_meters WHERE id = $2 \
         ON CONFLICT (work, meter_id, start) DO UPDATE SET \
             failures = known.failures + 1, error = excluded.error, version = excluded.version, \
             failed_at = now()",
    )
    .bind(part.work.as_str())
    .bind(part.meter.0)
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
    let (held,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM set_aside WHERE work = $1 AND meter_id = $2 AND start = $3)",
    )
    .bind(part.work.as_str())
    .bind(part.meter.0)
    .bind(part.start)
    .fetch_one(db)
    .await?;
    Ok(held)
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
    .bind(spans.iter().map(|span| span.meter.0).collect::<Vec<_>>())
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
    let rows: Vec<(i64,)> = sqlx::query_as(
        "SELECT DISTINCT meter_id FROM set_aside WHERE meter_id = ANY($1) \
             AND ((work = 'energy' AND start >= $2 AND start < $3) OR (work = 'derived' AND start < $3))",
    )
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .bind(from)
    .bind(to)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(meter,)| MeterId(meter)).collect())
}

/// The derived meters whose points stand aside.
pub async fn derived(db: impl PgExecutor<'_>) -> Result<Vec<MeterId>, Error> {
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT meter_id FROM set_aside WHERE work = 'derived'")
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|(meter,)| MeterId(meter)).collect())
}

/// Strikes parts off that were computed after all.
pub async fn done(connection: &mut PgConnection, parts: &[Part]) -> Result<(), Error> {
    if parts.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM set_aside USING UNNEST($1::text[], $2::bigint[], $3::timestamptz[]) \
             AS done (work, id, at) \
         WHERE set_aside.work = done.work AND meter_id = id AND start = at",
    )
    .bind(parts.iter().map(|part| part.work.as_str()).collect::<Vec<_>>())
    .bind(parts.iter().map(|part| part.meter.0).collect::<Vec<_>>())
    .bind(parts.iter().map(|part| part.start).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// How many parts of each kind stand aside.
pub async fn counts(pool: &PgPool) -> Result<Vec<(Work, u64)>, Error> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT work, count(*) FROM set_aside GROUP BY work ORDER BY work")
            .fetch_all(pool)
            .await?;
    let count = |(word, count): (String, i64)| Ok((parsed(word)?, count.unsigned_abs()));
    rows.into_iter().map(count).collect()
}

/// What stands aside at a site, by meter and kind, what failed last first.
pub async fn list(pool: &PgPool, site: SiteId) -> Result<Vec<Aside>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT work, meter_id, meter_number, meter_name, count(*) AS parts, min(start) AS first, \
             max(start) AS last, (array_agg(error ORDER BY failed_at DESC))[1] AS error, \
             max(failed_at) AS failed_at \
         FROM set_aside JOIN energy_meters ON id = meter_id WHERE site_id = $1 \
         GROUP BY work, meter_id, meter_number, meter_name ORDER BY max(failed_at) DESC, meter_id, work",
    )
    .bind(site.0)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Aside::try_from).collect()
}

/// What is to be tried again.
#[derive(Debug, Clone, Copy)]
pub enum Again<'a> {
    /// All of a meter.
    Of(MeterId),
    /// All that failed under another version of the program.
    NotUnder(&'a str),
}

/// Puts what stands aside back to where it is worked on; how many parts that are.
pub async fn again(connection: &mut PgConnection, which: Again<'_>) -> Result<u64, Error> {
    rollup::hold_off_claims(&mut *connection).await?;
    losses::hold_off(&mut *connection).await?;
    let (meter, version) = match which {
        Again::Of(meter) => (Some(meter.0), None),
        Again::NotUnder(version) => (None, Some(version)),
    };
    let (count,): (i64,) = sqlx::query_as(
        "WITH back AS (\
             DELETE FROM set_aside WHERE meter_id = coalesce($1, meter_id) \
                 AND ($2::text IS NULL OR version <> $2) RETURNING work, meter_id, start\
         ), queued AS (\
             INSERT INTO rollup_queue (meter_id, bucket_start) \
             SELECT meter_id, start FROM back WHERE work = 'energy' ON CONFLICT DO NOTHING\
         ), balanced AS (\
             INSERT INTO loss_queue (meter_id, hour_start) \
             SELECT DISTINCT meter_id, start FROM back WHERE work IN ('hour', 'day') \
             ON CONFLICT DO NOTHING\
         ) \
         SELECT count(*) FROM back",
    )
    .bind(meter)
    .bind(version)
    .fetch_one(connection)
    .await?;
    Ok(count.unsigned_abs())
}
