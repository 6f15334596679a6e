//! Energy resources: what is behind the meters of the simulated world.

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::simulation::{Resource, ResourceType};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::Error;

/// An energy resource to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResource {
    pub name: String,
    /// What it does.
    pub kind: ResourceType,
    /// Its appliances, as they were named.
    pub appliances: Vec<String>,
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT er.id, er.uuid, er.name, er.type AS kind, er.appliance_type AS appliances, er.created_at, \
                 meter.meter_number \
             FROM energy_resources er \
             LEFT JOIN simulated_meters simulated ON simulated.er_id = er.id \
             LEFT JOIN energy_meters meter ON meter.id = simulated.meter_id ",
            $condition
        )
    };
}

/// The resources of a site, by id.
pub async fn list(db: impl PgExecutor<'_>, site: SiteId) -> Result<Vec<Resource>, Error> {
    Ok(sqlx::query_as(select!("WHERE er.site_id = $1 ORDER BY er.id"))
        .bind(site)
        .fetch_all(db)
        .await?)
}

/// The resource with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Resource>, Error> {
    Ok(sqlx::query_as(select!("WHERE er.id = $1")).bind(id).fetch_optional(db).await?)
}

/// The resource with this UUID.
pub async fn by_uuid(db: impl PgExecutor<'_>, uuid: Uuid) -> Result<Option<Resource>, Error> {
    Ok(sqlx::query_as(select!("WHERE er.uuid = $1")).bind(uuid).fetch_optional(db).await?)
}

/// Adds resources; their ids, in the same order.
pub async fn insert(
    db: impl PgExecutor<'_>,
    site: SiteId,
    resources: &[NewResource],
    at: DateTime<Utc>,
) -> Result<Vec<i64>, Error> {
    // An array of arrays must be a rectangle in Postgres: appliances go as JSON.
    let appliances: Vec<_> = resources.iter().map(|er| sqlx::types::Json(&er.appliances)).collect();
    let rows: Vec<(i64,)> = sqlx::query_as(
        "WITH new AS ( \
             SELECT * FROM UNNEST($2::text[], $3::text[], $4::jsonb[]) \
                 WITH ORDINALITY AS new (name, type, appliances, place) \
         ), added AS ( \
             INSERT INTO energy_resources (site_id, name, type, appliance_type, created_at) \
             SELECT $1, name, type, \
                 ARRAY(SELECT jsonb_array_elements_text(appliances)), $5 FROM new ORDER BY place \
             RETURNING id) \
         SELECT id FROM added ORDER BY id",
    )
    .bind(site)
    .bind(resources.iter().map(|er| er.name.as_str()).collect::<Vec<_>>())
    .bind(resources.iter().map(|er| er.kind).collect::<Vec<_>>())
    .bind(appliances)
    .bind(at)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Stores name, type and appliances of a resource. Whether there was one.
pub async fn update(db: impl PgExecutor<'_>, id: i64, new: &NewResource) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE energy_resources SET name = $2, type = $3, appliance_type = $4 WHERE id = $1",
    )
    .bind(id)
    .bind(&new.name)
    .bind(new.kind)
    .bind(&new.appliances)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}
