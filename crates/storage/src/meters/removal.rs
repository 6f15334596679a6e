//! Taking a meter away: deleted where it was never read, retired where it was.

use domain::MeterId;
use domain::meters::refusal::PlaceRefusal;
use sqlx::PgExecutor;

use crate::Error;

/// Deletes a meter with its device and its placements. Whether there was one. A meter with others
/// below it, retired ones too, is refused with `has_children`. Whoever calls this has made sure that
/// the meter [was never read](was_read).
pub async fn delete(db: impl PgExecutor<'_>, id: MeterId) -> Result<bool, Error> {
    let deleted: Result<Option<(i64,)>, Error> =
        sqlx::query_as("DELETE FROM energy_meters WHERE id = $1 RETURNING id")
            .bind(id)
            .fetch_optional(db)
            .await
            .map_err(Error::from);
    match deleted {
        Err(Error::Constraint { name, .. }) if name == "energy_meters_parent_fk" => {
            Err(Error::Refused {
                code: "has_children".to_owned(),
                message: PlaceRefusal::HasBelow { meter: id }.into(),
            })
        }
        Err(error) => Err(error),
        Ok(row) => Ok(row.is_some()),
    }
}

/// Whether a meter was ever read: a reading is stored, or energy of readings that are dropped by now.
pub async fn was_read(db: impl PgExecutor<'_>, id: MeterId) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM meter_readings WHERE meter_id = $1) \
             OR EXISTS (SELECT FROM energy_intervals WHERE meter_id = $1) \
             OR EXISTS (SELECT FROM energy_days WHERE meter_id = $1)",
    )
    .bind(id)
    .fetch_one(db)
    .await?)
}
