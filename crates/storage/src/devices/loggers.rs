//! Data loggers: their settings, their devices, and the lists of points they uploaded.

pub mod activity;
mod overview;

use domain::devices::logger::{ColumnMap, DeviceAddress, PointMeters, PointNumber, SerialNumber};
use domain::meters::PlacedBy;
use domain::{MeterId, SiteId};
use serde::Deserialize;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{FromRow, PgExecutor, PgPool, Postgres};

use crate::Error;

pub use overview::{Overview, overviews};

/// A logger as stored.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Logger {
    pub serial: SerialNumber,
    /// Where its meters belong.
    pub site: SiteId,
    /// Its password, hashed; without one nobody gets in.
    pub password_hash: Option<String>,
    /// The device of the grid connection.
    pub utility: Option<DeviceAddress>,
    pub load: Option<DeviceAddress>,
    /// The device of solar production.
    pub solar: Option<DeviceAddress>,
    /// The meter that is computed from two of the three.
    pub missing: Option<MeterId>,
    /// What the points of its devices are, where it does not say so itself.
    pub columns: ColumnMap,
    /// Points that are meters of their own.
    pub point_meters: PointMeters,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT serial_number AS serial, site_id AS site, password_hash, utility_address AS utility, \
             load_address AS load, solar_address AS solar, missing_meter_id AS missing, columns, \
             point_meters FROM acquisuite_loggers ",
            $rest
        )
    };
}

/// The logger with a serial number.
pub async fn by_serial(
    db: impl PgExecutor<'_>,
    serial: &SerialNumber,
) -> Result<Option<Logger>, Error> {
    Ok(sqlx::query_as(select!("WHERE serial_number = $1")).bind(serial).fetch_optional(db).await?)
}

/// The serial numbers of all loggers, with their sites.
pub async fn serials(pool: &PgPool) -> Result<Vec<(SerialNumber, SiteId)>, Error> {
    Ok(sqlx::query_as("SELECT serial_number, site_id FROM acquisuite_loggers ORDER BY 1")
        .fetch_all(pool)
        .await?)
}

/// The logger with a serial number, which nobody else changes or gives meters until the transaction
/// ends.
pub async fn lock(db: impl PgExecutor<'_>, serial: &SerialNumber) -> Result<Option<Logger>, Error> {
    Ok(sqlx::query_as(select!("WHERE serial_number = $1 FOR UPDATE"))
        .bind(serial)
        .fetch_optional(db)
        .await?)
}

/// Adds a logger. A serial number that is there already is `acquisuite_loggers_pkey`.
pub async fn insert(db: impl PgExecutor<'_>, logger: &Logger) -> Result<(), Error> {
    let query = sqlx::query(
        "INSERT INTO acquisuite_loggers (serial_number, password_hash, utility_address, \
             load_address, solar_address, missing_meter_id, columns, point_meters, site_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    );
    changeable(query, logger).bind(logger.site).execute(db).await?;
    Ok(())
}

/// Stores the settings of a logger; its site stays as it is.
pub async fn update(db: impl PgExecutor<'_>, logger: &Logger) -> Result<(), Error> {
    let query = sqlx::query(
        "UPDATE acquisuite_loggers SET password_hash = $2, utility_address = $3, \
             load_address = $4, solar_address = $5, missing_meter_id = $6, columns = $7, \
             point_meters = $8 \
         WHERE serial_number = $1",
    );
    changeable(query, logger).execute(db).await?;
    Ok(())
}

type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// Binds $1, which logger, and $2 to $8: all of it that may change.
fn changeable<'q>(query: Statement<'q>, logger: &'q Logger) -> Statement<'q> {
    query
        .bind(&logger.serial)
        .bind(&logger.password_hash)
        .bind(logger.utility)
        .bind(logger.load)
        .bind(logger.solar)
        .bind(logger.missing)
        .bind(&logger.columns)
        .bind(&logger.point_meters)
}

/// Removes a logger with what it uploaded of itself; its meters stay. Whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, serial: &SerialNumber) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM acquisuite_loggers WHERE serial_number = $1")
        .bind(serial)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// A device of a logger, or a point of one that is a meter of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, FromRow)]
pub struct Device {
    pub address: DeviceAddress,
    pub point: Option<PointNumber>,
    /// The meter its readings go to.
    pub meter: MeterId,
    pub meter_number: String,
    /// The meter's rated power in kW.
    pub rated_power_kw: Option<f64>,
}

/// The devices of a logger and the points that are meters, by address.
pub async fn devices(db: impl PgExecutor<'_>, serial: &SerialNumber) -> Result<Vec<Device>, Error> {
    Ok(sqlx::query_as(
        "SELECT device.address, device.point, device.meter_id AS meter, meter.meter_number, \
             meter.rated_power_kw \
         FROM acquisuite_devices device JOIN energy_meters meter ON meter.id = device.meter_id \
         WHERE device.serial_number = $1 ORDER BY device.address, device.point NULLS FIRST",
    )
    .bind(serial)
    .fetch_all(db)
    .await?)
}

/// Says which meter the readings of a device, or of one point of it, go to. A meter that another device feeds is
/// `acquisuite_devices_meter_key`.
pub async fn put_device(
    db: impl PgExecutor<'_>,
    serial: &SerialNumber,
    (device, point): (DeviceAddress, Option<PointNumber>),
    meter: MeterId,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO acquisuite_devices (serial_number, address, point, meter_id) \
         VALUES ($1, $2, $3, $4)",
    )
    .bind(serial)
    .bind(device)
    .bind(point)
    .bind(meter)
    .execute(db)
    .await?;
    Ok(())
}

