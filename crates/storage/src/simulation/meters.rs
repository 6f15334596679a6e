//! The meters of the simulated world, and the factors that scale what is behind them.

use chrono::{DateTime, Utc};
use domain::simulation::{LogType, MeterStatus, Profile, SimulatedMeter, Whereabouts};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor};

use crate::Error;

/// The meters of a site that still measure, by id.
pub async fn list(db: impl PgExecutor<'_>, site: SiteId) -> Result<Vec<SimulatedMeter>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter.id, meter.uuid, meter.meter_number AS number, meter.parent_meter_id AS parent, \
             EXISTS (SELECT 1 FROM energy_meters child \
                 WHERE child.parent_meter_id = meter.id AND child.retired_at IS NULL) AS has_children, \
             meter.phase_type, meter.city, meter.state, meter.latitude, meter.longitude, \
             meter.pincode, simulated.er_id AS er, coalesce(simulated.status, 'ON') AS status, \
             coalesce(simulated.load_factor_consumption, 1) AS consumption_factor, \
             coalesce(simulated.load_factor_production, 0) AS production_factor, \
             coalesce(simulated.profile, 'flat') AS profile, simulated.linked_at, \
             simulated.created_at \
         FROM energy_meters meter LEFT JOIN simulated_meters simulated ON simulated.meter_id = meter.id \
         WHERE meter.site_id = $1 AND meter.retired_at IS NULL ORDER BY meter.id",
    )
    .bind(site)
    .fetch_all(db)
    .await?)
}

/// How a meter is simulated, to be added beside the meter itself.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSimulated {
    pub id: MeterId,
    /// City, state and postal code; the rest is the meter's own.
    pub whereabouts: Whereabouts,
    /// K of what is drawn.
    pub consumption_factor: f64,
    /// K of what is made.
    pub production_factor: f64,
    /// How consumption goes over a day.
    pub profile: Profile,
    /// The resource that it is linked to from the beginning, and since when it generates.
    pub link: Option<(i64, DateTime<Utc>)>,
}

