//! Devices: their health, and tables of them.

use std::fmt::Write as _;
use std::time::Duration;

use acquisition::{Figures, Health};
use chrono::Utc;
use domain::devices::DeviceState;
use domain::{DeviceId, MeterId};
use serde_json::{Value, json};

use crate::energy_meters::guide_bodies;
use crate::{Answer, Request, World, in_one_world};

const PATH: &str = "/api/devices";
const TABLE: &str = "/api/devices.csv";

async fn import(world: &World, query: &str, table: &str) -> Answer {
    let request =
        Request::new("POST", &world.on_own_site("POST", &format!("{PATH}/import{query}")));
    request.header("Content-Type", "text/csv").body(table).send(world.address).await
}

/// What an import says of created, changed, unchanged and refused lines.
fn counts(report: &Value) -> [i64; 4] {
    ["created", "changed", "unchanged", "refused"].map(|name| report[name].as_i64().unwrap())
}

async fn guides(world: &World) {
    for body in guide_bodies() {
        world.post("/api/energy-meters", &body).await.is(201);
    }
}

in_one_world! { devices_and_their_tables:
    an_export_changes_nothing_where_it_came_from_and_makes_all_elsewhere,
    a_bad_line_of_ten_thousand_is_named_and_nothing_is_stored,
    a_table_changes_what_it_names_and_keeps_secrets_and_the_rest,
    tables_that_cannot_be_are_refused_by_line_and_column, a_form_leads_to_what_its_table_would_do,
    a_device_is_switched_off_and_on_and_removed_without_its_meter,
}

// Alone: after an import of ten thousand lines the registry is still being read when the state arrives.
in_one_world! { health_of_a_device: a_device_tells_what_its_driver_counted_and_what_happened }

async fn an_export_changes_nothing_where_it_came_from_and_makes_all_elsewhere(world: &World) {
    guides(world).await;
    let tried =
        import(world, "?dryRun=true", "meterNumber,meterName,protocol,url\nA,B,http,http://h/\n");
    assert_eq!(counts(&tried.await.json()["data"]), [1, 0, 0, 0]);
    assert_eq!(world.count("devices").await, 7);
    let odd = json!({"name": "=cmd|' /C calc'!A0", "protocol": "mqtt", "meterType": "zone",
        "parentMeterNumber": "EM-1", "communication": {"topicPower": "'=a, \"b\"\nc"}});
    world.post("/api/energy-meters", &odd).await.is(201);
    let table = world.get(TABLE).await;
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    assert!(table.text.contains(",'=cmd|' /C calc'!A0,EM-1,"), "{}", table.text);

    let stored = || {
        sqlx::query_scalar::<_, Value>("SELECT jsonb_agg(d ORDER BY d.id) FROM devices d JOIN energy_meters m ON m.id = d.meter_id WHERE site_id = $1").bind(world.site_id())
    };
    let before = stored().fetch_one(&world.pool).await.unwrap();
    for query in ["?dryRun=true", ""] {
        let report = import(world, query, &table.text).await.data();
        assert_eq!(counts(&report), [0, 0, 8, 0], "{report}");
    }
    assert_eq!(stored().fetch_one(&world.pool).await.unwrap(), before);

    let site = json!({"slug": "twin", "name": "Twin", "timeZone": "UTC"});
    world.post("/api/sites", &site).await.is(201);
    let mut lines: Vec<_> = table.text.split_inclusive("\r\n").collect();
    let last = lines.len() - 1;
    lines.swap(1, last);
    let turned = lines.concat();
    let report = import(world, "?site=twin", &turned).await.data();
    assert_eq!(counts(&report), [8, 0, 0, 0], "{report}");
    assert_eq!(world.get(&format!("{TABLE}?site=twin")).await.text, table.text);
}

