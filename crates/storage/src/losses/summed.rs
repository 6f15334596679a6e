//! What the rollup found of nodes: their losses by hour and day, and the causes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::losses::diagnosis::Findings;
use rust_decimal::Decimal;
use sqlx::{FromRow, PgPool};

use crate::Error;

/// The loss of a node in an hour or a day.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Loss {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// In less out, kWh; none where the balance is incomplete.
    pub loss_kwh: Option<f64>,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
}

/// The losses of a node at a resolution, `1h` or `1d`, that begin in a window, in order of time.
pub async fn losses(
    pool: &PgPool,
    node: MeterId,
    resolution: &str,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Loss>, Error> {
    Ok(sqlx::query_as(
        "SELECT window_start AS start, window_end AS \"end\", loss_kwh, error_kwh, \
             coverage::float8 \
         FROM power_loss_analysis WHERE meter_id = $1 AND resolution = $2 \
             AND window_start >= $3 AND window_start < $4 ORDER BY window_start",
    )
    .bind(node)
    .bind(resolution)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// The newest findings of each node on the days that begin in a window: of those with a named cause,
/// where there are any.
pub async fn findings(
    pool: &PgPool,
    nodes: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<MeterId, Findings>, Error> {
    let rows: Vec<(MeterId, Findings)> = sqlx::query_as(
        "SELECT DISTINCT ON (meter_id) meter_id, cause FROM power_loss_analysis \
         WHERE meter_id = ANY($1) AND resolution = '1d' AND window_start >= $2 \
             AND window_start < $3 AND cause IS NOT NULL \
         ORDER BY meter_id, jsonb_typeof(cause -> 'named') = 'object' DESC NULLS LAST, \
             window_start DESC",
    )
    .bind(nodes)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The findings about a node on the days that begin in a window, each with the begin and the end of the day, the
/// newest first.
pub async fn findings_by_day(
    pool: &PgPool,
    node: MeterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>, Findings)>, Error> {
    Ok(sqlx::query_as(
        "SELECT window_start, window_end, cause FROM power_loss_analysis \
         WHERE meter_id = $1 AND resolution = '1d' AND window_start >= $2 AND window_start < $3 \
             AND cause IS NOT NULL ORDER BY window_start DESC",
    )
    .bind(node)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// The causes that were named for nodes on the days that begin in a window, each with its node and the begin of the day,
/// the newest first. What was tried is left out.
pub async fn named(
    pool: &PgPool,
    nodes: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(MeterId, DateTime<Utc>, Findings)>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, window_start, jsonb_build_object('named', cause -> 'named') \
         FROM power_loss_analysis WHERE meter_id = ANY($1) AND resolution = '1d' \
             AND window_start >= $2 AND window_start < $3 \
             AND jsonb_typeof(cause -> 'named') = 'object' \
         ORDER BY window_start DESC, meter_id",
    )
    .bind(nodes)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// What the nodes of a site lost on a day.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct DayLoss {
    /// When the day begins.
    pub start: DateTime<Utc>,
    /// In less out of all nodes whose balance is complete, kWh; none where there is none.
    pub loss_kwh: Option<f64>,
    /// Half the error band, kWh.
    pub error_kwh: Option<f64>,
    /// What it cost; none where a node has no price.
    pub cost: Option<Decimal>,
    /// Nodes whose balance is not complete.
    pub incomplete: i64,
}

/// What the nodes lost on the days that begin in a window, in order of time. The losses of the nodes of
/// a tree add up to what goes in at its top less what comes out below.
pub async fn losses_by_day(
    pool: &PgPool,
    nodes: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<DayLoss>, Error> {
    Ok(sqlx::query_as(
        "SELECT window_start AS start, \
             sum(loss_kwh) FILTER (WHERE verdict <> 'incomplete') AS loss_kwh, \
             sqrt(sum(error_kwh * error_kwh) FILTER (WHERE verdict <> 'incomplete')) AS error_kwh, \
             CASE WHEN bool_and(cost IS NOT NULL) FILTER (WHERE verdict <> 'incomplete') \
                 THEN sum(cost) FILTER (WHERE verdict <> 'incomplete') END AS cost, \
             count(*) FILTER (WHERE verdict = 'incomplete') AS incomplete \
         FROM power_loss_analysis \
         WHERE meter_id = ANY($1) AND resolution = '1d' AND window_start >= $2 AND window_start < $3 \
         GROUP BY window_start ORDER BY window_start",
    )
    .bind(nodes)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}
