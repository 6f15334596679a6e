//! Where a Modbus meter is: a gateway or a serial line, and its unit there.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::Raw;
use crate::devices::refusal::modbus::ModbusRefusal;
use crate::devices::settings::{Form, of_form};
use crate::devices::{SettingError, in_range};

/// Units in turn share a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Line {
    /// Modbus TCP.
    Tcp {
        gateway: Gateway,
        /// Whether an answer must carry the transaction number of its request.
        strict_transactions: bool,
    },
    /// Frames of a serial line carried over TCP as they are.
    RtuOverTcp(Gateway),
    /// Modbus RTU on a serial port of this machine.
    Serial(SerialLine),
}

/// A place in the network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gateway {
    /// Name or address, in lower case.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How long to wait after connecting before the first request. None leaves it to be learned.
    pub first_wait: Option<Duration>,
}

/// A serial port and how it is set; eight data bits, as Modbus RTU has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialLine {
    /// Path of the port.
    pub path: String,
    /// Bits per second.
    pub baud: u32,
    /// The check of each byte.
    pub parity: Parity,
    /// One or two.
    pub stop_bits: u8,
    /// How long to wait after opening before the first request. None leaves it to be learned.
    pub first_wait: Option<Duration>,
}

/// The check of each byte on a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Parity {
    #[default]
    None,
    /// An even number of ones.
    Even,
    /// An odd number of ones.
    Odd,
}

impl Line {
    /// What the line is known by, however it is spoken to: `host:port`, or the path of the port.
    pub fn name(&self) -> String {
        match self {
            Self::Tcp { gateway: Gateway { host, port, .. }, .. }
            | Self::RtuOverTcp(Gateway { host, port, .. }) => format!("{host}:{port}"),
            Self::Serial(serial) => serial.path.clone(),
        }
    }

    /// How long to wait on a new connection before the first request. None leaves it to be learned.
    pub const fn first_wait(&self) -> Option<Duration> {
        match self {
            Self::Tcp { gateway, .. } | Self::RtuOverTcp(gateway) => gateway.first_wait,
            Self::Serial(serial) => serial.first_wait,
        }
    }

    /// Whether requests and answers are frames of a serial line, which carry no number that would say
    /// which request an answer belongs to.
    pub const fn is_rtu(&self) -> bool {
        matches!(self, Self::RtuOverTcp(_) | Self::Serial(_))
    }
}

/// A unit on a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Station {
    pub line: Line,
    /// The unit's address on it: 0 to 255 over TCP, else 1 to 247.
    pub unit: u8,
}

impl fmt::Display for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unit {} of {}", self.unit, self.line.name())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Transport {
    #[default]
    Tcp,
    RtuOverTcp,
    Rtu,
}

const DEFAULT_PORT: u16 = 502;
const DEFAULT_BAUD: u32 = 9600;
/// The slowest and the fastest rate a serial port is set to.
const BAUD_RANGE: (u32, u32) = (300, 4_000_000);
/// Others may wait for their turn on the line meanwhile.
const LONGEST_FIRST_WAIT: u16 = 10_000;

impl Raw {
    pub(super) fn station(&self, written: &Value) -> Result<Station, SettingError> {
        let line = match self.transport {
            Transport::Tcp => {
                let strict_transactions = self.strict_transactions.unwrap_or(true);
                Line::Tcp { gateway: self.gateway(written)?, strict_transactions }
            }
            Transport::RtuOverTcp => Line::RtuOverTcp(self.gateway(written)?),
            Transport::Rtu => Line::Serial(self.serial(written)?),
        };
        if line.is_rtu() && self.strict_transactions.is_some() {
            return Err(SettingError::new("strictTransactions", ModbusRefusal::NoTransactions));
        }
        let (low, high) = if line.is_rtu() { (1, 247) } else { (0, 255) };
        let unit = match &self.unit_id {
            None => 1,
            Some(value) => in_range("unitId", value, low, high)?,
        };
        Ok(Station { line, unit })
    }

    fn gateway(&self, written: &Value) -> Result<Gateway, SettingError> {
        refuse_given(written, Form::Serial, |name| ModbusRefusal::OfRtu { name })?;
        let host = self.host.as_deref().map_or("", str::trim).to_ascii_lowercase();
        if self.host.is_none() {
            return Err(SettingError::missing("host", ModbusRefusal::NoHost));
        }
        if host.is_empty() {
            return Err(SettingError::new("host", ModbusRefusal::EmptyHost));
        }
        let port = match &self.port {
            None => DEFAULT_PORT,
            Some(value) => in_range("port", value, 1, u16::MAX)?,
        };
        Ok(Gateway { host, port, first_wait: self.first_wait()? })
    }

    fn first_wait(&self) -> Result<Option<Duration>, SettingError> {
        let Some(wait) = &self.first_wait else { return Ok(None) };
        let milliseconds = in_range("firstWait", wait, 0, LONGEST_FIRST_WAIT)?;
        Ok(Some(Duration::from_millis(milliseconds.into())))
    }

