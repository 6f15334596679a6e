//! The same things told in another way give the same figures, whatever they are.

use chrono::{NaiveDate, TimeDelta};
use second_opinion::model::Truth;
use second_opinion::scenario::{Column, Event, Rule, Scenario, Tariff};
use serde_json::Value;

/// The ways in which a scenario can be told otherwise, by name.
pub(crate) fn of(scenario: &Scenario) -> Vec<(&'static str, Scenario)> {
    let mut ways = vec![
        ("in order", in_order(scenario)),
        ("undone", with_undone(scenario)),
        ("in cut terms", with_cut_terms(scenario)),
    ];
    // Without a billed month there are no terms to be cut.
    ways.retain(|(_, otherwise)| otherwise != scenario);
    ways
}

/// The same readings in order of time and all at once, before what people enter.
fn in_order(scenario: &Scenario) -> Scenario {
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
    for event in others {
        // Nothing waits for a decision before it was computed.
        if matches!(event, Event::Decide { .. }) {
            readings.push(Event::Settle);
        }
        readings.push(event);
    }
    Scenario { events: readings, ..scenario.clone() }
}

/// The same with each version of the tariff cut in two of the same terms.
fn with_cut_terms(scenario: &Scenario) -> Scenario {
    let mut tariffs = Vec::new();
    for (place, tariff) in scenario.tariffs.iter().enumerate() {
        tariffs.push(tariff.clone());
        let next = scenario.tariffs.get(place + 1).map(|next| next.from.parse().unwrap());
        let Some(first) = scenario.months.first() else { continue };
        let begins = tariff.from.parse::<NaiveDate>().unwrap().max(*first);
        let cut = begins + TimeDelta::days(3);
        if next.is_none_or(|next: NaiveDate| cut < next) {
            tariffs.push(Tariff { from: cut.to_string(), ..tariff.clone() });
        }
    }
    Scenario { tariffs, ..scenario.clone() }
}

/// The same with an exchange, a correction and rules that are entered, worked through and taken back.
fn with_undone(scenario: &Scenario) -> Scenario {
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
    let at = at + TimeDelta::seconds(1);
    events.push(Event::Exchange { meter, at, old, new: 0.0, undone: true });
    events.push(Event::Settle);
    let Some(held) = Truth::of(scenario).meters.into_iter().nth(meter) else {
        return scenario.clone();
    };
    events.push(Event::Rule { meter, rule: Rule::Rated(Some(1.0)) });
    events.push(Event::Rule { meter, rule: Rule::Modulus(Some(1e9)) });
    events.push(Event::Settle);
    events.push(Event::Rule { meter, rule: Rule::Rated(held.meter.rated_kw) });
    events.push(Event::Rule { meter, rule: Rule::Modulus(held.meter.modulus_kwh) });
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
