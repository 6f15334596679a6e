//! Of grid connection, load and solar production, two give the third.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Form, LOGGERS, PASSWORD, SERIAL, add_logger, logger, readings, succeeded};
use crate::{World, in_one_world};

const POINTS: &str = "POINT00NAME=Energy Consumption\nPOINT00UNITS=kWh\nPOINT01NAME=Real Power\n\
    POINT01UNITS=kW\nPOINT02NAME=Power Factor\nPOINT03NAME=Voltage, Phase A - N\nPOINT03UNITS=Volts\n";
const MISSING: &str = "001EC6000D80_missing_meter";

/// A log file of a constant power, each minute of the last half hour.
fn log(power_kw: f64, volts: f64) -> String {
    let start = Utc::now() - TimeDelta::minutes(30);
    let line = |minute: i32| {
        let at = (start + TimeDelta::minutes(minute.into())).format("%Y-%m-%d %H:%M:00");
        let energy = 1000.0 + power_kw * f64::from(minute) / 60.0;
        format!("'{at}',0,0,0,{energy},{power_kw},0.9,{volts}\n")
    };
    (0..30).map(line).collect()
}

async fn upload(world: &World, device: &str, log: &str) {
    let points =
        Form::points(POINTS).file("CONFIGFILE", &format!("mb-{device:0>3}.ini"), POINTS.as_bytes());
    succeeded(&points.send(world).await);
    succeeded(&Form::log(log.as_bytes()).with("MODBUSDEVICE", device).send(world).await);
}

async fn terms(world: &World) -> Vec<(String, f64)> {
    let meter = world.get(&format!("/api/virtual-meters/{MISSING}")).await.json();
    let terms = meter["data"]["terms"].as_array().cloned().unwrap_or_default();
    let term = |term: &Value| {
        (term["meterNumber"].as_str().unwrap().to_owned(), term["factor"].as_f64().unwrap())
    };
    terms.iter().map(term).collect()
}

in_one_world! { the_third_meter_of_a_logger:
    the_third_meter_is_computed_from_the_other_two, which_one_is_computed_follows_the_settings,
    what_was_computed_keeps_its_formula_when_the_roles_change,
    a_change_that_is_refused_leaves_the_computed_meter_as_it_was,
}

async fn the_third_meter_is_computed_from_the_other_two(world: &World) {
    add_logger(world, json!({"loadMeterId": 2, "solarMeterId": "3"})).await;
    upload(world, "2", &log(12.0, 230.0)).await;
    upload(world, "3", &log(4.5, 240.0)).await;

    let path = format!("/api/Energy/meters/{MISSING}/readings");
    let computed = world
        .eventually(&path, |answer| {
            let rows = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
            rows.iter().filter(|row| row["activePowerKw"] == 7.5).count() >= 20
        })
        .await;
    let rows = computed["data"].as_array().unwrap();
    let (first, last) = (&rows[0], &rows[rows.len() - 1]);
    assert_eq!(last["source"], "derived");
    assert_eq!(last["voltageL1"], 230.0, "a voltage is taken from a measured meter: {last}");
    assert_eq!(last["powerFactor"], Value::Null, "nothing is known of reactive power: {last}");
    let energy = |row: &Value| row["energyImportKwh"].as_f64().unwrap();
    let expected = 7.5 / 60.0 * (rows.len() - 1) as f64;
    assert!((energy(last) - energy(first) - expected).abs() < 1e-6, "{first} {last}");
    assert!(readings(world, "001EC6000D80_2").await.len() == 30);
}

async fn which_one_is_computed_follows_the_settings(world: &World) {
    add_logger(world, json!({"utilityMeterId": 1})).await;
    assert_eq!(logger(world).await["missingMeterId"], Value::Null);
    let path = format!("{LOGGERS}/{SERIAL}");
    let named = |address: &str| format!("{SERIAL}_{address}");
    let cases = [
        (json!({"solarMeterId": 3}), vec![(named("1"), 1.0), (named("3"), 1.0)]),
        (
            json!({"solarMeterId": null, "loadMeterId": 2}),
            vec![(named("1"), -1.0), (named("2"), 1.0)],
        ),
        (json!({"solarMeterId": 3}), vec![]),
        (json!({"utilityMeterId": null}), vec![(named("2"), 1.0), (named("3"), -1.0)]),
    ];
    for (change, expected) in cases {
        world.send("PUT", &path, &change).await.is(200);
        let mut found = terms(world).await;
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(found, expected, "{change}");
        let missing = logger(world).await["missingMeterId"].clone();
        assert_eq!(missing.is_null(), expected.is_empty(), "{change}");
    }
}

async fn what_was_computed_keeps_its_formula_when_the_roles_change(world: &World) {
    add_logger(world, json!({"loadMeterId": 2, "solarMeterId": 3})).await;
    upload(world, "2", &log(12.0, 230.0)).await;
    upload(world, "3", &log(4.5, 240.0)).await;
    let path = format!("/api/Energy/meters/{MISSING}/readings");
    let computed = |answer: &Value| {
        let rows = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        rows.iter().filter(|row| row["activePowerKw"] == 7.5).count() >= 20
    };
    world.eventually(&path, computed).await;

    let settings = format!("{LOGGERS}/{SERIAL}");
    let changed =
        world.send("PUT", &settings, &json!({"loadMeterId": null, "utilityMeterId": 2})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let load = [(format!("{SERIAL}_2"), 1.0), (format!("{SERIAL}_3"), 1.0)];
    let mut found = terms(world).await;
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found, load);
    let versions = "SELECT factor, valid_to < 'infinity' FROM virtual_meters term \
        JOIN energy_meters input ON input.id = term.input_id \
        WHERE input.meter_number LIKE '%_3' AND input.site_id = $1 ORDER BY valid_from";
    let versions: Vec<(f64, bool)> =
        sqlx::query_as(versions).bind(world.site_id()).fetch_all(&world.pool).await.unwrap();
    assert_eq!(versions, [(-1.0, true), (1.0, false)], "the old one up to now, the new one since");
    world.eventually(&path, computed).await;

    let three = world.send("PUT", &settings, &json!({"loadMeterId": 4})).await;
    assert_eq!(three.json()["data"]["missingMeterId"], Value::Null, "{}", three.text);
    assert!(computed(&world.get(&path).await.json()), "its history stays");
}

async fn a_change_that_is_refused_leaves_the_computed_meter_as_it_was(world: &World) {
    add_logger(world, json!({"loadMeterId": 2, "solarMeterId": 3})).await;
    let other = json!({"serialNumber": "AB", "password": PASSWORD, "loadMeterId": 1});
    world.post(LOGGERS, &other).await.is(201);
    let renamed = json!({"meterNumber": format!("{SERIAL}_9")});
    world.send("PATCH", "/api/Energy/meters/AB_1", &renamed).await.is(200);
    let before = logger(world).await;
    let path = format!("{LOGGERS}/{SERIAL}");
    let refused = world.send("PUT", &path, &json!({"utilityMeterId": 9})).await;
    refused.refused(409, "meter_has_device", Some("serialNumber"));
    assert_eq!(logger(world).await, before);
    assert_eq!(terms(world).await.len(), 2);
}
