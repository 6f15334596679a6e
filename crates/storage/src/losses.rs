//! Balances of nodes by hour and day, and which of them are to be computed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::Error;
use crate::intervals::Key;

/// Puts hours of meters into the queue, in the order of their keys.
pub async fn queue(connection: &mut PgConnection, hours: &[Key]) -> Result<(), Error> {
    if hours.is_empty() {
        return Ok(());
    }
    let (meters, starts): (Vec<i64>, Vec<DateTime<Utc>>) =
        hours.iter().map(|(meter, start)| (meter.0, *start)).unzip();
    sqlx::query(
        "INSERT INTO loss_queue (meter_id, hour_start) \
         SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[]) ON CONFLICT DO NOTHING",
    )
    .bind(meters)
    .bind(starts)
    .execute(connection)
    .await?;
    Ok(())
}
