//! What a logger's meters measure decides what they are: their type, their place, the carbon account.

use serde_json::{Value, json};

use super::{Form, LOGGERS, SERIAL, add_logger, gzip, succeeded, with_logger};
use crate::{World, in_one_world};

const POINTS: &str = "POINT00NAME=Energy Consumption\nPOINT00UNITS=kWh\nPOINT01NAME=Real Power\n\
    POINT01UNITS=kW\n";
const MISSING: &str = "001EC6000D80_missing_meter";
const HOUR: &str = "from=2026-05-01T10:00:00Z&to=2026-05-01T11:00:00Z";

/// Uploads an hour of a device, each minute, at a constant power.
async fn upload(world: &World, device: &str, power_kw: f64) {
    let points =
        Form::points(POINTS).file("CONFIGFILE", &format!("mb-{device:0>3}.ini"), POINTS.as_bytes());
    succeeded(&points.send(world).await);
    let line = |minute: i32| {
        let at = format!("2026-05-01 {}:{:02}:00", 10 + minute / 60, minute % 60);
        let energy = 1000.0 + power_kw * f64::from(minute) / 60.0;
        format!("'{at}',0,0,0,{energy},{power_kw}\n")
    };
    let log: String = (0..=60).map(line).collect();
    succeeded(&Form::log(&gzip(&log)).with("MODBUSDEVICE", device).send(world).await);
}

async fn data(world: &World, path: &str) -> Value {
    let answer = world.get(&format!("/api/Energy/{path}?{HOUR}")).await.is(200);
    answer.data()
}

async fn meter(world: &World, number: &str) -> Value {
    world.get(&format!("/api/Energy/meters/{number}")).await.data()
}

#[track_caller]
fn near(value: &Value, wanted: f64) {
    assert!((value.as_f64().unwrap() - wanted).abs() < 1e-6, "{value} is not {wanted}");
}

/// Waits until the computed meter has its last minute.
async fn computed(world: &World) {
    let path = format!("/api/Energy/meters/{MISSING}/readings?{HOUR}");
    let wanted = |answer: &Value| answer["data"].as_array().is_some_and(|rows| rows.len() >= 60);
    world.eventually(&path, wanted).await;
    let path = format!("/api/Energy/carbon?{HOUR}");
    world.eventually(&path, |answer| answer["data"]["coverage"] == 1.0).await;
}

async fn with_roles(world: &World) {
    add_logger(world, json!({"loadMeterId": 2, "solarMeterId": 3})).await;
    upload(world, "2", 100.0).await;
    upload(world, "3", 30.0).await;
    computed(world).await;
}

in_one_world! { roles_of_meters:
    load_and_solar_of_a_logger_give_the_grid_its_energy_and_the_roof_its_offset,
    other_settings_place_the_meters_anew_and_what_a_person_said_stays,
    another_meter_in_a_role_changes_nothing_of_the_time_before,
    a_meter_that_is_named_no_more_stays_in_the_totals_of_the_time_before,
    what_an_upload_made_is_in_no_total_until_it_is_placed,
}

async fn load_and_solar_of_a_logger_give_the_grid_its_energy_and_the_roof_its_offset(
    world: &World,
) {
    with_roles(world).await;
    let carbon = data(world, "carbon").await;
    near(&carbon["gridKwh"], 70.0);
    near(&carbon["solarKwh"], 30.0);
    near(&carbon["offsetKg"], 15.0);
    near(&carbon["netKg"], 20.0);
    assert_eq!(carbon["missing"], json!([]));
    let tree = data(world, "meters/hierarchy").await;
    let [grid] = tree.as_array().unwrap().as_slice() else { panic!("one on top: {tree}") };
    assert_eq!((&grid["meterNumber"], &grid["meterType"]), (&json!(MISSING), &json!("Grid")));
    near(&grid["energyKwh"], 100.0);
    near(&grid["lossKwh"], 0.0);
    let below = |i: usize| {
        let meter = &grid["children"][i];
        (meter["meterType"].clone(), meter["feedsParent"].clone())
    };
    assert_eq!(below(0), (json!("Solar"), json!(true)));
    assert_eq!(below(1), (json!("Main"), json!(false)));
    let gauges = data(world, "dashboard/map").await["gauges"].clone();
    near(&gauges["totalConsumptionKwh"], 100.0);
    near(&gauges["solarPercent"], 30.0);
}

