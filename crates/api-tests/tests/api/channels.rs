//! Channels: what all meters show, in one language.

mod prefixes;

use acquisition::Health;
use chrono::{DateTime, TimeDelta, Utc};
use domain::devices::DeviceState;
use domain::{DeviceId, Field, MeterId};
use serde_json::{Map, Value, json};
use sqlx::PgPool;

use crate::{World, has, in_one_world};

const METERS: &str = "/api/Energy/meters";
const GRID: &str = "/api/channels?prefix=grid";

async fn grid(world: &World) -> i64 {
    let body = json!({"meterNumber": "SDM-1", "meterName": "Grid", "meterType": "Grid"});
    world.meter(&body).await
}

impl World {
    async fn read(&self, number: &str, at: DateTime<Utc>, mut values: Value) {
        values["timestamp"] = json!(at);
        self.post(&format!("{METERS}/{number}/readings"), &values).await.is(201);
    }

    async fn health(&self, meter: i64, state: DeviceState, reason: &str) {
        let health = Health {
            device: DeviceId(1),
            meter: MeterId(meter),
            state,
            reason: Some(domain::message::Message::foreign(reason)),
            at: Utc::now(),
            figures: acquisition::Figures::default(),
        };
        self.tasks.outbox.health.send(health).await.unwrap();
    }
}

/// A channel of an answer; null where it is absent.
fn channel<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let channels = answer["data"]["channels"].as_array();
    channels.into_iter().flatten().find(|c| c["name"] == name).unwrap_or(&Value::Null)
}

/// To the millisecond, as the answer has it.
fn past(seconds: i64) -> DateTime<Utc> {
    let at = Utc::now() - TimeDelta::seconds(seconds);
    DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap()
}

in_one_world! { channels_of_meters:
    a_grid_meter_with_one_phase_in_and_two_phases_out_imports_their_sum,
    what_the_newest_reading_lacks_stays_with_its_own_time, a_channel_says_why_it_is_stale_or_wrong,
    a_frequency_that_rises_by_half_a_hertz_a_second_says_so,
    a_look_while_readings_come_in_never_mixes_two_of_them,
    a_virtual_grid_meter_has_the_phases_of_what_it_is_computed_from,
}

async fn a_grid_meter_with_one_phase_in_and_two_phases_out_imports_their_sum(world: &World) {
    grid(world).await;
    let at = past(2);
    let phases = json!({"activePowerL1Kw": 15, "activePowerL2Kw": -3, "activePowerL3Kw": -2,
        "voltageL1": 231.5, "reactiveEnergyImportKvarh": 12.5});
    world.read("SDM-1", at, phases).await;
    let answer = world.eventually(GRID, |body| channel(body, "grid/Voltage_L1") != &Value::Null);
    let answer = answer.await;
    let stored = world.get(&format!("{METERS}/SDM-1/readings")).await.json();
    assert_eq!(stored["data"][0]["activePowerL1Kw"], 15.0, "the tables hold kW");

    let shown = answer["data"]["channels"].as_array().unwrap().clone();
    let expected = |name: &str, value: Value, unit: &str, derived: bool| {
        json!({"name": format!("grid/{name}"), "value": value, "unit": unit, "quality": "GOOD",
            "timestamp": at, "derived": derived})
    };
    assert_eq!(
        shown,
        [
            expected("ActivePower", json!(10_000.0), "W", true),
            expected("ActivePower_L1", json!(15_000.0), "W", false),
            expected("ActivePower_L2", json!(-3_000.0), "W", false),
            expected("ActivePower_L3", json!(-2_000.0), "W", false),
            expected("Voltage_L1", json!(231.5), "V", false),
            expected("ReactiveEnergyImport", json!(12.5), "kVARh", false),
            expected("Timestamp", json!(at), "", false),
        ]
    );
    let instant: DateTime<Utc> =
        serde_json::from_value(answer["data"]["timestamp"].clone()).unwrap();
    assert!(instant >= at && instant <= Utc::now());
}

