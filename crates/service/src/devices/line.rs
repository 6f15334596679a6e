//! A device and its meter as one line of a table.

use std::time::Duration;

use domain::SiteId;
use domain::devices::refusal::table::CellRefusal;
use domain::devices::settings::{SETTINGS, Setting, named};
use domain::devices::{POLL_RANGE, Protocol, poll_range};
use domain::meters::{LoadRole, Meter, MeterType, check_name};
use domain::operation::request::QueryRefusal;
use serde_json::{Map, Value};
use storage::devices::DeviceRow;

use super::columns::{self, Cells, REST};
use crate::meters::check_place;
use crate::meters::energy_meters::settings;
use crate::{Error, Principal};

/// The columns of a meter and of its device, whatever the protocol.
const FIXED: [&str; 11] =
    [NUMBER, NAME, PARENT, METER_TYPE, ROLE, LATITUDE, LONGITUDE, RATED, PROTOCOL, POLL, ENABLED];

pub(super) const NUMBER: &str = "meterNumber";
const NAME: &str = "meterName";
const PARENT: &str = "parentMeterNumber";
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

/// A device and its meter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) number: String,
    pub(super) name: String,
    /// Number of the meter above it.
    pub(super) parent: Option<String>,
    pub(super) meter_type: MeterType,
    pub(super) role: LoadRole,
    /// Degrees north and east.
    pub(super) place: Option<(f64, f64)>,
    /// Rated power in kW.
    pub(super) rated_power_kw: Option<f64>,
    /// How it is read; none of a meter that has no device yet.
    pub(super) device: Option<Reading>,
}

/// How a meter is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub(super) protocol: Protocol,
    pub(super) poll: Duration,
    pub(super) enabled: bool,
    /// Settings of the protocol, without secrets where they are shown.
    pub(super) communication: Value,
}

impl Line {
    /// What is stored of a meter, without secrets.
    pub(super) fn of(meter: &Meter, parent: Option<&Meter>, device: Option<&DeviceRow>) -> Self {
        Self {
            number: meter.number.clone(),
            name: meter.name.clone(),
            parent: parent.map(|parent| parent.number.clone()),
            meter_type: meter.meter_type.clone(),
            role: meter.load_role,
            place: meter.latitude.zip(meter.longitude),
            rated_power_kw: meter.rated_power_kw,
            device: device.map(|device| Reading {
                protocol: device.protocol,
                poll: device.poll,
                enabled: device.enabled,
                communication: settings::shown(device.communication.clone()),
            }),
        }
    }

    /// The same, as someone may see it.
    pub(super) fn shown_to(mut self, who: &Principal, site: SiteId) -> Self {
        self.device = self.device.map(|device| Reading {
            communication: settings::shown_to(who, site, device.communication),
            ..device
        });
        self
    }

    /// The line as texts; what is not set has none.
    pub(super) fn cells(&self) -> Cells {
        let mut cells = match &self.device {
            Some(device) => columns::split(&device.communication),
            None => Cells::new(),
        };
        cells.extend([
            (NUMBER, self.number.clone()),
            (NAME, self.name.clone()),
            (METER_TYPE, self.meter_type.0.clone()),
            (ROLE, self.role.as_str().to_owned()),
        ]);
        cells.extend(self.parent.clone().map(|parent| (PARENT, parent)));
        if let Some((latitude, longitude)) = self.place {
            cells.extend([(LATITUDE, latitude.to_string()), (LONGITUDE, longitude.to_string())]);
        }
        cells.extend(self.rated_power_kw.map(|rated| (RATED, rated.to_string())));
        if let Some(device) = &self.device {
            cells.extend([
                (PROTOCOL, device.protocol.as_str().to_owned()),
                (POLL, device.poll.as_millis().to_string()),
                (ENABLED, device.enabled.to_string()),
            ]);
        }
        cells
    }