async fn a_bad_line_of_ten_thousand_is_named_and_nothing_is_stored(world: &World) {
    let mut table = "meterNumber,meterName,protocol,url\n".to_owned();
    for line in 2..=10_001 {
        let protocol = if line == 4_711 { "modbus" } else { "http" };
        writeln!(table, "M-{line},Meter {line},{protocol},http://10.0.0.1/{line}").unwrap();
    }
    let refused = import(world, "", &table).await;
    refused.refused(422, "unknown_field", Some("url"));
    let error = refused.json()["error"].clone();
    assert_eq!(error["lines"].as_array().unwrap().len(), 1);
    let message = error["lines"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("line 4711: "), "{message}");
    assert_eq!((world.count("energy_meters").await, world.count("devices").await), (0, 0));

    let tried = import(world, "?dryRun=true", &table).await.data();
    assert_eq!(counts(&tried), [9_999, 0, 0, 1]);
    assert_eq!(tried["lines"][4_709]["outcome"], "refused");
    let sound: Vec<_> = table.split_inclusive('\n').take(101).collect();
    let stored = import(world, "", &sound.concat()).await;
    assert_eq!(counts(&stored.json()["data"]), [100, 0, 0, 0], "{}", stored.text);
    assert_eq!(world.count("devices").await, 100);
}

async fn a_table_changes_what_it_names_and_keeps_secrets_and_the_rest(world: &World) {
    guides(world).await;
    let table = "meterNumber;pollInterval;parentMeterNumber\r\nEM-3;7000;EM-1\r\nEM-2;;\r\n";
    let tried = import(world, "?dryRun=true", table).await.data();
    assert_eq!(tried["lines"][0]["changes"], json!(["parentMeterNumber", "pollInterval"]));
    let report = import(world, "", table).await.data();
    assert_eq!(report["lines"][0]["outcome"], "changed");
    let (poll, token): (i64, Value) = sqlx::query_as(
        "SELECT poll_interval_ms, communication -> 'authToken' FROM devices d \
         JOIN energy_meters m ON m.id = d.meter_id \
         WHERE meter_number = 'EM-3' AND site_id = $1",
    )
    .bind(world.site_id())
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(poll, 7_000);
    assert!(token["sealed"].is_string(), "{token}");
    let exported = world.get(TABLE).await.text;
    assert!(!exported.contains("authToken") && !exported.contains("sealed"), "{exported}");

    let elsewhere = "meterNumber,url\nEM-3,http://10.9.9.9/\n";
    assert_eq!(import(world, "", elsewhere).await.status, 200);
    let token: Option<Value> = sqlx::query_scalar(
        "SELECT communication -> 'authToken' FROM devices d \
         JOIN energy_meters m ON m.id = d.meter_id \
         WHERE meter_number = 'EM-3' AND site_id = $1",
    )
    .bind(world.site_id())
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(token, None);
}

async fn tables_that_cannot_be_are_refused_by_line_and_column(world: &World) {
    let head =
        "meterNumber,meterName,parentMeterNumber,protocol,role,pollInterval,enabled,url,port\n";
    let cases = [
        ("meterNumber,colour\n", "unknown_field", Some("colour"), "line 1: "),
        ("meterName\nx\n", "missing_field", Some("meterNumber"), "line 1: "),
        ("A,B,,http,,,,http://h/\n", "wrong_count", None, "line 2: "),
        ("A,,,http,,,,http://h/,\n", "missing_field", Some("meterName"), "line 2: "),
        ("A,B,,tcp,,,,http://h/,\n", "invalid_value", Some("protocol"), "line 2: "),
        ("A,B,,http,boss,,,http://h/,\n", "invalid_value", Some("role"), "line 2: "),
        ("A,B,,http,,5,,http://h/,\n", "invalid_value", Some("pollInterval"), "line 2: "),
        ("A,B,,http,,,maybe,http://h/,\n", "invalid_value", Some("enabled"), "line 2: "),
        ("A,B,,http,,,,ftp://h/,\n", "invalid_value", Some("url"), "line 2: "),
        ("A,B,,http,,,,http://h/,x\n", "invalid_value", Some("port"), "line 2: "),
        ("A,B,Z,http,,,,http://h/,\n", "invalid_value", Some("parentMeterNumber"), "line 2: "),
        (
            "A,B,C,http,,,,http://h/,\nC,D,A,http,,,,http://h/,\n",
            "invalid_value",
            Some("parentMeterNumber"),
            "line 2: ",
        ),
        (
            "A,\"two\nlines\",,http,,,,http://h/,\nA,B,,http,,,,http://h/,\n",
            "invalid_value",
            Some("meterNumber"),
            "line 4: ",
        ),
    ];
    for (table, code, field, line) in cases {
        let table =
            if table.starts_with("meter") { table.to_owned() } else { format!("{head}{table}") };
        let answer = import(world, "", &table).await;
        answer.refused(422, code, field);
        let message = answer.json()["error"]["lines"][0]["message"].clone();
        assert!(message.as_str().unwrap().starts_with(line), "{message} for {table}");
    }
    let json = Request::new("POST", &format!("{PATH}/import")).json(&json!({}));
    json.send(world.address).await.refused(415, "unsupported_media_type", None);
    assert_eq!(world.count("energy_meters").await, 0);
}

