//! Settings of a Modbus TCP meter and its register map.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{SettingError, strict};
use crate::Field;

/// Which table a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Function {
    /// Function code 3.
    #[default]
    Holding,
    /// Function code 4.
    Input,
}

/// How a value is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberType {
    /// Unsigned, one register.
    #[default]
    U16,
    /// Signed, one register.
    I16,
    /// Unsigned, two registers.
    U32,
    /// Signed, two registers.
    I32,
    /// Unsigned, four registers.
    U64,
    /// Signed, four registers.
    I64,
    /// IEEE 754, two registers.
    F32,
    /// IEEE 754, four registers.
    F64,
    /// Four decimal digits in one register.
    Bcd,
}

impl NumberType {
    /// How many registers it takes.
    pub const fn width(self) -> u16 {
        match self {
            Self::U16 | Self::I16 | Self::Bcd => 1,
            Self::U32 | Self::I32 | Self::F32 => 2,
            Self::U64 | Self::I64 | Self::F64 => 4,
        }
    }
}

/// Order of words in a value, or of bytes in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// High part first.
    #[default]
    Big,
    /// Low part first.
    Little,
}

/// One value of the register map.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What it means.
    pub field: Field,
    /// First register, as on the wire, 0 to 65,535.
    pub address: u16,
    /// Register with the high word of a value split over two separate registers.
    pub high: Option<u16>,
    /// Table.
    pub function: Function,
    /// Coding.
    pub number: NumberType,
    /// Word order.
    pub words: Order,
    /// Byte order.
    pub bytes: Order,
    /// Value = raw × scale + offset.
    pub scale: f64,
    /// Added after scaling.
    pub offset: f64,
    /// Turns the sign, as for a reversed current transformer.
    pub invert: bool,
}

/// Settings of a Modbus TCP meter.
#[derive(Debug, Clone, PartialEq)]
pub struct ModbusSettings {
    /// Host name or address of the gateway.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Unit id behind the gateway.
    pub unit: u8,
    /// The values to read.
    pub points: Vec<Point>,
}

const DEFAULT_PORT: u16 = 502;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    host: String,
    port: Option<Value>,
    unit_id: Option<Value>,
    registers: Map<String, Value>,
    #[serde(default)]
    invert: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawPoint {
    address: Value,
    #[serde(default)]
    function: Function,
    #[serde(default, rename = "type")]
    number: NumberType,
    #[serde(default)]
    word_order: Order,
    #[serde(default)]
    byte_order: Order,
    scale: Option<f64>,
    #[serde(default)]
    offset: f64,
    #[serde(default)]
    invert: bool,
}

/// The guide's register names; any other name is a reading field's JSON name.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "power" => Field::ActivePowerKw,
        "energy" => Field::TotalEnergyKwh,
        "voltage" => Field::VoltageL1,
        "current" => Field::CurrentL1,
        "frequency" => Field::FrequencyHz,
        _ => {
            return Field::ALL.iter().copied().find(|field| field.json() == name);
        }
    })
}

pub(super) fn parse(settings: &Value) -> Result<ModbusSettings, SettingError> {
    let raw: Raw = strict(settings)?;
    if raw.host.trim().is_empty() {
        return Err(SettingError::new("host", "host is empty: give the gateway's name or address"));
    }
    let port = match &raw.port {
        None => DEFAULT_PORT,
        Some(value) => in_range("port", value, 1, 65_535)?,
    };
    let unit = match &raw.unit_id {
        None => 1,
        Some(value) => u8::try_from(in_range("unitId", value, 0, 255)?).unwrap_or(u8::MAX),
    };
    Ok(ModbusSettings { host: raw.host, port, unit, points: points(&raw.registers, raw.invert)? })
}

fn points(registers: &Map<String, Value>, invert: bool) -> Result<Vec<Point>, SettingError> {
    let mut points = Vec::new();
    for (name, value) in registers {
        if name.ends_with("Scale") || name.ends_with("High") {
            check_companion(name, registers)?;
            continue;
        }
        let Some(field) = field(name) else {
            return Err(SettingError::new(
                &format!("registers.{name}"),
                format!(
                    "unknown register `{name}`: use power, energy, energyHigh, voltage, current, powerFactor, frequency or a reading's field"
                ),
            ));
        };
        let mut point = point(name, field, value, registers)?;
        point.invert ^= invert && is_directed(field);
        points.push(point);
    }
    if points.is_empty() {
        return Err(SettingError::new(
            "registers",
            "registers is empty: name at least one value to read",
        ));
    }
    points.sort_by_key(|point| (point.function, point.address));
    Ok(points)
}

