//! Loggers with all that is known of them.

use domain::devices::logger::SerialNumber;
use domain::{MeterId, SiteId};
use serde::Deserialize;
use sqlx::types::Json;
use sqlx::{FromRow, PgPool};

use super::activity::{Activity, RefusedUpload};
use super::{Device, Logger, address};
use crate::Error;

/// A logger with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Its settings.
    pub logger: Logger,
    /// Its devices, by address.
    pub devices: Vec<Device>,
    /// Names and contents of the files that it uploaded about itself.
    pub files: Vec<(String, String)>,
    /// What it uploaded.
    pub activity: Activity,
    /// Its uploads that were refused, the latest first.
    pub refusals: Vec<RefusedUpload>,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    logger: super::Row,
    #[sqlx(flatten)]
    activity: Activity,
    devices: Json<Vec<DeviceRow>>,
    lists: Json<Vec<(String, String)>>,
    refusals: Json<Vec<RefusedUpload>>,
}

#[derive(Deserialize)]
struct DeviceRow {
    address: i16,
    meter_id: i64,
    meter_number: String,
    rated_power_kw: Option<f64>,
}

impl TryFrom<Row> for Overview {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let device = |row: DeviceRow| {
            let DeviceRow { meter_id, meter_number, rated_power_kw, .. } = row;
            let (address, meter) = (address(row.address)?, MeterId(meter_id));
            Ok(Device { address, meter, meter_number, rated_power_kw })
        };
        Ok(Self {
            logger: row.logger.try_into()?,
            devices: row.devices.0.into_iter().map(device).collect::<Result<_, Error>>()?,
            files: row.lists.0,
            activity: row.activity,
            refusals: row.refusals.0,
        })
    }
}

/// The loggers of a site, or the one with a serial number, by serial number.
pub async fn overviews(
    pool: &PgPool,
    site: Option<SiteId>,
    serial: Option<&SerialNumber>,
) -> Result<Vec<Overview>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT logger.serial_number, logger.site_id, logger.password_hash, \
             logger.utility_address, logger.load_address, logger.solar_address, \
             logger.missing_meter_id, logger.columns, activity.last_upload_at, \
             coalesce(activity.files, 0) AS files, coalesce(activity.stored, 0) AS stored, \
             coalesce(activity.repeated, 0) AS repeated, \
             coalesce(activity.conflicting, 0) AS conflicting, \
             coalesce(activity.refused, 0) AS refused, coalesce(activity.silent, 0) AS silent, \
             activity.last_refused, activity.last_event, activity.last_event_at, \
             activity.log_period_minutes, \
             coalesce((SELECT jsonb_agg(jsonb_build_object('address', device.address, \
                     'meter_id', device.meter_id, 'meter_number', meter.meter_number, \
                     'rated_power_kw', meter.rated_power_kw) \
                     ORDER BY device.address) \
                 FROM acquisuite_devices device JOIN energy_meters meter ON meter.id = device.meter_id \
                 WHERE device.serial_number = logger.serial_number), '[]') AS devices, \
             coalesce((SELECT jsonb_agg(jsonb_build_array(file.file_name, file.content)) \
                 FROM acquisuite_files file \
                 WHERE file.serial_number = logger.serial_number), '[]') AS lists, \
             coalesce((SELECT jsonb_agg(to_jsonb(refusal) \
                     ORDER BY refusal.last_at DESC, refusal.reason) \
                 FROM acquisuite_refusals refusal \
                 WHERE refusal.serial_number = logger.serial_number), '[]') AS refusals \
         FROM acquisuite_loggers logger LEFT JOIN acquisuite_activity activity \
             ON activity.serial_number = logger.serial_number \
         WHERE ($1::bigint IS NULL OR logger.site_id = $1) \
             AND ($2::text IS NULL OR logger.serial_number = $2) \
         ORDER BY logger.serial_number",
    )
    .bind(site.map(|site| site.0))
    .bind(serial.map(SerialNumber::as_str))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Overview::try_from).collect()
}
