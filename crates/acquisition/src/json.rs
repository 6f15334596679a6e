//! The field names of JSON documents, the same over MQTT and HTTP.

mod document;
mod time;

use domain::Field;
use domain::devices::reason::answer::{BadDocument, NoValue};
use domain::devices::{JsonPath, NegativeWhen, Pick};
use serde_json::{Map, Value};

pub(crate) use self::document::{is_no_number, parse};
pub(crate) use self::time::note_time;
use crate::sample::ChannelSample;

/// Names understood, in the order in which they are preferred. A document may also use the names of
/// a reading's fields.
const NAMES: &[(Field, &[&str])] = &[
    (Field::ActivePowerKw, &["power_kw", "power", "activePower"]),
    (Field::TotalEnergyKwh, &["total_kwh", "energy", "totalEnergy"]),
    (Field::VoltageL1, &["voltage"]),
    (Field::CurrentL1, &["current"]),
    (Field::PowerFactor, &["power_factor", "powerFactor"]),
    (Field::FrequencyHz, &["frequency"]),
];

/// Reads the known fields of a document.
///
/// # Errors
/// When it has none of them.
pub(crate) fn read(document: &Map<String, Value>) -> Result<ChannelSample, BadDocument> {
    let mut sample = ChannelSample::default();
    if let Some(value) = document.get("timestamp").filter(|value| !value.is_null()) {
        note_time("timestamp", value, &mut sample);
    }
    for &field in Field::ALL {
        if let Some(value) = usual(document, field) {
            sample.put(field, number(field, value, None));
        }
    }
    if sample.is_empty() && sample.problems.is_empty() {
        return Err(BadDocument::NoneOfUsual);
    }
    Ok(sample)
}

/// What stands under the usual names of a field.
fn usual(document: &Map<String, Value>, field: Field) -> Option<&Value> {
    let names = NAMES.iter().find(|(of, _)| *of == field).map_or(&[][..], |(_, names)| names);
    let all = names.iter().copied().chain([field.json(), field.column()]);
    all.into_iter().find_map(|name| document.get(name).filter(|value| !value.is_null()))
}

/// What a pick is of: what stands at its path; without one, under the usual names of its field in an
/// object, or the whole of a document that is none.
fn place<'a>(document: &'a Value, pick: &Pick) -> Result<Option<&'a Value>, NoValue> {
    match (pick.parts.first(), document) {
        (Some(part), _) => part.path.find(document),
        (None, Value::Object(object)) => Ok(usual(object, pick.field)),
        (None, whole) => Ok(Some(whole)),
    }
}

/// The number that a pick is of, with those beside it; none where the document lacks one of them.
fn total(document: &Value, pick: &Pick) -> Result<Option<f64>, NoValue> {
    let field = pick.field;
    let found = |why: NoValue| NoValue::NotFound { field: field.json(), why: Box::new(why.into()) };
    let unit = pick.unit.as_deref();
    let [first, ..] = pick.parts.as_slice() else {
        let stated = place(document, pick).map_err(found)?;
        return stated.map(|value| number(field, value, unit)).transpose();
    };
    let mut sum = 0.0;
    for part in &pick.parts {
        let Some(value) = part.path.find(document).map_err(found)? else { return Ok(None) };
        let number = number(field, value, unit)?;
        let is_turned = part.negative_when.as_ref().map(|when| is_negative(document, field, when));
        let sign = if is_turned.transpose()?.unwrap_or(false) { -1.0 } else { 1.0 };
        sum += sign * part.sign.of(number);
    }
    // Devices state no more digits than these: what is left of a difference beyond them is no energy.
    let is_alone = pick.parts.len() == 1 && first.negative_when.is_none();
    Ok(Some(if is_alone { sum } else { (sum * 1e6).round() / 1e6 }))
}

/// Whether the word stands there by which a number counts the other way.
fn is_negative(document: &Value, field: Field, when: &NegativeWhen) -> Result<bool, NoValue> {
    let word = when.path.find(document)?.and_then(|word| match word {
        Value::String(word) => Some(word.clone()),
        Value::Bool(_) | Value::Number(_) => Some(word.to_string()),
        _ => None,
    });
    let unknown = || NoValue::NoDirection { field: field.json(), path: when.path.to_string() };
    let word = word.filter(|word| !word.trim().is_empty()).ok_or_else(unknown)?;
    Ok(word.trim().eq_ignore_ascii_case(when.is.trim()))
}

