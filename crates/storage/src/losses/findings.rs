//! What the search for the cause of a loss needs, and what it found.

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::losses::balance::Verdict;
use domain::losses::diagnosis::Findings;
use sqlx::{FromRow, PgPool};

use crate::Error;
use crate::energy::bridged;

/// Energy of a meter in a quarter-hour.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct Quarter {
    meter_id: MeterId,
    /// When it begins.
    pub bucket_start: DateTime<Utc>,
    /// kWh.
    pub import_kwh: f64,
    /// kWh.
    pub export_kwh: f64,
    /// kWh whose place is a guess.
    pub estimated_kwh: f64,
    /// Share backed by readings, 0 to 1.
    pub coverage: f32,
    /// Seconds of it that were read or lie in a gap between two readings.
    pub backed_s: f64,
}

impl Quarter {
    /// The meter.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }
}

/// The quarter-hours of meters in a window.
pub async fn quarters(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Quarter>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT meter_id, bucket_start, import_kwh, export_kwh, estimated_kwh, coverage, \
             coverage::float8 * 900 + ",
        bridged!("900"),
        " AS backed_s FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3"
    ))
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// Mean import of each meter in a quarter-hour over some days, as far as readings back it.
pub async fn usual_quarters(
    pool: &PgPool,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(MeterId, f64)>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, sum(import_kwh) / (96 * sum(coverage::float8)) FROM energy_days \
         WHERE meter_id = ANY($1) AND day >= $2 AND day < $3 \
         GROUP BY meter_id HAVING sum(coverage) > 0",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// Loss of each node over some days as a share of what went in: the median of the days with a
/// verdict, so that one bad day is not usual. A day with a named cause is never usual: a fault that
/// lasts would hide itself. Nor is one of which less than half was read, as the first may be. The days of
/// each node count from an instant on.
pub async fn usual_losses(
    pool: &PgPool,
    nodes: &[(MeterId, DateTime<Utc>)],
    to: DateTime<Utc>,
) -> Result<Vec<(MeterId, f64)>, Error> {
    let (nodes, since): (Vec<MeterId>, Vec<DateTime<Utc>>) = nodes.iter().copied().unzip();
    Ok(sqlx::query_as(
        "SELECT meter_id, greatest(0, percentile_cont(0.5) WITHIN GROUP (ORDER BY loss_percent)) / 100 \
         FROM power_loss_analysis \
         JOIN UNNEST($1::bigint[], $2::timestamptz[]) AS node (id, since) ON meter_id = node.id \
         WHERE resolution = '1d' AND window_start >= node.since \
             AND window_start < $3 AND verdict <> 'incomplete' AND loss_percent IS NOT NULL \
             AND coverage >= 0.5 \
             AND coalesce(cause -> 'named', 'null') = 'null' \
         GROUP BY meter_id",
    )
    .bind(nodes)
    .bind(since)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// Keeps why the balance of a node's day does not close.
pub async fn write_findings(
    pool: &PgPool,
    node: MeterId,
    day: DateTime<Utc>,
    findings: &Findings,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE power_loss_analysis SET cause = $3 \
         WHERE meter_id = $1 AND resolution = '1d' AND window_start = $2 AND verdict = ANY($4)",
    )
    .bind(node)
    .bind(day)
    .bind(findings)
    .bind([Verdict::Loss.as_str(), Verdict::Negative.as_str()].as_slice())
    .execute(pool)
    .await?;
    Ok(())
}
