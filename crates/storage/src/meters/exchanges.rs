//! Meter exchanges.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::Exchange;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// An exchange as it was entered.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Entered {
    /// Its number.
    pub n: i64,
    #[sqlx(flatten)]
    pub exchange: Exchange,
    /// Why, in words.
    pub reason: String,
    /// Since when it no longer counts.
    pub undone_at: Option<DateTime<Utc>>,
}

macro_rules! columns {
    () => {
        "n, \"timestamp\" AS at, old_final_kwh, new_initial_kwh, import_register AS register, \
         reason, undone_at"
    };
}

/// The exchanges of meters that count, in order of time. Meters without any are absent.
pub async fn of(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Vec<Exchange>>, Error> {
    #[derive(FromRow)]
    struct Of {
        meter: MeterId,
        #[sqlx(flatten)]
        exchange: Exchange,
    }
    let rows: Vec<Of> = sqlx::query_as(concat!(
        "SELECT meter_id AS meter, ",
        columns!(),
        " FROM meter_exchanges WHERE meter_id = ANY ($1) AND undone_at IS NULL \
         ORDER BY meter_id, \"timestamp\""
    ))
    .bind(meters)
    .fetch_all(pool)
    .await?;
    let mut of: HashMap<MeterId, Vec<Exchange>> = HashMap::new();
    for row in rows {
        of.entry(row.meter).or_default().push(row.exchange);
    }
    Ok(of)
}

/// Every exchange of a meter, those undone too, in the order in which they were entered.
pub async fn list(pool: &PgPool, meter: MeterId) -> Result<Vec<Entered>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_exchanges WHERE meter_id = $1 ORDER BY n"
    ))
    .bind(meter)
    .fetch_all(pool)
    .await?)
}

/// Whether a reading of a meter at an instant or before it is known.
pub async fn was_read(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM meter_readings WHERE meter_id = $1 AND \"timestamp\" <= $2) \
             OR EXISTS (SELECT FROM energy_intervals WHERE meter_id = $1 AND frozen \
                 AND bucket_start <= $2)",
    )
    .bind(meter)
    .bind(at)
    .fetch_one(db)
    .await?)
}

/// Enters an exchange. Where it does not say which column its figures are of, they are of the one that
/// import is taken from now. One of the same meter and time that counts is `meter_exchanges_time_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    exchange: &Exchange,
    reason: &str,
) -> Result<Entered, Error> {
    Ok(sqlx::query_as(concat!(
        "INSERT INTO meter_exchanges (meter_id, \"timestamp\", old_final_kwh, new_initial_kwh, \
             import_register, reason) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ",
        columns!()
    ))
    .bind(meter)
    .bind(exchange.at)
    .bind(exchange.old_final_kwh)
    .bind(exchange.new_initial_kwh)
    .bind(exchange.register)
    .bind(reason)
    .fetch_one(db)
    .await?)
}

/// Undoes an exchange. None where there is no such exchange that counts.
pub async fn undo(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    n: i64,
) -> Result<Option<Entered>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE meter_exchanges SET undone_at = now() \
         WHERE meter_id = $1 AND n = $2 AND undone_at IS NULL RETURNING ",
        columns!()
    ))
    .bind(meter)
    .bind(n)
    .fetch_optional(db)
    .await?)
}
