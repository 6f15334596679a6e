//! The page of data loggers: what each uploaded, what was refused, and the form that changes one.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::MeterId;
use crate::devices::logger::uploads::{RefusedUpload, Uploads};
use crate::devices::logger::{ColumnMap, DeviceAddress, PointMeters, SerialNumber};
use crate::message::English;
use crate::view::PeriodContext;

/// The page of loggers.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggersPage {
    /// The site and its time.
    pub shown: PeriodContext,
    /// The loggers of the site, by serial number.
    pub loggers: Vec<LoggerView>,
    /// Uploads of nobody known, the latest first.
    pub strangers: Vec<RefusedUpload>,
    /// The serial number of the logger whose form is open.
    pub chosen: Option<String>,
    /// The address that loggers of this site upload to.
    pub upload_path: String,
}

/// A logger. Its password is never shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// By device address and point, from 0: the value of a reading that the point is to a meter of its
    /// own.
    pub point_meters: PointMeters,
    /// By device address: rated power in kW, where one is stated.
    pub rated_power_kw: BTreeMap<DeviceAddress, f64>,
    /// Its devices, as far as they were heard of.
    pub devices: Vec<DeviceView>,
    /// What it uploaded.
    pub uploads: Uploads,
    /// Its uploads that were refused, by reason, the latest first.
    pub refusals: Vec<RefusedUpload>,
}

/// A device of a logger.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its address.
    pub address: DeviceAddress,
    /// The meter its readings go to; null where it has only meters of points so far.
    pub meter_id: Option<MeterId>,
    /// The meter's number.
    pub meter_number: Option<String>,
    /// Its points, as the logger lists them, and those that are meters of their own.
    pub points: Vec<PointView>,
}

/// A point of a device.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The meter that it alone feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_id: Option<MeterId>,
    /// That meter's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter_number: Option<String>,
    /// What somebody has to say of it before it can be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<English>,
}

impl LoggersPage {
    /// The logger whose form is open.
    pub fn chosen(&self) -> Option<&LoggerView> {
        let serial = self.chosen.as_ref()?;
        self.loggers.iter().find(|logger| logger.serial_number.as_str() == serial)
    }
}
