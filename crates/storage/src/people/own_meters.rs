//! Meters of people's own.

use chrono::NaiveDate;
use domain::MeterId;
use domain::ownership::OwnMeter;
use domain::people::{PersonMeter, UserId};
use sqlx::{FromRow, PgExecutor};

use crate::Error;

/// Gives somebody a meter for a time.
pub async fn give(
    db: impl PgExecutor<'_>,
    user: UserId,
    meter: MeterId,
    (valid_from, valid_to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO user_meters (user_id, meter_id, valid_from, valid_to) VALUES ($1, $2, $3, $4)",
    )
    .bind(user)
    .bind(meter)
    .bind(valid_from)
    .bind(valid_to)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes all meters of somebody away.
pub async fn take_all(db: impl PgExecutor<'_>, user: UserId) -> Result<(), Error> {
    sqlx::query("DELETE FROM user_meters WHERE user_id = $1").bind(user).execute(db).await?;
    Ok(())
}

/// The meters of somebody.
pub async fn of(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<OwnMeter>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id, site_id, valid_from, valid_to FROM user_meters \
         JOIN energy_meters ON energy_meters.id = meter_id WHERE user_id = $1 ORDER BY meter_number, meter_id",
    )
    .bind(user)
    .fetch_all(db)
    .await?)
}

#[derive(FromRow)]
struct OwnRow {
    user_id: UserId,
    #[sqlx(flatten)]
    meter: PersonMeter,
}

/// The meters of everybody or of one person, by their numbers.
pub(super) async fn of_people(
    db: impl PgExecutor<'_>,
    only: Option<UserId>,
) -> Result<Vec<(UserId, PersonMeter)>, Error> {
    let rows: Vec<OwnRow> = sqlx::query_as(
        "SELECT user_id, meter_id, meter_number, slug AS site, valid_from, valid_to FROM user_meters \
         JOIN energy_meters ON energy_meters.id = meter_id JOIN sites ON sites.id = site_id \
         WHERE $1::bigint IS NULL OR user_id = $1 ORDER BY meter_number, meter_id",
    )
    .bind(only)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.meter)).collect())
}
