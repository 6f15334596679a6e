//! What loggers uploaded, and what of it was refused.

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::MeterId;
use domain::devices::logger::SerialNumber;
use domain::devices::logger::uploads::{RefusedUpload, Uploads};
use domain::message::Message;
use sqlx::{PgExecutor, PgPool};

use crate::Error;

/// Adds what an upload brought.
pub async fn add(
    db: impl PgExecutor<'_>,
    serial: &SerialNumber,
    more: &Uploads,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO acquisuite_activity AS known (serial_number, last_upload_at, files, stored, \
             repeated, conflicting, refused, silent, last_refused, last_event, last_event_at, \
             log_period_minutes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (serial_number) DO UPDATE SET \
             last_upload_at = coalesce(excluded.last_upload_at, known.last_upload_at), \
             files = known.files + excluded.files, stored = known.stored + excluded.stored, \
             repeated = known.repeated + excluded.repeated, \
             conflicting = known.conflicting + excluded.conflicting, \
             refused = known.refused + excluded.refused, silent = known.silent + excluded.silent, \
             last_refused = coalesce(excluded.last_refused, known.last_refused), \
             last_event = CASE WHEN excluded.last_event_at >= coalesce(known.last_event_at, '-infinity') \
                 THEN excluded.last_event ELSE known.last_event END, \
             last_event_at = greatest(known.last_event_at, excluded.last_event_at), \
             log_period_minutes = coalesce(excluded.log_period_minutes, known.log_period_minutes)",
    )
    .bind(serial)
    .bind(more.last_at)
    .bind(more.files)
    .bind(more.stored)
    .bind(more.repeated)
    .bind(more.conflicting)
    .bind(more.refused)
    .bind(more.silent)
    .bind(&more.last_refused)
    .bind(&more.last_event)
    .bind(more.last_event_at)
    .bind(more.log_period_minutes)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes from which address a logger proved who it is; again after a day.
pub async fn heard(
    db: impl PgExecutor<'_>,
    serial: &SerialNumber,
    from: IpAddr,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO acquisuite_activity AS known (serial_number, heard_from, heard_at) \
         VALUES ($1, $2::inet, now()) ON CONFLICT (serial_number) DO UPDATE \
             SET heard_from = excluded.heard_from, heard_at = excluded.heard_at \
             WHERE known.heard_from IS DISTINCT FROM excluded.heard_from \
                 OR known.heard_at NOT BETWEEN excluded.heard_at - interval '1 day' \
                     AND excluded.heard_at",
    )
    .bind(serial)
    .bind(from.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// The addresses from which loggers proved who they are in the last 30 days, the latest first.
pub async fn heard_lately(pool: &PgPool, most: usize) -> Result<Vec<IpAddr>, Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT host(heard_from) FROM acquisuite_activity \
         WHERE heard_at > now() - interval '30 days' ORDER BY heard_at DESC LIMIT $1",
    )
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().filter_map(|(address,)| address.parse().ok()).collect())
}

/// How often a logger writes down what it reads, in minutes; none where it never said so.
pub async fn log_period(
    db: impl PgExecutor<'_>,
    serial: &SerialNumber,
) -> Result<Option<i16>, Error> {
    let row: Option<(Option<i16>,)> = sqlx::query_as(
        "SELECT log_period_minutes FROM acquisuite_activity WHERE serial_number = $1",
    )
    .bind(serial)
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|(minutes,)| minutes))
}

/// The meters of loggers that said how often they write down what they read, each with that time.
pub async fn log_periods(pool: &PgPool) -> Result<Vec<(MeterId, TimeDelta)>, Error> {
    let rows: Vec<(i64, i16)> = sqlx::query_as(
        "SELECT device.meter_id, activity.log_period_minutes \
         FROM acquisuite_devices device JOIN acquisuite_activity activity USING (serial_number) \
         WHERE activity.log_period_minutes IS NOT NULL",
    )
    .fetch_all(pool)
    .await?;
    let period =
        |(meter, minutes): (i64, i16)| (MeterId(meter), TimeDelta::minutes(minutes.into()));
    Ok(rows.into_iter().map(period).collect())
}

/// Counts a refused upload; of no logger where the serial number is not known.
pub async fn refuse(
    db: impl PgExecutor<'_>,
    serial: Option<&SerialNumber>,
    reason: &str,
    detail: Message,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO acquisuite_refusals AS known (serial_number, reason, count, last_at, detail) \
         VALUES ($1, $2, 1, now(), $3) ON CONFLICT (serial_number, reason) DO UPDATE \
             SET count = known.count + 1, last_at = excluded.last_at, detail = excluded.detail",
    )
    .bind(serial.map_or("", SerialNumber::as_str))
    .bind(reason)
    .bind(detail)
    .execute(db)
    .await?;
    Ok(())
}

/// The refused uploads of nobody known, the latest first.
pub async fn refused_of_nobody(pool: &PgPool) -> Result<Vec<RefusedUpload>, Error> {
    Ok(sqlx::query_as(
        "SELECT reason, count, last_at, detail FROM acquisuite_refusals \
         WHERE serial_number = '' ORDER BY last_at DESC, reason",
    )
    .fetch_all(pool)
    .await?)
}

/// Forgets the refused uploads of a logger.
pub async fn forget(db: impl PgExecutor<'_>, serial: &SerialNumber) -> Result<(), Error> {
    sqlx::query("DELETE FROM acquisuite_refusals WHERE serial_number = $1")
        .bind(serial)
        .execute(db)
        .await?;
    Ok(())
}