/// The meter of a site with a number, retired or not.
pub async fn meter_numbered(
    db: impl PgExecutor<'_>,
    site: SiteId,
    meter_number: &str,
) -> Result<Option<MeterId>, Error> {
    Ok(sqlx::query_scalar("SELECT id FROM energy_meters WHERE site_id = $1 AND meter_number = $2")
        .bind(site)
        .bind(meter_number)
        .fetch_optional(db)
        .await?)
}

/// Takes back that a meter was retired.
pub async fn revive(db: impl PgExecutor<'_>, meter: MeterId) -> Result<(), Error> {
    sqlx::query(
        "UPDATE energy_meters SET retired_at = NULL WHERE id = $1 AND retired_at IS NOT NULL",
    )
    .bind(meter)
    .execute(db)
    .await?;
    Ok(())
}

/// Says what the rated power of a meter is, in kW. Nobody has placed it by that.
pub async fn rate(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    rated_power_kw: Option<f64>,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE energy_meters SET rated_power_kw = $2 \
         WHERE id = $1 AND rated_power_kw IS DISTINCT FROM $2",
    )
    .bind(meter)
    .bind(rated_power_kw)
    .execute(db)
    .await?;
    Ok(())
}

/// Says that what a meter measures and where it hangs follows from the settings of its logger, until a
/// person says otherwise.
pub async fn placed(db: impl PgExecutor<'_>, meter: MeterId) -> Result<(), Error> {
    placed_by(db, meter, PlacedBy::Logger).await
}

/// Says that nobody knows any more what a meter measures and where it hangs.
pub async fn unplaced(db: impl PgExecutor<'_>, meter: MeterId) -> Result<(), Error> {
    placed_by(db, meter, PlacedBy::Nobody).await
}

async fn placed_by(db: impl PgExecutor<'_>, meter: MeterId, by: PlacedBy) -> Result<(), Error> {
    sqlx::query("UPDATE energy_meters SET placed_by = $2 WHERE id = $1")
        .bind(meter)
        .bind(by)
        .execute(db)
        .await?;
    Ok(())
}

/// A file of a logger: a list of points, or about itself.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct File {
    /// Its name without its folder, in small letters.
    pub file_name: String,
    /// What it holds.
    pub content: String,
    /// MD5 of its bytes as sent.
    pub md5: String,
    /// When it was last changed, as the logger states it; empty where it does not.
    pub file_time: String,
}

impl File {
    /// Its name and what it holds.
    pub fn named(&self) -> (&str, &str) {
        (&self.file_name, &self.content)
    }
}

/// The files of a logger.
pub async fn files(db: impl PgExecutor<'_>, serial: &SerialNumber) -> Result<Vec<File>, Error> {
    Ok(sqlx::query_as(
        "SELECT file_name, content, md5, file_time FROM acquisuite_files \
         WHERE serial_number = $1 ORDER BY file_name",
    )
    .bind(serial)
    .fetch_all(db)
    .await?)
}

/// Keeps a file in place of the one of the same name.
pub async fn put_file(
    db: impl PgExecutor<'_>,
    serial: &SerialNumber,
    file: &File,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO acquisuite_files (serial_number, file_name, content, md5, file_time) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (serial_number, file_name) DO UPDATE \
             SET content = excluded.content, md5 = excluded.md5, \
                 file_time = excluded.file_time",
    )
    .bind(serial)
    .bind(&file.file_name)
    .bind(&file.content)
    .bind(&file.md5)
    .bind(&file.file_time)
    .execute(db)
    .await?;
    Ok(())
}
