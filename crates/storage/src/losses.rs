//! Balances of nodes by hour and day: which are to be computed, what passed their meters, and what
//! came of it.

mod findings;
pub mod summed;
pub mod unmetered;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::losses::balance::Balance;
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection, PgPool};

pub use findings::{Quarter, quarters, usual_losses, usual_quarters, write_findings};

use crate::Error;
use crate::span::{Key, Span};

/// Held shared by whoever queues hours for another reason than new readings, exclusively while hours
/// are computed; chosen at random.
const LOSS_LOCK: i64 = 2_236_067_977_499_789;

/// Keeps hours from being computed until the transaction ends: one that is queued already is not
/// queued again, and would be computed without what this transaction changes.
pub async fn hold_off(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("SELECT pg_advisory_xact_lock_shared($1)")
        .bind(LOSS_LOCK)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts hours of meters into the queue, in the order of their keys.
pub async fn queue(connection: &mut PgConnection, hours: &[Key]) -> Result<(), Error> {
    if hours.is_empty() {
        return Ok(());
    }
    let (meters, starts): (Vec<i64>, Vec<DateTime<Utc>>) =
        hours.iter().map(|(meter, start)| (meter.0, *start)).unzip();
    sqlx::query(
        "INSERT INTO loss_queue (meter_id, hour_start) \
         SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[]) ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(starts)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes hours out of the queue, the oldest first, in the transaction that writes their balances.
pub async fn take(connection: &mut PgConnection, limit: u32) -> Result<Vec<Key>, Error> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOSS_LOCK)
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query_as(
        "DELETE FROM loss_queue WHERE ctid = ANY(ARRAY(\
             SELECT ctid FROM loss_queue ORDER BY hour_start, meter_id LIMIT $1)) \
         RETURNING meter_id, hour_start",
    )
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?)
}

/// Whether no hour waits.
pub async fn is_idle(pool: &PgPool) -> Result<bool, Error> {
    Ok(sqlx::query_scalar("SELECT NOT EXISTS (SELECT FROM loss_queue)").fetch_one(pool).await?)
}

