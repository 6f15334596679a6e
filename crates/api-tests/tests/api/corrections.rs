//! Exchanges, corrections, decisions about what is in quarantine, unmetered loads.

use serde_json::{Value, json};

use crate::quarantine::adds_up_to;
use crate::{World, in_one_world, with};

const PATH: &str = "/api/Energy/meters/M-1";

/// A meter with a reading each ten minutes of an hour, and nothing left to compute.
async fn plant(world: &World) {
    world.meter(&json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"})).await;
    let reading = |minute: u32| json!({"timestamp": format!("2026-11-01T10:{minute:02}:00Z"), "totalEnergyKwh": 100 + minute});
    let rows: Vec<_> = (0..6).map(|i| reading(i * 10)).collect();
    world.post(&format!("{PATH}/readings"), &json!(rows)).await.is(201);
}

/// Takes the readings of a quarter-hour away after it was rolled up, as retention does.
async fn freeze(world: &World, bucket: &str) {
    let mut frozen = 0;
    while frozen == 0 {
        let statement = format!(
            "UPDATE energy_intervals SET frozen = true \
             WHERE bucket_start = $1::timestamptz AND meter_id IN ({})",
            world.meters()
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(bucket)
            .execute(&world.pool)
            .await
            .unwrap();
        frozen = done.rows_affected();
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
}

in_one_world! { exchanges_and_corrections:
    an_exchange_is_entered_listed_and_undone, what_an_exchange_cannot_be,
    an_exchange_after_the_last_reading_waits_for_the_new_register,
    a_correction_takes_the_place_of_a_stored_value_until_it_is_undone, what_a_correction_cannot_be,
    an_interval_whose_readings_were_dropped_stays_as_it_is,
}

async fn an_exchange_is_entered_listed_and_undone(world: &World) {
    plant(world).await;
    let path = format!("{PATH}/exchanges");
    let body = json!({"timestamp": "2026-11-01T10:25:00Z", "oldFinalKwh": 122.5,
        "newInitialKwh": 0, "reason": "display failed"});
    let made = world.post(&path, &body).await.is(201).data();
    assert_eq!((&made["oldFinalKwh"], &made["undoneAt"]), (&json!(122.5), &Value::Null));
    world.post(&path, &body).await.refused(409, "exchange_exists", Some("timestamp"));
    assert_eq!(world.get(&path).await.json()["data"], json!([made]));

    let one = format!("{path}/{}", made["n"]);
    let undone = world.delete(&one).await.json();
    assert!(undone["data"]["undoneAt"].is_string());
    world.delete(&one).await.refused(404, "exchange_not_found", None);
    world.delete(&format!("{path}/x")).await.refused(404, "exchange_not_found", None);
    assert_eq!(world.get(&path).await.json()["data"], json!([undone["data"]]));
    world.post(&path, &body).await.is(201);
    let noted = ["meter_exchange.create", "meter_exchange.undo", "meter_exchange.create"];
    assert_eq!(world.noted().await, noted);
}

async fn what_an_exchange_cannot_be(world: &World) {
    plant(world).await;
    let path = format!("{PATH}/exchanges");
    let cases = [
        (json!({"timestamp": "2999-01-01T00:00:00Z"}), "future_timestamp", "timestamp"),
        (json!({"timestamp": "1066-10-14T00:00:00Z"}), "too_early", "timestamp"),
        (json!({"oldFinalKwh": "1"}), "invalid_value", "oldFinalKwh"),
        (json!({"oldFinalKwh": 1.1e12}), "beyond_measure", "oldFinalKwh"),
        (json!({"newInitialKwh": -1e300}), "beyond_measure", "newInitialKwh"),
        (json!({"timestamp": "2026-11-01T09:59:59Z"}), "exchange_before_readings", "timestamp"),
        (json!({"reason": ""}), "invalid_value", "reason"),
        (json!({"by": "me"}), "unknown_field", "by"),
    ];
    let body = json!({"timestamp": "2026-11-01T10:25:00Z", "oldFinalKwh": 1,
            "newInitialKwh": 0, "reason": "broken"});
    world.refuses("POST", &path, &body, &cases).await;
    let elsewhere = json!({"timestamp": "2026-11-01T10:25:00Z", "oldFinalKwh": 1,
        "newInitialKwh": 0, "reason": "broken"});
    let nobody = world.post("/api/Energy/meters/M-9/exchanges", &elsewhere).await;
    nobody.refused(404, "meter_not_found", None);
    assert_eq!(world.count("meter_exchanges").await, 0);
    assert_eq!(world.count("audit_log").await, 0);
}

async fn an_exchange_after_the_last_reading_waits_for_the_new_register(world: &World) {
    plant(world).await;
    adds_up_to(world, 50.0).await;
    let exchange = |time: &str, old: f64, new: f64| {
        json!({"timestamp": format!("2026-11-01T{time}:00Z"), "oldFinalKwh": old,
            "newInitialKwh": new, "reason": "replaced"})
    };
    let path = format!("{PATH}/exchanges");
    world.post(&path, &exchange("10:55", 155.0, 0.0)).await.is(201);
    adds_up_to(world, 50.0).await;
    let read = async |time: &str, kwh: f64| {
        let reading = json!({"timestamp": format!("2026-11-01T{time}:00Z"), "totalEnergyKwh": kwh});
        world.post(&format!("{PATH}/readings"), &reading).await.is(201);
    };
    read("11:05", 2.0).await;
    adds_up_to(world, 57.0).await;

    // A register that begins above where the old one ended, and two exchanges at one instant.
    let above = world.post(&path, &exchange("11:10", 3.0, 9_000.0)).await.is(201);
    let twice = world.post(&path, &exchange("11:10", 3.0, 0.0)).await;
    twice.refused(409, "exchange_exists", Some("timestamp"));
    read("11:15", 9_004.0).await;
    adds_up_to(world, 62.0).await;
    let one = format!("{path}/{}", above.json()["data"]["n"]);
    world.delete(&one).await.is(200);
    adds_up_to(world, 57.0).await;
}

async fn a_correction_takes_the_place_of_a_stored_value_until_it_is_undone(world: &World) {
    plant(world).await;
    let path = format!("{PATH}/corrections");
    let body = json!({"timestamp": "2026-11-01T10:30:00Z", "field": "total_energy_kwh",
        "value": 131.5, "reason": "misread"});
    let made = world.post(&path, &body).await.is(201).data();
    assert_eq!((&made["field"], &made["value"]), (&json!("totalEnergyKwh"), &json!(131.5)));
    let mut struck = body.clone();
    struck["value"] = Value::Null;
    let struck = world.post(&path, &struck).await.data();
    assert_eq!(struck["value"], Value::Null);
    let counts = async || {
        let at: chrono::DateTime<chrono::Utc> = "2026-11-01T10:30:00Z".parse().unwrap();
        let meter = domain::MeterId(made["meterId"].as_i64().unwrap());
        let to = at + chrono::TimeDelta::minutes(1);
        let found =
            storage::readings::corrections::of(&world.pool, &[meter], at, to).await.unwrap();
        found.iter().map(|correction| correction.value).collect::<Vec<_>>()
    };
    assert_eq!(counts().await, [None], "the newest counts");
    world.delete(&format!("{path}/{}", struck["n"])).await.is(200);
    assert_eq!(counts().await, [Some(131.5)], "then the one before it");
    world.delete(&format!("{path}/{}", made["n"])).await.is(200);
    assert!(counts().await.is_empty());
    let gone = world.delete(&format!("{path}/{}", made["n"])).await;
    gone.refused(404, "correction_not_found", None);
    assert_eq!(world.get(&path).await.json()["count"], 2);
}

async fn what_a_correction_cannot_be(world: &World) {
    plant(world).await;
    let path = format!("{PATH}/corrections");
    let cases = [
        (json!({"timestamp": "2026-11-01T10:31:00Z"}), "reading_not_found", "timestamp"),
        (json!({"timestamp": "2999-01-01T00:00:00Z"}), "future_timestamp", "timestamp"),
        (json!({"timestamp": "2020-01-01T00:00:00Z"}), "period_frozen", "timestamp"),
        (json!({"field": "energy"}), "invalid_value", "field"),
        (json!({"field": "energyExportKwh"}), "invalid_value", "field"),
        (json!({"value": "1"}), "invalid_value", "value"),
        (json!({"value": 1e300}), "beyond_measure", "value"),
        (json!({"reason": ""}), "invalid_value", "reason"),
        (json!({"unit": "kWh"}), "unknown_field", "unit"),
    ];
    let body = || {
        json!({"timestamp": "2026-11-01T10:30:00Z", "field": "totalEnergyKwh", "value": 1,
            "reason": "misread"})
    };
    world.refuses("POST", &path, &body(), &cases).await;
    let unread = with(&body(), &json!({"field": "energyExportKwh"}));
    let unread = world.post(&path, &unread).await.json();
    assert_eq!(unread["error"]["reason"], "reading_correction.not_shown", "{unread}");
    let mut forgotten = body();
    forgotten.as_object_mut().unwrap().remove("value");
    world.post(&path, &forgotten).await.refused(422, "missing_field", Some("value"));
    assert_eq!(world.count("reading_corrections").await, 0);
}

async fn an_interval_whose_readings_were_dropped_stays_as_it_is(world: &World) {
    plant(world).await;
    let body = json!({"timestamp": "2026-11-01T10:30:00Z", "field": "totalEnergyKwh", "value": 1,
        "reason": "misread"});
    let exchange = json!({"timestamp": "2026-11-01T10:30:00Z", "oldFinalKwh": 1,
        "newInitialKwh": 0, "reason": "broken"});
    let made = world.post(&format!("{PATH}/corrections"), &body).await.json();
    freeze(world, "2026-11-01T10:30:00Z").await;
    let refused = world.post(&format!("{PATH}/corrections"), &body).await;
    refused.refused(422, "period_frozen", Some("timestamp"));
    let refused = world.post(&format!("{PATH}/exchanges"), &exchange).await;
    refused.refused(422, "period_frozen", Some("timestamp"));
    let refused = world.delete(&format!("{PATH}/corrections/{}", made["data"]["n"])).await;
    refused.refused(422, "period_frozen", Some("timestamp"));
    let kept = world.get(&format!("{PATH}/corrections")).await.json();
    assert_eq!(kept["data"], json!([made["data"]]), "undoing was undone");
}