async fn what_the_newest_reading_lacks_stays_with_its_own_time(world: &World) {
    grid(world).await;
    let (before, after) = (past(9), past(3));
    let first = json!({"activePowerKw": 4, "reactivePowerKvar": 3, "energyImportKwh": 100});
    world.read("SDM-1", before, first).await;
    world.read("SDM-1", after, json!({"activePowerKw": 5})).await;
    let power = |body: &Value| channel(body, "grid/ActivePower")["value"] == 5_000.0;
    let answer = world.eventually(GRID, power).await;
    assert_eq!(channel(&answer, "grid/ActivePower")["timestamp"], json!(after));
    assert_eq!(channel(&answer, "grid/EnergyImport")["timestamp"], json!(before));
    assert_eq!(channel(&answer, "grid/ReactivePower")["value"], 3_000.0);
    let mixed = channel(&answer, "grid/ApparentPower");
    assert_eq!(mixed, &Value::Null, "power of two instants has no sum");
}

async fn a_channel_says_why_it_is_stale_or_wrong(world: &World) {
    let id = grid(world).await;
    let never = world.eventually(GRID, |body| body["success"] == true).await;
    let never = channel(&never, "grid/Timestamp");
    has!(never, {"value": null, "timestamp": null, "quality": "STALE", "reason": "never read"});

    let power = |quality: &'static str, reason: &'static str| {
        move |body: &Value| {
            let power = channel(body, "grid/ActivePower");
            power["quality"] == quality && power["reason"].as_str().unwrap_or_default() == reason
        }
    };
    world.read("SDM-1", past(16 * 60), json!({"activePowerKw": 1})).await;
    world.eventually(GRID, power("STALE", "no new value for more than 15 min")).await;
    world.read("SDM-1", past(1), json!({"activePowerKw": 1})).await;
    world.eventually(GRID, power("GOOD", "")).await;
    world.health(id, DeviceState::Offline, "the broker says offline").await;
    world.eventually(GRID, power("STALE", "the broker says offline")).await;
    world.health(id, DeviceState::Error, "no answer within 1 s").await;
    world.eventually(GRID, power("ERROR", "no answer within 1 s")).await;
    world.health(id, DeviceState::Online, "").await;
    world.eventually(GRID, power("GOOD", "")).await;
    let wrong = json!({"activePowerKw": 1, "quality": "ERROR"});
    world.read("SDM-1", past(0), wrong).await;
    world.eventually(GRID, power("ERROR", "its source marked the value as wrong")).await;
}

