//! Trades between neighbours.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::bills::settlement::Trade;
use domain::{MeterId, SiteId};
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// Stores a trade of two meters of a site; its id is given.
pub async fn insert(db: impl PgExecutor<'_>, site: SiteId, new: &Trade) -> Result<Trade, Error> {
    Ok(sqlx::query_as(
        "INSERT INTO p2p_trades (site_id, buyer_meter_id, seller_meter_id, units_kwh, \
             price_per_kwh, \"timestamp\") VALUES ($1, $2, $3, $4, $5, $6) \
         RETURNING id::text, \"timestamp\" AS at, buyer_meter_id AS buyer, \
             seller_meter_id AS seller, units_kwh AS units, price_per_kwh AS price",
    )
    .bind(site)
    .bind(new.buyer)
    .bind(new.seller)
    .bind(new.units)
    .bind(new.price)
    .bind(new.at)
    .fetch_one(db)
    .await?)
}

/// The trades of a site in a span of time, in the order in which they count.
pub async fn between(
    pool: &PgPool,
    site: SiteId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Trade>, Error> {
    Ok(sqlx::query_as(
        "SELECT id::text, \"timestamp\" AS at, buyer_meter_id AS buyer, seller_meter_id AS seller, \
             units_kwh AS units, price_per_kwh AS price \
         FROM p2p_trades WHERE site_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
         ORDER BY \"timestamp\", p2p_trades.id",
    )
    .bind(site)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// How many trades a site has in a span of time.
pub async fn count(
    db: impl PgExecutor<'_>,
    site: SiteId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<usize, Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM p2p_trades \
         WHERE site_id = $1 AND \"timestamp\" >= $2 AND \"timestamp\" < $3",
    )
    .bind(site)
    .bind(from)
    .bind(to)
    .fetch_one(db)
    .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The numbers of these meters.
pub async fn numbers(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, String>, Error> {
    let rows: Vec<(MeterId, String)> =
        sqlx::query_as("SELECT id, meter_number FROM energy_meters WHERE id = ANY($1)")
            .bind(meters)
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().collect())
}
