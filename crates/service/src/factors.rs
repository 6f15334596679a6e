//! Emission factors and specific fuel consumption.

use domain::carbon::Factors;
use domain::site::Site;
use sqlx::PgPool;

/// The factors of a site: what was entered for it, and the built-in ones before and beside that.
pub async fn book(pool: &PgPool, site: &Site) -> Result<Factors, storage::Error> {
    let entered = storage::factors::list(pool, site.id).await?;
    Ok(Factors::new(entered.into_iter().map(|entered| entered.factor).collect()))
}
