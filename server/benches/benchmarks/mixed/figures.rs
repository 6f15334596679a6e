//! What a minute took: of the processor and of memory, and what the database says came of it.

use benchmark::Result;
use chrono::{DateTime, Utc};
use service::{Principal, Service};
use sqlx::PgPool;

use crate::mixed::plant::METERS;

/// Ticks per second in /proc, the same on every Linux.
const TICKS: f64 = 100.0;

/// Seconds that this process has kept processors busy, for itself and in the system.
pub(crate) fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the process may hold blanks; it ends with the last bracket.
    let (_, rest) = stat.rsplit_once(')').ok_or("no processor time in /proc/self/stat")?;
    let ticks = |place| rest.split_whitespace().nth(place).and_then(|n| n.parse::<f64>().ok());
    let (own, system) = ticks(11).zip(ticks(12)).ok_or("no processor time in /proc/self/stat")?;
    Ok((own + system) / TICKS)
}

/// Memory of this process in MB: `VmRSS`, or at most so far: `VmHWM`.
pub(crate) fn memory_mb(which: &str) -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(which)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kilobytes.ok_or("no memory in /proc/self/status")? / 1024.0)
}

/// Readings since a time that came more than half an interval late, or after ones that are missing.
pub(crate) async fn late(pool: &PgPool, since: DateTime<Utc>) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM ( \
             SELECT poll_interval_ms, extract(epoch FROM \"timestamp\" - lag(\"timestamp\") \
                 OVER (PARTITION BY meter_id ORDER BY \"timestamp\")) * 1000 AS gap_ms \
             FROM meter_readings JOIN devices USING (meter_id) \
             WHERE \"timestamp\" >= $1) AS read \
         WHERE gap_ms > 1.5 * poll_interval_ms",
    )
    .bind(since)
    .fetch_one(pool)
    .await?)
}

/// Meters that were not read since a time, or that loggers brought nothing of since a minute before.
pub(crate) async fn silent(pool: &PgPool, since: DateTime<Utc>) -> Result<i64> {
    let read: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM energy_meters AS meter LEFT JOIN devices ON meter_id = meter.id \
         WHERE EXISTS (SELECT FROM meter_readings AS reading \
             WHERE reading.meter_id = meter.id AND \"timestamp\" >= CASE \
                 WHEN protocol IS NULL THEN $1 - interval '1 minute' ELSE $1 END)",
    )
    .bind(since)
    .fetch_one(pool)
    .await?;
    Ok(METERS - read)
}

/// The 99th percentile of the time from a reading to the transaction that stores it, in ms. Loggers,
/// which keep their readings for a while, are left out.
pub(crate) async fn delay_ms(pool: &PgPool, since: DateTime<Utc>) -> Result<f64> {
    Ok(sqlx::query_scalar(
        "SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY \
             extract(epoch FROM received_at - \"timestamp\")::float8 * 1000) \
         FROM meter_readings WHERE \"timestamp\" >= $1 AND source <> 'api'",
    )
    .bind(since)
    .fetch_one(pool)
    .await?)
}

/// All that went wrong so far: polls without an answer or with a wrong one, messages that
/// could not be read, readings refused or in conflict, writes that failed, uploads refused.
pub(crate) async fn errors(service: &Service, pool: &PgPool) -> Result<u64> {
    let devices = service::devices::list(service, &Principal::Loopback, None).await?;
    let of_devices: u64 = devices.iter().map(|of| of.silences + of.errors + of.unreadable).sum();
    let totals = service.metrics().ingest;
    let refused: u64 = totals.refused.values().sum();
    let uploads: i64 =
        sqlx::query_scalar("SELECT coalesce(sum(count), 0)::bigint FROM acquisuite_refusals")
            .fetch_one(pool)
            .await?;
    let of_readings = refused + totals.conflicts + totals.write_failures;
    Ok(of_devices + of_readings + uploads.unsigned_abs())
}