/// Those of the meters of which a balance is stored, or something stands aside: also of one that is a node no more.
pub async fn balanced(
    connection: &mut PgConnection,
    meters: &[MeterId],
) -> Result<HashSet<MeterId>, Error> {
    let rows: Vec<MeterId> = sqlx::query_scalar(
        "SELECT asked.id FROM UNNEST($1::bigint[]) AS asked (id) \
         CROSS JOIN LATERAL (\
             (SELECT 1 FROM power_loss_analysis WHERE meter_id = asked.id \
              ORDER BY resolution, window_start LIMIT 1) \
             UNION ALL \
             (SELECT 1 FROM set_aside WHERE meter_id = asked.id ORDER BY start LIMIT 1)) AS found",
    )
    .bind(meters)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What the quarter-hours of a meter say of a window.
#[expect(clippy::struct_excessive_bools, reason = "two questions about each of its two ends")]
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct Passed {
    /// kWh.
    pub import_kwh: f64,
    /// kWh.
    pub export_kwh: f64,
    /// Seconds backed by readings.
    pub covered_seconds: f64,
    /// Seconds of which nothing is known, because a step of the register was not believed.
    pub doubted_seconds: f64,
    /// Start of the first quarter-hour in the window.
    pub first: DateTime<Utc>,
    /// How much of it is covered.
    pub first_coverage: f32,
    /// Time of the last reading before the window's end; none where it is dropped.
    pub last_read: Option<DateTime<Utc>>,
    /// Whether there is a quarter-hour just before the window.
    pub goes_back: bool,
    /// Whether there is one just after it.
    pub goes_on: bool,
    /// Whether a gap lies across the beginning.
    pub gap_at_start: bool,
    /// Whether one lies across the end.
    pub gap_at_end: bool,
}

#[derive(FromRow)]
struct Numbered {
    n: i64,
    #[sqlx(flatten)]
    passed: Passed,
}

/// What passed each meter in its window, a window of whole quarter-hours; in the order asked.
pub async fn passed(
    connection: &mut PgConnection,
    windows: &[Span],
) -> Result<Vec<Option<Passed>>, Error> {
    let rows: Vec<Numbered> = sqlx::query_as(
        "SELECT span.n, sums.import_kwh, sums.export_kwh, sums.covered_seconds, \
             sums.doubted_seconds, sums.first, \
             sums.first_coverage, sums.last_read, sums.goes_back, sums.goes_on, \
             sums.gap_before AND sums.gap_first AS gap_at_start, \
             sums.gap_after AND sums.gap_last AS gap_at_end \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) \
             WITH ORDINALITY AS span (id, from_at, to_at, n) \
         CROSS JOIN LATERAL (\
             SELECT sum(import_kwh) FILTER (WHERE inside) AS import_kwh, \
                 sum(export_kwh) FILTER (WHERE inside) AS export_kwh, \
                 sum(coverage::float8 * 900) FILTER (WHERE inside) AS covered_seconds, \
                 coalesce(sum(900 - coverage::float8 * 900 - bridged_s) \
                     FILTER (WHERE inside AND flags & 512 = 0), 0) AS doubted_seconds, \
                 min(bucket_start) FILTER (WHERE inside) AS first, \
                 (array_agg(coverage ORDER BY bucket_start) FILTER (WHERE inside))[1] \
                     AS first_coverage, \
                 max((carry ->> 't')::timestamptz) FILTER (WHERE inside) AS last_read, \
                 bool_or(bucket_start < span.from_at) AS goes_back, \
                 bool_or(bucket_start >= span.to_at) AS goes_on, \
                 bool_or(bucket_start < span.from_at AND estimated_kwh > 0) AS gap_before, \
                 bool_or(bucket_start = span.from_at AND estimated_kwh > 0) AS gap_first, \
                 bool_or(bucket_start >= span.to_at AND estimated_kwh > 0) AS gap_after, \
                 bool_or(bucket_start = span.to_at - $4 AND estimated_kwh > 0) AS gap_last \
             FROM (\
                 SELECT bucket_start, import_kwh, export_kwh, coverage, estimated_kwh, carry, flags, \
                     coalesce(bridged_s, CASE WHEN flags & 64 <> 0 \
                         THEN (1 - coverage::float8) * 900 ELSE 0 END) AS bridged_s, \
                     bucket_start >= span.from_at AND bucket_start < span.to_at AS inside \
                 FROM energy_intervals WHERE meter_id = span.id \
                     AND bucket_start >= span.from_at - $4 AND bucket_start < span.to_at + $4\
             ) AS quarter\
         ) AS sums WHERE sums.first IS NOT NULL",
    )
    .bind(windows.iter().map(|span| span.meter).collect::<Vec<_>>())
    .bind(windows.iter().map(|span| span.from).collect::<Vec<_>>())
    .bind(windows.iter().map(|span| span.to).collect::<Vec<_>>())
    .bind(TimeDelta::minutes(15))
    .fetch_all(connection)
    .await?;
    let mut found = vec![None; windows.len()];
    for Numbered { n, passed } in rows {
        let index = usize::try_from(n - 1).unwrap_or(usize::MAX);
        if let Some(slot) = found.get_mut(index) {
            *slot = Some(passed);
        }
    }
    Ok(found)
}

/// Estimated energy of a quarter-hour: its start, and kWh.
pub type Estimated = (DateTime<Utc>, f64);

/// The quarter-hours whose energy is estimated, of each meter in its stretch, in order of time.
pub async fn estimated(
    connection: &mut PgConnection,
    stretches: &[Span],
) -> Result<HashMap<MeterId, Vec<Estimated>>, Error> {
    let rows: Vec<(i64, DateTime<Utc>, f64)> = sqlx::query_as(
        "SELECT span.id, found.bucket_start, found.estimated_kwh \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (id, from_at, to_at) \
         CROSS JOIN LATERAL (SELECT bucket_start, estimated_kwh FROM energy_intervals \
             WHERE meter_id = span.id AND bucket_start >= span.from_at \
                 AND bucket_start < span.to_at AND estimated_kwh > 0 OFFSET 0) AS found \
         ORDER BY span.id, found.bucket_start",
    )
    .bind(stretches.iter().map(|span| span.meter).collect::<Vec<_>>())
    .bind(stretches.iter().map(|span| span.from).collect::<Vec<_>>())
    .bind(stretches.iter().map(|span| span.to).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<MeterId, Vec<Estimated>> = HashMap::new();
    for (meter, start, kwh) in rows {
        found.entry(MeterId(meter)).or_default().push((start, kwh));
    }
    Ok(found)
}

/// Over how long a balance is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// An hour of the site's clock.
    Hour,
    /// A day of the site's clock.
    Day,
}

impl Resolution {
    /// The word as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "1d",
        }
    }
}

