//! The register map as users and profiles write it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::point::{Function, NumberType, Order, Point};
use crate::Field;
use crate::devices::refusal::ValueRefusal;
use crate::devices::refusal::modbus::ModbusRefusal;
use crate::devices::{SettingError, in_range, strict};

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
    scale_factor: Option<Value>,
    #[serde(default)]
    offset: f64,
    #[serde(default)]
    invert: bool,
    /// Those usual for its type unless stated.
    not_available: Option<Vec<String>>,
    #[serde(default)]
    optional: bool,
}

impl RawPoint {
    /// A bare address: one word, as it is.
    fn plain(address: &Value) -> Self {
        Self {
            address: address.clone(),
            function: Function::Holding,
            number: NumberType::U16,
            word_order: Order::Big,
            byte_order: Order::Big,
            scale: None,
            scale_factor: None,
            offset: 0.0,
            invert: false,
            not_available: None,
            optional: false,
        }
    }
}

/// The integration guide's names of registers, and the fields they stand for.
pub(crate) const SHORT: [(&str, Field); 5] = [
    ("power", Field::ActivePowerKw),
    ("energy", Field::TotalEnergyKwh),
    ("voltage", Field::VoltageL1),
    ("current", Field::CurrentL1),
    ("frequency", Field::FrequencyHz),
];

/// The field of a register: a name of the guide, or the JSON name of a reading's field.
pub fn field_of(name: &str) -> Option<Field> {
    let short = SHORT.iter().find(|(short, _)| *short == name).map(|(_, field)| *field);
    short.or_else(|| Field::ALL.iter().copied().find(|field| field.json() == name))
}

/// The points of a map, by table and address.
pub(super) fn points(registers: &Map<String, Value>) -> Result<Vec<Point>, SettingError> {
    let mut points: Vec<Point> = Vec::new();
    for (name, value) in registers {
        if name.ends_with("Scale") || name.ends_with("High") {
            check_companion(name, registers)?;
            continue;
        }
        let at = format!("registers.{name}");
        let Some(field) = field_of(name) else {
            let unknown = ModbusRefusal::UnknownRegister { name: name.clone() };
            return Err(SettingError::new(&at, unknown));
        };
        if points.iter().any(|point| point.field == field) {
            return Err(SettingError::new(&at, ModbusRefusal::Twice { field: field.json() }));
        }
        let Some(parts) = value.get("sum") else {
            points.push(point(name, &at, field, value, registers)?);
            continue;
        };
        let parts = parts.as_array().filter(|parts| !parts.is_empty());
        let alone = value.as_object().is_some_and(|object| object.len() == 1);
        let Some(parts) = parts.filter(|_| alone) else {
            return Err(SettingError::new(&format!("{at}.sum"), ModbusRefusal::NoSum));
        };
        for (number, part) in parts.iter().enumerate() {
            let at = format!("{at}.sum[{number}]");
            let part = point(name, &at, field, part, registers)?;
            points.push(Point { is_addend: true, ..part });
        }
    }
    points.sort_by_key(|point| (point.function, point.address));
    Ok(points)
}

/// `energyHigh` and `powerScale` only mean something beside `energy` and `power`.
fn check_companion(name: &str, registers: &Map<String, Value>) -> Result<(), SettingError> {
    let base = name.strip_suffix("Scale").or_else(|| name.strip_suffix("High")).unwrap_or(name);
    let at = format!("registers.{name}");
    let (name, written) = (name.to_owned(), base.to_owned());
    let refused = match registers.get(base) {
        _ if field_of(base).is_none() => ModbusRefusal::UnknownCompanion { name },
        None => ModbusRefusal::Alone { name, base: written },
        Some(Value::Object(_)) => ModbusRefusal::Within { base: written, name },
        Some(_) => return Ok(()),
    };
    Err(SettingError::new(&at, refused))
}

fn point(
    name: &str,
    at: &str,
    field: Field,
    value: &Value,
    registers: &Map<String, Value>,
) -> Result<Point, SettingError> {
    let raw: RawPoint = match value {
        Value::Object(_) => strict(value).map_err(|error| nested(at, &error))?,
        address => RawPoint::plain(address),
    };
    let companion = |suffix: &str| registers.get(&format!("{name}{suffix}"));
    let scale = match companion("Scale") {
        Some(scale) => checked_scale(&format!("{at}Scale"), scale.as_f64())?,
        None => checked_scale(&format!("{at}.scale"), Some(raw.scale.unwrap_or(1.0)))?,
    };
    let high = companion("High")
        .map(|high| in_range(&format!("{at}High"), high, 0, 65_535))
        .transpose()?;
    let scale_factor = raw.scale_factor.as_ref();
    let scale_factor = scale_factor
        .map(|address| in_range(&format!("{at}.scaleFactor"), address, 0, 65_535))
        .transpose()?;
    let number = if high.is_some() { NumberType::U32 } else { raw.number };
    let point = Point {
        field,
        address: in_range(at, &raw.address, 0, 65_535)?,
        high,
        function: raw.function,
        number,
        words: raw.word_order,
        bytes: raw.byte_order,
        scale,
        scale_factor,
        offset: raw.offset,
        invert: raw.invert,
        not_available: match &raw.not_available {
            Some(written) => sentinels(at, number, written)?,
            None => number.unavailable(),
        },
        is_addend: false,
        optional: raw.optional,
    };
    if u32::from(point.address) + u32::from(point.width()) > 65_536 {
        let (name, start, width) = (name.to_owned(), point.address, point.width());
        return Err(SettingError::new(at, ModbusRefusal::Beyond { name, start, width }));
    }
    Ok(point)
}