async fn other_settings_place_the_meters_anew_and_what_a_person_said_stays(world: &World) {
    with_roles(world).await;
    let named = |address: &str| format!("{SERIAL}_{address}");
    let change = async |change: Value| {
        world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &change).await.is(200);
    };
    let shown = async |number: &str| {
        let meter = meter(world, number).await;
        let text = |name: &str| meter[name].as_str().map(str::to_owned);
        (text("meterType").unwrap(), text("parentMeterNumber"), meter["placed"] == true)
    };
    let of = |kind: &str, parent: Option<&str>, placed| {
        (kind.to_owned(), parent.map(str::to_owned), placed)
    };
    change(json!({"loadMeterId": null, "utilityMeterId": 2})).await;
    assert_eq!(shown(&named("2")).await, of("Grid", None, true));
    assert_eq!(shown(&named("3")).await, of("Solar", Some(&named("2")), true));
    assert_eq!(shown(MISSING).await, of("Main", Some(&named("2")), true));
    // What was counted before was counted in the tree of that time.
    let before = data(world, "meters/hierarchy").await;
    assert_eq!(before[0]["meterNumber"], MISSING, "{before}");
    near(&before[0]["lossKwh"], 0.0);

    change(json!({"solarMeterId": null})).await;
    assert_eq!(shown(&named("3")).await, of("Other", None, false));
    let retyped = json!({"meterType": "Battery"});
    let path = format!("/api/Energy/meters/{}", named("3"));
    world.send("PATCH", &path, &retyped).await.is(200);
    change(json!({"solarMeterId": 3})).await;
    assert_eq!(shown(&named("3")).await, of("Battery", None, true));
}

async fn another_meter_in_a_role_changes_nothing_of_the_time_before(world: &World) {
    with_roles(world).await;
    upload(world, "9", 7.0).await;
    let path = format!("/api/Energy/carbon?{HOUR}");
    world.eventually(&path, |answer| answer["data"]["coverage"] == 1.0).await;
    let figures = async || {
        let tree = data(world, "meters/hierarchy").await;
        let roots = tree.as_array().unwrap();
        let node = roots.iter().find(|root| root["meterNumber"] == MISSING).unwrap();
        let below = node["children"].as_array().unwrap();
        let below: Vec<_> = below.iter().map(|child| child["meterNumber"].clone()).collect();
        let gauges = data(world, "dashboard/map").await["gauges"].clone();
        let loss = data(world, "power-loss").await;
        let carbon = data(world, "carbon").await;
        json!([
            node["energyKwh"],
            node["lossKwh"],
            node["verdict"],
            below,
            gauges["totalConsumptionKwh"],
            gauges["powerLossPercent"],
            loss[0]["lossKwh"],
            carbon["gridKwh"],
            carbon["solarKwh"]
        ])
    };
    let before = figures().await;
    near(&before[0], 100.0);
    near(&before[1], 0.0);
    near(&before[4], 100.0);
    near(&before[7], 70.0);
    near(&before[8], 30.0);
    let change = async |change: Value| {
        world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &change).await.is(200);
    };
    change(json!({"solarMeterId": 9})).await;
    let named = |address: &str| format!("{SERIAL}_{address}");
    assert_eq!(meter(world, &named("9")).await["parentMeterNumber"], MISSING);
    assert_eq!(meter(world, &named("3")).await["placed"], false);
    assert_eq!(figures().await, before);
    // Nor does one that goes back, after the time in which it was not placed.
    change(json!({"solarMeterId": 3})).await;
    assert_eq!(figures().await, before);
}

async fn a_meter_that_is_named_no_more_stays_in_the_totals_of_the_time_before(world: &World) {
    add_logger(world, json!({"loadMeterId": 2})).await;
    upload(world, "2", 100.0).await;
    let path = format!("/api/Energy/dashboard/map?{HOUR}");
    let into = |answer: &Value| answer["data"]["gauges"]["totalConsumptionKwh"].as_f64();
    let is_whole = |answer: &Value| into(answer).is_some_and(|kwh| (kwh - 100.0).abs() < 1e-6);
    world.eventually(&path, is_whole).await;
    let none = json!({"loadMeterId": null});
    world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &none).await.is(200);
    assert_eq!(meter(world, &format!("{SERIAL}_2")).await["placed"], false);
    assert!(is_whole(&world.get(&path).await.json()));
}

async fn what_an_upload_made_is_in_no_total_until_it_is_placed(world: &World) {
    with_logger(world).await;
    let main = json!({"meterNumber": "MAIN", "meterName": "Main", "meterType": "Main"});
    world.meter(&main).await;
    let at = |hour: u32, kwh: u32| json!({"timestamp": format!("2026-05-01T{hour}:00:00Z"), "totalEnergyKwh": kwh});
    let sent =
        world.post("/api/Energy/meters/MAIN/readings", &json!([at(10, 0), at(11, 40)])).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    upload(world, "7", 100.0).await;
    let number = format!("{SERIAL}_7");
    let totals = async || {
        let map = data(world, "dashboard/map").await;
        let grid = data(world, "carbon").await["gridKwh"].as_f64().unwrap();
        (map["gauges"]["totalConsumptionKwh"].as_f64().unwrap(), grid)
    };
    assert_eq!(meter(world, &number).await["placed"], false);
    let tree = data(world, "meters/hierarchy").await;
    let listed = tree.as_array().unwrap().iter().find(|it| it["meterNumber"] == number.as_str());
    assert_eq!(listed.unwrap()["placed"], false);
    near(&listed.unwrap()["energyKwh"], 100.0);
    assert_eq!(totals().await, (40.0, 40.0));

    // A person's word of any kind is enough.
    let renamed = json!({"meterName": "Hall 2"});
    let path = format!("/api/Energy/meters/{number}");
    world.send("PATCH", &path, &renamed).await.is(200);
    assert_eq!(meter(world, &number).await["placed"], true);
    assert_eq!(totals().await, (140.0, 140.0));
}
