//! A meter with its device as texts by the names of columns, which the fields of a form have too.

use std::time::Duration;

use domain::devices::refusal::table::CellRefusal;
use domain::devices::settings::{SETTINGS, Setting, named};
use domain::devices::{POLL_RANGE, Protocol, poll_range};
use domain::meters::{LoadRole, MeterType, check_name};
use domain::operation::request::QueryRefusal;
use serde_json::{Map, Value};

use super::columns::{self, Cells, REST};
use crate::Error;
use crate::meters::check_place;
use crate::meters::energy_meters::{ConnectedMeter, DeviceSettings, settings};

/// The columns of a meter and of its device, whatever the protocol.
const FIXED: [&str; 11] =
    [NUMBER, NAME, PARENT, METER_TYPE, ROLE, LATITUDE, LONGITUDE, RATED, PROTOCOL, POLL, ENABLED];

pub(super) const NUMBER: &str = "meterNumber";
const NAME: &str = "meterName";
pub(super) const PARENT: &str = "parentMeterNumber";
const METER_TYPE: &str = "meterType";
const ROLE: &str = "role";
const LATITUDE: &str = "latitude";
const LONGITUDE: &str = "longitude";
const RATED: &str = "ratedPowerKw";
const PROTOCOL: &str = "protocol";
const POLL: &str = "pollInterval";
const ENABLED: &str = "enabled";

/// The columns of the table, in order.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    let settings = SETTINGS.iter().filter(|setting| setting.has_column());
    FIXED.into_iter().chain(settings.map(|setting| setting.name)).chain([REST])
}

/// The texts of a meter; what is not set has none.
pub(super) fn cells(meter: &ConnectedMeter) -> Cells {
    let mut cells = match &meter.device {
        Some(device) => columns::split(&device.communication),
        None => Cells::new(),
    };
    cells.extend([
        (NUMBER, meter.number.clone()),
        (NAME, meter.name.clone()),
        (METER_TYPE, meter.meter_type.0.clone()),
        (ROLE, meter.role.as_str().to_owned()),
    ]);
    cells.extend(meter.parent.clone().map(|parent| (PARENT, parent)));
    if let Some((latitude, longitude)) = meter.place {
        cells.extend([(LATITUDE, latitude.to_string()), (LONGITUDE, longitude.to_string())]);
    }
    cells.extend(meter.rated_power_kw.map(|rated| (RATED, rated.to_string())));
    if let Some(device) = &meter.device {
        cells.extend([
            (PROTOCOL, device.protocol.as_str().to_owned()),
            (POLL, device.poll.as_millis().to_string()),
            (ENABLED, device.enabled.to_string()),
        ]);
    }
    cells
}

/// The columns in which two meters differ.
pub(super) fn differences(one: &ConnectedMeter, other: &ConnectedMeter) -> Vec<&'static str> {
    let (one, other) = (cells(one), cells(other));
    let rest = |cells: &Cells| -> Option<Map<String, Value>> {
        cells.get(REST).and_then(|text| serde_json::from_str(text).ok())
    };
    columns()
        .filter(|&name| match name {
            REST => rest(&one) != rest(&other),
            name => one.get(name) != other.get(name),
        })
        .collect()
}