async fn a_form_leads_to_what_its_table_would_do(world: &World) {
    let body = "--x\r\nContent-Disposition: form-data; name=\"table\"; filename=\"d.csv\"\r\n\
                Content-Type: text/csv\r\n\r\nmeterNumber,meterName,protocol,url\nA,B,http,http://h/\n\r\n--x--\r\n";
    let send = |body: &'static str| {
        let request = Request::new("POST", &format!("{PATH}/import/staged"));
        request.header("Content-Type", "multipart/form-data; boundary=x").body(body)
    };
    let answer = send(body).send(world.address).await.is(303);
    assert!(answer.headers["location"].starts_with("/devices/import?table="));
    assert_eq!(world.count("devices").await, 0);
    send("--x--\r\n").send(world.address).await.refused(422, "missing_field", Some("table"));
}

async fn a_device_tells_what_its_driver_counted_and_what_happened(world: &World) {
    guides(world).await;
    let first = world.get(PATH).await.json()["data"][0].clone();
    assert_eq!((&first["state"], &first["answers"]), (&json!("waiting"), &json!(0)));
    let id = first["id"].as_i64().unwrap();
    let device: i64 = sqlx::query_scalar("SELECT id FROM devices WHERE meter_id = $1")
        .bind(id)
        .fetch_one(&world.pool)
        .await
        .unwrap();
    let figures = Figures {
        answers: 42,
        silences: 2,
        errors: 1,
        latency: Some(Duration::from_millis(38)),
        per_minute: Some(12.0),
    };
    for (state, reason) in [(DeviceState::Online, None), (DeviceState::Offline, Some("no answer"))]
    {
        let health = Health {
            device: DeviceId(device),
            meter: MeterId(id),
            state,
            reason: reason.map(domain::message::Message::foreign),
            at: Utc::now(),
            figures,
        };
        world.tasks.outbox.health.send(health).await.unwrap();
    }
    let path = format!("{PATH}/{id}");
    let told = world.eventually(&path, |it| it["data"]["state"] == "offline").await["data"].clone();
    assert_eq!(told["stateReason"], "no answer");
    assert_eq!(told["history"][0]["state"], "offline");
    assert_eq!(told["history"][1]["state"], "online");
    let counted = ["answers", "silences", "errors", "latencyMs"].map(|name| told[name].as_i64());
    assert_eq!(counted, [42, 2, 1, 38].map(Some));
    assert_eq!(told["pollsPerMinute"], 12.0);
}

async fn a_device_is_switched_off_and_on_and_removed_without_its_meter(world: &World) {
    guides(world).await;
    let id = world.get(PATH).await.json()["data"][0]["id"].clone();
    let path = format!("{PATH}/{id}");
    let switched = world.send("PATCH", &path, &json!({"enabled": false})).await;
    assert_eq!(switched.json()["data"]["state"], "off", "{}", switched.text);
    assert_eq!(world.get(&path).await.json()["data"]["enabled"], false);
    world.send("PATCH", &path, &json!({"on": true})).await.refused(
        422,
        "unknown_field",
        Some("on"),
    );
    world.send("PATCH", &path, &json!({})).await.refused(422, "missing_field", Some("enabled"));
    world.delete(&path).await.is(200);
    world.get(&path).await.refused(404, "device_not_found", None);
    world.delete(&path).await.refused(404, "device_not_found", None);
    world.get(&format!("/api/Energy/meters/{id}")).await.is(200);
    world.get(&format!("{PATH}/4711")).await.refused(404, "meter_not_found", None);
    let noted = world.get("/api/audit").await.text;
    assert!(noted.contains("device.switch") && noted.contains("device.remove"), "{noted}");
}
