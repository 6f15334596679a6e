//! Versions of tariffs, and which meters are priced with which.

use domain::SiteId;
use domain::bills::tariff::{Assignment, TariffId, Version, Versions};
use sqlx::{PgConnection, PgExecutor, PgPool};

use crate::Error;

macro_rules! columns {
    () => {
        "id, site_id, (SELECT slug FROM sites WHERE sites.id = site_id) AS site, name, currency, \
         valid_from, valid_to, terms, is_default"
    };
}

/// The versions of a site, by name and validity.
pub async fn list(db: impl PgExecutor<'_>, site: SiteId) -> Result<Vec<Version>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM tariffs WHERE site_id = $1 ORDER BY name, valid_from"
    ))
    .bind(site)
    .fetch_all(db)
    .await?)
}

/// What the meters of a site are priced with: its versions and their assignments.
pub async fn of(pool: &PgPool, site: SiteId) -> Result<Versions, Error> {
    let assignments = sqlx::query_as(
        "SELECT given.meter_id AS meter, given.tariff_name AS tariff, given.valid_from \
         FROM meter_tariffs given JOIN energy_meters meter ON meter.id = given.meter_id \
         WHERE meter.site_id = $1 ORDER BY given.meter_id, given.valid_from",
    )
    .bind(site)
    .fetch_all(pool);
    let assignments = async { Ok::<_, Error>(assignments.await?) };
    let (assignments, versions) = tokio::try_join!(assignments, list(pool, site))?;
    Ok(Versions { versions, assignments })
}

/// The version with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: TariffId) -> Result<Option<Version>, Error> {
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), " FROM tariffs WHERE id = $1"))
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// Lets one transaction at a time change the tariffs of a site, so that no two of them make versions
/// that overlap.
pub async fn lock(db: impl PgExecutor<'_>, site: SiteId) -> Result<(), Error> {
    sqlx::query("SELECT 1 FROM sites WHERE id = $1 FOR NO KEY UPDATE")
        .bind(site)
        .execute(db)
        .await?;
    Ok(())
}

/// Adds a version; its id is given.
pub async fn insert(db: impl PgExecutor<'_>, new: &Version) -> Result<Version, Error> {
    Ok(sqlx::query_as(concat!(
        "INSERT INTO tariffs (site_id, name, currency, valid_from, valid_to, terms, is_default) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
        columns!()
    ))
    .bind(new.site_id)
    .bind(&new.name)
    .bind(&new.currency)
    .bind(new.valid_from)
    .bind(new.valid_to)
    .bind(&new.terms)
    .bind(new.is_default)
    .fetch_one(db)
    .await?)
}

/// Stores validity, terms and `is_default` of a version. None where there is none with this id.
pub async fn update(db: impl PgExecutor<'_>, version: &Version) -> Result<Option<Version>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE tariffs SET valid_from = $2, valid_to = $3, terms = $4, is_default = $5 \
         WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(version.id)
    .bind(version.valid_from)
    .bind(version.valid_to)
    .bind(&version.terms)
    .bind(version.is_default)
    .fetch_optional(db)
    .await?)
}

/// Makes a version and the later ones of its name the site's default or not; as the default, those of other names that
/// begin on or after its first day are none any more.
pub async fn set_default(
    db: impl PgExecutor<'_>,
    version: &Version,
    is_default: bool,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE tariffs SET is_default = (name = $2 AND $4) \
         WHERE site_id = $1 AND valid_from >= $3 AND (name = $2 OR $4)",
    )
    .bind(version.site_id)
    .bind(&version.name)
    .bind(version.valid_from)
    .bind(is_default)
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes a version. Whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, id: TariffId) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM tariffs WHERE id = $1").bind(id).execute(db).await?;
    Ok(done.rows_affected() > 0)
}

/// Prices a meter with a tariff from a day on, until its next assignment.
pub async fn assign(db: impl PgExecutor<'_>, given: &Assignment) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO meter_tariffs (meter_id, tariff_name, valid_from) VALUES ($1, $2, $3) \
         ON CONFLICT (meter_id, valid_from) DO UPDATE SET tariff_name = excluded.tariff_name",
    )
    .bind(given.meter)
    .bind(&given.tariff)
    .bind(given.valid_from)
    .execute(db)
    .await?;
    Ok(())
}

/// Numbers of the meters that are priced with the tariff of a name, if no other version of it than
/// this one would be left for them.
pub async fn left_without(db: &mut PgConnection, version: &Version) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT meter.meter_number FROM meter_tariffs given \
         JOIN energy_meters meter ON meter.id = given.meter_id \
         WHERE meter.site_id = $1 AND given.tariff_name = $2 AND NOT EXISTS ( \
             SELECT 1 FROM tariffs WHERE site_id = $1 AND name = $2 AND id <> $3) \
         ORDER BY meter.meter_number",
    )
    .bind(version.site_id)
    .bind(&version.name)
    .bind(version.id)
    .fetch_all(db)
    .await?)
}
