//! Loggers as programs and pages see them.

use std::collections::BTreeMap;

use acquisition::acquisuite::{Point, device_of_config, points};
use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::devices::logger::refusal::LoggerRefusal;
use domain::devices::logger::{ColumnMap, DeviceAddress, SerialNumber};
use domain::message::English;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Serialize;
use storage::devices::loggers::activity::{self, Activity, RefusedUpload};
use storage::devices::loggers::{Device, Overview};

use crate::{Core, Error};

/// What of a logger moves by itself.
pub(super) const MEASURED: &[&str] =
    &["passwordSet", "missingMeterId", "devices", "uploads", "refusals"];

/// A logger. Its password is never shown.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggerView {
    /// Its serial number.
    pub serial_number: SerialNumber,
    /// Slug of its site.
    pub site: String,
    /// Whether a password is set; without one its uploads are refused.
    pub password_set: bool,
    /// Device address of the meter of the grid connection.
    pub utility_meter_id: Option<DeviceAddress>,
    /// Device address of the meter of all load.
    pub load_meter_id: Option<DeviceAddress>,
    /// Device address of the meter of solar production.
    pub solar_meter_id: Option<DeviceAddress>,
    /// The meter that is computed where two of the three are given.
    pub missing_meter_id: Option<MeterId>,
    /// By device address: which point, from 0, holds which value of a reading.
    pub columns: ColumnMap,
    /// By device address: rated power in kW, where one is stated.
    pub rated_power_kw: BTreeMap<DeviceAddress, f64>,
    /// Its devices, as far as they were heard of.
    pub devices: Vec<DeviceView>,
    /// What it uploaded.
    pub uploads: UploadsView,
    /// Its uploads that were refused, by reason, the latest first.
    pub refusals: Vec<RefusalView>,
}

/// A device of a logger.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its address.
    pub address: DeviceAddress,
    /// The meter its readings go to.
    pub meter_id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// Its points, as the logger lists them.
    pub points: Vec<PointView>,
}

/// A point of a device.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PointView {
    /// Its number, from 0.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// The value of a reading that it is taken for; null where it is none.
    pub field: Option<&'static str>,
    /// What somebody has to say of it before it can be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<English>,
}

/// What a logger uploaded since it was added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadsView {
    /// When it last got through.
    pub last_at: Option<DateTime<Utc>>,
    /// Log files taken.
    pub files: i64,
    /// Lines stored as readings.
    pub stored: i64,
    /// Lines that were stored before.
    pub repeated: i64,
    /// Lines whose time had another reading already: both are kept, the first one counts.
    pub conflicting: i64,
    /// Lines that could not be stored.
    pub refused: i64,
    /// Lines without a value.
    pub silent: i64,
    /// Why the latest of the refused lines was.
    pub last_refused: Option<English>,
    /// What last happened to it or to a device of it.
    pub last_event: Option<English>,
    /// When that was.
    pub last_event_at: Option<DateTime<Utc>>,
    /// How often it writes down what it reads, in minutes, as its LOGPERIOD says.
    pub log_period_minutes: Option<i16>,
}

impl From<Activity> for UploadsView {
    fn from(activity: Activity) -> Self {
        Self {
            last_at: activity.last_upload_at,
            files: activity.files,
            stored: activity.stored,
            repeated: activity.repeated,
            conflicting: activity.conflicting,
            refused: activity.refused,
            silent: activity.silent,
            last_refused: activity.last_refused.map(English),
            last_event: activity.last_event.map(English),
            last_event_at: activity.last_event_at,
            log_period_minutes: activity.log_period_minutes,
        }
    }
}

/// Uploads that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefusalView {
    /// Why, as a code.
    pub reason: String,
    /// How often.
    pub count: i64,
    /// When the latest was.
    pub last_at: DateTime<Utc>,
    /// What was wrong with the latest, and where it came from.
    pub detail: English,
}

impl From<&RefusedUpload> for RefusalView {
    fn from(refusal: &RefusedUpload) -> Self {
        Self {
            reason: refusal.reason.clone(),
            count: refusal.count,
            last_at: refusal.last_at,
            detail: English(refusal.detail.clone()),
        }
    }
}

pub(super) fn of(overview: Overview, site: &Site) -> LoggerView {
    let Overview { logger, devices, files, activity, refusals } = overview;
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
        uploads: activity.into(),
        refusals: refusals.iter().map(RefusalView::from).collect(),
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
pub(crate) async fn refused_of_nobody(core: &Core) -> Result<Vec<RefusalView>, Error> {
    let refusals = activity::refused_of_nobody(core.pool()).await?;
    Ok(refusals.iter().map(RefusalView::from).collect())
}
