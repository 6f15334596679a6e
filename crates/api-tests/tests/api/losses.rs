//! Losses over a window.

mod costs;
mod silent;

use std::time::Instant;

use serde_json::{Value, json};

use crate::{LOOK, PATIENCE, World, has, in_one_world};

const METERS: &str = "/api/Energy/meters";
const WINDOW: &str = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z";

async fn meter(world: &World, number: &str, parent: Option<&str>, registers: &[(&str, f64)]) {
    let mut body = json!({"meterNumber": number, "meterName": number, "meterType": "Unit", "accuracyClass": 0.5});
    if let Some(parent) = parent {
        body["parentMeterNumber"] = parent.into();
    }
    world.meter(&body).await;
    let readings: Vec<Value> = registers
        .iter()
        .map(|(time, kwh)| json!({"timestamp": format!("2026-05-{time}:00Z"), "totalEnergyKwh": kwh}))
        .collect();
    if !readings.is_empty() {
        let answer = world.post(&format!("{METERS}/{number}/readings"), &readings.into()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
}

async fn loss(world: &World, parent: &str) -> Value {
    let answer =
        world.get(&format!("/api/Energy/power-loss?parent={parent}&{WINDOW}")).await.is(200);
    answer.json()["data"][0].clone()
}

/// Waits until what was sent is computed, with the losses.
async fn computed(world: &World) {
    let is_computed = "SELECT NOT EXISTS (SELECT FROM rollup_queue) \
        AND NOT EXISTS (SELECT FROM rollup_claims) AND NOT EXISTS (SELECT FROM loss_queue)";
    let begun = Instant::now();
    while !sqlx::query_scalar::<_, bool>(is_computed).fetch_one(&world.pool).await.unwrap() {
        assert!(begun.elapsed() < PATIENCE, "not computed within {PATIENCE:?}");
        tokio::time::sleep(LOOK).await;
    }
}

in_one_world! { losses_over_a_window:
    the_guides_example_with_its_cost,
    a_silent_child_is_no_loss_and_a_register_set_back_counts_from_zero,
    a_window_that_ends_inside_a_quarter_hour_of_a_meter_that_was_set_back,
    a_move_inside_the_window_cuts_it, declared_load_and_a_named_cause_are_shown,
    losses_by_area_with_what_the_areas_drew, a_loss_says_what_it_was_computed_from,
    ends_between_readings_are_interpolated, a_move_with_a_date_leaves_the_past_as_it_was,
    solar_that_feeds_its_parent_is_an_input, today_is_the_window_unless_one_is_asked_for,
}

async fn the_guides_example_with_its_cost(world: &World) {
    let site = json!({"currency": "INR", "pricePerKwh": "8.255"});
    world.send("PATCH", "/api/sites/default", &site).await;
    let factor = json!({"kind": "grid", "value": 0.75, "unit": "kg/kWh", "source": "grid operator",
        "validFrom": "2026-05-01"});
    world.post("/api/emission-factors", &factor).await.is(201);
    meter(world, "M", None, &[("01T00:00", 100.0), ("02T00:00", 10_100.0)]).await;
    meter(world, "A", Some("M"), &[("01T00:00", 0.0), ("02T00:00", 9_200.0)]).await;
    let loss = loss(world, "M").await;
    has!(loss, {"sourceEnergyKwh": 10_000.0, "destinationEnergyKwh": 9_200.0, "lossKwh": 800.0,
        "lossPercent": 8.0, "cost": "6604.00", "currency": "INR", "verdict": "loss", "cause": null,
        "coverage": 1.0, "unpricedKwh": 0.0, "nature": "real"});
    has!(loss["saving"], {"kwh": 800.0, "cost": "6604.00", "co2Kg": 600.0});
    assert!((loss["errorKwh"].as_f64().unwrap() - 50.0_f64.hypot(46.0)).abs() < 1e-9);
    has!(loss, {"parentMeterNumber": "M", "parentName": "M", "from": "2026-05-01T00:00:00Z"});
    assert_eq!(loss["children"][0]["energyKwh"], 9_200.0);
}

async fn a_silent_child_is_no_loss_and_a_register_set_back_counts_from_zero(world: &World) {
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(world, "M", None, &day(1_000.0)).await;
    meter(world, "A", Some("M"), &day(500.0)).await;
    meter(world, "SILENT", Some("A"), &[]).await;
    let reset = [
        ("01T00:00", 900.0),
        ("01T03:00", 925.0),
        ("01T06:00", 950.0),
        ("01T09:00", 975.0),
        ("01T12:00", 1_000.0),
        ("02T00:00", 212.0),
        ("02T00:05", 213.0),
        ("02T00:20", 214.0),
    ];
    meter(world, "RESET", Some("M"), &reset).await;
    assert_eq!(loss(world, "A").await["verdict"], "incomplete");
    let main = loss(world, "M").await;
    let counted = main["children"][1]["energyKwh"].as_f64().unwrap();
    assert!((counted - 312.0).abs() < 1e-9, "{main}");
    assert!((main["lossKwh"].as_f64().unwrap() - 188.0).abs() < 1e-9, "{main}");
    let all = world.get(&format!("/api/Energy/power-loss?{WINDOW}")).await.json();
    assert_eq!(all["count"], 2);
}

async fn a_window_that_ends_inside_a_quarter_hour_of_a_meter_that_was_set_back(world: &World) {
    let reset = [
        ("01T00:00", 900.0),
        ("01T12:00", 1_000.0),
        ("01T12:10", 20.0),
        ("02T00:00", 230.0),
        ("02T00:05", 231.0),
    ];
    meter(world, "M", None, &reset).await;
    let rated = json!({"ratedPowerKw": 200});
    world.send("PATCH", "/api/Energy/meters/M", &rated).await.is(200);
    meter(world, "A", Some("M"), &[("01T00:00", 0.0), ("02T00:00", 300.0)]).await;
    let ask = |to: &str| {
        format!("/api/Energy/power-loss?from=2026-05-01T00:00:00Z&to=2026-05-01T{to}:00Z")
    };
    let source =
        async |to| world.get(&ask(to)).await.json()["data"][0]["sourceEnergyKwh"].as_f64().unwrap();
    assert!((source("12:10").await - 120.0).abs() < 1e-6);
    assert!((source("12:05").await - 110.0).abs() < 1e-6);
    assert!((source("23:55").await - (120.0 + 210.0 * 705.0 / 710.0)).abs() < 1e-6);
}

async fn a_move_inside_the_window_cuts_it(world: &World) {
    let day = |kwh: f64| [("01T00:00", 0.0), ("01T12:00", kwh / 2.0), ("02T00:00", kwh)];
    meter(world, "M", None, &[("01T00:00", 0.0), ("01T12:00", 150.0), ("02T00:00", 250.0)]).await;
    meter(world, "N", None, &[("01T00:00", 0.0), ("01T12:00", 40.0), ("02T00:00", 140.0)]).await;
    meter(world, "A", Some("M"), &day(100.0)).await;
    meter(world, "B", Some("M"), &day(180.0)).await;
    meter(world, "C", Some("N"), &day(70.0)).await;
    let noon = json!({"parentMeterId": "N", "effectiveFrom": "2026-05-01T12:00:00Z"});
    world.send("PATCH", &format!("{METERS}/A"), &noon).await.is(200);
    let (m, n) = (loss(world, "M").await, loss(world, "N").await);
    assert_eq!((&m["sourceEnergyKwh"], &m["lossKwh"]), (&json!(250.0), &json!(20.0)));
    assert_eq!((&n["destinationEnergyKwh"], &n["lossKwh"]), (&json!(120.0), &json!(20.0)));
    let below = |loss: &Value| -> Vec<(String, f64)> {
        let children = loss["children"].as_array().unwrap().iter();
        children
            .map(|c| {
                (c["meterNumber"].as_str().unwrap().to_owned(), c["energyKwh"].as_f64().unwrap())
            })
            .collect()
    };
    assert_eq!(below(&m), [("B".to_owned(), 180.0), ("A".to_owned(), 50.0)]);
    assert_eq!(below(&n), [("A".to_owned(), 50.0), ("C".to_owned(), 70.0)]);
}

async fn declared_load_and_a_named_cause_are_shown(world: &World) {
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(world, "M", None, &day(1_000.0)).await;
    meter(world, "A", Some("M"), &day(900.0)).await;
    let id = loss(world, "M").await["parentId"].as_i64().unwrap();
    let declared = "INSERT INTO unmetered_loads (meter_id, valid_from, power_kw, reason) \
        VALUES ($1, '2026-05-01T12:00:00Z', 2.5, 'guard house')";
    sqlx::query(declared).bind(id).execute(&world.pool).await.unwrap();
    let found = "INSERT INTO power_loss_analysis (meter_id, resolution, window_start, window_end, \
        source_energy_kwh, destination_energy_kwh, loss_kwh, error_kwh, verdict, cause, coverage) \
        VALUES ($1, '1d', '2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z', 1, 1, 0, 1, 'loss', $2, 1) \
        ON CONFLICT (meter_id, resolution, window_start) DO UPDATE SET cause = excluded.cause";
    let cause = json!({"code": "ratio_a_tenth", "meterId": 7, "meterNumber": "A",
        "text": "check its ratio", "residualKwh": 1.5});
    let findings = json!({"named": cause, "tested": [], "step": null, "affected": 96});
    computed(world).await;
    sqlx::query(found).bind(id).bind(findings).execute(&world.pool).await.unwrap();
    let loss = loss(world, "M").await;
    has!(loss, {"unmeteredKwh": 30.0, "lossKwh": 70.0, "destinationEnergyKwh": 930.0});
    assert_eq!(loss["cause"], cause);
    let areas = world.get(&format!("/api/Energy/power-loss/by-area?{WINDOW}")).await.json();
    has!(areas["data"][0], {"lossKwh": 70.0, "meteringKwh": 70.0, "saving": null});
}

async fn losses_by_area_with_what_the_areas_drew(world: &World) {
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(world, "M", None, &day(1_000.0)).await;
    meter(world, "A", Some("M"), &day(600.0)).await;
    meter(world, "B", Some("M"), &day(300.0)).await;
    meter(world, "A1", Some("A"), &day(500.0)).await;
    meter(world, "B1", Some("B"), &day(299.0)).await;
    for (number, area) in [("A", "Hall A"), ("A1", "Hall A"), ("B", "Hall B")] {
        world.send("PATCH", &format!("{METERS}/{number}"), &json!({"area": area})).await;
    }
    let areas = world.get(&format!("/api/Energy/power-loss/by-area?{WINDOW}")).await.json();
    let told: Vec<_> = areas["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| {
            (a["area"].clone(), a["nodes"].clone(), a["lossKwh"].clone(), a["energyKwh"].clone())
        })
        .collect();
    let expected = [
        (Value::Null, json!(1), json!(100.0), json!(1_000.0)),
        (json!("Hall A"), json!(1), json!(100.0), json!(600.0)),
        (json!("Hall B"), json!(1), json!(1.0), json!(300.0)),
    ];
    assert_eq!(told, expected);
    let csv =
        world.get(&format!("/api/Energy/power-loss/by-area?{WINDOW}&format=csv&limit=1")).await;
    assert_eq!(csv.text.lines().count(), 2);
    let next = csv.headers.get("x-next-cursor").unwrap();
    let rest = format!("/api/Energy/power-loss/by-area?{WINDOW}&cursor={next}");
    assert_eq!(world.get(&rest).await.json()["count"], 2);
}

async fn a_loss_says_what_it_was_computed_from(world: &World) {
    world.send("PATCH", "/api/sites/default", &json!({"pricePerKwh": "2.50"})).await;
    let day = |kwh: f64| [("01T00:00", 7.0), ("02T00:00", 7.0 + kwh)];
    meter(world, "M", None, &day(1_000.0)).await;
    meter(world, "A", Some("M"), &day(900.0)).await;
    let answer = world.get(&format!("/api/Energy/power-loss?{WINDOW}&explain=true")).await.json();
    let explain = &answer["data"][0]["explain"];
    assert!(explain["formula"].as_str().unwrap().starts_with("loss = in - out"));
    assert_eq!(explain["readings"][0]["meterNumber"], "M");
    let reading = json!({"timestamp": "2026-05-01T00:00:00Z", "totalEnergyKwh": 7.0});
    assert_eq!(explain["readings"][1]["fromBefore"], reading);
    assert_eq!(explain["readings"][1]["toBefore"]["totalEnergyKwh"], 907.0);
    assert_eq!(explain["tariff"], json!({"name": null, "validFrom": null, "price": "2.50"}));
    assert!(loss(world, "M").await.get("explain").is_none());
    world.get("/api/Energy/power-loss?explain=yes").await.invalid("explain");
}

async fn ends_between_readings_are_interpolated(world: &World) {
    let registers = [("01T00:00", 0.0), ("01T23:55", 950.0), ("02T00:05", 1_050.0)];
    meter(world, "M", None, &registers).await;
    meter(world, "A", Some("M"), &[("01T00:00", 0.0), ("02T00:00", 900.0)]).await;
    let loss = loss(world, "M").await;
    assert!((loss["lossKwh"].as_f64().unwrap() - 100.0).abs() < 1e-9, "{loss}");
    assert_eq!(loss["verdict"], "loss");
}

async fn a_move_with_a_date_leaves_the_past_as_it_was(world: &World) {
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(world, "M", None, &day(1_000.0)).await;
    meter(world, "N", None, &day(1_000.0)).await;
    meter(world, "A", Some("M"), &day(900.0)).await;
    let later = json!({"parentMeterId": "N", "effectiveFrom": "2026-05-03T00:00:00Z"});
    world.send("PATCH", &format!("{METERS}/A"), &later).await.is(200);
    assert_eq!(loss(world, "M").await["lossKwh"], 100.0);
    let always = json!({"parentMeterId": "M"});
    world.send("PATCH", &format!("{METERS}/A"), &always).await;
    let always = json!({"parentMeterId": "N"});
    world.send("PATCH", &format!("{METERS}/A"), &always).await;
    assert_eq!(loss(world, "N").await["lossKwh"], 100.0);
}

async fn solar_that_feeds_its_parent_is_an_input(world: &World) {
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(world, "M", None, &day(60.0)).await;
    meter(world, "S", Some("M"), &day(40.0)).await;
    meter(world, "L", Some("M"), &day(90.0)).await;
    world.send("PATCH", &format!("{METERS}/S"), &json!({"feedsParent": true})).await;
    let loss = loss(world, "M").await;
    has!(loss, {"sourceEnergyKwh": 100.0, "lossKwh": 10.0, "lossPercent": 10.0});
}

async fn today_is_the_window_unless_one_is_asked_for(world: &World) {
    // A zone in which it is around noon now, so that today has readings on both sides of it.
    let now = chrono::Utc::now();
    let hours = i64::from(chrono::Timelike::hour(&now)) - 12;
    let zone = format!("Etc/GMT{hours:+}");
    world.send("PATCH", "/api/sites/default", &json!({"timeZone": zone})).await.is(200);
    for (number, parent, kwh) in [("M", None, 100.0), ("A", Some("M"), 90.0)] {
        meter(world, number, parent, &[]).await;
        let ago = |minutes| now - chrono::TimeDelta::minutes(minutes);
        let readings = json!([
            {"timestamp": ago(24 * 60), "totalEnergyKwh": 0},
            {"timestamp": ago(120), "totalEnergyKwh": 500},
            {"timestamp": ago(0), "totalEnergyKwh": 500.0 + kwh}]);
        world.post(&format!("{METERS}/{number}/readings"), &readings).await.is(201);
    }
    let loss = world.get("/api/Energy/power-loss").await.json()["data"][0].clone();
    assert!((loss["sourceEnergyKwh"].as_f64().unwrap() - 100.0) > 0.0, "{loss}");
    assert!((loss["lossKwh"].as_f64().unwrap() - 10.0).abs() < 1e-6, "{loss}");
    let tree = world.get(&format!("{METERS}/hierarchy")).await.json();
    assert_eq!(tree["data"][0]["lossKwh"], loss["lossKwh"]);
}