/// Takes the values that stand at known places. Of several for the same field, the first that the
/// document has counts.
///
/// # Errors
/// When it has none of them.
pub(crate) fn pick(document: &Value, picks: &[Pick]) -> Result<ChannelSample, BadDocument> {
    let mut sample = ChannelSample::default();
    let mut unreadable = Vec::new();
    for pick in picks {
        // What stands at the first place and makes no sense does not pass for absent.
        if sample.values.get(pick.field).is_some() || unreadable.contains(&pick.field) {
            continue;
        }
        match total(document, pick) {
            Ok(None) => {}
            // The zero that is added turns minus zero into zero.
            Ok(Some(value)) => {
                sample.put(pick.field, Ok(value * pick.scale + 0.0));
                if pick.parts.len() > 1 {
                    sample.composed.push(pick.field);
                }
                if pick.is_addend {
                    sample.addends.push(pick.field);
                }
            }
            Err(why) => {
                sample.put(pick.field, Err(why));
                unreadable.push(pick.field);
            }
        }
    }
    if sample.is_empty() && sample.problems.is_empty() {
        let name = |pick: &Pick| {
            let path = pick.parts.first().map(|part| part.path.to_string());
            path.unwrap_or_else(|| pick.field.json().to_owned())
        };
        let places: Vec<_> = picks.iter().map(name).collect();
        return Err(BadDocument::Nothing { places: places.join(", ") });
    }
    Ok(sample)
}

/// Notes when the values of a document held: at `path`, where one is known. A time that cannot be read is no fault:
/// the values are then of now.
pub(crate) fn stamp(document: &Value, path: Option<&JsonPath>, sample: &mut ChannelSample) {
    if let Some(path) = path {
        match path.find(document) {
            Ok(None) => {}
            Ok(Some(value)) => note_time(&path.to_string(), value, sample),
            Err(why) => sample.remarks.push(why.into()),
        }
    }
}

/// A number, or a string that holds one.
pub(crate) fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn number(field: Field, value: &Value, unit: Option<&str>) -> Result<f64, NoValue> {
    let with_unit = || unit.and_then(|unit| written_with(value.as_str()?, unit));
    let (field, said) = (field.json(), || excerpt(&value.to_string()));
    let found = numeric(value).or_else(with_unit);
    found.ok_or_else(|| NoValue::NotNumber { field, said: said() })
}

/// A number as people write it, where its unit is known and may stand behind it.
pub(crate) fn written_with(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim();
    let at = text.len().checked_sub(unit.len()).filter(|&at| text.is_char_boundary(at));
    let digits =
        at.map(|at| text.split_at(at)).filter(|(_, behind)| behind.eq_ignore_ascii_case(unit));
    let digits = digits.map_or(text, |(digits, _)| digits.trim_end());
    domain::figures::written(digits)
}

