//! The same things told in another way give the same figures, whatever they are.

use second_opinion::scenario::{Column, Event, Scenario};
use serde_json::Value;

/// The same readings in order of time and all at once, before what people enter.
pub(crate) fn in_order(scenario: &Scenario) -> Scenario {
    let (mut readings, others): (Vec<Event>, Vec<Event>) = scenario
        .events
        .iter()
        .filter(|event| **event != Event::Settle)
        .cloned()
        .partition(|event| matches!(event, Event::Reading(_)));
    readings.sort_by_key(|event| match event {
        Event::Reading(reading) => Some((reading.at, reading.meter)),
        _ => None,
    });
    readings.push(Event::Settle);
    Scenario { events: [readings, others].concat(), ..scenario.clone() }
}

/// The same with an exchange and a correction that are entered, worked through and undone.
pub(crate) fn with_undone(scenario: &Scenario) -> Scenario {
    let mut events = scenario.events.clone();
    let middle = events.iter().filter_map(|event| match event {
        Event::Reading(reading) => Some(*reading),
        _ => None,
    });
    let readings: Vec<_> = middle.collect();
    let Some(reading) = readings.get(readings.len() / 2) else { return scenario.clone() };
    let (meter, at) = (reading.meter, reading.at);
    let old = reading.total.unwrap_or_default();
    let value = Some(old + 1.0);
    events.push(Event::Settle);
    events.push(Event::Correct { meter, at, column: Column::Total, value, undone: true });
    let at = at + chrono::TimeDelta::seconds(1);
    events.push(Event::Exchange { meter, at, old, new: 0.0, undone: true });
    events.push(Event::Settle);
    Scenario { events, ..scenario.clone() }
}

/// Where two answers differ by more than rounding; which meter has which number is left out.
pub(crate) fn differ(path: &str, a: &Value, b: &Value, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, a) in a {
                if !key.ends_with("Id") && key != "id" {
                    differ(&format!("{path}.{key}"), a, b.get(key).unwrap_or(&Value::Null), found);
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (place, (a, b)) in a.iter().zip(b).enumerate() {
                differ(&format!("{path}[{place}]"), a, b, found);
            }
        }
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap(), y.as_f64().unwrap());
            // Sums of other numbers in another order, of registers up to millions of kWh.
            if (x - y).abs() > 1e-9 * x.abs().max(y.abs()).max(1.0) * 100.0 {
                found.push(format!("{path}: {x} and {y}"));
            }
        }
        _ if a == b => {}
        _ => found.push(format!("{path}: {a} and {b}")),
    }
}
