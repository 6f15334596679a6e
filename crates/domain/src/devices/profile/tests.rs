//! The files, one by one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::catalogue::FILES;
use super::*;
use crate::Field;
use crate::devices::Communication;

/// Settings as a person would write them: the profile, and what only that person knows.
fn written(profile: &Profile) -> Value {
    let own = match profile.protocol {
        Protocol::Modbus => json!({"host": "192.0.2.1"}),
        Protocol::Mqtt => json!({"device": "meter-1"}),
        Protocol::Http => json!({"url": "http://192.0.2.1"}),
    };
    let mut own = own;
    own["profile"] = json!(profile.id);
    own
}

#[test]
fn every_file_is_listed_once_and_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let names: BTreeSet<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<_> = FILES.iter().map(|(id, _)| format!("{id}.json")).collect();
    assert_eq!(names, listed);
    assert!(FILES.is_sorted_by(|(a, _), (b, _)| a < b));
    for (id, text) in FILES {
        let profile = Profile::read(id, text).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(find(id), Some(&profile));
    }
    assert_eq!((FILES.len(), all().len()), (40, 40));
    assert_eq!(find("abb"), None);
}

#[test]
fn every_profile_makes_settings_that_a_driver_takes() {
    let mut parsed = Vec::new();
    for profile in all() {
        match Communication::parse(profile.protocol, &written(profile)) {
            Ok(_) => parsed.push(profile.id.as_str()),
            Err(error) => panic!("{}: {}: {error}", profile.id, error.field),
        }
    }
    assert_eq!(parsed.len(), all().len());
}

#[test]
fn every_register_and_place_is_a_field_once() {
    for profile in all() {
        let registers = profile.communication["registers"].as_object().map_or(0, Map::len);
        let places = profile.communication["values"].as_array().map_or(0, Vec::len);
        let points = profile.points();
        assert_eq!(points.len(), registers + places, "{}", profile.id);
        let fields: BTreeSet<_> = points.iter().map(|point| point.field).collect();
        // Of several places for one field, the first that a message has counts.
        let places: BTreeSet<_> =
            points.iter().map(|of| (of.field, &of.topic, &of.path, &of.minus)).collect();
        assert_eq!(places.len(), points.len(), "{}", profile.id);
        assert!(registers == 0 || fields.len() == points.len(), "{}", profile.id);
        let totals = [Field::TotalEnergyKwh, Field::EnergyImportKwh].map(|f| fields.contains(&f));
        assert_ne!(totals, [true, true], "{}", profile.id);
    }
}

/// The counters of energy that a profile reads.
fn counters(profile: &Profile) -> BTreeSet<Field> {
    let read = profile.points().into_iter().map(|point| point.field);
    // Models that the device is asked for have both directions.
    let of_models = [Field::EnergyImportKwh, Field::EnergyExportKwh].into_iter();
    let of_models = of_models.filter(|_| !profile.communication["sunspec"].is_null());
    // One message does not tell what is added up of several.
    let summed = |field: Field| {
        let values = profile.communication["values"].as_array();
        let of_field = |value: &&Value| value["field"] == field.json() && value["sum"] == true;
        values.into_iter().flatten().any(|value| of_field(&value))
    };
    read.chain(of_models).filter(|field| is_counter(*field) && !summed(*field)).collect()
}

fn is_counter(field: Field) -> bool {
    matches!(field.unit(), "kWh" | "kvarh")
}

#[test]
fn every_profile_has_an_example_that_tells_its_counters_of_energy_apart() {
    for profile in all() {
        let id = &profile.id;
        assert!(!profile.examples.is_empty(), "{id}: no example");
        let shown = profile.examples.iter().flat_map(|example| example.values.present());
        let shown: Vec<_> =
            shown.filter(|(field, kwh)| is_counter(*field) && *kwh != 0.0).collect();
        for counter in counters(profile) {
            let told = shown.iter().any(|(field, _)| *field == counter);
            assert!(told, "{id}: no example of {}", counter.json());
        }
        for (field, kwh) in &shown {
            let same =
                |(other, value): &&(Field, f64)| other != field && value.total_cmp(kwh).is_eq();
            assert_eq!(shown.iter().find(same), None, "{id}: {kwh} is {}, too", field.json());
        }
    }
}

