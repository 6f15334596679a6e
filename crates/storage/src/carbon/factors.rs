//! Emission factors and specific fuel consumption.

use domain::SiteId;
use domain::carbon::Factor;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// A factor as it was entered.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Entered {
    pub id: i64,
    pub site: SiteId,
    #[sqlx(flatten)]
    pub factor: Factor,
}

macro_rules! columns {
    () => {
        "id, site_id AS site, kind, meter_id AS meter, value, source, valid_from"
    };
}

/// What was entered for a site, by kind, meter and validity.
pub async fn list(pool: &PgPool, site: SiteId) -> Result<Vec<Entered>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM emission_factors WHERE site_id = $1 \
         ORDER BY kind, meter_id NULLS FIRST, valid_from"
    ))
    .bind(site)
    .fetch_all(pool)
    .await?)
}

/// Adds a version of a factor. One of the same kind, meter and day is `emission_factors_version_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    site: SiteId,
    factor: &Factor,
) -> Result<Entered, Error> {
    Ok(sqlx::query_as(concat!(
        "INSERT INTO emission_factors (site_id, kind, meter_id, value, unit, source, valid_from) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
        columns!()
    ))
    .bind(site)
    .bind(factor.kind)
    .bind(factor.meter)
    .bind(factor.value)
    .bind(factor.unit())
    .bind(&factor.source)
    .bind(factor.valid_from)
    .fetch_one(db)
    .await?)
}

/// Takes a version back. None where there is none with this id.
pub async fn delete(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Entered>, Error> {
    Ok(sqlx::query_as(concat!("DELETE FROM emission_factors WHERE id = $1 RETURNING ", columns!()))
        .bind(id)
        .fetch_optional(db)
        .await?)
}
