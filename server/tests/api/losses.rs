//! Losses over a window.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;

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
    let answer = world.get(&format!("/api/Energy/power-loss?parent={parent}&{WINDOW}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["data"][0].clone()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_guides_example_with_its_cost(pool: PgPool) {
    let world = World::start(&pool).await;
    let site = json!({"currency": "INR", "pricePerKwh": "8.255"});
    world.send("PATCH", "/api/sites/default", &site).await;
    meter(&world, "M", None, &[("01T00:00", 100.0), ("02T00:00", 10_100.0)]).await;
    meter(&world, "A", Some("M"), &[("01T00:00", 0.0), ("02T00:00", 9_200.0)]).await;
    let loss = loss(&world, "M").await;
    assert_eq!(
        (&loss["sourceEnergyKwh"], &loss["destinationEnergyKwh"]),
        (&json!(10_000.0), &json!(9_200.0))
    );
    assert_eq!((&loss["lossKwh"], &loss["lossPercent"]), (&json!(800.0), &json!(8.0)));
    assert_eq!((&loss["cost"], &loss["currency"]), (&json!("6604.00"), &json!("INR")));
    assert_eq!(
        (&loss["verdict"], &loss["cause"], &loss["coverage"]),
        (&json!("loss"), &Value::Null, &json!(1.0))
    );
    assert!((loss["errorKwh"].as_f64().unwrap() - 50.0_f64.hypot(46.0)).abs() < 1e-9);
    assert_eq!((&loss["parentMeterNumber"], &loss["parentName"]), (&json!("M"), &json!("M")));
    assert_eq!(loss["from"], "2026-05-01T00:00:00Z");
    assert_eq!(loss["children"][0]["energyKwh"], 9_200.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silent_child_and_a_fallen_register_are_no_loss(pool: PgPool) {
    let world = World::start(&pool).await;
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(&world, "M", None, &day(1_000.0)).await;
    meter(&world, "A", Some("M"), &day(500.0)).await;
    meter(&world, "SILENT", Some("A"), &[]).await;
    meter(&world, "FELL", Some("M"), &[("01T00:00", 900.0), ("02T00:00", 12.0)]).await;
    for parent in ["M", "A"] {
        assert_eq!(loss(&world, parent).await["verdict"], "incomplete");
    }
    assert_eq!(loss(&world, "M").await["children"][1]["energyKwh"], Value::Null);
    let all = world.get(&format!("/api/Energy/power-loss?{WINDOW}")).await.json();
    assert_eq!(all["count"], 2);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn ends_between_readings_are_interpolated(pool: PgPool) {
    let world = World::start(&pool).await;
    let registers = [("01T00:00", 0.0), ("01T23:55", 950.0), ("02T00:05", 1_050.0)];
    meter(&world, "M", None, &registers).await;
    meter(&world, "A", Some("M"), &[("01T00:00", 0.0), ("02T00:00", 900.0)]).await;
    let loss = loss(&world, "M").await;
    assert!((loss["lossKwh"].as_f64().unwrap() - 100.0).abs() < 1e-9, "{loss}");
    assert_eq!(loss["verdict"], "loss");
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_move_with_a_date_leaves_the_past_as_it_was(pool: PgPool) {
    let world = World::start(&pool).await;
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(&world, "M", None, &day(1_000.0)).await;
    meter(&world, "N", None, &day(1_000.0)).await;
    meter(&world, "A", Some("M"), &day(900.0)).await;
    let later = json!({"parentMeterId": "N", "effectiveFrom": "2026-05-03T00:00:00Z"});
    let moved = world.send("PATCH", &format!("{METERS}/A"), &later).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(loss(&world, "M").await["lossKwh"], 100.0);
    let always = json!({"parentMeterId": "M"});
    world.send("PATCH", &format!("{METERS}/A"), &always).await;
    let always = json!({"parentMeterId": "N"});
    world.send("PATCH", &format!("{METERS}/A"), &always).await;
    assert_eq!(loss(&world, "N").await["lossKwh"], 100.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn solar_that_feeds_its_parent_is_an_input(pool: PgPool) {
    let world = World::start(&pool).await;
    let day = |kwh: f64| [("01T00:00", 0.0), ("02T00:00", kwh)];
    meter(&world, "M", None, &day(60.0)).await;
    meter(&world, "S", Some("M"), &day(40.0)).await;
    meter(&world, "L", Some("M"), &day(90.0)).await;
    world.send("PATCH", &format!("{METERS}/S"), &json!({"feedsParent": true})).await;
    let loss = loss(&world, "M").await;
    assert_eq!((&loss["sourceEnergyKwh"], &loss["lossKwh"]), (&json!(100.0), &json!(10.0)));
    assert_eq!(loss["lossPercent"], 10.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn today_is_the_window_unless_one_is_asked_for(pool: PgPool) {
    let world = World::start(&pool).await;
    // A zone in which it is around noon now, so that today has readings on both sides of it.
    let now = chrono::Utc::now();
    let hours = i64::from(chrono::Timelike::hour(&now)) - 12;
    let zone = format!("Etc/GMT{hours:+}");
    let patched = world.send("PATCH", "/api/sites/default", &json!({"timeZone": zone})).await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    for (number, parent, kwh) in [("M", None, 100.0), ("A", Some("M"), 90.0)] {
        meter(&world, number, parent, &[]).await;
        let ago = |minutes| now - chrono::TimeDelta::minutes(minutes);
        let readings = json!([
            {"timestamp": ago(24 * 60), "totalEnergyKwh": 0},
            {"timestamp": ago(120), "totalEnergyKwh": 500},
            {"timestamp": ago(0), "totalEnergyKwh": 500.0 + kwh}]);
        world.post(&format!("{METERS}/{number}/readings"), &readings).await;
    }
    let loss = world.get("/api/Energy/power-loss").await.json()["data"][0].clone();
    assert!((loss["sourceEnergyKwh"].as_f64().unwrap() - 100.0) > 0.0, "{loss}");
    assert!((loss["lossKwh"].as_f64().unwrap() - 10.0).abs() < 1e-6, "{loss}");
    let tree = world.get(&format!("{METERS}/hierarchy")).await.json();
    assert_eq!(tree["data"][0]["lossKwh"], loss["lossKwh"]);
    world.end().await;
}
