//! The field names of JSON documents, the same over MQTT and HTTP.

use chrono::{DateTime, Utc};
use domain::Field;
use domain::devices::reason::answer::{BadDocument, NoValue};
use domain::devices::{JsonPath, Pick};
use domain::message::Message;
use serde_json::{Map, Value};

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

/// Epochs beyond this are milliseconds: as seconds it would be the year 5138.
const SECONDS_END: f64 = 1e11;

/// Reads the known fields of a document.
///
/// # Errors
/// When it has none of them, or a `timestamp` that cannot be understood.
pub(crate) fn read(document: &Map<String, Value>) -> Result<ChannelSample, BadDocument> {
    let mut sample = ChannelSample::default();
    if let Some(value) = document.get("timestamp").filter(|value| !value.is_null()) {
        sample.at = Some(timestamp("timestamp", value)?);
    }
    for &field in Field::ALL {
        if let Some(value) = usual(document, field) {
            sample.put(field, number(field, value));
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
    match (&pick.path, document) {
        (Some(path), _) => path.find(document),
        (None, Value::Object(object)) => Ok(usual(object, pick.field)),
        (None, whole) => Ok(Some(whole)),
    }
}

/// The number that a pick is of, with those beside it; none where the document lacks one of them.
fn total(document: &Value, pick: &Pick) -> Result<Option<f64>, NoValue> {
    let field = pick.field;
    let found = |why: NoValue| NoValue::NotFound { field: field.json(), why: Box::new(why.into()) };
    let Some(first) = place(document, pick).map_err(found)? else { return Ok(None) };
    let mut sum = number(field, first)?;
    for (sign, path) in &pick.beside {
        let Some(other) = path.find(document).map_err(found)? else { return Ok(None) };
        sum += sign.of(number(field, other)?);
    }
    // Devices state no more digits than these: what is left of a difference beyond them is no energy.
    Ok(Some(if pick.beside.is_empty() { sum } else { (sum * 1e6).round() / 1e6 }))
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
                if !pick.beside.is_empty() {
                    sample.composed.push(pick.field);
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
            pick.path.as_ref().map_or(pick.field.json().to_owned(), JsonPath::to_string)
        };
        let places: Vec<_> = picks.iter().map(name).collect();
        return Err(BadDocument::Nothing { places: places.join(", ") });
    }
    Ok(sample)
}

/// When the values of a document held: at `path`, where one is known.
///
/// # Errors
/// When what stands there is no time.
fn time_at(document: &Value, path: Option<&JsonPath>) -> Result<Option<DateTime<Utc>>, Message> {
    let Some(path) = path else { return Ok(None) };
    let stated = path.find(document)?;
    Ok(stated.map(|value| timestamp(&path.to_string(), value)).transpose()?)
}

/// Notes when the values of a document held: at `path`, where one is known. What is wrong with the time
/// is noted too, and the values are then of now: a clock that was never set tells none.
pub(crate) fn stamp(document: &Value, path: Option<&JsonPath>, sample: &mut ChannelSample) {
    match time_at(document, path) {
        Ok(at) => sample.at = at.or(sample.at),
        Err(why) => sample.problems.push(why),
    }
    if sample.at.is_some_and(is_unset) {
        sample.at = None;
        sample.problems.push(BadDocument::ClockUnset.into());
    }
}

/// Clocks that were never set count from their start, or from 1970.
fn is_unset(at: DateTime<Utc>) -> bool {
    const YEAR_2001: i64 = 978_307_200;
    at.timestamp() < YEAR_2001
}

/// A number, or a string that holds one.
pub(crate) fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn number(field: Field, value: &Value) -> Result<f64, NoValue> {
    let (field, said) = (field.json(), || excerpt(&value.to_string()));
    numeric(value).ok_or_else(|| NoValue::NotNumber { field, said: said() })
}

/// RFC 3339, or an epoch in seconds or milliseconds.
pub(crate) fn timestamp(name: &str, value: &Value) -> Result<DateTime<Utc>, BadDocument> {
    let written = value
        .as_str()
        .and_then(|text| DateTime::parse_from_rfc3339(text.trim()).ok())
        .map(|time| time.to_utc());
    written.or_else(|| epoch(numeric(value)?)).ok_or_else(|| {
        let said = excerpt(&value.to_string());
        BadDocument::NoTime { name: name.to_owned(), said }
    })
}

fn epoch(number: f64) -> Option<DateTime<Utc>> {
    let milliseconds = if number.abs() < SECONDS_END { number * 1000.0 } else { number };
    let in_range = milliseconds.abs() < SECONDS_END * 1000.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within range")]
    let whole = in_range.then_some(milliseconds.round() as i64)?;
    DateTime::from_timestamp_millis(whole)
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
    use domain::devices::Sign;
    use serde_json::json;

    use super::*;

    fn parse(value: &Value) -> Result<ChannelSample, BadDocument> {
        read(value.as_object().unwrap())
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
        assert!(at(json!("yesterday")).unwrap_err().to_string().contains("yesterday"));
        assert!(at(json!(1e300)).is_err());
    }

    #[test]
    fn values_are_picked_from_their_places_and_scaled() {
        let at = |field, path: &str, scale| Pick {
            field,
            path: Some(JsonPath::parse(path).unwrap()),
            beside: Vec::new(),
            scale,
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

        let ts = JsonPath::parse("$.ts").unwrap();
        assert_eq!(time_at(&document, Some(&ts)), Ok(DateTime::from_timestamp(9, 0)));
        assert!(time_at(&json!({"ts": "noon"}), Some(&ts)).unwrap_err().message.contains("noon"));
        assert_eq!(time_at(&json!({}), Some(&ts)), Ok(None));
    }

    #[test]
    fn a_value_of_several_numbers_is_there_where_all_of_them_are() {
        let path = |text: &str| JsonPath::parse(text).unwrap();
        let of = |sign| Pick {
            field: Field::EnergyImportKwh,
            path: Some(path("$.total")),
            beside: vec![(sign, path("$.returned"))],
            scale: 0.001,
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
        let whole = Pick { beside: Vec::new(), ..of(Sign::Minus) };
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
                sample.reason().map(|it| it.message).unwrap_or_default(),
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
        assert_eq!((usual.at, usual.problems.len()), (None, 1));
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
