//! The page of data loggers.

use domain::SiteSlug;
use domain::devices::logger::{ColumnMap, DeviceAddress};
use domain::devices::view::loggers::{Device, Logger, LoggersPage, Refused};

use crate::devices::acquisuite::{self, DeviceView, LoggerView, RefusalView};
use crate::pages::Query;
use crate::{Error, Principal, Role, Service};

/// Reasons of refused uploads of nobody known that are shown.
const STRANGERS: usize = 5;

/// The loggers of a site.
pub async fn loggers(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<LoggersPage, Error> {
    who.require(Role::Viewer)?;
    let shown = crate::pages::shown(service, who, query).await?;
    let loggers = acquisuite::list(service, who, Some(&SiteSlug::from(&shown.site))).await?;
    let strangers = acquisuite::refused_of_nobody(service).await?;
    Ok(LoggersPage {
        loggers: loggers.into_iter().map(logger).collect(),
        strangers: strangers.into_iter().take(STRANGERS).map(refused).collect(),
        chosen: query.get("logger").map(str::to_owned),
        upload_path: format!("/acquisuite/{}/upload", shown.site.slug),
        shown,
    })
}

fn logger(view: LoggerView) -> Logger {
    let role = |address: Option<DeviceAddress>| address.map(|address| address.to_string());
    let uploads = view.uploads;
    let columns = (view.columns != ColumnMap::default())
        .then(|| serde_json::to_string(&view.columns).unwrap_or_default());
    let rated = (!view.rated_power_kw.is_empty())
        .then(|| serde_json::to_string(&view.rated_power_kw).unwrap_or_default());
    Logger {
        serial: view.serial_number.to_string(),
        has_password: view.password_set,
        utility: role(view.utility_meter_id),
        load: role(view.load_meter_id),
        solar: role(view.solar_meter_id),
        missing: view.missing_meter_id,
        columns: columns.unwrap_or_default(),
        rated: rated.unwrap_or_default(),
        devices: view.devices.into_iter().map(device).collect(),
        last_at: uploads.last_at,
        files: uploads.files,
        stored: uploads.stored,
        conflicting: uploads.conflicting,
        lines_refused: uploads.refused,
        last_refused: uploads.last_refused.map(|said| said.0),
        silent: uploads.silent,
        last_event: uploads.last_event.map(|said| said.0).zip(uploads.last_event_at),
        refused: view.refusals.into_iter().map(refused).collect(),
    }
}

fn device(view: DeviceView) -> Device {
    let used = view.points.iter().filter(|point| point.field.is_some()).count();
    Device {
        address: view.address.to_string(),
        meter: view.meter_id,
        meter_number: view.meter_number,
        points: (view.points.len(), used),
        asked: view
            .points
            .into_iter()
            .filter(|point| point.question.is_some())
            .map(|point| (point.number, point.name))
            .collect(),
    }
}

fn refused(view: RefusalView) -> Refused {
    Refused { count: view.count, at: view.last_at, detail: view.detail.0 }
}