/// Reads the texts of a meter whose device has these settings, over what is stored: a column without a
/// text stays as it is, an empty text takes back what was set. What is not set is as usual: the poll
/// interval of the protocol, switched on, without a part in the load status.
///
/// # Errors
/// The first column at fault.
pub(super) fn parse<'a>(
    text: impl Fn(&str) -> Option<&'a str>,
    communication: Value,
    stored: Option<&ConnectedMeter>,
) -> Result<ConnectedMeter, Error> {
    let device = stored.and_then(|stored| stored.device.as_ref());
    let owned = |text: &str| Ok(text.to_owned());
    let number = needed(NUMBER, read(text(NUMBER), None, owned)?)?;
    let role = read(text(ROLE), stored.map(|stored| stored.role), role)?.unwrap_or(LoadRole::None);
    let meter_type = stored.map(|stored| stored.meter_type.clone());
    let meter_type = read(text(METER_TYPE), meter_type, |text| Ok(MeterType::from(text)))?;
    let protocol = read(text(PROTOCOL), device.map(|device| device.protocol), protocol)?;
    let protocol = needed(PROTOCOL, protocol)?;
    let enabled = read(text(ENABLED), device.map(|device| device.enabled), flag)?.unwrap_or(true);
    settings::check(protocol, &communication).map_err(by_column)?;
    let name = read(text(NAME), stored.map(|stored| stored.name.clone()), owned)?;
    let name = needed(NAME, name)?;
    check_name(&name).map_err(|error| Error::invalid(NAME, error))?;
    let place = stored.and_then(|stored| stored.place);
    let degrees = |name: &'static str, stored| read(text(name), stored, |text| degrees(name, text));
    let latitude = degrees(LATITUDE, place.map(|place| place.0))?;
    let longitude = degrees(LONGITUDE, place.map(|place| place.1))?;
    check_place(latitude, longitude)?;
    let rated_power_kw = stored.and_then(|stored| stored.rated_power_kw);
    let poll = read(text(POLL), device.map(|device| device.poll), poll)?;
    Ok(ConnectedMeter {
        number,
        name,
        location: stored.and_then(|stored| stored.location.clone()),
        parent: read(text(PARENT), stored.and_then(|stored| stored.parent.clone()), owned)?,
        meter_type: meter_type.unwrap_or_else(|| usual_type(role)),
        role,
        place: latitude.zip(longitude),
        rated_power_kw: read(text(RATED), rated_power_kw, rated)?,
        device: Some(DeviceSettings {
            protocol,
            poll: poll.unwrap_or_else(|| protocol.default_poll()),
            enabled,
            communication,
        }),
    })
}

/// A value: as its text says, none where that is empty, the stored one without a text.
fn read<T>(
    text: Option<&str>,
    stored: Option<T>,
    parse: impl FnOnce(&str) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    match text {
        None => Ok(stored),
        Some(text) if text.trim().is_empty() => Ok(None),
        Some(text) => parse(text).map(Some),
    }
}

fn needed<T>(name: &'static str, value: Option<T>) -> Result<T, Error> {
    let refused = || Error::refused("missing_field", CellRefusal::Empty { name }).at(name);
    value.ok_or_else(refused)
}

fn role(text: &str) -> Result<LoadRole, Error> {
    let refused = || Error::invalid(ROLE, CellRefusal::NoRole { text: text.to_owned() });
    LoadRole::parse(text.trim()).ok_or_else(refused)
}

fn usual_type(role: LoadRole) -> MeterType {
    MeterType::from(match role {
        LoadRole::Grid => "Grid",
        LoadRole::Building => "Building",
        LoadRole::Solar => "Solar",
        LoadRole::Zone => "Zone",
        LoadRole::None => "Other",
    })
}

fn protocol(text: &str) -> Result<Protocol, Error> {
    let refused = || Error::invalid(PROTOCOL, CellRefusal::NoProtocol { text: text.to_owned() });
    Protocol::parse(text.trim()).ok_or_else(refused)
}

fn flag(text: &str) -> Result<bool, Error> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        word => Err(Error::invalid(ENABLED, QueryRefusal::NoFlag { text: word.to_owned() })),
    }
}

/// Degrees north or east.
fn degrees(name: &'static str, text: &str) -> Result<f64, Error> {
    let degrees = text.trim().parse::<f64>().ok().filter(|degrees| degrees.is_finite());
    let refused = || Error::invalid(name, CellRefusal::NoDegrees { text: text.to_owned() });
    degrees.ok_or_else(refused)
}

/// Rated power in kW.
fn rated(text: &str) -> Result<f64, Error> {
    let rated = text.trim().parse::<f64>().ok().filter(|rated| *rated > 0.0 && rated.is_finite());
    rated.ok_or_else(|| Error::invalid(RATED, CellRefusal::NoPower { text: text.to_owned() }))
}

fn poll(text: &str) -> Result<Duration, Error> {
    let poll = text.trim().parse().ok().map(Duration::from_millis);
    poll.filter(|poll| (POLL_RANGE.0..=POLL_RANGE.1).contains(poll)).ok_or_else(|| {
        let (least, most) = poll_range();
        Error::invalid(POLL, CellRefusal::NoPoll { text: text.to_owned(), least, most })
    })
}

/// A refused setting, by the column that it stands in.
fn by_column(error: Error) -> Error {
    match error {
        Error::Invalid { code, field: Some(field), message } => {
            let inner = field.strip_prefix("communication.").unwrap_or(&field);
            let has_column = named(inner).is_some_and(Setting::has_column);
            let field = if has_column { inner.to_owned() } else { field };
            Error::refused(code, message).at(field)
        }
        other => other,
    }
}