    /// Reads a line; its settings are those of its columns unless they are given. What is left empty is as
    /// usual: the poll interval of the protocol, switched on, without a part in the load status.
    ///
    /// # Errors
    /// The first column at fault.
    pub(super) fn parse(cells: &Cells, settings: Option<Value>) -> Result<Self, Error> {
        let given = |name: &str| cells.get(name).filter(|text| !text.trim().is_empty());
        let needed = |name: &'static str| {
            given(name).cloned().ok_or_else(|| {
                Error::refused("missing_field", CellRefusal::Empty { name }).at(name)
            })
        };
        let number = needed(NUMBER)?;
        let role = match given(ROLE) {
            None => LoadRole::None,
            Some(word) => LoadRole::parse(word.trim())
                .ok_or_else(|| Error::invalid(ROLE, CellRefusal::NoRole { text: word.clone() }))?,
        };
        let meter_type = given(METER_TYPE).map_or(usual_type(role), String::as_str);
        let protocol = needed(PROTOCOL)?;
        let protocol = Protocol::parse(protocol.trim()).ok_or_else(|| {
            Error::invalid(PROTOCOL, CellRefusal::NoProtocol { text: protocol.clone() })
        })?;
        let enabled = match given(ENABLED).map(|word| word.trim().to_ascii_lowercase()).as_deref() {
            None | Some("true") => true,
            Some("false") => false,
            Some(word) => {
                let text = word.to_owned();
                return Err(Error::invalid(ENABLED, QueryRefusal::NoFlag { text }));
            }
        };
        let communication = settings.map_or_else(|| columns::join(cells), Ok)?;
        settings::check(protocol, &communication).map_err(by_column)?;
        let name = needed(NAME)?;
        check_name(&name).map_err(|error| Error::invalid(NAME, error))?;
        Ok(Self {
            name,
            parent: given(PARENT).cloned(),
            meter_type: MeterType::from(meter_type),
            role,
            place: place(given(LATITUDE), given(LONGITUDE))?,
            rated_power_kw: given(RATED).map(|text| rated(text)).transpose()?,
            device: Some(Reading {
                protocol,
                poll: poll(given(POLL), protocol)?,
                enabled,
                communication,
            }),
            number,
        })
    }

    /// The columns in which two lines differ.
    pub(super) fn differs(&self, other: &Self) -> Vec<&'static str> {
        let (mine, others) = (self.cells(), other.cells());
        let rest = |cells: &Cells| -> Option<Map<String, Value>> {
            cells.get(REST).and_then(|text| serde_json::from_str(text).ok())
        };
        columns()
            .filter(|&name| match name {
                REST => rest(&mine) != rest(&others),
                name => mine.get(name) != others.get(name),
            })
            .collect()
    }
}

fn usual_type(role: LoadRole) -> &'static str {
    match role {
        LoadRole::Grid => "Grid",
        LoadRole::Building => "Building",
        LoadRole::Solar => "Solar",
        LoadRole::Zone => "Zone",
        LoadRole::None => "Other",
    }
}

/// Degrees north and east: both, or none.
fn place(
    latitude: Option<&String>,
    longitude: Option<&String>,
) -> Result<Option<(f64, f64)>, Error> {
    let degrees = |name: &'static str, text: Option<&String>| {
        let Some(text) = text else { return Ok(None) };
        let degrees = text.trim().parse::<f64>().ok().filter(|degrees| degrees.is_finite());
        let refused = || Error::invalid(name, CellRefusal::NoDegrees { text: text.clone() });
        degrees.map(Some).ok_or_else(refused)
    };
    let (latitude, longitude) = (degrees(LATITUDE, latitude)?, degrees(LONGITUDE, longitude)?);
    check_place(latitude, longitude)?;
    Ok(latitude.zip(longitude))
}

/// Rated power in kW.
fn rated(text: &str) -> Result<f64, Error> {
    let rated = text.trim().parse::<f64>().ok().filter(|rated| *rated > 0.0 && rated.is_finite());
    rated.ok_or_else(|| Error::invalid(RATED, CellRefusal::NoPower { text: text.to_owned() }))
}

fn poll(text: Option<&String>, protocol: Protocol) -> Result<Duration, Error> {
    let Some(text) = text else { return Ok(protocol.default_poll()) };
    let poll = text.trim().parse().ok().map(Duration::from_millis);
    poll.filter(|poll| (POLL_RANGE.0..=POLL_RANGE.1).contains(poll)).ok_or_else(|| {
        let (least, most) = poll_range();
        Error::invalid(POLL, CellRefusal::NoPoll { text: text.clone(), least, most })
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
