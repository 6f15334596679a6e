//! Quarter-hours of meters, as the rollup writes them and goes on from them.

mod export_read;
mod upsert;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::Carry;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};

use super::day_start;
use crate::Error;
use crate::span::{Key, Span};

pub use export_read::export_read;
pub use upsert::upsert;

/// kWh: a day is the sum of its quarter-hours, in whatever order they were added up.
pub const SAME_KWH: f64 = 1e-6;

/// The length of a bucket.
const BUCKET: TimeDelta = TimeDelta::minutes(15);

/// Where a computation can go on.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    /// The quarter-hour's start.
    pub start: DateTime<Utc>,
    /// What was known at its end; none where nothing goes on from it any more.
    pub carry: Option<Carry>,
    /// Whether its readings are dropped, so that it is never computed again.
    pub frozen: bool,
}

impl Anchor {
    /// The quarter-hour's end.
    pub fn end(&self) -> DateTime<Utc> {
        self.start + BUCKET
    }
}

fn split(keys: &[Key]) -> (Vec<i64>, Vec<DateTime<Utc>>) {
    keys.iter().map(|(meter, at)| (meter.0, *at)).unzip()
}

fn joined(rows: Vec<(i64, DateTime<Utc>)>) -> Vec<Key> {
    rows.into_iter().map(|(meter, at)| (MeterId(meter), at)).collect()
}

type AnchorRow = (i64, DateTime<Utc>, Option<Json<Carry>>, bool);

/// The last `depth` rows of each meter that begin before its instant, newest first; the answer stands
/// in the order asked.
pub async fn last_before(
    pool: &PgPool,
    asked: &[Key],
    depth: u32,
) -> Result<Vec<Vec<Anchor>>, Error> {
    // Most meters have a row of the same day; those without are looked for in every partition.
    let mut found = before(pool, asked, depth, Some(TimeDelta::days(1))).await?;
    let rest: Vec<usize> = (0..asked.len()).filter(|&i| found[i].is_empty()).collect();
    if !rest.is_empty() {
        let further: Vec<Key> = rest.iter().map(|&i| asked[i]).collect();
        for (i, anchors) in rest.into_iter().zip(before(pool, &further, depth, None).await?) {
            found[i] = anchors;
        }
    }
    Ok(found)
}

async fn before(
    pool: &PgPool,
    asked: &[Key],
    depth: u32,
    reach: Option<TimeDelta>,
) -> Result<Vec<Vec<Anchor>>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let (ids, instants) = split(asked);
    let since = reach.map(|reach| instants.iter().map(|&at| at - reach).collect::<Vec<_>>());
    // Bounds that hold for all spare the look into the months outside of them.
    let first = since.as_ref().and_then(|since| since.iter().min().copied());
    let last = instants.iter().max().copied();
    let rows: Vec<AnchorRow> = sqlx::query_as(
        "SELECT asked.n, found.bucket_start, found.carry, found.frozen \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) \
             WITH ORDINALITY AS asked (id, at, since, n) \
         CROSS JOIN LATERAL (SELECT bucket_start, carry, frozen FROM energy_intervals \
             WHERE meter_id = asked.id AND bucket_start < asked.at \
                 AND bucket_start >= coalesce(asked.since, '-infinity') \
                 AND bucket_start < $6 AND bucket_start >= coalesce($5, '-infinity'::timestamptz) \
             ORDER BY bucket_start DESC LIMIT $4) AS found",
    )
    .bind(ids)
    .bind(instants)
    .bind(since.unwrap_or_default())
    .bind(i64::from(depth))
    .bind(first)
    .bind(last)
    .fetch_all(pool)
    .await?;
    let mut found = vec![Vec::new(); asked.len()];
    for (n, start, carry, frozen) in rows {
        let index = usize::try_from(n - 1).unwrap_or(usize::MAX);
        if let Some(anchors) = found.get_mut(index) {
            anchors.push(Anchor { start, carry: carry.map(|carry| carry.0), frozen });
        }
    }
    for anchors in &mut found {
        anchors.sort_by_key(|anchor| std::cmp::Reverse(anchor.start));
    }
    Ok(found)
}

