//! Bad input: its status, code and field; nothing stored; nothing harmed.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::energy_meters::guide_bodies;
use crate::{Request, World, has, in_one_world, with};

const METERS: &str = "/api/Energy/meters";
const DEVICES: &str = "/api/energy-meters";

async fn plant(world: &World) -> String {
    let body = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"});
    let id = world.meter(&body).await;
    format!("{METERS}/{id}/readings")
}

in_one_world! { bad_input_is_refused_and_stores_nothing:
    readings_that_cannot_be, a_list_with_bad_lines_is_refused_as_a_whole_with_each_line,
    too_much_at_once, meters_that_do_not_exist, device_settings_that_cannot_be,
    trees_that_cannot_be,
}

async fn readings_that_cannot_be(world: &World) {
    let path = plant(world).await;
    let raw = |body: &str| {
        Request::new("POST", &path)
            .header("Content-Type", "application/json")
            .body(body)
            .send(world.address)
    };
    raw("{\"timestamp\":").await.refused(400, "malformed_json", None);
    raw("").await.refused(400, "malformed_json", None);
    let nan = "{\"timestamp\":\"2026-05-01T00:00:00Z\",\"activePowerKw\":NaN}";
    raw(nan).await.refused(400, "malformed_json", None);

    let at = "2026-05-01T00:00:00Z";
    let future = (Utc::now() + TimeDelta::minutes(6)).to_rfc3339();
    let cases = [
        (json!({"timestamp": at, "activePower": 1}), "unknown_field", Some("activePower")),
        (json!({"activePowerKw": 1}), "missing_field", Some("timestamp")),
        (json!({"timestamp": at, "activePowerKw": "1"}), "invalid_value", Some("activePowerKw")),
        (json!({"timestamp": at, "activePowerKw": "NaN"}), "invalid_value", Some("activePowerKw")),
        (json!({"timestamp": "noon", "activePowerKw": 1}), "invalid_value", Some("timestamp")),
        (json!({"timestamp": 5, "activePowerKw": 1}), "invalid_value", Some("timestamp")),
        (json!({"timestamp": future, "activePowerKw": 1}), "future_timestamp", Some("timestamp")),
        (json!({"timestamp": at}), "no_value", None),
        (
            json!({"timestamp": at, "quality": "FINE", "activePowerKw": 1}),
            "invalid_value",
            Some("quality"),
        ),
        (json!("a text"), "invalid_value", None),
        (json!([]), "wrong_count", None),
    ];
    for (body, code, field) in cases {
        world.post(&path, &body).await.refused(422, code, field);
    }
    assert_eq!(world.count("meter_readings").await, 0);
    let soon = (Utc::now() + TimeDelta::minutes(4)).to_rfc3339();
    let taken = world.post(&path, &json!({"timestamp": soon, "activePowerKw": 1})).await;
    assert_eq!(taken.status, 201, "{}", taken.text);
}

async fn a_list_with_bad_lines_is_refused_as_a_whole_with_each_line(world: &World) {
    let path = plant(world).await;
    let body = json!([
        {"timestamp": "2026-05-01T00:00:00Z", "activePowerKw": 1},
        {"timestamp": "2999-05-01T00:00:00Z", "activePowerKw": 1},
        {"timestamp": "2026-05-01T00:10:00Z", "colour": 1},
    ]);
    let answer = world.post(&path, &body).await;
    answer.refused(422, "future_timestamp", Some("timestamp"));
    let error = answer.json()["error"].clone();
    assert_eq!(error["index"], 1);
    let lines: Vec<_> = error["lines"].as_array().unwrap().iter().collect();
    assert_eq!((&lines[0]["index"], &lines[0]["field"]), (&json!(1), &json!("timestamp")));
    has!(lines[1], {"index": 2, "field": "colour", "code": "unknown_field"});
    assert_eq!(world.count("meter_readings").await, 0);
}

async fn too_much_at_once(world: &World) {
    let path = plant(world).await;
    let start: chrono::DateTime<Utc> = "2026-05-01T00:00:00Z".parse().unwrap();
    let reading =
        |second: i64| json!({"timestamp": start + TimeDelta::seconds(second), "activePowerKw": 1});
    let readings: Vec<Value> = (0..10_001).map(reading).collect();
    world.post(&path, &readings.as_slice().into()).await.refused(422, "wrong_count", None);
    assert_eq!(world.count("meter_readings").await, 0);
    let most = world.post(&path, &readings[..10_000].into()).await;
    assert_eq!(most.json()["data"]["accepted"], 10_000, "{}", most.text);

    let huge = json!({"timestamp": "x".repeat(20 << 20)});
    for large in [path.as_str(), METERS, DEVICES, "/api/sites"] {
        world.post(large, &huge).await.refused(413, "body_too_large", None);
    }
    world.get("/healthz").await.is(200);
}