    fn serial(&self, written: &Value) -> Result<SerialLine, SettingError> {
        refuse_given(written, Form::Network, |name| ModbusRefusal::NotOfRtu { name })?;
        let path = self.serial_port.as_deref().map_or("", str::trim);
        if !path.starts_with('/') {
            return Err(SettingError::new("serialPort", ModbusRefusal::SerialPort));
        }
        let stop_bits = match &self.stop_bits {
            None => 1,
            Some(value) => in_range("stopBits", value, 1, 2)?,
        };
        let baud = match &self.baud_rate {
            None => DEFAULT_BAUD,
            Some(value) => in_range("baudRate", value, BAUD_RANGE.0, BAUD_RANGE.1)?,
        };
        Ok(SerialLine {
            path: path.to_owned(),
            baud,
            parity: self.parity.unwrap_or_default(),
            stop_bits,
            first_wait: self.first_wait()?,
        })
    }
}

/// Refuses settings that mean nothing on a line of this kind.
fn refuse_given(
    written: &Value,
    form: Form,
    why: impl Fn(&'static str) -> ModbusRefusal,
) -> Result<(), SettingError> {
    let is_given = |name: &str| written.get(name).is_some_and(|value| !value.is_null());
    match of_form(form).map(|setting| setting.name).find(|name| is_given(name)) {
        None => Ok(()),
        Some(name) => Err(SettingError::new(name, why(name))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(settings: &Value) -> String {
        Station::parse(settings).unwrap_err().field
    }

    #[test]
    fn a_serial_line_is_read() {
        let settings = json!({"transport": "rtu", "serialPort": "/dev/ttyUSB0", "unitId": 3,
            "baudRate": 19200, "parity": "even", "stopBits": 1});
        let station = Station::parse(&settings).unwrap();
        assert_eq!(station.to_string(), "unit 3 of /dev/ttyUSB0");
        let Line::Serial(line) = station.line else { panic!("not a serial line") };
        assert_eq!((line.baud, line.parity, line.stop_bits), (19_200, Parity::Even, 1));
    }

    #[test]
    fn settings_of_another_transport_are_refused_by_name() {
        let host = json!({"transport": "rtu", "serialPort": "/dev/ttyS0", "host": "gateway"});
        assert_eq!(refused(&host), "communication.host");
        let parity = json!({"host": "gateway", "parity": "even"});
        assert_eq!(refused(&parity), "communication.parity");
        assert_eq!(refused(&json!({"transport": "rtu"})), "communication.serialPort");
        assert_eq!(
            refused(&json!({"transport": "carrier", "host": "h"})),
            "communication.transport"
        );
    }

    #[test]
    fn units_and_rates_that_cannot_be_are_refused() {
        let unit = json!({"transport": "rtuOverTcp", "host": "gateway", "unitId": 0});
        assert_eq!(refused(&unit), "communication.unitId");
        let rate = json!({"transport": "rtu", "serialPort": "/dev/ttyS0", "baudRate": 96});
        assert_eq!(refused(&rate), "communication.baudRate");
        let stop = json!({"transport": "rtu", "serialPort": "/dev/ttyS0", "stopBits": 3});
        assert_eq!(refused(&stop), "communication.stopBits");
    }

    #[test]
    fn how_a_gateway_is_spoken_to_is_read() {
        let line = |settings: Value| Station::parse(&settings).map(|station| station.line);
        let strict = |line| match line {
            Ok(Line::Tcp { strict_transactions, .. }) => strict_transactions,
            other => panic!("{other:?}"),
        };
        assert!(strict(line(json!({"host": "h"}))));
        assert!(!strict(line(json!({"host": "h", "strictTransactions": false}))));
        for (settings, wait) in [
            (json!({"host": "h"}), None),
            (json!({"host": "h", "firstWait": 0}), Some(0)),
            (json!({"host": "h", "transport": "rtuOverTcp", "firstWait": 1500}), Some(1500)),
            (
                json!({"transport": "rtu", "serialPort": "/dev/ttyS0", "firstWait": 10_000}),
                Some(10_000),
            ),
        ] {
            assert_eq!(line(settings).unwrap().first_wait(), wait.map(Duration::from_millis));
        }
        assert_eq!(refused(&json!({"host": "h", "firstWait": -1})), "communication.firstWait");
        assert_eq!(refused(&json!({"host": "h", "firstWait": 10_001})), "communication.firstWait");
        let frames = json!({"host": "h", "transport": "rtuOverTcp", "strictTransactions": false});
        assert_eq!(refused(&frames), "communication.strictTransactions");
    }

    #[test]
    fn one_gateway_has_one_name_however_it_is_written() {
        let name = |settings| Station::parse(&settings).unwrap().line.name();
        let plain = name(json!({"host": " Gateway "}));
        assert_eq!(plain, name(json!({"host": "gateway", "transport": "rtuOverTcp", "port": 502})));
    }
}
