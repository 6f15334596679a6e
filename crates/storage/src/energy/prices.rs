//! What meters drew at each of several prices.

use chrono::{DateTime, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use super::ids;
use crate::Error;

/// What a meter drew at one of the prices.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct AtPrice {
    meter_id: i64,
    price: i32,
    /// Import, kWh.
    pub import_kwh: f64,
    /// The first quarter-hour of them.
    pub first: DateTime<Utc>,
    /// The last.
    pub last: DateTime<Utc>,
}

impl AtPrice {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        MeterId(self.meter_id)
    }

    /// Which of the prices.
    pub fn price(&self) -> usize {
        usize::try_from(self.price).unwrap_or(usize::MAX)
    }
}

/// The quarter-hours of meters from the first of the `starts` up to `to`, summed up by price: from each
/// of the `starts` on, which ascend, the price at the same place in `prices` holds.
pub async fn at_prices(
    pool: &PgPool,
    meters: &[MeterId],
    starts: &[DateTime<Utc>],
    prices: &[i32],
    to: DateTime<Utc>,
) -> Result<Vec<AtPrice>, Error> {
    let Some(from) = starts.first() else { return Ok(Vec::new()) };
    let sums = sqlx::query_as(
        "SELECT meter_id, ($3::integer[])[width_bucket(bucket_start, $2::timestamptz[])] AS price, \
             sum(import_kwh) AS import_kwh, min(bucket_start) AS first, max(bucket_start) AS last \
         FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $4 AND bucket_start < $5 GROUP BY 1, 2",
    )
    .bind(ids(meters))
    .bind(starts)
    .bind(prices)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(sums)
}
