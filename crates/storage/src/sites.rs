//! Sites.

use domain::SiteId;
use domain::sites::Site;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;
use sqlx::{PgExecutor, PgPool, Postgres};

use crate::Error;

/// The site that meters belong to unless they say otherwise. The first migration makes it.
pub const DEFAULT: SiteId = SiteId(1);

macro_rules! columns {
    () => {
        "id, slug, name, kind, time_zone AS \"sites.time_zone\", currency, price_per_kwh, \
         grid_capacity_kw, latitude, \
         longitude, raw_days, hourly_days, daily_days, \
         grid_distance_limit_m AS distance_limit_m, grid_voltage_binding AS voltage_binding, \
         grid_conductor AS conductor"
    };
}

/// Every site, by slug.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<Site>, Error> {
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), " FROM sites ORDER BY slug"))
        .fetch_all(db)
        .await?)
}

/// The site with this slug.
pub async fn by_slug(db: impl PgExecutor<'_>, slug: &str) -> Result<Option<Site>, Error> {
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), " FROM sites WHERE slug = $1"))
        .bind(slug)
        .fetch_optional(db)
        .await?)
}

/// The site with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: SiteId) -> Result<Option<Site>, Error> {
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), " FROM sites WHERE id = $1"))
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// The default site.
pub async fn default(pool: &PgPool) -> Result<Site, Error> {
    by_id(pool, DEFAULT).await?.ok_or(Error::Database(sqlx::Error::RowNotFound))
}

/// Adds a site; its id is given. A taken slug is `sites_slug_key`.
pub async fn insert(db: impl PgExecutor<'_>, site: &Site) -> Result<Site, Error> {
    let query = sqlx::query_as(concat!(
        "INSERT INTO sites (slug, name, kind, time_zone, currency, price_per_kwh, \
             grid_capacity_kw, latitude, longitude, raw_days, hourly_days, daily_days, \
             grid_distance_limit_m, grid_voltage_binding, grid_conductor) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING ",
        columns!()
    ));
    Ok(with_fields(query, site).fetch_one(db).await?)
}

/// Stores every field of a site. `None` where there is no such site.
pub async fn update(db: impl PgExecutor<'_>, site: &Site) -> Result<Option<Site>, Error> {
    let query = sqlx::query_as(concat!(
        "UPDATE sites SET slug = $1, name = $2, kind = $3, time_zone = $4, currency = $5, \
             price_per_kwh = $6, grid_capacity_kw = $7, latitude = $8, longitude = $9, \
             raw_days = $10, hourly_days = $11, daily_days = $12, grid_distance_limit_m = $13, \
             grid_voltage_binding = $14, grid_conductor = $15 \
         WHERE id = $16 RETURNING ",
        columns!()
    ));
    Ok(with_fields(query, site).bind(site.id).fetch_optional(db).await?)
}

type SiteQuery<'q> = QueryAs<'q, Postgres, Site, PgArguments>;

/// Binds $1 to $15: all of a site but its id.
fn with_fields<'q>(query: SiteQuery<'q>, site: &'q Site) -> SiteQuery<'q> {
    query
        .bind(&site.slug)
        .bind(&site.name)
        .bind(site.kind)
        .bind(site.zone.name())
        .bind(&site.currency)
        .bind(site.price_per_kwh)
        .bind(site.grid_capacity_kw)
        .bind(site.latitude)
        .bind(site.longitude)
        .bind(days(site.retention.raw_days))
        .bind(days(site.retention.hourly_days))
        .bind(days(site.retention.daily_days))
        .bind(site.grid.distance_limit_m)
        .bind(site.grid.voltage_binding)
        .bind(site.grid.conductor)
}

/// Days as stored. More than the column holds fails its range check as 0 does, since no one means it.
fn days(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(0)
}