async fn a_frequency_that_rises_by_half_a_hertz_a_second_says_so(world: &World) {
    grid(world).await;
    let start = past(6);
    let sample = |n: i32| {
        let hz = 48.0 + 0.5 * f64::from(n);
        json!({"timestamp": start + TimeDelta::seconds(n.into()), "frequencyHz": hz})
    };
    let path = format!("{METERS}/SDM-1/readings");
    world.post(&path, &(0..4).map(sample).collect::<Vec<_>>().into()).await;
    let frequency = |hz: f64| move |body: &Value| channel(body, "grid/Frequency")["value"] == hz;
    let few = world.eventually(GRID, frequency(49.5)).await;
    assert_eq!(channel(&few, "grid/Frequency_RoCoF"), &Value::Null, "four samples are too few");
    world.post(&path, &sample(4)).await;
    let five = world.eventually(GRID, frequency(50.0)).await;
    let rate = channel(&five, "grid/Frequency_RoCoF");
    assert!((rate["value"].as_f64().unwrap() - 0.5).abs() < 1e-9, "{rate}");
    assert_eq!((&rate["unit"], &rate["derived"]), (&json!("Hz/s"), &json!(true)));
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_stored_before_the_start_is_shown_after_it(pool: PgPool) {
    let world = World::start(&pool).await;
    grid(&world).await;
    let (before, after) = (past(4), past(2));
    world.read("SDM-1", before, json!({"energyImportKwh": 7})).await;
    world.read("SDM-1", after, json!({"activePowerKw": 1})).await;
    world.end().await;
    let world = World::start(&pool).await;
    let answer = world.get(GRID).await.json();
    assert_eq!(channel(&answer, "grid/EnergyImport")["timestamp"], json!(before));
    assert_eq!(channel(&answer, "grid/ActivePower")["timestamp"], json!(after));
    world.end().await;
}

async fn a_look_while_readings_come_in_never_mixes_two_of_them(world: &World) {
    let id = grid(world).await;
    let start = past(120);
    let whole = |n: i32| {
        let values = Field::ALL.iter().map(|field| (field.json().to_owned(), json!(n)));
        let mut body: Map<_, _> = values.collect();
        body.insert("timestamp".to_owned(), json!(start + TimeDelta::seconds(n.into())));
        Value::from(body)
    };
    let path = format!("{METERS}/{id}/readings");
    world.eventually(GRID, |body| body["success"] == true).await;
    let write = async {
        for n in 1..=100 {
            world.post(&path, &whole(n)).await.is(201);
        }
    };
    let look = async {
        let mut n = 0.0;
        while n < 100.0 {
            let answer = world.get(GRID).await.json();
            let channels = answer["data"]["channels"].as_array().unwrap();
            let Some(value) = channel(&answer, "grid/Voltage_L1")["value"].as_f64() else {
                continue;
            };
            n = value;
            for shown in channels {
                assert_eq!(shown["timestamp"], channels[0]["timestamp"], "{answer}");
                let expected = match (shown["name"].as_str().unwrap(), shown["unit"].as_str()) {
                    ("grid/Timestamp", _) => continue,
                    ("grid/EnergyNet", _) => 0.0,
                    (_, Some("W" | "VAR" | "VA")) => n * 1_000.0,
                    _ => n,
                };
                assert_eq!(shown["value"], expected, "{shown}");
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), async { tokio::join!(write, look) })
        .await
        .unwrap();
}

async fn a_virtual_grid_meter_has_the_phases_of_what_it_is_computed_from(world: &World) {
    let loads = [("LOAD", [15.0, 4.0, 3.0]), ("PV", [2.0, 7.0, 5.0]), ("BATTERY", [1.0, 0.0, 0.5])];
    for (number, [l1, l2, l3]) in loads {
        world
            .meter(&json!({"meterNumber": number, "meterName": number, "meterType": "Unit"}))
            .await;
        let row = |n: i64| {
            json!({"timestamp": past(240 - 20 * n), "activePowerKw": l1 + l2 + l3,
                "activePowerL1Kw": l1, "activePowerL2Kw": l2, "activePowerL3Kw": l3})
        };
        let rows: Vec<_> = (0..=12).map(row).collect();
        world.post(&format!("{METERS}/{number}/readings"), &rows.into()).await.is(201);
    }
    let terms = json!([{"meterId": "LOAD", "factor": 1}, {"meterId": "BATTERY", "factor": 1},
        {"meterId": "PV", "factor": -1}]);
    let sum = json!({"meterNumber": "V-1", "meterName": "Grid", "terms": terms});
    world.post("/api/virtual-meters", &sum).await.is(201);
    let role = json!({"loadRole": "grid"});
    world.send("PATCH", &format!("{METERS}/V-1"), &role).await.is(200);
    let phase = |body: &Value| channel(body, "grid/ActivePower_L1")["value"] == 14_000.0;
    let answer = world.eventually(GRID, phase).await;
    let value = |name: &str| channel(&answer, name)["value"].as_f64().unwrap();
    assert!((value("grid/ActivePower_L2") + 3_000.0).abs() < 1e-6);
    assert!((value("grid/ActivePower_L3") + 1_500.0).abs() < 1e-6);
    assert!((value("grid/ActivePower") - 9_500.0).abs() < 1e-6);
    let shown = channel(&answer, "grid/ActivePower_L1");
    assert_eq!((&shown["quality"], &shown["derived"]), (&json!("GOOD"), &json!(true)));
}