fn nested(at: &str, error: &SettingError) -> SettingError {
    let inner = error.field.trim_start_matches("communication.");
    SettingError::new(&format!("{at}.{inner}"), error.message.clone())
}

fn checked_scale(at: &str, scale: Option<f64>) -> Result<f64, SettingError> {
    let name = at.rsplit('.').next().unwrap_or(at);
    match scale {
        Some(scale) if scale.is_finite() && scale != 0.0 => Ok(scale),
        _ => Err(SettingError::new(at, ValueRefusal::Zero { name: name.to_owned() })),
    }
}

/// Bit patterns that mean "no value". `NaN` always does, so naming it changes nothing.
fn sentinels(at: &str, number: NumberType, written: &[String]) -> Result<Vec<u64>, SettingError> {
    let digits = 4 * usize::from(number.width());
    written
        .iter()
        .filter(|text| !text.eq_ignore_ascii_case("nan"))
        .map(|text| {
            let hex = text.strip_prefix("0x").filter(|hex| (1..=digits).contains(&hex.len()));
            hex.and_then(|hex| u64::from_str_radix(hex, 16).ok()).ok_or_else(|| {
                let refused = ModbusRefusal::Raw { text: text.clone(), digits };
                SettingError::new(&format!("{at}.notAvailable"), refused)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(registers: &Value) -> Result<Vec<Point>, SettingError> {
        points(registers.as_object().unwrap())
    }

    fn refused(registers: &Value) -> String {
        map(registers).unwrap_err().field
    }

    #[test]
    fn all_there_is_to_say_about_a_register_is_read() {
        let registers = json!({"power": {"address": 40_087, "type": "i16", "function": "input",
            "scale": 0.001, "scaleFactor": 40_091, "notAvailable": ["0x8000", "NaN"],
            "optional": true}});
        let points = map(&registers).unwrap();
        let expected = Point {
            function: Function::Input,
            number: NumberType::I16,
            scale: 0.001,
            scale_factor: Some(40_091),
            not_available: vec![0x8000],
            optional: true,
            ..Point::plain(Field::ActivePowerKw, 40_087)
        };
        assert_eq!(points, [expected]);
    }

    #[test]
    fn a_table_is_named_by_its_word_or_by_the_number_of_its_function() {
        let of = |function: Value| {
            let registers = json!({"power": {"address": 1, "function": function}});
            map(&registers).map(|points| points[0].function)
        };
        for (written, function) in [
            (json!("holding"), Function::Holding),
            (json!(3), Function::Holding),
            (json!("3"), Function::Holding),
            (json!("input"), Function::Input),
            (json!(4), Function::Input),
            (json!("4"), Function::Input),
        ] {
            assert_eq!(of(written.clone()), Ok(function), "{written}");
        }
        for wrong in [json!(6), json!("Holding"), json!(3.5), json!(true), json!(null)] {
            let refused = of(wrong.clone()).unwrap_err();
            assert_eq!(refused.field, "communication.registers.power.function");
            assert!(refused.to_string().contains("use holding or 3, or input or 4"), "{refused}");
        }
    }

    #[test]
    fn each_wrong_register_is_named() {
        let past = json!({"power": {"address": 65535, "type": "u32"}});
        assert_eq!(refused(&past), "communication.registers.power");
        assert_eq!(refused(&json!({"power": 65536})), "communication.registers.power");
        assert_eq!(refused(&json!({"pwer": 1})), "communication.registers.pwer");
        let inner = json!({"power": {"address": 1, "typ": "u32"}});
        assert_eq!(refused(&inner), "communication.registers.power.typ");
        let zero = json!({"power": {"address": 1, "scale": 0}});
        assert_eq!(refused(&zero), "communication.registers.power.scale");
        let wide = json!({"power": {"address": 1, "notAvailable": ["0x80000000"]}});
        assert_eq!(refused(&wide), "communication.registers.power.notAvailable");
        let factor = json!({"power": {"address": 1, "scaleFactor": -1}});
        assert_eq!(refused(&factor), "communication.registers.power.scaleFactor");
    }

    #[test]
    fn a_value_is_named_once() {
        let twice = json!({"activePowerKw": 1, "power": 2});
        assert_eq!(refused(&twice), "communication.registers.power");
    }

    #[test]
    fn high_words_and_scales_need_their_value() {
        assert_eq!(refused(&json!({"energyHigh": 1})), "communication.registers.energyHigh");
        let zero = json!({"power": 1, "powerScale": 0});
        assert_eq!(refused(&zero), "communication.registers.powerScale");
    }
}
