//! The load status.

use chrono::{SubsecRound as _, Utc};
use serde_json::json;

use crate::{World, has, in_one_world};

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

in_one_world! { load_status_of_a_site:
    the_guides_sum_five_hundred_and_fifty_less_eighty,
    a_solar_meter_adds_to_what_is_available_with_either_sign,
    what_is_counted_twice_is_said_and_set_right_beside,
    without_a_capacity_nothing_is_available_and_the_reason_is_given,
    an_old_value_stays_and_lowers_the_quality,
    a_meter_that_speaks_of_other_things_does_not_make_its_power_new,
}

async fn the_guides_sum_five_hundred_and_fifty_less_eighty(world: &World) {
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    meter(world, "B", "building", None, 80.0).await;
    meter(world, "S", "solar", None, 50.0).await;
    meter(world, "Z", "zone", None, 7.0).await;
    let status = world.eventually(PATH, |body| body["data"]["availableCapacity"] == 470.0).await;
    let data = &status["data"];
    has!(data, {"gridCapacity": 500.0, "pvProduction": 50.0, "buildingConsumption": 80.0,
        "quality": "GOOD", "warnings": [], "availableForCharging": 470.0});
    assert!(data["timestamp"].is_string());
}

/// Solar meters are wired either way round; that of a roof which is seen as a load reads below zero.
async fn a_solar_meter_adds_to_what_is_available_with_either_sign(world: &World) {
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    meter(world, "B", "building", None, 80.0).await;
    meter(world, "S", "solar", None, -50.0).await;
    let status = world.eventually(PATH, |body| body["data"]["availableCapacity"] == 470.0).await;
    has!(status["data"], {"pvProduction": 50.0, "availableForCharging": 470.0});
}

async fn what_is_counted_twice_is_said_and_set_right_beside(world: &World) {
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    meter(world, "G", "grid", None, 100.0).await;
    meter(world, "B", "building", Some("G"), 80.0).await;
    meter(world, "S", "solar", Some("G"), 50.0).await;
    let status = world.eventually(PATH, |body| body["data"]["availableCapacity"] == 370.0).await;
    has!(status["data"], {"netAvailableCapacity": 400.0, "availableForCharging": 400.0,
        "warnings": ["building_counted_twice", "pv_counted_twice"]});
}

async fn without_a_capacity_nothing_is_available_and_the_reason_is_given(world: &World) {
    let data = world.get(PATH).await.data();
    has!(data, {"availableCapacity": null, "netAvailableCapacity": null,
        "warnings": ["no_grid_capacity"]});
}

async fn an_old_value_stays_and_lowers_the_quality(world: &World) {
    world.meter(&json!({"meterNumber": "B", "meterName": "B", "meterType": "Building", "loadRole": "building"})).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 100})).await;
    let hour_ago = Utc::now().trunc_subsecs(0) - chrono::TimeDelta::hours(1);
    let reading = json!({"timestamp": hour_ago, "activePowerKw": 80});
    world.post("/api/Energy/meters/B/readings", &reading).await;
    let status = world.eventually(PATH, |body| body["data"]["buildingConsumption"] == 80.0).await;
    has!(status["data"], {"quality": "STALE", "availableForCharging": 20.0});
    let at = status["data"]["availableForChargingAt"].as_str().unwrap();
    assert_eq!(at.parse(), Ok(hour_ago), "the figure is as old as its oldest reading");
}

/// A power that is older than what its meter said last is old all the same.
async fn a_meter_that_speaks_of_other_things_does_not_make_its_power_new(world: &World) {
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
    let status = world.get(PATH).await.data();
    has!(status, {"buildingConsumption": 80.0, "quality": "STALE", "availableCapacity": 420.0});
}
