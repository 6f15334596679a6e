//! Loggers as programs and pages see them.

use std::collections::{BTreeMap, BTreeSet};

use acquisition::acquisuite::{Point, device_of_config, points};
use domain::devices::logger::refusal::LoggerRefusal;
use domain::devices::logger::uploads::RefusedUpload;
use domain::devices::logger::{DeviceAddress, NamedPoint, PointNumber};
use domain::devices::view::loggers::{DeviceView, LoggerView, PointView};
use domain::sites::Site;
use storage::devices::loggers::{Device, Overview, activity};

use crate::{Core, Error};

/// What of a logger moves by itself.
pub(super) const MEASURED: &[&str] =
    &["passwordSet", "missingMeterId", "devices", "uploads", "refusals"];

pub(super) fn of(overview: Overview, site: &Site) -> LoggerView {
    let Overview { logger, devices, files, uploads, refusals } = overview;
    let files = || files.iter().map(|(name, content)| (name.as_str(), content.as_str()));
    let named = |address, number| logger.columns.of(address).any(|point| point.number == number);
    let asked = |address, listed: &Point| {
        (listed.lacks_direction() && !named(address, listed.number))
            .then(|| LoggerRefusal::WhichWay.into())
    };
    let fed = |address, point: Option<u16>| {
        let of = |it: &&Device| it.address == address && it.point.map(PointNumber::number) == point;
        devices.iter().find(of)
    };
    let points = |address| {
        let listed = listed(files(), address);
        let mut views: BTreeMap<u16, PointView> = listed
            .into_iter()
            .map(|listed| {
                (listed.number, PointView { question: asked(address, &listed), ..point(listed) })
            })
            .collect();
        for NamedPoint { number, field, .. } in logger.point_meters.of(address) {
            let unlisted = || point(Point { number, name: String::new(), unit: String::new() });
            let view = views.entry(number).or_insert_with(unlisted);
            let meter = fed(address, Some(number));
            view.field = Some(field.json());
            view.question = None;
            view.meter_id = meter.map(|meter| meter.meter);
            view.meter_number = meter.map(|meter| meter.meter_number.clone());
        }
        views.into_values().collect()
    };
    let rated = devices.iter().filter(|it| it.point.is_none());
    let rated = rated.filter_map(|it| Some((it.address, it.rated_power_kw?))).collect();
    let addresses: BTreeSet<_> = devices.iter().map(|device| device.address).collect();
    let device = |address| DeviceView {
        points: points(address),
        address,
        meter_id: fed(address, None).map(|device| device.meter),
        meter_number: fed(address, None).map(|device| device.meter_number.clone()),
    };
    let devices = addresses.into_iter().map(device).collect();
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
        point_meters: logger.point_meters,
        rated_power_kw: rated,
    }
}

fn point(point: Point) -> PointView {
    PointView {
        number: point.number,
        field: point.column().map(|column| column.field.json()),
        meter_id: None,
        meter_number: None,
        question: None,
        name: point.name,
        unit: point.unit,
    }
}

/// The points of a device, as its logger lists them in one of its files.
pub(super) fn listed<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    address: DeviceAddress,
) -> Vec<Point> {
    let mut files = files.into_iter();
    let list = files.find(|(name, _)| device_of_config(name) == Some(address));
    list.map(|(_, content)| points(content)).unwrap_or_default()
}

/// Refused uploads that were of no known logger, the latest first. Whoever calls this has checked who
/// asks.
pub(crate) async fn refused_of_nobody(core: &Core) -> Result<Vec<RefusedUpload>, Error> {
    Ok(activity::refused_of_nobody(core.pool()).await?)
}
