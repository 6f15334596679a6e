//! Settings of a Modbus meter: the line it stands on, its register map, and how the map is corrected.

mod line;
mod phase_inversion;
mod point;
pub mod register_table;
mod registers;

use serde::Deserialize;
use serde_json::{Map, Value};

use line::Transport;
pub use line::{Gateway, Line, Parity, SerialLine, Station};
pub use phase_inversion::PhaseInversion;
pub(super) use phase_inversion::is_directed;
pub use point::{Function, NumberType, Order, Point};
pub(crate) use registers::SHORT;

use super::refusal::modbus::ModbusRefusal;
use super::settings::{device_settings, raw_settings};
use super::{SettingError, in_range, strict};

/// Registers in one answer at most (Modbus application protocol 1.1b3, section 6.3).
pub const LARGEST_READ: u16 = 125;
/// More meters behind one unit than any maker's device has.
const MOST_METERS: u16 = 16;

/// Settings of a Modbus meter.
#[derive(Debug, Clone, PartialEq)]
pub struct ModbusSettings {
    /// Where it is.
    pub station: Station,
    /// The values to read at known addresses.
    pub points: Vec<Point>,
    /// Registers the device gives in one answer at most, 1 to 125.
    pub largest_read: u16,
    /// Which of the unit's `SunSpec` meters is looked for, from 1. Its values come on top of `points`,
    /// which win where both name one.
    pub sunspec: Option<u16>,
    /// Values whose sign is turned; in `points` that is done.
    pub turning: PhaseInversion,
}

impl Station {
    /// The place of a unit alone, from settings that may lack a register map: enough to look at its
    /// registers before it has one.
    ///
    /// # Errors
    /// The first setting that is missing, unknown, of the wrong type or out of range.
    pub fn parse(settings: &Value) -> Result<Self, SettingError> {
        strict::<Raw>(settings)?.station(settings)
    }
}

device_settings!(raw_settings! modbus);

pub(super) fn parse(settings: &Value) -> Result<ModbusSettings, SettingError> {
    let raw: Raw = strict(settings)?;
    let station = raw.station(settings)?;
    let turning = PhaseInversion::parse(raw.invert, &raw.invert_phases)?;
    let sunspec = raw.sunspec.as_ref().map_or(Ok(None), sunspec)?;
    let mut points = registers::points(&raw.registers)?;
    if points.is_empty() && sunspec.is_none() {
        return Err(SettingError::new("registers", ModbusRefusal::NoRegisters));
    }
    if sunspec.is_none() {
        turning.check(&points)?;
    }
    for point in &mut points {
        point.invert ^= turning.turns(point.field);
    }
    let largest_read = largest_read(raw.max_registers.as_ref(), &points)?;
    Ok(ModbusSettings { station, points, largest_read, sunspec, turning })
}

fn largest_read(limit: Option<&Value>, points: &[Point]) -> Result<u16, SettingError> {
    let Some(limit) = limit else { return Ok(LARGEST_READ) };
    let limit = in_range("maxRegisters", limit, 1, LARGEST_READ)?;
    match points.iter().find(|point| point.width() > limit) {
        Some(wide) => {
            let (field, width) = (wide.field.json(), wide.width());
            Err(SettingError::new("maxRegisters", ModbusRefusal::TooWide { limit, field, width }))
        }
        None => Ok(limit),
    }
}

/// `true` is the first meter; a number says which.
fn sunspec(value: &Value) -> Result<Option<u16>, SettingError> {
    match value {
        Value::Bool(first) => Ok(first.then_some(1)),
        Value::Number(_) => in_range("sunspec", value, 1, MOST_METERS).map(Some),
        _ => Err(SettingError::new("sunspec", ModbusRefusal::Sunspec { value: value.to_string() })),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Field;

    fn guide() -> Value {
        json!({"host": "192.168.1.150", "port": 502, "unitId": 1, "registers": {
            "power": 20480, "energy": 20482, "energyHigh": 20483, "voltage": 20484, "current": 20486,
            "powerScale": 1, "energyScale": 0.001, "voltageScale": 0.1, "currentScale": 0.001}})
    }

    fn refused(change: impl FnOnce(&mut Value)) -> SettingError {
        let mut settings = guide();
        change(&mut settings);
        parse(&settings).unwrap_err()
    }

    #[test]
    fn the_guides_body_is_read_as_written() {
        let settings = parse(&guide()).unwrap();
        assert_eq!(settings.station.to_string(), "unit 1 of 192.168.1.150:502");
        assert_eq!(settings.points.len(), 4);
        let energy = settings.points.iter().find(|p| p.field == Field::TotalEnergyKwh).unwrap();
        assert_eq!(
            (energy.address, energy.high, energy.number),
            (20482, Some(20483), NumberType::U32)
        );
        assert!((energy.scale - 0.001).abs() < f64::EPSILON);
    }

    #[test]
    fn each_wrong_setting_is_named() {
        assert_eq!(refused(|s| s["unitId"] = json!(300)).field, "communication.unitId");
        assert_eq!(refused(|s| s["port"] = json!(0)).field, "communication.port");
        assert_eq!(refused(|s| s["colour"] = json!(1)).field, "communication.colour");
        assert_eq!(refused(|s| s["host"] = json!(7)).field, "communication.host");
        assert_eq!(refused(|s| s["registers"] = json!({})).field, "communication.registers");
        assert_eq!(refused(|s| s["maxRegisters"] = json!(126)).field, "communication.maxRegisters");
        assert_eq!(refused(|s| s["sunspec"] = json!("yes")).field, "communication.sunspec");
    }

    #[test]
    fn a_device_that_gives_less_than_a_value_at_a_time_is_refused() {
        let error = refused(|s| {
            s["maxRegisters"] = json!(2);
            s["registers"]["frequency"] = json!({"address": 1, "type": "f64"});
        });
        assert_eq!(error.field, "communication.maxRegisters");
        assert!(error.to_string().contains("frequencyHz takes 4 registers"), "{error}");
    }

    #[test]
    fn a_unit_can_be_named_before_its_registers_are_known() {
        let station = Station::parse(&json!({"host": "Gateway", "unitId": 7})).unwrap();
        assert_eq!(station.to_string(), "unit 7 of gateway:502");
        assert_eq!(Station::parse(&json!({"unitId": 7})).unwrap_err().field, "communication.host");
    }

    #[test]
    fn a_sunspec_meter_needs_no_registers() {
        let of = |sunspec| {
            let settings = json!({"host": "inverter", "sunspec": sunspec, "invertPhases": ["L1"]});
            parse(&settings).map(|settings| settings.sunspec)
        };
        assert_eq!(of(json!(true)), Ok(Some(1)));
        assert_eq!(of(json!(3)), Ok(Some(3)));
        assert_eq!(of(json!(false)).unwrap_err().field, "communication.registers");
    }

    #[test]
    fn invert_turns_power_and_leaves_registers() {
        let mut settings = guide();
        settings["invert"] = json!(true);
        let settings = parse(&settings).unwrap();
        let turned: Vec<_> = settings.points.iter().filter(|p| p.invert).map(|p| p.field).collect();
        assert_eq!(turned, [Field::ActivePowerKw]);
    }
}
