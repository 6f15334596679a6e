//! Loggers as programs and pages see them.

use acquisition::acquisuite::{Point, device_of_config, points};
use domain::devices::logger::refusal::LoggerRefusal;
use domain::devices::logger::uploads::RefusedUpload;
use domain::devices::view::loggers::{DeviceView, LoggerView, PointView};
use domain::sites::Site;
use storage::devices::loggers::{Device, Overview, activity};

use crate::{Core, Error};

/// What of a logger moves by itself.
pub(super) const MEASURED: &[&str] =
    &["passwordSet", "missingMeterId", "devices", "uploads", "refusals"];

pub(super) fn of(overview: Overview, site: &Site) -> LoggerView {
    let Overview { logger, devices, files, uploads, refusals } = overview;
    let list = |address| {
        let file = files.iter().find(|(name, _)| device_of_config(name) == Some(address));
        file.map(|(_, content)| points(content)).unwrap_or_default()
    };
    let named = |address, number| logger.columns.of(address).any(|point| point.number == number);
    let view = |address, listed: Point| {
        let asked = listed.lacks_direction() && !named(address, listed.number);
        PointView { question: asked.then(|| LoggerRefusal::WhichWay.into()), ..point(listed) }
    };
    let rated = devices.iter().filter_map(|it| Some((it.address, it.rated_power_kw?))).collect();
    let device = |device: Device| DeviceView {
        points: list(device.address).into_iter().map(|point| view(device.address, point)).collect(),
        address: device.address,
        meter_id: device.meter,
        meter_number: device.meter_number,
    };
    let devices = devices.into_iter().map(device).collect();
    LoggerView {
        devices,
        uploads,
        refusals,
        serial_number: logger.serial,
        site: site.slug.clone(),
        password_set: logger.password_hash.is_some(),
        utility_meter_id: logger.utility,
        load_meter_id: logger.load,
        solar_meter_id: logger.solar,
        missing_meter_id: logger.missing,
        columns: logger.columns,
        rated_power_kw: rated,
    }
}

fn point(point: Point) -> PointView {
    let field = point.column().map(|column| column.field.json());
    PointView { number: point.number, field, question: None, name: point.name, unit: point.unit }
}

/// Refused uploads that were of no known logger, the latest first. Whoever calls this has checked who
/// asks.
pub(crate) async fn refused_of_nobody(core: &Core) -> Result<Vec<RefusedUpload>, Error> {
    Ok(activity::refused_of_nobody(core.pool()).await?)
}
