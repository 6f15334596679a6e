//! Devices: the connections that meters are read through.

pub mod brokers;
pub mod loggers;

use std::time::Duration;

use chrono_tz::Tz;
use domain::devices::Protocol;
use domain::{DeviceId, MeterId, SiteId};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, PgExecutor};

use crate::Error;

/// A device as stored: its settings are kept as given and parsed by `domain::devices`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct DeviceRow {
    pub id: DeviceId,
    /// The site of its meter.
    pub site: SiteId,
    /// The time zone of that site.
    #[sqlx(rename = "time_zone", try_from = "domain::sites::Zone")]
    pub zone: Tz,
    /// The meter it feeds.
    pub meter: MeterId,
    pub meter_name: String,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// How often it is read.
    #[sqlx(try_from = "Milliseconds")]
    pub poll: Duration,
    /// Settings of the protocol.
    pub communication: Value,
    /// Whether it is read at all.
    pub enabled: bool,
}

/// An interval, as its column has it.
#[derive(sqlx::Type)]
#[sqlx(transparent)]
struct Milliseconds(i64);

impl From<Milliseconds> for Duration {
    fn from(interval: Milliseconds) -> Self {
        Self::from_millis(interval.0.unsigned_abs())
    }
}

/// A device to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDevice {
    /// The meter it feeds.
    pub meter: MeterId,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// How often it is read, in whole milliseconds.
    pub poll: Duration,
    /// Settings of the protocol.
    pub communication: Value,
    /// Whether it is read at all.
    pub enabled: bool,
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT device.id, meter.site_id AS site, site.time_zone, device.meter_id AS meter, \
                 meter.meter_name, device.protocol, device.poll_interval_ms AS poll, \
                 device.communication, device.enabled \
             FROM devices device JOIN energy_meters meter ON meter.id = device.meter_id \
                 JOIN sites site ON site.id = meter.site_id ",
            $condition
        )
    };
}

/// Every device, by id.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<DeviceRow>, Error> {
    Ok(sqlx::query_as(select!("ORDER BY device.id")).fetch_all(db).await?)
}

/// The device that feeds a meter.
pub async fn by_meter(db: impl PgExecutor<'_>, meter: MeterId) -> Result<Option<DeviceRow>, Error> {
    Ok(sqlx::query_as(select!("WHERE device.meter_id = $1")).bind(meter).fetch_optional(db).await?)
}

/// The device that feeds a meter, which nobody else changes until the transaction ends. Whoever locks
/// both locks the meter first.
pub async fn lock(db: impl PgExecutor<'_>, meter: MeterId) -> Result<Option<DeviceRow>, Error> {
    Ok(sqlx::query_as(select!("WHERE device.meter_id = $1 FOR NO KEY UPDATE OF device"))
        .bind(meter)
        .fetch_optional(db)
        .await?)
}

/// Keeps meters of a site, by their numbers, and their devices from being changed by others until the
/// transaction ends. What is read of them from then on is what is stored.
pub async fn lock_named(
    db: &mut PgConnection,
    site: SiteId,
    numbers: &[String],
) -> Result<(), Error> {
    let meters: Vec<MeterId> = sqlx::query_scalar(
        "SELECT id FROM energy_meters WHERE site_id = $1 AND meter_number = ANY($2) \
         ORDER BY id FOR NO KEY UPDATE",
    )
    .bind(site)
    .bind(numbers)
    .fetch_all(&mut *db)
    .await?;
    sqlx::query(
        "SELECT id FROM devices WHERE meter_id = ANY($1) ORDER BY meter_id FOR NO KEY UPDATE",
    )
    .bind(meters)
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a device. A meter that has one already is `devices_meter_key`, one that does not exist
/// `devices_meter_fk`.
pub async fn insert(db: impl PgExecutor<'_>, device: &NewDevice) -> Result<DeviceId, Error> {
    Ok(sqlx::query_scalar(
        "INSERT INTO devices (meter_id, protocol, poll_interval_ms, communication, enabled) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
    )
    .bind(device.meter)
    .bind(device.protocol)
    .bind(milliseconds(device.poll))
    .bind(&device.communication)
    .bind(device.enabled)
    .fetch_one(db)
    .await?)
}

/// Stores protocol, poll interval, settings and `enabled` of a device. Whether there is such a device.
pub async fn update(db: impl PgExecutor<'_>, device: &DeviceRow) -> Result<bool, Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE devices SET protocol = $2, poll_interval_ms = $3, communication = $4, enabled = $5 \
         WHERE id = $1 RETURNING id",
    )
    .bind(device.id)
    .bind(device.protocol)
    .bind(milliseconds(device.poll))
    .bind(&device.communication)
    .bind(device.enabled)
    .fetch_optional(db)
    .await?;
    Ok(row.is_some())
}

/// Switches a device on or off, and leaves all else of it to others. Whether there is such a device.
pub async fn switch(
    db: impl PgExecutor<'_>,
    device: DeviceId,
    enabled: bool,
) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE devices SET enabled = $2 WHERE id = $1")
        .bind(device)
        .bind(enabled)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Stores other settings of a device, unless they were changed since it was read. Whether they were
/// stored.
pub async fn replace_settings(
    db: impl PgExecutor<'_>,
    device: &DeviceRow,
    settings: &Value,
) -> Result<bool, Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE devices SET communication = $3 WHERE id = $1 AND communication = $2 RETURNING id",
    )
    .bind(device.id)
    .bind(&device.communication)
    .bind(settings)
    .fetch_optional(db)
    .await?;
    Ok(row.is_some())
}

/// Deletes a device. Whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, id: DeviceId) -> Result<bool, Error> {
    let row: Option<(i64,)> = sqlx::query_as("DELETE FROM devices WHERE id = $1 RETURNING id")
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row.is_some())
}

/// Milliseconds as stored. An interval beyond the column fails its range check.
fn milliseconds(poll: Duration) -> i64 {
    i64::try_from(poll.as_millis()).unwrap_or(i64::MAX)
}
