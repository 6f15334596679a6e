//! Loggers with all that is known of them.

use domain::SiteId;
use domain::devices::logger::SerialNumber;
use domain::devices::logger::uploads::{RefusedUpload, Uploads};
use sqlx::{FromRow, PgPool};

use super::{Device, Logger};
use crate::Error;

/// A logger with all that is known of it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Overview {
    /// Its settings.
    #[sqlx(flatten)]
    pub logger: Logger,
    /// Its devices, by address.
    #[sqlx(json)]
    pub devices: Vec<Device>,
    /// Names and contents of the files that it uploaded about itself.
    #[sqlx(json, rename = "logger_files")]
    pub files: Vec<(String, String)>,
    /// What it uploaded.
    #[sqlx(flatten)]
    pub uploads: Uploads,
    /// Its uploads that were refused, the latest first.
    #[sqlx(json)]
    pub refusals: Vec<RefusedUpload>,
}

/// The loggers of a site, or the one with a serial number, by serial number.
pub async fn overviews(
    pool: &PgPool,
    site: Option<SiteId>,
    serial: Option<&SerialNumber>,
) -> Result<Vec<Overview>, Error> {
    Ok(sqlx::query_as(
        "SELECT logger.serial_number AS serial, logger.site_id AS site, logger.password_hash, \
             logger.utility_address AS utility, logger.load_address AS load, \
             logger.solar_address AS solar, logger.missing_meter_id AS missing, logger.columns, \
             logger.point_meters, activity.last_upload_at, \
             coalesce(activity.files, 0) AS files, coalesce(activity.stored, 0) AS stored, \
             coalesce(activity.repeated, 0) AS repeated, \
             coalesce(activity.conflicting, 0) AS conflicting, \
             coalesce(activity.refused, 0) AS refused, coalesce(activity.silent, 0) AS silent, \
             activity.last_refused, activity.last_event, activity.last_event_at, \
             activity.log_period_minutes, \
             coalesce((SELECT jsonb_agg(jsonb_build_object('address', device.address, \
                     'point', device.point, 'meter', device.meter_id, 'meter_number', meter.meter_number, \
                     'rated_power_kw', meter.rated_power_kw) \
                     ORDER BY device.address, device.point NULLS FIRST) \
                 FROM acquisuite_devices device JOIN energy_meters meter ON meter.id = device.meter_id \
                 WHERE device.serial_number = logger.serial_number), '[]') AS devices, \
             coalesce((SELECT jsonb_agg(jsonb_build_array(file.file_name, file.content)) \
                 FROM acquisuite_files file \
                 WHERE file.serial_number = logger.serial_number), '[]') AS logger_files, \
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
    .bind(site)
    .bind(serial)
    .fetch_all(pool)
    .await?)
}