/// Adds how meters are simulated.
pub async fn insert(
    db: impl PgExecutor<'_>,
    meters: &[NewSimulated],
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let text = |of: fn(&Whereabouts) -> &Option<String>| {
        meters.iter().map(|meter| of(&meter.whereabouts).as_deref()).collect::<Vec<_>>()
    };
    sqlx::query(
        "WITH new AS ( \
             SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::text[], $4::text[], $5::float8[], \
                 $6::float8[], $7::text[], $8::bigint[], $9::timestamptz[]) \
                 AS new (id, city, state, pincode, consumption, production, profile, er_id, linked_at) \
         ), placed AS ( \
             UPDATE energy_meters meter \
             SET city = new.city, state = new.state, pincode = new.pincode \
             FROM new WHERE meter.id = new.id \
         ) \
         INSERT INTO simulated_meters (meter_id, er_id, load_factor_consumption, \
             load_factor_production, profile, linked_at, created_at) \
         SELECT id, er_id, consumption, production, profile, linked_at, $10 FROM new",
    )
    .bind(meters.iter().map(|meter| meter.id).collect::<Vec<_>>())
    .bind(text(|place| &place.city))
    .bind(text(|place| &place.state))
    .bind(text(|place| &place.pincode))
    .bind(meters.iter().map(|meter| meter.consumption_factor).collect::<Vec<_>>())
    .bind(meters.iter().map(|meter| meter.production_factor).collect::<Vec<_>>())
    .bind(meters.iter().map(|meter| meter.profile).collect::<Vec<_>>())
    .bind(meters.iter().map(|meter| meter.link.map(|(er, _)| er)).collect::<Vec<_>>())
    .bind(meters.iter().map(|meter| meter.link.map(|(_, at)| at)).collect::<Vec<_>>())
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

/// Links a meter to a resource, from an instant on. A meter that was made as any other becomes a
/// simulated one by it. A resource that another meter has is `simulated_meters_er_key`.
pub async fn link(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    er: i64,
    production_factor: f64,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO simulated_meters (meter_id, er_id, load_factor_production, linked_at, created_at) \
         VALUES ($1, $2, $3, $4, $4) \
         ON CONFLICT (meter_id) DO UPDATE SET er_id = excluded.er_id, \
             load_factor_production = excluded.load_factor_production, \
             linked_at = excluded.linked_at",
    )
    .bind(meter)
    .bind(er)
    .bind(production_factor)
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

/// Lets all linked meters of a site generate from an earlier instant on.
pub async fn begin_at(
    db: impl PgExecutor<'_>,
    site: SiteId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE simulated_meters simulated SET linked_at = $2 FROM energy_meters meter \
         WHERE meter.id = simulated.meter_id AND meter.site_id = $1 AND simulated.linked_at > $2",
    )
    .bind(site)
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

/// Sets the production factor of the meter that a resource is linked to.
pub async fn set_production_of(db: impl PgExecutor<'_>, er: i64, factor: f64) -> Result<(), Error> {
    sqlx::query("UPDATE simulated_meters SET load_factor_production = $2 WHERE er_id = $1")
        .bind(er)
        .bind(factor)
        .execute(db)
        .await?;
    Ok(())
}

/// Sets the status of meters.
pub async fn set_status(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    status: MeterStatus,
) -> Result<(), Error> {
    sqlx::query("UPDATE simulated_meters SET status = $2 WHERE meter_id = ANY ($1)")
        .bind(meters)
        .bind(status)
        .execute(db)
        .await?;
    Ok(())
}

/// Sets the factors of meters: of what is drawn, and of what prosumers make.
pub async fn set_factors(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    prosumers: &[MeterId],
    log_type: LogType,
    factor: f64,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE simulated_meters SET \
             load_factor_consumption = CASE WHEN $3 AND meter_id = ANY ($1) THEN $5 \
                 ELSE load_factor_consumption END, \
             load_factor_production = CASE WHEN $4 AND meter_id = ANY ($2) THEN $5 \
                 ELSE load_factor_production END \
         WHERE meter_id = ANY ($1)",
    )
    .bind(meters)
    .bind(prosumers)
    .bind(log_type != LogType::Production)
    .bind(log_type != LogType::Consumption)
    .bind(factor)
    .execute(db)
    .await?;
    Ok(())
}

/// Factors of one appliance of one meter.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ApplianceFactor {
    pub meter_id: i64,
    /// The appliance, by its name in the catalogue.
    pub appliance: String,
    /// K of what it draws, on top of the meter's.
    pub consumption: f64,
    /// K of what it makes.
    pub production: f64,
}

/// The factors of single appliances in a site.
pub async fn appliance_factors(
    db: impl PgExecutor<'_>,
    site: SiteId,
) -> Result<Vec<ApplianceFactor>, Error> {
    Ok(sqlx::query_as(
        "SELECT factor.meter_id, factor.appliance, factor.consumption, factor.production \
         FROM appliance_factors factor JOIN energy_meters meter ON meter.id = factor.meter_id \
         WHERE meter.site_id = $1",
    )
    .bind(site)
    .fetch_all(db)
    .await?)
}

/// Sets the factors of an appliance of meters.
pub async fn set_appliance_factors(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    appliance: &str,
    log_type: LogType,
    factor: f64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO appliance_factors AS stored (meter_id, appliance, consumption, production) \
         SELECT UNNEST($1::bigint[]), $2, CASE WHEN $3 THEN $5 ELSE 1 END, \
             CASE WHEN $4 THEN $5 ELSE 1 END \
         ON CONFLICT (meter_id, appliance) DO UPDATE SET \
             consumption = CASE WHEN $3 THEN $5 ELSE stored.consumption END, \
             production = CASE WHEN $4 THEN $5 ELSE stored.production END",
    )
    .bind(meters)
    .bind(appliance)
    .bind(log_type != LogType::Production)
    .bind(log_type != LogType::Consumption)
    .bind(factor)
    .execute(db)
    .await?;
    Ok(())
}
