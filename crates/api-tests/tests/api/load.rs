//! The load status.

use chrono::{SubsecRound as _, Utc};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;

const PATH: &str = "/api/load/status";

async fn meter(world: &World, number: &str, role: &str, parent: Option<&str>, power: f64) {
    let mut body =
        json!({"meterNumber": number, "meterName": number, "meterType": "Other", "loadRole": role});
    if let Some(parent) = parent {
        body["parentMeterNumber"] = parent.into();
    }
    world.meter(&body).await;
    let reading = json!({"timestamp": Utc::now(), "activePowerKw": power});
    world.post(&format!("/api/Energy/meters/{number}/readings"), &reading).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_guides_sum_five_hundred_and_fifty_less_eighty(pool: PgPool) {
    let world = World::start(&pool).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    meter(&world, "B", "building", None, 80.0).await;
    meter(&world, "S", "solar", None, 50.0).await;
    meter(&world, "Z", "zone", None, 7.0).await;
    let status = world.eventually(PATH, |body| body["data"]["availableCapacity"] == 470.0).await;
    let data = &status["data"];
    assert_eq!((&data["gridCapacity"], &data["pvProduction"]), (&json!(500.0), &json!(50.0)));
    assert_eq!(data["buildingConsumption"], 80.0);
    assert_eq!((&data["quality"], &data["warnings"]), (&json!("GOOD"), &json!([])));
    assert_eq!(data["availableForCharging"], 470.0);
    assert!(data["timestamp"].is_string());
    world.end().await;
}

/// Solar meters are wired either way round; that of a roof which is seen as a load reads below zero.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_solar_meter_adds_to_what_is_available_with_either_sign(pool: PgPool) {
    let world = World::start(&pool).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    meter(&world, "B", "building", None, 80.0).await;
    meter(&world, "S", "solar", None, -50.0).await;
    let status = world.eventually(PATH, |body| body["data"]["availableCapacity"] == 470.0).await;
    assert_eq!(status["data"]["pvProduction"], 50.0);
    assert_eq!(status["data"]["availableForCharging"], 470.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_counted_twice_is_said_and_set_right_beside(pool: PgPool) {
    let world = World::start(&pool).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    meter(&world, "G", "grid", None, 100.0).await;
    meter(&world, "B", "building", Some("G"), 80.0).await;
    meter(&world, "S", "solar", Some("G"), 50.0).await;
    let status = world.eventually(PATH, |body| body["data"]["availableCapacity"] == 370.0).await;
    assert_eq!(status["data"]["netAvailableCapacity"], 400.0);
    assert_eq!(status["data"]["availableForCharging"], 400.0);
    assert_eq!(status["data"]["warnings"], json!(["building_counted_twice", "pv_counted_twice"]));
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn without_a_capacity_nothing_is_available_and_the_reason_is_given(pool: PgPool) {
    let world = World::start(&pool).await;
    let data = world.get(PATH).await.json()["data"].clone();
    assert_eq!(
        (&data["availableCapacity"], &data["netAvailableCapacity"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(data["warnings"], json!(["no_grid_capacity"]));
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_old_value_stays_and_lowers_the_quality(pool: PgPool) {
    let world = World::start(&pool).await;
    world.meter(&json!({"meterNumber": "B", "meterName": "B", "meterType": "Building", "loadRole": "building"})).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 100})).await;
    let hour_ago = Utc::now().trunc_subsecs(0) - chrono::TimeDelta::hours(1);
    let reading = json!({"timestamp": hour_ago, "activePowerKw": 80});
    world.post("/api/Energy/meters/B/readings", &reading).await;
    let status = world.eventually(PATH, |body| body["data"]["buildingConsumption"] == 80.0).await;
    assert_eq!(status["data"]["quality"], "STALE");
    assert_eq!(status["data"]["availableForCharging"], 20.0);
    let at = status["data"]["availableForChargingAt"].as_str().unwrap();
    assert_eq!(at.parse(), Ok(hour_ago), "the figure is as old as its oldest reading");
    world.end().await;
}

/// A power that is older than what its meter said last is old all the same.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_that_speaks_of_other_things_does_not_make_its_power_new(pool: PgPool) {
    let world = World::start(&pool).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    let body = include_str!("guide/mqtt.json");
    let made = world.post("/api/energy-meters", &serde_json::from_str(body).unwrap()).await.json();
    let hour_ago = Utc::now() - chrono::TimeDelta::hours(1);
    let readings = json!([{"timestamp": hour_ago, "activePowerKw": 80},
        {"timestamp": Utc::now(), "voltageL1": 230}]);
    let number = made["data"]["meterNumber"].as_str().unwrap();
    world.post(&format!("/api/Energy/meters/{number}/readings"), &readings).await;
    let list = "/api/energy-meters";
    world.eventually(list, |body| body["data"][0]["voltage"] == 230.0).await;
    let status = world.get(PATH).await.json()["data"].clone();
    assert_eq!(
        (&status["buildingConsumption"], &status["quality"]),
        (&json!(80.0), &json!("STALE"))
    );
    assert_eq!(status["availableCapacity"], 420.0);
    world.end().await;
}