async fn meters_that_do_not_exist(world: &World) {
    plant(world).await;
    let reading = json!({"timestamp": "2026-05-01T00:00:00Z", "activePowerKw": 1});
    for id in ["4711", "NOPE", "number:1", "99999999999999999999", "%20"] {
        let meter = format!("{METERS}/{id}");
        world.get(&meter).await.refused(404, "meter_not_found", None);
        world.get(&format!("{meter}/children")).await.refused(404, "meter_not_found", None);
        world.get(&format!("{meter}/readings")).await.refused(404, "meter_not_found", None);
        let posted = world.post(&format!("{meter}/readings"), &reading).await;
        posted.refused(404, "meter_not_found", None);
        world.send("PATCH", &meter, &json!({})).await.refused(404, "meter_not_found", None);
        world.delete(&meter).await.refused(404, "meter_not_found", None);
    }
    for id in ["meter_4711", "meter_x", "1", "meter_"] {
        let meter = format!("{DEVICES}/{id}");
        world.get(&meter).await.refused(404, "meter_not_found", None);
        world.get(&format!("{meter}/reading")).await.refused(404, "meter_not_found", None);
        world.send("PUT", &meter, &json!({})).await.refused(404, "meter_not_found", None);
        world.delete(&meter).await.refused(404, "meter_not_found", None);
    }
    world.get("/api/sites/nowhere").await.refused(404, "site_not_found", None);
    world.get("/api/load/status?site=nowhere").await.refused(404, "site_not_found", None);
    world.get("/api/channels?site=nowhere").await.refused(404, "site_not_found", None);
    world.get("/api/channels?prefix=x").await.refused(404, "channel_prefix_not_found", None);
}

async fn device_settings_that_cannot_be(world: &World) {
    let modbus = &guide_bodies()[0];
    let with = |path: &str, value: Value| {
        let mut body = modbus.clone();
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    let registers = "/communication/registers/power";
    let past = json!({"address": 65535, "type": "u32"});
    let cases = [
        (with("/communication/unitId", json!(300)), "invalid_value", "communication.unitId"),
        (with("/communication/port", json!(0)), "invalid_value", "communication.port"),
        (with("/communication/port", json!("502")), "invalid_value", "communication.port"),
        (with(registers, past), "invalid_value", "communication.registers.power"),
        (with(registers, json!(65536)), "invalid_value", "communication.registers.power"),
        (with("/communication", json!({"hst": "x"})), "unknown_field", "communication.hst"),
        (with("/communication", json!({})), "missing_field", "communication.host"),
        (with("/communication", json!(7)), "invalid_value", "communication"),
        (with("/protocol", json!("dlms")), "invalid_value", "protocol"),
        (with("/meterType", json!("water")), "invalid_value", "meterType"),
        (with("/pollInterval", json!(10)), "invalid_value", "pollInterval"),
        (with("/pollInterval", json!(-1)), "invalid_value", "pollInterval"),
        (with("/pollInterval", json!(86_400_001)), "invalid_value", "pollInterval"),
        (with("/name", json!("")), "invalid_value", "name"),
        (with("/name", json!("a\0b")), "invalid_value", "name"),
        (with("/name", json!(7)), "invalid_value", "name"),
    ];
    for (body, code, field) in &cases {
        world.post(DEVICES, body).await.refused(422, code, Some(field));
    }
    let mut unknown = modbus.clone();
    unknown["colour"] = json!("red");
    world.post(DEVICES, &unknown).await.refused(422, "unknown_field", Some("colour"));
    unknown = modbus.clone();
    unknown["parentMeterId"] = json!(4711);
    world.post(DEVICES, &unknown).await.invalid("parentMeterId");
    assert_eq!((world.count("energy_meters").await, world.count("devices").await), (0, 0));

    let made = world.post(DEVICES, modbus).await.json();
    let path = format!("{DEVICES}/{}", made["data"]["id"].as_str().unwrap());
    for (body, code, field) in cases {
        let code = if field == "communication.host" { continue } else { code };
        world.send("PUT", &path, &body).await.refused(422, code, Some(field));
    }
    assert_eq!(world.get(&path).await.json(), made);
}

async fn trees_that_cannot_be(world: &World) {
    let new =
        |number: &str| json!({"meterNumber": number, "meterName": number, "meterType": "Unit"});
    let top = world.meter(&new("TOP")).await;
    let mut below = new("BELOW");
    below["parentMeterId"] = top.into();
    world.meter(&below).await;

    let path = format!("{METERS}/{top}");
    for parent in [json!("BELOW"), json!("TOP"), json!(top)] {
        let cycle = world.send("PATCH", &path, &json!({"parentMeterId": parent})).await;
        cycle.refused(422, "parent_cycle", Some("parentMeterId"));
    }
    world.delete(&path).await.refused(409, "has_children", None);
    world.post(METERS, &new("TOP")).await.refused(409, "meter_number_taken", Some("meterNumber"));

    let mut level = below.clone();
    level["meterNumber"] = "FLAT".into();
    level["level"] = 0.into();
    world.post(METERS, &level).await.refused(422, "level_not_below_parent", Some("level"));

    let wrong = [
        (json!({"meterNumber": ""}), "meterNumber"),
        (json!({"meterType": ""}), "meterType"),
        (json!({"accuracyClass": 0}), "accuracyClass"),
        (json!({"ratedPowerKw": -5}), "ratedPowerKw"),
        (json!({"latitude": 91}), "latitude"),
        (json!({"latitude": 18.5}), "longitude"),
        (json!({"longitude": 73.8}), "latitude"),
        (json!({"latitude": 18.5, "longitude": -180.5}), "longitude"),
        (json!({"loadRole": "water"}), "loadRole"),
        (json!({"phaseType": "2-Ph"}), "phaseType"),
        (json!({"level": 40_000}), "level"),
        (json!({"feedsParent": "yes"}), "feedsParent"),
        (json!({"parentMeterNumber": "NOPE"}), "parentMeterNumber"),
    ];
    for (change, field) in wrong {
        world.post(METERS, &with(&new("NEW"), &change)).await.invalid(field);
        let changed = world.send("PATCH", &format!("{METERS}/BELOW"), &change).await;
        changed.invalid(field);
    }
    assert_eq!(world.count("energy_meters").await, 2);
}
