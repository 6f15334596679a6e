//! What simulated meters report of themselves: error logs and tamper alerts.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{NIGHT, World};
use crate::has;

/// Two homes below a feeder.
async fn street(world: &World) {
    world.stand(NIGHT).await;
    world.made("/admin/meter", &json!({"meter_id": "F"})).await;
    for number in ["A", "B"] {
        let er = json!({"name": number, "type": "consumer", "appliance_type": ["Refrigerator"]});
        let er = world.made("/admin/er", &er).await["id"].clone();
        world.made("/admin/meter", &json!({"meter_id": number, "parent_id": "F"})).await;
        world.made("/admin/meter/link", &json!({"meter_id": number, "er_id": er})).await;
    }
}

/// The kinds that each record of a meter carries, by its time.
fn kinds(records: &[Value]) -> Vec<(String, Vec<Value>)> {
    let of = |record: &Value| {
        let events = record["events"].as_array().unwrap().iter();
        let kinds = events.map(|event| event["kind"].clone()).collect::<Vec<_>>();
        (record["timestamp"].as_str().unwrap().to_owned(), kinds)
    };
    records.iter().map(of).filter(|(_, kinds)| !kinds.is_empty()).collect()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_stream_carries_what_a_meter_reports_once_and_counts_on(pool: PgPool) {
    let world = World::start(&pool).await;
    street(&world).await;
    world.stand("2025-06-20T07:15:00Z").await;
    for kind in ["cover_opened", "battery_low"] {
        let reported = world.made("/meter/event", &json!({"meter_id": "A", "kind": kind})).await;
        has!(reported, {"status": "success", "changed": 1, "at": "2025-06-20T07:15:00Z"});
    }
    world.stand("2025-06-20T07:45:00Z").await;
    let street = json!({"parent_meter_id": "F", "kind": "magnetic_field"});
    assert_eq!(world.made("/api/meter/event", &street).await["changed"], 2);
    world.stand("2025-06-20T08:15:00Z").await;

    let records = world.records("A").await;
    assert_eq!(records.len(), 5);
    assert_eq!(
        kinds(&records),
        [
            ("2025-06-20T07:30:00Z".to_owned(), vec![json!("battery_low"), json!("cover_opened")]),
            ("2025-06-20T08:00:00Z".to_owned(), vec![json!("magnetic_field")]),
        ]
    );
    let health: Vec<_> = records.iter().map(|record| &record["meter_health"]).collect();
    assert_eq!(health, ["good", "tampered", "good", "tampered", "good"]);
    assert_eq!(
        records[1]["events"][1],
        json!({"meter_id": "A", "timestamp": "2025-06-20T07:15:00Z", "kind": "cover_opened",
            "class": "tamper", "message": "the cover was opened"})
    );
    let drawn = |record: &Value| record["consumption_kWh"].as_f64().unwrap();
    assert!(records.iter().all(|record| (drawn(record) - 0.00333 * 15.0).abs() < 1e-6));

    // A feeder passes on what the meters below it report, and says of which each is.
    let above = world.records("F").await;
    let passed_on = above[3]["events"].as_array().unwrap();
    let meters: Vec<_> = passed_on.iter().map(|event| &event["meter_id"]).collect();
    assert_eq!(meters, ["A", "B"]);
    assert_eq!(world.records("B").await[1]["events"], json!([]));
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_tamper_alert_is_an_alarm_until_somebody_knows_of_it(pool: PgPool) {
    const OPEN: &str = "/api/alarms?site=world";
    let world = World::start(&pool).await;
    street(&world).await;
    let report = async |kind: &str| {
        world.made("/meter/event", &json!({"meter_id": "A", "kind": kind})).await;
    };
    report("reversed_flow").await;
    report("clock_set").await;
    let open = world.eventually(OPEN, |list| list["count"] == 1).await;
    let alarm = &open["data"][0];
    assert_eq!((&alarm["kind"], &alarm["severity"]), (&json!("tamper"), &json!("critical")));
    assert!(alarm["text"].as_str().unwrap().starts_with("Tampering reported: "), "{alarm}");
    assert_eq!(alarm["meterNumber"], "A");
    report("memory_fault").await;
    let open = world.eventually(OPEN, |list| list["count"] == 2).await;
    has!(open["data"][0], {"text": "Error reported: its memory failed", "severity": "warning"});

    let path = format!("/api/alarms/{}/acknowledge", alarm["id"]);
    let known = world.post(&path, &json!({"note": "the fitter was there"})).await.is(200);
    assert!(known.json()["data"]["clearedAt"].is_string(), "{}", known.text);
    let open = world.eventually(OPEN, |list| list["count"] == 1).await;
    assert_eq!(open["data"][0]["kind"], "meter_error");

    // What is reported after that is another alarm.
    report("cover_opened").await;
    let again = world.eventually(OPEN, |list| list["count"] == 2).await;
    assert_ne!(again["data"][0]["id"], alarm["id"]);
    assert_eq!(again["data"][0]["text"], "Tampering reported: the cover was opened");
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_cannot_be_reported_is_refused(pool: PgPool) {
    let world = World::start(&pool).await;
    street(&world).await;
    let refused = async |body: Value| world.post("/meter/event", &body).await;
    refused(json!({"kind": "clock_set"})).await.refused(422, "no_selector", None);
    refused(json!({"meter_id": "A", "kind": "bored"})).await.invalid("kind");
    refused(json!({"meter_id": "A"})).await.refused(422, "missing_field", Some("kind"));
    let sum = refused(json!({"meter_id": "F", "kind": "clock_set"})).await;
    sum.refused(422, "has_children", Some("meter_id"));
    assert_eq!(world.count("meter_events").await, 0);
    world.end().await;
}
