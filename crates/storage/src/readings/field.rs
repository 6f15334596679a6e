//! One field of a meter's readings over time, for a chart.

use chrono::{DateTime, TimeDelta, Utc};
use domain::history::reduce::ReducedPoint;
use domain::{Field, MeterId};
use sqlx::{AssertSqlSafe, FromRow, PgPool};

use crate::Error;

/// What of one meter is asked for.
#[derive(Debug, Clone, Copy)]
pub struct FieldAsked<'a> {
    pub meter: MeterId,
    pub field: Field,
    /// From this instant.
    pub from: DateTime<Utc>,
    /// Up to this one, itself not in it.
    pub to: DateTime<Utc>,
    /// Values within so long come as one.
    pub step: TimeDelta,
    /// Readings of these times are left out.
    pub without: &'a [DateTime<Utc>],
    /// At most so many readings are looked at, the oldest first.
    pub limit: i64,
}

#[derive(FromRow)]
struct Row {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    min: Option<f64>,
    mean: Option<f64>,
    max: Option<f64>,
    looked_at: i64,
    count: i64,
}

/// The values of a field in order of time, and how many readings were looked at. Readings that their
/// source says are wrong, and what is no finite number, are left out.
pub async fn field(
    pool: &PgPool,
    asked: FieldAsked<'_>,
) -> Result<(Vec<ReducedPoint>, i64), Error> {
    let column = asked.field.column();
    // An interval of Postgres has microseconds.
    let step = TimeDelta::microseconds(asked.step.num_microseconds().unwrap_or(i64::MAX).max(1));
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT min(\"timestamp\") AS from, max(\"timestamp\") AS to, min(value), \
             avg(value) AS mean, max(value), count(value), sum(looked_at)::bigint AS looked_at \
         FROM (SELECT \"timestamp\", 1 AS looked_at, \
                 CASE WHEN {column} > '-Infinity' AND {column} < 'Infinity' AND quality <> 'ERROR' \
                     AND \"timestamp\" <> ALL($5) THEN {column} END AS value \
             FROM meter_readings \
             WHERE meter_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
             ORDER BY \"timestamp\" LIMIT $6) AS reading \
         GROUP BY date_bin($4, \"timestamp\", $2), value IS NULL \
         ORDER BY 1"
    )))
    .bind(asked.meter)
    .bind(asked.from)
    .bind(asked.to)
    .bind(step)
    .bind(asked.without)
    .bind(asked.limit)
    .fetch_all(pool)
    .await?;
    let looked_at = rows.iter().map(|row| row.looked_at).sum();
    let sample = |row: Row| {
        let (min, mean, max) = (row.min?, row.mean?, row.max?);
        Some(ReducedPoint { from: row.from, to: row.to, min, mean, max, count: row.count as f64 })
    };
    Ok((rows.into_iter().filter_map(sample).collect(), looked_at))
}
