//! MQTT brokers and data loggers, without their passwords.

use domain::SiteId;
use domain::devices::logger::SerialNumber;
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::Error;

reads! {
    /// The brokers that somebody entered, by name.
    brokers
        "SELECT jsonb_build_object('name', name, 'url', url, 'username', username, \
             'caCertificate', ca_certificate) \
         FROM mqtt_brokers ORDER BY name";

    /// The loggers with the meters of their devices, by serial number.
    loggers
        "SELECT jsonb_build_object('site', site.slug, 'serialNumber', logger.serial_number, \
             'utilityMeterId', logger.utility_address, 'loadMeterId', logger.load_address, \
             'solarMeterId', logger.solar_address, 'missingMeter', missing.meter_number, \
             'columns', logger.columns, 'pointMeters', logger.point_meters, \
             'devices', coalesce((SELECT jsonb_agg(jsonb_build_object('address', device.address, \
                     'point', device.point, 'meterNumber', meter.meter_number) \
                     ORDER BY device.address, device.point NULLS FIRST) \
                 FROM acquisuite_devices device \
                 JOIN energy_meters meter ON meter.id = device.meter_id \
                 WHERE device.serial_number = logger.serial_number), '[]')) \
         FROM acquisuite_loggers logger JOIN sites site ON site.id = logger.site_id \
         LEFT JOIN energy_meters missing ON missing.id = logger.missing_meter_id \
         ORDER BY logger.serial_number";
}

writes! {
    /// Stores loggers. Those that are there keep their site and their password, new ones have none.
    put_loggers
        "INSERT INTO acquisuite_loggers (serial_number, site_id, utility_address, load_address, \
             solar_address, missing_meter_id, columns, point_meters) \
         SELECT logger.\"serialNumber\", site.id, logger.\"utilityMeterId\", \
             logger.\"loadMeterId\", logger.\"solarMeterId\", missing.id, logger.columns, \
             coalesce(logger.\"pointMeters\", '{}') \
         FROM jsonb_to_recordset($1) AS logger (site text, \"serialNumber\" text, \
             \"utilityMeterId\" smallint, \"loadMeterId\" smallint, \"solarMeterId\" smallint, \
             \"missingMeter\" text, columns jsonb, \"pointMeters\" jsonb) \
         JOIN sites site ON site.slug = logger.site \
         LEFT JOIN energy_meters missing \
             ON missing.site_id = site.id AND missing.meter_number = logger.\"missingMeter\" \
         ON CONFLICT (serial_number) DO UPDATE SET utility_address = excluded.utility_address, \
             load_address = excluded.load_address, solar_address = excluded.solar_address, \
             missing_meter_id = excluded.missing_meter_id, columns = excluded.columns, \
             point_meters = excluded.point_meters";

    /// Says which meters the readings of the loggers' devices go to.
    put_logger_devices
        "INSERT INTO acquisuite_devices (serial_number, address, point, meter_id) \
         SELECT logger.\"serialNumber\", device.address, device.point, meter.id \
         FROM jsonb_to_recordset($1) AS logger (site text, \"serialNumber\" text, devices jsonb) \
         CROSS JOIN jsonb_to_recordset(logger.devices) AS device \
             (address smallint, point smallint, \"meterNumber\" text) \
         JOIN sites site ON site.slug = logger.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = device.\"meterNumber\" \
         ON CONFLICT (serial_number, address, point) DO UPDATE SET meter_id = excluded.meter_id";
}

/// The site of a logger, held until the transaction ends; none where there is no such logger.
pub async fn site_of_logger(
    db: &mut PgConnection,
    serial: &SerialNumber,
) -> Result<Option<SiteId>, Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT site_id FROM acquisuite_loggers WHERE serial_number = $1 FOR UPDATE",
    )
    .bind(serial)
    .fetch_optional(&mut *db)
    .await?;
    Ok(row.map(|(site,)| SiteId(site)))
}
