//! Meters by protocol, as the integration guide calls them.

use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const PATH: &str = "/api/energy-meters";

/// The bodies of the integration guide, unchanged.
pub(crate) fn guide_bodies() -> Vec<Value> {
    let texts = [
        include_str!("guide/modbus.json"),
        include_str!("guide/mqtt.json"),
        include_str!("guide/http.json"),
        include_str!("guide/abb-b23.json"),
        include_str!("guide/schneider-iem3000.json"),
        include_str!("guide/shelly-em.json"),
        include_str!("guide/home-assistant.json"),
    ];
    texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

in_one_world! { meters_by_protocol:
    the_guides_bodies_are_accepted_unchanged_and_listed,
    polls_default_by_protocol_and_a_meter_hangs_in_the_tree,
    a_change_merges_inside_communication_and_keeps_secrets_to_itself,
    what_get_answers_can_be_sent_back,
    deleting_forgets_a_meter_without_readings_and_retires_one_with,
    a_value_stays_until_the_next_of_its_kind, building_consumption_adds_grid_and_building_meters,
}

async fn the_guides_bodies_are_accepted_unchanged_and_listed(world: &World) {
    for (i, body) in guide_bodies().into_iter().enumerate() {
        let answer = world.post(PATH, &body).await.is(201);
        let made = &answer.json()["data"];
        assert_eq!(made["meterNumber"], format!("EM-{}", i + 1));
        for field in ["name", "location", "protocol", "meterType"] {
            assert_eq!(made[field], body[field]);
        }
        for never_read in ["currentPower", "totalEnergy", "voltage", "frequency", "lastUpdate"] {
            assert_eq!(made[never_read], Value::Null);
        }
        assert_eq!(made["status"], "offline");
        assert!(made["statusReason"].is_string());
    }
    let list = world.get(PATH).await.json();
    assert_eq!((&list["success"], &list["count"]), (&json!(true), &json!(7)));
    let first = &list["data"][0];
    assert_eq!(first["pollInterval"], 5000);
    assert_eq!(first["communication"], guide_bodies()[0]["communication"]);
    let id = first["id"].as_str().unwrap();
    assert!(id.starts_with("meter_"), "{id}");
    let one = world.get(&format!("{PATH}/{id}")).await.json();
    assert_eq!(one["data"], *first);
    let reading = world.get(&format!("{PATH}/{id}/reading")).await.json();
    assert_eq!(reading["data"]["id"], *id);
}

async fn polls_default_by_protocol_and_a_meter_hangs_in_the_tree(world: &World) {
    let grid = json!({"meterNumber": "GRID-001", "meterName": "Grid", "meterType": "Grid"});
    let grid = world.meter(&grid).await;
    let mut body = guide_bodies()[2].clone();
    body.as_object_mut().unwrap().remove("pollInterval");
    body["parentMeterId"] = grid.into();
    let made = world.post(PATH, &body).await.json();
    assert_eq!(made["data"]["pollInterval"], 30_000);
    let children = world.get(&format!("/api/Energy/meters/{grid}/children")).await.json();
    has!(children["data"][0], {"meterNumber": "EM-1", "level": 1});
}

async fn a_change_merges_inside_communication_and_keeps_secrets_to_itself(world: &World) {
    let made = world.post(PATH, &guide_bodies()[2]).await.json();
    let path = format!("{PATH}/{}", made["data"]["id"].as_str().unwrap());
    assert_eq!(made["data"]["communication"].get("authToken"), None);

    let change = json!({"pollInterval": 10_000, "communication": {"method": "POST"}});
    let changed = world.send("PUT", &path, &change).await.is(200);
    let changed = changed.json();
    assert_eq!(changed["data"]["communication"]["url"], "http://192.168.1.200/api/energy");
    assert_eq!(changed["data"]["communication"]["method"], "POST");
    assert_eq!(changed["data"]["name"], "HTTP Building Meter");
    let token = format!(
        "SELECT communication->'authToken'->>'sealed' FROM devices WHERE meter_id IN ({})",
        world.meters()
    );
    let token = || sqlx::query_scalar(sqlx::AssertSqlSafe(token.clone()));
    let kept: Option<String> = token().fetch_one(&world.pool).await.unwrap();
    assert!(kept.is_some_and(|kept| !kept.contains("your-api-token-here")));
    let sealed = json!({"communication": {"authToken": {"sealed": "v1:AAAA"}}});
    world.send("PUT", &path, &sealed).await.invalid("communication.authToken");

    let elsewhere = json!({"communication": {"url": "http://192.168.1.201/api/energy"}});
    let moved = world.send("PUT", &path, &elsewhere).await.json();
    assert!(moved["data"]["warnings"][0].as_str().unwrap().contains("removed"));
    let kept: Option<String> = token().fetch_one(&world.pool).await.unwrap();
    assert_eq!(kept, None);
}

async fn what_get_answers_can_be_sent_back(world: &World) {
    let made = world.post(PATH, &guide_bodies()[0]).await.json();
    let path = format!("{PATH}/{}", made["data"]["id"].as_str().unwrap());
    let mut shown = world.get(&path).await.data();
    shown["name"] = "Renamed".into();
    let changed = world.send("PUT", &path, &shown).await.is(200);
    assert_eq!(changed.json()["data"]["name"], "Renamed");
    shown["id"] = "meter_999".into();
    world.send("PUT", &path, &shown).await.refused(422, "read_only", Some("id"));
}

async fn deleting_forgets_a_meter_without_readings_and_retires_one_with(world: &World) {
    let bodies = guide_bodies();
    let unread = world.post(PATH, &bodies[0]).await.json()["data"]["id"].clone();
    let read = world.post(PATH, &bodies[1]).await.data();
    let number = read["meterNumber"].as_str().unwrap();
    let readings = format!("/api/Energy/meters/{number}/readings");
    let reading = json!({"timestamp": "2026-05-01T00:00:00Z", "activePowerKw": 1});
    world.post(&readings, &reading).await.is(201);

    let unread = format!("{PATH}/{}", unread.as_str().unwrap());
    let read = format!("{PATH}/{}", read["id"].as_str().unwrap());
    assert_eq!(world.delete(&unread).await.json()["data"]["retired"], false);
    assert_eq!(world.delete(&read).await.json()["data"]["retired"], true);
    for gone in [&unread, &read] {
        world.get(gone).await.refused(404, "meter_not_found", None);
    }
    assert_eq!(world.get(PATH).await.json()["count"], 0);
    assert_eq!(world.count("devices").await, 0);
    assert_eq!(world.get(&readings).await.json()["count"], 1);
}

/// As meters do that publish each value when it changes.
async fn a_value_stays_until_the_next_of_its_kind(world: &World) {
    let made = world.post(PATH, &guide_bodies()[1]).await.data();
    // Its broker is not there: the meter would be offline for that.
    let device = format!("/api/devices/{}", made["meterNumber"].as_str().unwrap());
    world.send("PATCH", &device, &json!({"enabled": false})).await.is(200);
    let now = chrono::Utc::now();
    let readings = json!([
        {"timestamp": now - chrono::TimeDelta::seconds(20), "activePowerKw": 25.5},
        {"timestamp": now - chrono::TimeDelta::seconds(10), "totalEnergyKwh": 100},
        {"timestamp": now, "voltageL1": 230.2},
    ]);
    let path = format!("/api/Energy/meters/{}/readings", made["meterNumber"].as_str().unwrap());
    world.post(&path, &readings).await.is(201);
    let path = format!("{PATH}/{}/reading", made["id"].as_str().unwrap());
    let online =
        |body: &Value| body["data"]["voltage"] == 230.2 && body["data"]["status"] == "online";
    let shown = world.eventually(&path, online).await;
    let shown = &shown["data"];
    assert_eq!((&shown["currentPower"], &shown["totalEnergy"]), (&json!(25.5), &json!(100.0)));
    let sum = world.get(&format!("{PATH}/consumption/building")).await.json();
    has!(sum["data"], {"currentPower": 25.5, "totalEnergy": 100.0});
}

async fn building_consumption_adds_grid_and_building_meters(world: &World) {
    for (role, power, total) in
        [("grid", 28.5, 100.0), ("building", 16.8, 50.0), ("zone", 9.0, 9.0)]
    {
        let mut body = guide_bodies()[1].clone();
        body["meterType"] = role.into();
        let made = world.post(PATH, &body).await.json();
        let number = made["data"]["meterNumber"].as_str().unwrap().to_owned();
        let now = chrono::Utc::now().to_rfc3339();
        let reading = json!({"timestamp": now, "activePowerKw": power, "totalEnergyKwh": total});
        let path = format!("/api/Energy/meters/{number}/readings");
        world.post(&path, &reading).await.is(201);
    }
    let path = format!("{PATH}/consumption/building");
    let sum = world.eventually(&path, |body| body["data"]["totalEnergy"] == 150.0).await;
    assert_eq!(sum["data"]["meterCount"], 2);
    assert!((sum["data"]["currentPower"].as_f64().unwrap() - 45.3).abs() < 1e-9);
    assert!(sum["data"]["timestamp"].is_string());
    let shown = world.get(PATH).await.json();
    assert_eq!(shown["data"][0]["currentPower"], 28.5);
}