#[test]
fn powers_are_kilowatts_and_energies_kilowatt_hours() {
    let scale = |id: &str, field| {
        let points = find(id).unwrap().points();
        points.into_iter().find(|point| point.field == field).unwrap().scale
    };
    let power = Field::ActivePowerKw;
    for (id, field, expected) in [
        ("abb-b23", power, 1e-5),
        ("abb-b23", Field::EnergyImportKwh, 0.01),
        ("schneider-iem3155", power, 1.0),
        ("schneider-iem3155", Field::EnergyImportKwh, 0.001),
        ("carlo-gavazzi-em340", power, 1e-4),
        ("shelly-gen1", Field::EnergyImportKwh, 0.001),
        ("shelly-gen1-counter", Field::TotalEnergyKwh, 0.001 / 60.0),
        ("shelly-gen1-relay", Field::TotalEnergyKwh, 0.001 / 60.0),
        ("tasmota", power, 0.001),
        ("tasmota", Field::TotalEnergyKwh, 1.0),
    ] {
        assert!((scale(id, field) / expected - 1.0).abs() < 1e-12, "{id} {field:?}");
    }
}

#[test]
fn carlo_gavazzi_and_phoenix_contact_send_the_low_word_first() {
    for profile in all().iter().filter(|profile| profile.protocol == Protocol::Modbus) {
        let low_first = ["carlo-gavazzi-", "phoenix-contact-"].iter();
        let expected = if low_first.clone().any(|start| profile.id.starts_with(start)) {
            crate::devices::Order::Little
        } else {
            crate::devices::Order::Big
        };
        let wide = |point: &ProfilePoint| point.number.is_some_and(|number| number.width() > 1);
        for point in profile.points().iter().filter(|point| wide(point)) {
            assert_eq!(point.words, Some(expected), "{} {:?}", profile.id, point.field);
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_is_named() {
    let good = json!({"id": "a-1", "maker": "A", "models": ["1"], "protocol": "modbus",
        "sources": [{"title": "T", "url": "https://example.com"}], "convention": "import positive",
        "communication": {"registers": {"power": 1}},
        "examples": [{"from": "T", "registers": {"1": ["0x0001"]}, "values": {"activePowerKw": 1}}]});
    let refused = |path: &str, value: Value| {
        let mut file = good.clone();
        if let Some(place) = file.pointer_mut(path) {
            *place = value;
        } else {
            let (parent, name) = path.rsplit_once('/').unwrap();
            file.pointer_mut(parent).unwrap()[name] = value;
        }
        Profile::read("a-1", &file.to_string()).unwrap_err()
    };
    assert!(Profile::read("a-1", &good.to_string()).is_ok());
    assert!(Profile::read("a-2", &good.to_string()).unwrap_err().contains("name of its file"));
    for (path, value, words) in [
        ("/colour", json!(1), "colour"),
        ("/sources", json!([]), "sources"),
        ("/sources", json!([{"title": "T", "url": "ftp://x.y"}]), "sources"),
        ("/models", json!([]), "models"),
        ("/convention", json!(" "), "convention"),
        ("/communication", json!([]), "communication"),
        ("/communication/host", json!("h"), "communication.host"),
        ("/examples/0", json!({"from": "T", "values": {"activePowerKw": 1}}), "examples[0]"),
        ("/examples/0", json!({"from": "T", "registers": {"1": ["1"]}, "values": {}}), "0x00FF"),
    ] {
        let error = refused(path, value);
        assert!(error.contains(words), "{path}: {error}");
    }
}