/// The beginning of what a device sent, fit for a line of text.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::devices::{Part, Sign};
    use serde_json::json;

    use super::*;

    fn parse(value: &Value) -> Result<ChannelSample, BadDocument> {
        read(value.as_object().unwrap())
    }

    fn part(sign: Sign, path: &str) -> Part {
        Part { sign, path: JsonPath::parse(path).unwrap(), negative_when: None }
    }

    #[test]
    fn the_guides_documents_are_read_as_written() {
        let mqtt = parse(&json!({"power_kw": 25.5, "voltage": 230.2, "current": 110.8})).unwrap();
        assert_eq!(mqtt.values.active_power_kw, Some(25.5));
        assert_eq!(mqtt.values.voltage_l1, Some(230.2));
        let http = parse(&json!({"power_kw": 30.2, "total_kwh": 15420.5, "voltage": 230,
            "current": 131.3, "power_factor": 0.95}))
        .unwrap();
        assert_eq!(http.values.total_energy_kwh, Some(15420.5));
        assert_eq!(http.values.power_factor, Some(0.95));
        assert_eq!(http.values.present().count(), 5);
    }

    #[test]
    fn other_names_and_numbers_in_strings_are_understood() {
        let sample = parse(&json!({"activePower": "1.5", "energy": " 7 ", "powerFactor": "0.9",
            "frequency": 50, "currentL2": 3, "model": "X"}))
        .unwrap();
        assert_eq!(sample.values.active_power_kw, Some(1.5));
        assert_eq!(sample.values.total_energy_kwh, Some(7.0));
        assert_eq!(sample.values.power_factor, Some(0.9));
        assert_eq!(sample.values.current_l2, Some(3.0));
        assert!(sample.problems.is_empty());
    }

    #[test]
    fn a_time_is_taken_as_text_seconds_or_milliseconds() {
        let at = |value: Value| parse(&json!({"power": 1, "timestamp": value})).map(|s| s.at);
        let expected = Ok(DateTime::from_timestamp(1_700_000_000, 0));
        assert_eq!(at(json!("2023-11-14T23:13:20+01:00")), expected);
        assert_eq!(at(json!(1_700_000_000)), expected);
        assert_eq!(at(json!(1_700_000_000_000_i64)), expected);
        assert_eq!(at(Value::Null), Ok(None));
        for nonsense in [json!("yesterday"), json!(1e300)] {
            let sample = parse(&json!({"power": 1, "timestamp": nonsense})).unwrap();
            assert_eq!((sample.at, sample.problems.len(), sample.remarks.len()), (None, 0, 1));
        }
    }

    #[test]
    fn values_are_picked_from_their_places_and_scaled() {
        let at = |field, path: &str, scale| Pick {
            field,
            parts: vec![part(Sign::Plus, path)],
            scale,
            unit: None,
            is_addend: false,
        };
        let picks = [
            at(Field::ActivePowerKw, "$.emeters[0].power", -0.001),
            at(Field::TotalEnergyKwh, "$.missing", 1.0),
            at(Field::TotalEnergyKwh, "$.emeters[0].total", 0.001),
            at(Field::VoltageL1, "$.emeters[*].power", 1.0),
        ];
        let document = json!({"emeters": [{"power": "1500", "total": 7}, {"power": 0}], "ts": 9});
        let sample = pick(&document, &picks).unwrap();
        assert_eq!(sample.values.active_power_kw, Some(-1.5));
        assert_eq!(sample.values.total_energy_kwh, Some(0.007));
        assert!(sample.reason().unwrap().message.contains("voltageL1 is not found"));
        let nothing = pick(&json!({"emeters": []}), &picks[..2]).unwrap_err().to_string();
        assert!(nothing.contains("$['emeters'][0]['power']") || nothing.contains("$.emeters"));
        let zero = pick(&json!({"emeters": [{"power": 0}]}), &picks[..1]).unwrap();
        assert!(zero.values.active_power_kw.unwrap().is_sign_positive());
    }

    #[test]
    fn a_value_of_several_numbers_is_there_where_all_of_them_are() {
        let of = |sign| Pick {
            field: Field::EnergyImportKwh,
            parts: vec![part(Sign::Plus, "$.total"), part(sign, "$.returned")],
            scale: 0.001,
            unit: None,
            is_addend: false,
        };
        let import = |sign, document: Value| {
            pick(&document, &[of(sign)]).ok().and_then(|sample| sample.values.energy_import_kwh)
        };
        let both = json!({"total": 10_000, "returned": "4000"});
        assert_eq!(import(Sign::Minus, both.clone()), Some(6.0));
        assert_eq!(import(Sign::Plus, both), Some(14.0));
        assert_eq!(import(Sign::Minus, json!({"total": 10_000})), None);
        assert_eq!(import(Sign::Minus, json!({"total": 10_000, "returned": null})), None);
        // Both rise by the same: what is imported does not, not even by a rounding error.
        let steady = |by: f64| json!({"total": 1235.456 + by, "returned": 234.567 + by});
        let rising = (0..200).map(|n| import(Sign::Minus, steady(f64::from(n) * 0.1)));
        assert!(rising.clone().all(|value| value == Some(1000.889 * 0.001)), "{rising:?}");
        let whole = Pick { parts: vec![part(Sign::Plus, "$.total")], ..of(Sign::Minus) };
        let either = [of(Sign::Minus), whole];
        let sample = pick(&json!({"total": 10_000}), &either).unwrap();
        assert_eq!((sample.values.energy_import_kwh, sample.composed.len()), (Some(10.0), 0));
        let wrong = pick(&json!({"total": 1, "returned": "x"}), &either).unwrap();
        assert_eq!(wrong.values.energy_import_kwh, None);
        assert!(wrong.reason().unwrap().message.contains("which is not a number"), "{wrong:?}");
    }

    #[test]
    fn a_clock_that_is_not_set_tells_no_time() {
        let stamped = |document: Value| {
            let mut sample = ChannelSample::default();
            stamp(&document, Some(&JsonPath::parse("$.ts").unwrap()), &mut sample);
            (
                sample.at.map(|at| at.timestamp()),
                sample.remark().map(|it| it.message).unwrap_or_default(),
            )
        };
        assert_eq!(stamped(json!({"ts": 1_700_000_000})), (Some(1_700_000_000), String::new()));
        for unset in [json!(0), json!(86_400), json!("1970-01-01T00:00:05Z")] {
            let (at, reason) = stamped(json!({"ts": unset}));
            assert_eq!((at, reason.as_str()), (None, "the clock of the device is not set"));
        }
        assert!(stamped(json!({"ts": "noon"})).1.contains("noon"));
        let mut usual = parse(&json!({"power": 1, "timestamp": 12})).unwrap();
        stamp(&Value::Null, None, &mut usual);
        assert_eq!((usual.at, usual.remarks.len()), (None, 1));
    }

    #[test]
    fn a_number_in_a_text_may_have_its_unit_and_a_decimal_comma() {
        for (text, number) in [
            ("191.010 kWh", Some(191.01)),
            ("12345,67", Some(12_345.67)),
            ("12345,678 kwh", Some(12_345.678)),
            ("0,125", Some(0.125)),
            ("-23,9kWh", Some(-23.9)),
            ("12,345", None),
            ("1.234,5", None),
            ("1,234,5", None),
            ("5 W", None),
            ("kWh", None),
        ] {
            assert_eq!(written_with(text, "kWh"), number, "{text}");
        }
    }

    #[test]
    fn nonsense_is_named_and_the_rest_is_kept() {
        let sample = parse(&json!({"power": true, "voltage": "NaN", "current": 5})).unwrap();
        assert_eq!(sample.values.present().collect::<Vec<_>>(), [(Field::CurrentL1, 5.0)]);
        let reason = sample.reason().unwrap().message;
        assert!(reason.contains("activePowerKw is true"), "{reason}");
        assert!(reason.contains("voltageL1 is NaN"), "{reason}");
        assert!(parse(&json!({"state": "on"})).is_err());
    }
}
