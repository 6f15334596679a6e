//! Devices: the connections that meters are read through, and their settings.
//!
//! Settings arrive as the JSON object `communication`, whose shape depends on the protocol. They are
//! parsed here once, at the border; drivers then trust them.

mod http;
mod json_path;
pub mod logger;
mod modbus;
pub mod mqtt;
mod pick;
pub mod profile;
pub mod reason;
pub mod refusal;
pub mod settings;
pub mod unit;
pub mod view;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

pub use http::{HttpMethod, HttpRequest, HttpSettings, public_address};
pub use json_path::JsonPath;
pub(crate) use modbus::SHORT;
pub use modbus::register_table;
pub use modbus::{
    Function, Gateway, LARGEST_READ, Line, ModbusSettings, NumberType, Order, Parity,
    PhaseInversion, Point, SerialLine, Station,
};
pub use mqtt::MqttSettings;
pub use pick::{NegativeWhen, Part, Pick, Sign};

use self::refusal::ValueRefusal;
use crate::ids::id;
use crate::message::Message;
use crate::stored::words;
use crate::strict::FaultKind;
use crate::{DeviceId, MeterId, SiteId};

id!(
    /// A table of devices that waits to be applied.
    TableId(uuid::Uuid)
);

words!(
    /// How a device is spoken to.
    Protocol {
        /// Modbus, over TCP or a serial line.
        Modbus = "modbus",
        /// Topics on an MQTT broker.
        Mqtt = "mqtt",
        /// A JSON document fetched over HTTP.
        Http = "http",
    }
);

impl Protocol {
    /// How often a device is read unless its settings say so. MQTT meters speak when something
    /// changes: their last value holds for five minutes, which is three of these.
    pub const fn default_poll(self) -> Duration {
        match self {
            Self::Modbus => Duration::from_secs(5),
            Self::Mqtt => Duration::from_secs(100),
            Self::Http => Duration::from_secs(30),
        }
    }
}

/// A setting that is refused: which one, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SettingError {
    /// Path of the setting, such as `communication.port`.
    pub field: String,
    /// Whether it is unknown, missing or wrong.
    pub kind: FaultKind,
    /// What is wrong with it and how to mend it.
    pub message: Message,
}

impl SettingError {
    /// A setting whose value cannot be.
    pub(crate) fn new(field: &str, message: impl Into<Message>) -> Self {
        let field = format!("communication.{field}");
        Self { field, kind: FaultKind::Value, message: message.into() }
    }

    /// A setting that is needed and absent.
    pub(crate) fn missing(field: &str, message: impl Into<Message>) -> Self {
        Self { kind: FaultKind::Missing, ..Self::new(field, message) }
    }
}

/// The parsed settings of a device.
#[derive(Debug, Clone, PartialEq)]
pub enum Communication {
    Modbus(ModbusSettings),
    Mqtt(MqttSettings),
    Http(HttpSettings),
}

impl Communication {
    /// Parses the `communication` object of a protocol, with those of the profile it may name.
    ///
    /// # Errors
    /// The first setting that is missing, unknown, of the wrong type or out of range.
    pub fn parse(protocol: Protocol, settings: &Value) -> Result<Self, SettingError> {
        let settings = profile::settings(protocol, settings)?;
        let settings = settings.as_ref();
        match protocol {
            Protocol::Modbus => modbus::parse(settings).map(Self::Modbus),
            Protocol::Mqtt => mqtt::parse(settings).map(Self::Mqtt),
            Protocol::Http => http::parse(settings).map(Self::Http),
        }
    }
}

/// The shortest and the longest poll interval.
pub const POLL_RANGE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_hours(24));

/// The same in milliseconds.
pub const fn poll_range() -> (u64, u64) {
    (
        POLL_RANGE.0.as_secs() * 1_000 + POLL_RANGE.0.subsec_millis() as u64,
        POLL_RANGE.1.as_secs() * 1_000,
    )
}

/// A device of the registry, ready to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    pub id: DeviceId,
    /// The site of its meter.
    pub site: SiteId,
    /// The time zone of that site, for times that a device states without one.
    pub zone: chrono_tz::Tz,
    /// The meter it feeds.
    pub meter: MeterId,
    /// The meter's name, for messages.
    pub meter_name: String,
    /// How often it is read.
    pub poll: Duration,
    /// How it is reached.
    pub communication: Communication,
}

/// What a driver last saw of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeviceState {
    /// It answered, and the answer made sense.
    Online,
    /// It does not answer, or it says itself that it is offline.
    Offline,
    /// It answered with an error or with nonsense.
    Error,
}

/// A whole number within bounds, or the setting at fault.
fn in_range<T>(at: &str, value: &Value, low: T, high: T) -> Result<T, SettingError>
where
    T: TryFrom<i64> + PartialOrd + Into<u32>,
{
    match value.as_i64().and_then(|number| T::try_from(number).ok()) {
        Some(number) if (&low..=&high).contains(&&number) => Ok(number),
        _ => {
            let name = at.rsplit('.').next().unwrap_or(at).to_owned();
            let (value, low, high) = (value.to_string(), low.into(), high.into());
            Err(SettingError::new(at, ValueRefusal::Range { name, value, low, high }))
        }
    }
}

/// Parses an object strictly, naming the setting at fault.
fn strict<T: serde::de::DeserializeOwned>(settings: &Value) -> Result<T, SettingError> {
    crate::strict::read(settings).map_err(|fault| SettingError {
        field: fault.field.map_or("communication".into(), |field| format!("communication.{field}")),
        kind: fault.kind,
        message: fault.message,
    })
}
