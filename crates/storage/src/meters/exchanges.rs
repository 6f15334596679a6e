//! Meter exchanges.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::Exchange;
use domain::meters::ImportRegister;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// An exchange as it was entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// Its number.
    pub n: i64,
    /// The exchange.
    pub exchange: Exchange,
    /// Why, in words.
    pub reason: String,
    /// Since when it no longer counts.
    pub undone_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Row {
    meter_id: i64,
    n: i64,
    timestamp: DateTime<Utc>,
    old_final_kwh: f64,
    new_initial_kwh: f64,
    import_register: Option<String>,
    reason: String,
    undone_at: Option<DateTime<Utc>>,
}

impl From<Row> for Entered {
    fn from(row: Row) -> Self {
        Self {
            n: row.n,
            exchange: Exchange {
                at: row.timestamp,
                old_final_kwh: row.old_final_kwh,
                new_initial_kwh: row.new_initial_kwh,
                register: row.import_register.as_deref().and_then(ImportRegister::parse),
            },
            reason: row.reason,
            undone_at: row.undone_at,
        }
    }
}

macro_rules! columns {
    () => {
        "meter_id, n, \"timestamp\", old_final_kwh, new_initial_kwh, import_register, \
             reason, undone_at"
    };
}

/// The exchanges of meters that count, in order of time. Meters without any are absent.
pub async fn of(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Vec<Exchange>>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_exchanges WHERE meter_id = ANY ($1) AND undone_at IS NULL \
         ORDER BY meter_id, \"timestamp\""
    ))
    .bind(meters.iter().map(|meter| meter.0).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    let mut of: HashMap<MeterId, Vec<Exchange>> = HashMap::new();
    for row in rows {
        of.entry(MeterId(row.meter_id)).or_default().push(Entered::from(row).exchange);
    }
    Ok(of)
}

/// Every exchange of a meter, those undone too, in the order in which they were entered.
pub async fn list(pool: &PgPool, meter: MeterId) -> Result<Vec<Entered>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM meter_exchanges WHERE meter_id = $1 ORDER BY n"
    ))
    .bind(meter.0)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Entered::from).collect())
}

/// Whether a reading of a meter at an instant or before it is known.
pub async fn was_read(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let (was_read,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM meter_readings WHERE meter_id = $1 AND \"timestamp\" <= $2) \
             OR EXISTS (SELECT FROM energy_intervals WHERE meter_id = $1 AND frozen \
                 AND bucket_start <= $2)",
    )
    .bind(meter.0)
    .bind(at)
    .fetch_one(db)
    .await?;
    Ok(was_read)
}

/// Enters an exchange. Where it does not say which column its figures are of, they are of the one that
/// import is taken from now. One of the same meter and time that counts is `meter_exchanges_time_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    exchange: &Exchange,
    reason: &str,
) -> Result<Entered, Error> {
    let row: Row = sqlx::query_as(concat!(
        "INSERT INTO meter_exchanges (meter_id, \"timestamp\", old_final_kwh, new_initial_kwh, \
             import_register, reason) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ",
        columns!()
    ))
    .bind(meter.0)
    .bind(exchange.at)
    .bind(exchange.old_final_kwh)
    .bind(exchange.new_initial_kwh)
    .bind(exchange.register.map(ImportRegister::as_str))
    .bind(reason)
    .fetch_one(db)
    .await?;
    Ok(row.into())
}

/// Undoes an exchange. None where there is no such exchange that counts.
pub async fn undo(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    n: i64,
) -> Result<Option<Entered>, Error> {
    let row: Option<Row> = sqlx::query_as(concat!(
        "UPDATE meter_exchanges SET undone_at = now() \
         WHERE meter_id = $1 AND n = $2 AND undone_at IS NULL RETURNING ",
        columns!()
    ))
    .bind(meter.0)
    .bind(n)
    .fetch_optional(db)
    .await?;
    Ok(row.map(Entered::from))
}