/// The first row of each meter that something can go on from: the last of the frozen ones, or the
/// first of all.
pub async fn firsts(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, Anchor>, Error> {
    if meters.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<AnchorRow> = sqlx::query_as(
        "SELECT asked.id, found.bucket_start, found.carry, found.frozen \
         FROM UNNEST($1::bigint[]) AS asked (id) \
         CROSS JOIN LATERAL (SELECT bucket_start, carry, frozen FROM energy_intervals \
             WHERE meter_id = asked.id AND carry IS NOT NULL \
             ORDER BY bucket_start LIMIT 1) AS found",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?;
    let anchor = |(meter, start, carry, frozen): AnchorRow| {
        (MeterId(meter), Anchor { start, carry: carry.map(|carry| carry.0), frozen })
    };
    Ok(rows.into_iter().map(anchor).collect())
}

/// When the first row of any of the meters over [`from`, `to`) begins; none where there is none.
pub async fn first_within(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT min(found.bucket_start) FROM UNNEST($1::bigint[]) AS asked (id) \
         CROSS JOIN LATERAL (SELECT bucket_start FROM energy_intervals \
             WHERE meter_id = asked.id AND bucket_start >= $2 AND bucket_start < $3 \
             ORDER BY bucket_start LIMIT 1) AS found",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_one(pool)
    .await?)
}

/// The rows of meters in spans of time.
pub async fn keys(pool: &PgPool, spans: &[Span]) -> Result<Vec<Key>, Error> {
    let rows = sqlx::query_as(
        "SELECT span.id, bucket_start \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (id, from_at, to_at) \
         CROSS JOIN LATERAL (SELECT bucket_start FROM energy_intervals \
             WHERE meter_id = span.id AND bucket_start >= span.from_at \
                 AND bucket_start < span.to_at OFFSET 0) AS found",
    )
    .bind(spans.iter().map(|span| span.meter).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.to).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    Ok(joined(rows))
}

/// Deletes the rows of meters in spans of time, but those that are frozen; answers what is gone.
pub async fn delete(connection: &mut PgConnection, spans: &[Span]) -> Result<Vec<Key>, Error> {
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as(
        "DELETE FROM energy_intervals USING \
             UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (id, from_at, to_at) \
         WHERE meter_id = span.id AND bucket_start >= span.from_at AND bucket_start < span.to_at \
             AND NOT frozen \
         RETURNING meter_id, bucket_start",
    )
    .bind(spans.iter().map(|span| span.meter).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
    .bind(spans.iter().map(|span| span.to).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(joined(rows))
}

/// Where a meter's recomputed stretch ends: the last quarter-hour written, and what is known there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ending<'a> {
    /// The measuring point.
    pub meter: MeterId,
    /// Start of the last quarter-hour.
    pub last: DateTime<Utc>,
    /// What is known at its end; none when nothing is left.
    pub carry: Option<&'a Carry>,
}

/// Puts the quarter-hour after each ending into the queue where the stored one ended otherwise, so
/// that the change goes on. To be called before the ending's row is written. Whether any was queued.
pub async fn queue_next(
    connection: &mut PgConnection,
    endings: &[Ending<'_>],
) -> Result<bool, Error> {
    let queued: Vec<(i64,)> = sqlx::query_as(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT ending.id, next.bucket_start \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::jsonb[]) AS ending (id, last, carry) \
         CROSS JOIN LATERAL (SELECT bucket_start, frozen FROM energy_intervals \
             WHERE meter_id = ending.id AND bucket_start > ending.last AND bucket_start > $4 \
             ORDER BY bucket_start LIMIT 1) AS next \
         WHERE NOT next.frozen AND NOT coalesce((SELECT stored.carry = ending.carry \
             FROM energy_intervals AS stored \
             WHERE stored.meter_id = ending.id AND stored.bucket_start = ending.last \
                 AND stored.bucket_start >= $4 AND stored.bucket_start <= $5), false) \
         ON CONFLICT DO NOTHING RETURNING meter_id",
    )
    .bind(endings.iter().map(|ending| ending.meter).collect::<Vec<_>>())
    .bind(endings.iter().map(|ending| ending.last).collect::<Vec<_>>())
    .bind(endings.iter().map(|ending| ending.carry.map(Json)).collect::<Vec<_>>())
    // Bounds that hold for all spare the look into the months outside of them.
    .bind(endings.iter().map(|ending| ending.last).min())
    .bind(endings.iter().map(|ending| ending.last).max())
    .fetch_all(connection)
    .await?;
    Ok(!queued.is_empty())
}

/// The end of the last frozen row of a meter in a span; none where none is.
pub async fn frozen_until(pool: &PgPool, span: Span) -> Result<Option<DateTime<Utc>>, Error> {
    let (last,): (Option<DateTime<Utc>>,) = sqlx::query_as(
        "SELECT max(bucket_start) FROM energy_intervals \
         WHERE meter_id = $1 AND bucket_start >= $2 AND bucket_start < $3 AND frozen",
    )
    .bind(span.meter.0)
    .bind(span.from)
    .bind(span.to)
    .fetch_one(pool)
    .await?;
    Ok(last.map(|start| start + BUCKET))
}

/// Which of these quarter-hours stay as they are: those with a frozen row, and those that were dropped
/// out of a day that is kept without them. Summed up again, such a day would lose what it had.
pub async fn frozen(db: impl PgExecutor<'_>, asked: &[Key]) -> Result<Vec<Key>, Error> {
    let (meters, starts) = split(asked);
    let rows = sqlx::query_as(concat!(
        "SELECT asked.id, asked.start \
         FROM UNNEST($1::bigint[], $2::timestamptz[]) AS asked (id, start) \
         WHERE coalesce((SELECT frozen FROM energy_intervals \
             WHERE meter_id = asked.id AND bucket_start = asked.start), false) \
         OR EXISTS (SELECT FROM meter_registers known \
             JOIN energy_meters meter ON meter.id = known.meter_id \
             JOIN sites site ON site.id = meter.site_id \
             JOIN energy_days day ON day.meter_id = known.meter_id \
                 AND day.day = (asked.start AT TIME ZONE site.time_zone)::date \
             CROSS JOIN LATERAL (SELECT count(*) AS quarters, sum(import_kwh) AS import_kwh, \
                     sum(export_kwh) AS export_kwh \
                 FROM energy_intervals WHERE meter_id = known.meter_id \
                     AND bucket_start >= ",
        day_start!("day.day", "site.time_zone"),
        " AND bucket_start < ",
        day_start!("(day.day + 1)", "site.time_zone"),
        ") AS kept \
             WHERE known.meter_id = asked.id AND asked.start < known.frozen_to \
                 AND (kept.quarters = 0 OR abs(kept.import_kwh - day.import_kwh) > $3 \
                     OR abs(kept.export_kwh - day.export_kwh) > $3))",
    ))
    .bind(meters)
    .bind(starts)
    .bind(SAME_KWH)
    .fetch_all(db)
    .await?;
    Ok(joined(rows))
}

/// From when on the time of each meter stays as it is, at or after its instant: from its first frozen
/// row, or from the first day that is kept without quarter-hours. Meters without either are absent.
pub async fn first_frozen(pool: &PgPool, asked: &[Key]) -> Result<Vec<Key>, Error> {
    let (meters, instants) = split(asked);
    let rows = sqlx::query_as(concat!(
        "SELECT asked.id, min(found.start) \
         FROM UNNEST($1::bigint[], $2::timestamptz[]) AS asked (id, at) \
         JOIN energy_meters meter ON meter.id = asked.id JOIN sites site ON site.id = meter.site_id \
         CROSS JOIN LATERAL ((SELECT bucket_start AS start FROM energy_intervals \
                 WHERE meter_id = asked.id AND bucket_start >= asked.at AND frozen \
                 ORDER BY bucket_start LIMIT 1) \
             UNION ALL (SELECT span.from_at FROM energy_days day \
                 CROSS JOIN LATERAL (SELECT ",
        day_start!("day.day", "site.time_zone"),
        " AS from_at, ",
        day_start!("(day.day + 1)", "site.time_zone"),
        " AS to_at) AS span \
                 WHERE day.meter_id = asked.id AND span.from_at >= asked.at \
                     AND day.day >= (asked.at AT TIME ZONE site.time_zone)::date \
                     AND NOT EXISTS (SELECT FROM energy_intervals WHERE meter_id = asked.id \
                         AND bucket_start >= span.from_at AND bucket_start < span.to_at) \
                 ORDER BY day.day LIMIT 1)) AS found \
         GROUP BY asked.id",
    ))
    .bind(meters)
    .bind(instants)
    .fetch_all(pool)
    .await?;
    Ok(joined(rows))
}
