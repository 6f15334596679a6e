//! Which of its registers a meter counted more by.

use chrono::NaiveDate;
use domain::MeterId;
use sqlx::PgPool;

use crate::Error;

/// A day on which a meter counted more by one of its registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direction {
    pub meter: MeterId,
    pub day: NaiveDate,
    /// Whether that was export.
    pub exports: bool,
}

/// The days from one to another, both included, on which meters counted more one way than the other, by
/// meter and day.
pub async fn directions(
    pool: &PgPool,
    meters: &[MeterId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Direction>, Error> {
    let rows: Vec<(i64, NaiveDate, bool)> = sqlx::query_as(
        "SELECT meter_id, day, export_kwh > import_kwh FROM energy_days \
         WHERE meter_id = ANY($1) AND day >= $2 AND day <= $3 AND export_kwh <> import_kwh \
         ORDER BY meter_id, day",
    )
    .bind(meters)
    .bind(first)
    .bind(last)
    .fetch_all(pool)
    .await?;
    let direction = |(meter, day, exports)| Direction { meter: MeterId(meter), day, exports };
    Ok(rows.into_iter().map(direction).collect())
}
