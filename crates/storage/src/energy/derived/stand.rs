//! Where a derived meter stands, be its last point kept or not.

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::{Carry, Register};
use domain::{Kwh, MeterId};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

use crate::Error;

/// A derived meter's last point before an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stand {
    /// When.
    pub at: DateTime<Utc>,
    /// Its register of import.
    pub import: Kwh,
    /// Its register of export.
    pub export: Kwh,
}

/// The end of a derived meter's last quarter-hour that stays as it is, where its readings were dropped up to an
/// instant.
pub async fn stays_to(
    pool: &PgPool,
    meter: MeterId,
    dropped_to: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Error> {
    let last: Option<(DateTime<Utc>,)> = sqlx::query_as(
        "SELECT bucket_start FROM energy_intervals \
         WHERE meter_id = $1 AND bucket_start < $2 AND frozen ORDER BY bucket_start DESC LIMIT 1",
    )
    .bind(meter)
    .bind(dropped_to)
    .fetch_optional(pool)
    .await?;
    Ok(last.map(|(start,)| start + TimeDelta::minutes(15)))
}

/// A derived meter's last point at or before an instant.
pub(super) async fn last_point(
    connection: &mut PgConnection,
    meter: MeterId,
    to: DateTime<Utc>,
) -> Result<Option<Stand>, Error> {
    let kept: Option<(DateTime<Utc>, f64, f64)> = sqlx::query_as(
        "SELECT \"timestamp\", coalesce(energy_import_kwh, 0), coalesce(energy_export_kwh, 0) \
         FROM meter_readings \
         WHERE meter_id = $1 AND \"timestamp\" <= $2 AND source = 'derived' \
         ORDER BY \"timestamp\" DESC LIMIT 1",
    )
    .bind(meter)
    .bind(to)
    .fetch_optional(&mut *connection)
    .await?;
    match kept {
        Some((at, import, export)) => {
            Ok(Some(Stand { at, import: Kwh(import), export: Kwh(export) }))
        }
        None => dropped_point(connection, meter, to).await,
    }
}

/// The last point where it is dropped: by what is known at the end of the quarter-hours that are kept, or as it was
/// noted.
async fn dropped_point(
    connection: &mut PgConnection,
    meter: MeterId,
    to: DateTime<Utc>,
) -> Result<Option<Stand>, Error> {
    let known: Option<(Json<Carry>,)> = sqlx::query_as(
        "SELECT carry FROM energy_intervals \
         WHERE meter_id = $1 AND bucket_start <= $2 AND frozen AND carry IS NOT NULL \
         ORDER BY bucket_start DESC LIMIT 1",
    )
    .bind(meter)
    .bind(to - TimeDelta::minutes(15))
    .fetch_optional(&mut *connection)
    .await?;
    let stand = |Json(carry): Json<Carry>| {
        let stood =
            |register| carry.base(register).map(|base| (base.track.at, Kwh(base.track.value)));
        let (at, import) = stood(Register::Import)?;
        let (_, export) = stood(Register::Export)?;
        Some(Stand { at, import, export })
    };
    if let Some(stand) = known.and_then(|(carry,)| stand(carry)) {
        return Ok(Some(stand));
    }
    let noted: Option<(DateTime<Utc>, f64, f64)> = sqlx::query_as(
        "SELECT derived_to, derived_import_kwh, derived_export_kwh FROM meter_registers \
         WHERE meter_id = $1 AND derived_to <= $2 AND derived_import_kwh IS NOT NULL \
             AND derived_export_kwh IS NOT NULL AND derived_to < frozen_to",
    )
    .bind(meter)
    .bind(to)
    .fetch_optional(connection)
    .await?;
    Ok(noted.map(|(at, import, export)| Stand { at, import: Kwh(import), export: Kwh(export) }))
}
