//! Looking at a Modbus line without a register map: which units answer, and what stands in registers.

use std::time::Duration;

use acquisition::probe::modbus::{interpretations, read_raw, scan_units};
use domain::devices::refusal::modbus::ModbusRefusal;
use domain::devices::{Function, Protocol, Station, profile};
use domain::message::English;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::milliseconds;
use crate::{Action, Error, Principal, Service};

/// A scan ends within this, and says where to go on.
const SCAN_LIMIT: Duration = Duration::from_secs(8);
/// Addresses of units on a serial line (Modbus over serial line 1.02, section 2.2).
const UNITS: (u8, u8) = (1, 247);

/// A line to look for units on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScanAsked {
    /// Settings of the line: host and port, or a serial port.
    pub communication: Value,
    /// The first unit to ask, 1 to 247; 1 unless stated.
    pub from_unit: Option<u8>,
    /// The last unit to ask, 1 to 247; 247 unless stated.
    pub to_unit: Option<u8>,
}

/// The units that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scanned {
    /// Whether the line could be reached; if not, the notes say why.
    pub reached: bool,
    /// In the order of their addresses.
    pub units: Vec<FoundUnit>,
    /// The `fromUnit` to go on with, when time ran out before all were asked.
    pub next_unit: Option<u8>,
    /// What was wrong.
    pub notes: Vec<English>,
}

/// A unit that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundUnit {
    /// Its address.
    pub unit_id: u8,
    /// The exception it answered with; none when it gave the register asked for.
    pub exception: Option<English>,
}

/// Registers to look at.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistersRequest {
    /// Settings of the unit: host and port or a serial port, and `unitId`.
    pub communication: Value,
    /// The table: `holding` or `input`, or the number of the function that reads it, 3 or 4.
    pub function: Function,
    /// The first register, as on the wire, 0 to 65,535.
    pub address: u16,
    /// How many, 1 to 125.
    pub count: u16,
}

/// Registers as they were read.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registers {
    /// Whether the unit gave them; if not, the notes say why.
    pub reached: bool,
    /// In the order of their addresses.
    pub registers: Vec<RegisterView>,
    /// How long the answer took, in milliseconds.
    pub latency_ms: Option<u64>,
    /// What was wrong.
    pub notes: Vec<English>,
}

/// One register.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterView {
    /// Its address, as on the wire.
    pub address: u16,
    /// Its bits, as `0x1234`.
    pub word: String,
    /// What stands here, and in those behind it, in every type and order.
    #[schemars(with = "Vec<Value>")]
    pub interpretations: Vec<acquisition::probe::modbus::Interpretation>,
}

/// Asks unit after unit of a line, for eight seconds at most.
///
/// # Errors
/// A setting that is refused, or too many looks at once. A line that cannot be reached is no error:
/// the notes say why.
pub async fn scan(service: &Service, who: &Principal, asked: ScanAsked) -> Result<Scanned, Error> {
    who.require_somewhere(Action::Configure)?;
    let from = unit("fromUnit", asked.from_unit, UNITS.0)?;
    let to = unit("toUnit", asked.to_unit, UNITS.1)?;
    if from > to {
        return Err(Error::invalid("toUnit", ModbusRefusal::Backwards { to, from }));
    }
    let line = station(&asked.communication)?.line;
    let reach = service.device_trials().reach();
    let look = scan_units(&line, from..=to, SCAN_LIMIT, &reach);
    Ok(match service.device_trials().run(look).await? {
        Err(reason) => Scanned {
            reached: false,
            units: Vec::new(),
            next_unit: None,
            notes: vec![reason.into()],
        },
        Ok(scan) => {
            let found = scan.found.into_iter();
            let units = found
                .map(|f| FoundUnit { unit_id: f.unit, exception: f.exception.map(English::from) });
            Scanned {
                reached: true,
                units: units.collect(),
                next_unit: scan.next,
                notes: Vec::new(),
            }
        }
    })
}

/// Reads registers of a unit as they are.
///
/// # Errors
/// A setting that is refused, or too many looks at once. A unit that does not give them is no error:
/// the notes say why.
pub async fn raw(
    service: &Service,
    who: &Principal,
    asked: RegistersRequest,
) -> Result<Registers, Error> {
    who.require_somewhere(Action::Configure)?;
    let station = station(&asked.communication)?;
    let reach = service.device_trials().reach();
    let look = read_raw(&station, asked.function, asked.address, asked.count, &reach);
    Ok(match service.device_trials().run(look).await? {
        Err(reason) => Registers {
            reached: false,
            registers: Vec::new(),
            latency_ms: None,
            notes: vec![reason.into()],
        },
        Ok(read) => Registers {
            reached: true,
            registers: views(asked.address, &read.words),
            latency_ms: Some(milliseconds(read.latency)),
            notes: Vec::new(),
        },
    })
}

fn views(first: u16, words: &[u16]) -> Vec<RegisterView> {
    let view = |(address, at): (u16, usize)| {
        let rest = words.get(at..).unwrap_or_default();
        let word = hex(rest).into_iter().next().unwrap_or_default();
        RegisterView { address, word, interpretations: interpretations(rest) }
    };
    (first..=u16::MAX).zip(0..words.len()).map(view).collect()
}

/// Registers as `0x1234`.
pub(super) fn hex(words: &[u16]) -> Vec<String> {
    words.iter().map(|word| format!("0x{word:04x}")).collect()
}

fn unit(name: &'static str, given: Option<u8>, default: u8) -> Result<u8, Error> {
    let unit = given.unwrap_or(default);
    if (UNITS.0..=UNITS.1).contains(&unit) {
        return Ok(unit);
    }
    let (low, high) = UNITS;
    Err(Error::invalid(name, ModbusRefusal::Unit { name, unit, low, high }))
}

fn station(communication: &Value) -> Result<Station, Error> {
    let settings = profile::settings(Protocol::Modbus, communication)?;
    Ok(Station::parse(&settings)?)
}
