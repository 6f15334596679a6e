//! Known loads that no meter sees.

use domain::losses::unmetered::Unmetered;
use domain::{MeterId, SiteId};
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// The unmetered loads of a site, by node and time.
pub async fn of(pool: &PgPool, site: SiteId) -> Result<Vec<Unmetered>, Error> {
    Ok(sqlx::query_as(
        "SELECT load.meter_id, load.valid_from, load.power_kw, load.reason \
         FROM unmetered_loads load JOIN energy_meters meter ON meter.id = load.meter_id \
         WHERE meter.site_id = $1 ORDER BY load.meter_id, load.valid_from",
    )
    .bind(site)
    .fetch_all(pool)
    .await?)
}

/// The unmetered loads of a node, by time.
pub async fn list(pool: &PgPool, meter: MeterId) -> Result<Vec<Unmetered>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, valid_from, power_kw, reason FROM unmetered_loads \
         WHERE meter_id = $1 ORDER BY valid_from",
    )
    .bind(meter)
    .fetch_all(pool)
    .await?)
}

/// Declares a load. One of the same node and time is `unmetered_loads_pkey`.
pub async fn insert(db: impl PgExecutor<'_>, load: &Unmetered) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO unmetered_loads (meter_id, valid_from, power_kw, reason) \
         VALUES ($1, $2, $3, $4)",
    )
    .bind(load.meter_id)
    .bind(load.valid_from)
    .bind(load.power_kw)
    .bind(&load.reason)
    .execute(db)
    .await?;
    Ok(())
}

/// Declares a load in place of one of the same node and time, if there is one.
pub async fn put(db: impl PgExecutor<'_>, load: &Unmetered) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO unmetered_loads (meter_id, valid_from, power_kw, reason) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (meter_id, valid_from) DO UPDATE \
             SET power_kw = excluded.power_kw, reason = excluded.reason",
    )
    .bind(load.meter_id)
    .bind(load.valid_from)
    .bind(load.power_kw)
    .bind(&load.reason)
    .execute(db)
    .await?;
    Ok(())
}