/// `energyHigh` and `powerScale` only mean something beside `energy` and `power`.
fn check_companion(name: &str, registers: &Map<String, Value>) -> Result<(), SettingError> {
    let base = name.strip_suffix("Scale").or_else(|| name.strip_suffix("High")).unwrap_or(name);
    let at = format!("registers.{name}");
    match registers.get(base) {
        _ if field(base).is_none() => {
            Err(SettingError::new(&at, format!("unknown register `{name}`")))
        }
        None => Err(SettingError::new(&at, format!("{name} needs a register `{base}` beside it"))),
        Some(Value::Object(_)) => Err(SettingError::new(
            &at,
            format!("`{base}` is an object: give its type and scale inside it, not {name}"),
        )),
        Some(_) => Ok(()),
    }
}

fn point(
    name: &str,
    field: Field,
    value: &Value,
    registers: &Map<String, Value>,
) -> Result<Point, SettingError> {
    let at = format!("registers.{name}");
    let raw: RawPoint = match value {
        Value::Object(_) => strict(value).map_err(|error| nested(&at, &error))?,
        number => RawPoint {
            address: number.clone(),
            function: Function::Holding,
            number: NumberType::U16,
            word_order: Order::Big,
            byte_order: Order::Big,
            scale: scale(name, registers)?,
            offset: 0.0,
            invert: false,
        },
    };
    let address = in_range(&at, &raw.address, 0, 65_535)?;
    let high = match registers.get(&format!("{name}High")) {
        None => None,
        Some(high) => Some(in_range(&format!("{at}High"), high, 0, 65_535)?),
    };
    let number = if high.is_some() { NumberType::U32 } else { raw.number };
    if high.is_none() && u32::from(address) + u32::from(number.width()) > 65_536 {
        return Err(SettingError::new(
            &at,
            format!(
                "{name} starts at {address} and takes {} registers: that passes 65,535, the last one",
                number.width()
            ),
        ));
    }
    Ok(Point {
        field,
        address,
        high,
        function: raw.function,
        number,
        words: raw.word_order,
        bytes: raw.byte_order,
        scale: raw.scale.unwrap_or(1.0),
        offset: raw.offset,
        invert: raw.invert,
    })
}

fn nested(at: &str, error: &SettingError) -> SettingError {
    let inner = error.field.trim_start_matches("communication.");
    SettingError::new(&format!("{at}.{inner}"), error.message.clone())
}

fn scale(name: &str, registers: &Map<String, Value>) -> Result<Option<f64>, SettingError> {
    let key = format!("{name}Scale");
    registers.get(&key).map_or(Ok(None), |value| match value.as_f64() {
        Some(scale) if scale.is_finite() && scale != 0.0 => Ok(Some(scale)),
        _ => Err(SettingError::new(
            &format!("registers.{key}"),
            format!("{key} must be a number other than 0"),
        )),
    })
}

fn in_range(at: &str, value: &Value, low: u16, high: u16) -> Result<u16, SettingError> {
    let name = at.rsplit('.').next().unwrap_or(at);
    let number = value.as_i64().and_then(|number| u16::try_from(number).ok());
    match number {
        Some(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(SettingError::new(
            at,
            format!("{name} is {value}: it must be a whole number from {low} to {high}"),
        )),
    }
}

/// Values that change their sign with the direction of the energy.
fn is_directed(field: Field) -> bool {
    use Field as F;
    matches!(
        field,
        F::ActivePowerKw
            | F::ActivePowerL1Kw
            | F::ActivePowerL2Kw
            | F::ActivePowerL3Kw
            | F::ReactivePowerKvar
            | F::ReactivePowerL1Kvar
            | F::ReactivePowerL2Kvar
            | F::ReactivePowerL3Kvar
            | F::PowerFactor
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        let past = refused(|s| s["registers"]["power"] = json!({"address": 65535, "type": "u32"}));
        assert_eq!(past.field, "communication.registers.power");
        let beyond = refused(|s| s["registers"]["power"] = json!(65536));
        assert_eq!(beyond.field, "communication.registers.power");
        let unknown = refused(|s| s["registers"]["pwer"] = json!(1));
        assert_eq!(unknown.field, "communication.registers.pwer");
        let inner = refused(|s| s["registers"]["power"] = json!({"address": 1, "typ": "u32"}));
        assert_eq!(inner.field, "communication.registers.power.typ");
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
