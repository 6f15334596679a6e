//! What a reading takes on disk, and the process in memory.

use benchmark::Progress;
use sqlx::PgPool;

/// Bytes of a reading, its share of the indexes included.
pub(crate) async fn per_reading(pool: &PgPool) -> Result<f64, sqlx::Error> {
    let _progress = Progress::new("weigh the readings");
    let bytes: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint \
         FROM pg_inherits WHERE inhparent = 'meter_readings'::regclass",
    )
    .fetch_one(pool)
    .await?;
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM meter_readings").fetch_one(pool).await?;
    Ok(bytes as f64 / rows as f64)
}

/// The most memory the process has had, in MB; 0 where the system does not tell.
pub(crate) fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}
