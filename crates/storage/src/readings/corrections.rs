//! Corrections of readings: the reading itself stays as it came.

use chrono::{DateTime, Utc};
use domain::{Field, MeterId};
use sqlx::{AssertSqlSafe, FromRow, PgExecutor, PgPool};

use crate::Error;

/// What takes the place of a value of a stored reading.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct Correction {
    pub meter: MeterId,
    /// When the reading was taken.
    pub at: DateTime<Utc>,
    /// The field that is corrected.
    pub field: Field,
    /// Its value; none where it is struck out.
    pub value: Option<f64>,
}

/// A correction as it was entered.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Entered {
    /// Its number.
    pub n: i64,
    #[sqlx(flatten)]
    pub correction: Correction,
    /// Why, in words.
    pub reason: String,
    /// Since when it no longer counts.
    pub undone_at: Option<DateTime<Utc>>,
}

macro_rules! columns {
    () => {
        "meter_id AS meter, n, \"timestamp\" AS at, field, value, reason, undone_at"
    };
}

/// The corrections of meters that count for readings from an instant up to another, by meter and
/// time: of several for one value the newest.
pub async fn of(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Correction>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT DISTINCT ON (meter_id, \"timestamp\", field) ",
        columns!(),
        " FROM reading_corrections WHERE meter_id = ANY ($1) AND \"timestamp\" >= $2 \
             AND \"timestamp\" < $3 AND undone_at IS NULL \
         ORDER BY meter_id, \"timestamp\", field, n DESC"
    ))
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// Every correction of a meter, those undone too, in the order in which they were entered.
pub async fn list(pool: &PgPool, meter: MeterId) -> Result<Vec<Entered>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM reading_corrections WHERE meter_id = $1 ORDER BY n"
    ))
    .bind(meter)
    .fetch_all(pool)
    .await?)
}

/// Enters a correction.
pub async fn insert(
    db: impl PgExecutor<'_>,
    correction: &Correction,
    reason: &str,
) -> Result<Entered, Error> {
    Ok(sqlx::query_as(concat!(
        "INSERT INTO reading_corrections (meter_id, \"timestamp\", field, value, reason) \
         VALUES ($1, $2, $3, $4, $5) RETURNING ",
        columns!()
    ))
    .bind(correction.meter)
    .bind(correction.at)
    .bind(correction.field)
    .bind(correction.value)
    .bind(reason)
    .fetch_one(db)
    .await?)
}

/// Undoes a correction; an earlier one of the same value counts again. None where there is no such
/// correction that counts.
pub async fn undo(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    n: i64,
) -> Result<Option<Entered>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE reading_corrections SET undone_at = now() \
         WHERE meter_id = $1 AND n = $2 AND undone_at IS NULL RETURNING ",
        columns!()
    ))
    .bind(meter)
    .bind(n)
    .fetch_optional(db)
    .await?)
}

/// Whether a reading of a meter is stored for an instant.
pub async fn has_reading(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM meter_readings WHERE meter_id = $1 AND \"timestamp\" = $2)",
    )
    .bind(meter)
    .bind(at)
    .fetch_one(db)
    .await?)
}

/// Whether a field stands in the reading of an instant or in one of so many before and after it.
pub async fn is_shown_around(
    pool: &PgPool,
    meter: MeterId,
    at: DateTime<Utc>,
    field: Field,
    readings: u32,
) -> Result<bool, Error> {
    let column = field.column();
    Ok(sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT EXISTS (SELECT FROM (\
             (SELECT {column} AS value FROM meter_readings \
                 WHERE meter_id = $1 AND \"timestamp\" <= $2 ORDER BY \"timestamp\" DESC LIMIT $3) \
             UNION ALL (SELECT {column} FROM meter_readings \
                 WHERE meter_id = $1 AND \"timestamp\" > $2 ORDER BY \"timestamp\" LIMIT $3)\
         ) AS around WHERE value IS NOT NULL)"
    )))
    .bind(meter)
    .bind(at)
    .bind(i64::from(readings))
    .fetch_one(pool)
    .await?)
}
