//! What passed meters at each of several prices.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use crate::Error;

const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// What passed a meter at one of the prices.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct PassedAtPrice {
    meter_id: MeterId,
    price: i32,
    /// Import, kWh.
    pub import_kwh: f64,
    /// Export, kWh.
    pub export_kwh: f64,
    /// Whether the place of some of it is a guess.
    pub has_gaps: bool,
    /// The first quarter-hour of them.
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
}

impl PassedAtPrice {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }

    /// Which of the prices.
    pub fn price(&self) -> usize {
        usize::try_from(self.price).unwrap_or(usize::MAX)
    }
}

/// The energy that passed meters in the quarter-hours from the first of the `starts` up to the one that begins `last`, by
/// price: from each of the `starts` on, which ascend, the price at the same place in `prices` holds.
pub async fn passed_at_prices(
    pool: &PgPool,
    meters: &[MeterId],
    starts: &[DateTime<Utc>],
    prices: &[usize],
    last: DateTime<Utc>,
) -> Result<Vec<PassedAtPrice>, Error> {
    let Some(from) = starts.first() else { return Ok(Vec::new()) };
    Ok(sqlx::query_as(
        "SELECT meter_id, ($3::integer[])[width_bucket(bucket_start, $2::timestamptz[])] AS price, \
             sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
             bool_or(estimated_kwh > 0) AS has_gaps, \
             min(bucket_start) AS first, max(bucket_start) AS last \
         FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $4 AND bucket_start <= $5 GROUP BY 1, 2",
    )
    .bind(meters)
    .bind(starts)
    .bind(places(prices))
    .bind(from)
    .bind(last)
    .fetch_all(pool)
    .await?)
}

/// Energy of a gap that was shared out over more than one price.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct GapAtPrice {
    meter_id: MeterId,
    gap: DateTime<Utc>,
    price: i32,
    /// What of it was placed at that price, kWh.
    pub kwh: f64,
}

impl GapAtPrice {
    /// The measuring point, and what tells its gaps apart.
    pub fn gap(&self) -> (MeterId, DateTime<Utc>) {
        (self.meter_id, self.gap)
    }

    /// Which of the prices.
    pub fn price(&self) -> usize {
        usize::try_from(self.price).unwrap_or(usize::MAX)
    }
}

/// The gaps of meters across a change of price, by price as in [`passed_at_prices`]: neighbouring quarter-hours
/// whose energy is real but whose place is a guess.
pub async fn gaps_at_prices(
    pool: &PgPool,
    meters: &[MeterId],
    starts: &[DateTime<Utc>],
    prices: &[usize],
    last: DateTime<Utc>,
) -> Result<Vec<GapAtPrice>, Error> {
    let Some(from) = starts.first().filter(|_| !meters.is_empty()) else { return Ok(Vec::new()) };
    Ok(sqlx::query_as(
        "SELECT meter_id, gap, price, kwh FROM (\
             SELECT meter_id, gap, price, sum(estimated_kwh) AS kwh, \
                 count(*) OVER (PARTITION BY meter_id, gap) AS prices \
             FROM (\
                 SELECT meter_id, estimated_kwh, \
                     ($3::integer[])[width_bucket(greatest(bucket_start, $4), $2::timestamptz[])] \
                         AS price, \
                     bucket_start - $6 * row_number() \
                         OVER (PARTITION BY meter_id ORDER BY bucket_start) AS gap \
                 FROM energy_intervals WHERE meter_id = ANY($1) \
                     AND bucket_start > $4 - $6 AND bucket_start <= $5 \
                     AND estimated_kwh > 0\
             ) AS quarter GROUP BY meter_id, gap, price\
         ) AS placed WHERE prices > 1",
    )
    .bind(meters)
    .bind(starts)
    .bind(places(prices))
    .bind(from)
    .bind(last)
    .bind(QUARTER)
    .fetch_all(pool)
    .await?)
}

fn places(prices: &[usize]) -> Vec<i32> {
    prices.iter().map(|place| i32::try_from(*place).unwrap_or(i32::MAX)).collect()
}

/// The quarter-hours that begin in a window in which meters together returned more than they drew.
pub async fn exporting(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Error> {
    let quarters = sqlx::query_scalar(
        "SELECT bucket_start FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
         GROUP BY bucket_start HAVING sum(export_kwh) > sum(import_kwh)",
    );
    Ok(quarters.bind(meters).bind(from).bind(to).fetch_all(pool).await?)
}

/// Energy that meters drew and delivered together in each quarter-hour that begins in a window, in order of time.
pub async fn passed(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, f64, f64)>, Error> {
    Ok(sqlx::query_as(
        "SELECT bucket_start, sum(import_kwh), sum(export_kwh) FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
         GROUP BY bucket_start ORDER BY bucket_start",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}