/// A balance of a node, or of a meter that is none any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The node and the window.
    pub window: Span,
    /// Hour or day.
    pub resolution: Resolution,
    /// The balance with its cost; none where nothing hung below it: then there is no row.
    pub balance: Option<(Balance, Option<Decimal>)>,
}

/// Writes balances. The cause that was found for one stays while there is something to explain.
pub async fn write(connection: &mut PgConnection, rows: &[Analysis]) -> Result<(), Error> {
    let (there, gone): (Vec<&Analysis>, Vec<&Analysis>) =
        rows.iter().partition(|row| row.balance.is_some());
    sqlx::query(
        "DELETE FROM power_loss_analysis WHERE (meter_id, resolution, window_start) IN \
             (SELECT UNNEST($1::bigint[]), UNNEST($2::text[]), UNNEST($3::timestamptz[]))",
    )
    .bind(gone.iter().map(|row| row.window.meter.0).collect::<Vec<_>>())
    .bind(gone.iter().map(|row| row.resolution.as_str()).collect::<Vec<_>>())
    .bind(gone.iter().map(|row| row.window.from).collect::<Vec<_>>())
    .execute(&mut *connection)
    .await?;
    let balances = || there.iter().filter_map(|row| row.balance.as_ref());
    let number = |of: fn(&Balance) -> f64| balances().map(|(b, _)| of(b)).collect::<Vec<_>>();
    sqlx::query(
        "INSERT INTO power_loss_analysis AS stored (meter_id, resolution, window_start, \
             window_end, source_energy_kwh, destination_energy_kwh, loss_kwh, loss_percent, \
             error_kwh, cost, verdict, coverage) \
         SELECT UNNEST($1::bigint[]), UNNEST($2::text[]), UNNEST($3::timestamptz[]), \
             UNNEST($4::timestamptz[]), UNNEST($5::float8[]), UNNEST($6::float8[]), \
             UNNEST($7::float8[]), UNNEST($8::float8[]), UNNEST($9::float8[]), \
             UNNEST($10::numeric[]), UNNEST($11::text[]), UNNEST($12::float8[])::real \
         ON CONFLICT (meter_id, resolution, window_start) DO UPDATE SET \
             window_end = excluded.window_end, source_energy_kwh = excluded.source_energy_kwh, \
             destination_energy_kwh = excluded.destination_energy_kwh, \
             loss_kwh = excluded.loss_kwh, loss_percent = excluded.loss_percent, \
             error_kwh = excluded.error_kwh, cost = excluded.cost, verdict = excluded.verdict, \
             coverage = excluded.coverage, \
             cause = CASE WHEN excluded.verdict IN ('loss', 'negative') THEN stored.cause END",
    )
    .bind(there.iter().map(|row| row.window.meter.0).collect::<Vec<_>>())
    .bind(there.iter().map(|row| row.resolution.as_str()).collect::<Vec<_>>())
    .bind(there.iter().map(|row| row.window.from).collect::<Vec<_>>())
    .bind(there.iter().map(|row| row.window.to).collect::<Vec<_>>())
    .bind(number(|balance| balance.source.0))
    .bind(number(|balance| balance.destination.0))
    .bind(balances().map(|(balance, _)| balance.loss.map(|loss| loss.0)).collect::<Vec<_>>())
    .bind(balances().map(|(balance, _)| balance.loss_percent).collect::<Vec<_>>())
    .bind(number(|balance| balance.error.0))
    .bind(balances().map(|(_, cost)| *cost).collect::<Vec<_>>())
    .bind(balances().map(|(balance, _)| balance.verdict.as_str()).collect::<Vec<_>>())
    .bind(number(|balance| balance.coverage))
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Queues the hours of nodes in which a meter has quarter-hours since it was last moved: with it the
/// balances of where it hung and where it hangs change. An hour is named by a quarter-hour in it.
pub async fn queue_moved(
    pool: &PgPool,
    meter: MeterId,
    nodes: &[MeterId],
    zone: chrono_tz::Tz,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO loss_queue (meter_id, hour_start) \
         SELECT node, min(bucket_start) \
         FROM energy_intervals CROSS JOIN UNNEST($2::bigint[]) AS node \
         WHERE meter_id = $1 AND bucket_start >= coalesce(\
             (SELECT max(valid_from) FROM meter_placements WHERE meter_id = $1), '-infinity') \
         GROUP BY node, date_trunc('hour', bucket_start, $3) \
         ON CONFLICT DO NOTHING",
    )
    .bind(meter)
    .bind(nodes)
    .bind(zone.name())
    .execute(pool)
    .await?;
    Ok(())
}
