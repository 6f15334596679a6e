//! Brokers, loggers, alarms, exchanges and corrections in the document.

use serde_json::{Value, json};

use super::{ADMIN, drop_database, empty_database, exported, import};
use crate::{World, one_after_another};

const RULES: &str = "/api/alarm-rules";

async fn plant(world: &World) {
    let sent = async |method: &str, path: &str, body: &Value| {
        let answer = world.send(method, path, body).await;
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.text);
        answer.data()
    };
    let meter = json!({"meterNumber": "MAIN", "meterName": "Main", "meterType": "Main"});
    sent("POST", "/api/Energy/meters", &meter).await;
    let broker = json!({"url": "mqtt://10.0.0.5:1883", "username": "u", "password": "hush-hush"});
    sent("PUT", "/api/mqtt/brokers/plant", &broker).await;
    let logger = json!({"serialNumber": "001EC6000D80", "password": "upload-secret",
        "loadMeterId": 2, "solarMeterId": 3, "columns": {"2": {"ActivePower": 1}, "9": {}},
        "pointMeters": {"9": {"0": "EnergyImport"}}});
    sent("POST", "/api/acquisuite/loggers", &logger).await;
    let renamed = json!({"meterNumber": "PV", "meterName": "Roof"});
    sent("PATCH", "/api/Energy/meters/001EC6000D80_3", &renamed).await;
    for recipient in [
        json!({"kind": "email", "address": "someone@plant.example", "minSeverity": "critical"}),
        json!({"kind": "webhook", "address": "https://hooks.example/T0KEN"}),
    ] {
        sent("POST", "/api/alarm-recipients", &recipient).await;
    }
    let report = json!({"addresses": ["boss@plant.example"], "day": 3, "language": "de"});
    sent("POST", "/api/report-schedules", &report).await;
    let threshold = json!({"kind": "threshold", "channel": "ActivePower", "raise": 5000,
        "meterId": "MAIN", "delaySeconds": 90});
    sent("POST", RULES, &threshold).await;
    let rules = sent("GET", RULES, &Value::Null).await;
    let voltage = rules.as_array().unwrap().iter().find(|rule| rule["kind"] == "voltage").unwrap();
    sent("PATCH", &format!("{RULES}/{}", voltage["id"]), &json!({"raise": 12})).await;
    let rows = json!([{"timestamp": "2026-05-01T00:00:00Z", "totalEnergyKwh": 100},
        {"timestamp": "2026-05-01T00:15:00Z", "totalEnergyKwh": 110}]);
    sent("POST", "/api/Energy/meters/MAIN/readings", &rows).await;
    let exchange = json!({"timestamp": "2026-05-01T00:05:00Z", "oldFinalKwh": 104.5,
        "newInitialKwh": 0, "reason": "new meter"});
    sent("POST", "/api/Energy/meters/MAIN/exchanges", &exchange).await;
    let correction = json!({"timestamp": "2026-05-01T00:15:00Z", "field": "totalEnergyKwh",
        "value": 5.5, "reason": "misread"});
    sent("POST", "/api/Energy/meters/MAIN/corrections", &correction).await;
}

one_after_another! { the_document_of_what_stands_beside_the_plant:
    plant, what_stands_beside_the_plant_comes_along_without_its_secrets,
    what_cannot_stand_in_the_document_is_refused_by_its_place,
    where_it_came_from_a_document_changes_nothing_and_keeps_the_secrets,
}

async fn what_stands_beside_the_plant_comes_along_without_its_secrets(world: &World) {
    let document = exported(&world.pool).await;
    for (list, count) in [
        ("brokers", 1),
        ("loggers", 1),
        ("alarmRecipients", 1),
        ("reportSchedules", 1),
        ("meterExchanges", 1),
        ("readingCorrections", 1),
    ] {
        assert_eq!(document[list].as_array().unwrap().len(), count, "{list}");
    }
    let devices = &document["loggers"][0]["devices"];
    assert_eq!(devices[1]["meterNumber"], "PV");
    let point = json!({"address": "9", "point": 0, "meterNumber": "001EC6000D80_9_0"});
    assert_eq!(devices[2], point);
    let text = document.to_string();
    for secret in ["hush-hush", "sealed", "upload-secret", "argon2", "T0KEN"] {
        assert!(!text.contains(secret), "{secret} leaves");
    }

    let other = empty_database(&world.pool).await;
    for _ in 0..2 {
        import(&other, ADMIN, &document).await.unwrap();
        assert_eq!(exported(&other).await, document);
    }
    let hashes: Vec<Option<String>> =
        sqlx::query_scalar("SELECT password_hash FROM acquisuite_loggers")
            .fetch_all(&other)
            .await
            .unwrap();
    assert_eq!(hashes, [None], "nobody gets in until its password is entered");
    let queued: i64 =
        sqlx::query_scalar("SELECT count(*) FROM rollup_queue").fetch_one(&other).await.unwrap();
    assert!(queued > 0, "what was corrected is computed again");
    drop_database(&world.pool, other).await;
}

async fn where_it_came_from_a_document_changes_nothing_and_keeps_the_secrets(world: &World) {
    let document = exported(&world.pool).await;
    let secrets = async || -> (String, String, i64) {
        let statement = "SELECT (SELECT password FROM mqtt_brokers), \
            (SELECT password_hash FROM acquisuite_loggers), \
            (SELECT sum(id)::bigint FROM alarm_rules)";
        sqlx::query_as(statement).fetch_one(&world.pool).await.unwrap()
    };
    let before = secrets().await;
    import(&world.pool, ADMIN, &document).await.unwrap();
    assert_eq!(exported(&world.pool).await, document);
    assert_eq!(secrets().await, before, "rules that stay are the same ones");
    assert_eq!(world.count("alarm_recipients").await, 2, "the webhook stays");
    assert_eq!(world.count("report_schedules").await, 1);

    let mut older = document.clone();
    older.as_object_mut().unwrap().remove("alarmRules");
    import(&world.pool, ADMIN, &older).await.unwrap();
    assert_eq!(
        exported(&world.pool).await,
        document,
        "a document without rules says nothing of them"
    );

    let mut moved = document.clone();
    moved["brokers"][0]["url"] = "mqtt://10.0.0.6:1883".into();
    import(&world.pool, ADMIN, &moved).await.unwrap();
    let password: Option<String> = sqlx::query_scalar("SELECT password FROM mqtt_brokers")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(password, None, "another address does not get it");
}

async fn what_cannot_stand_in_the_document_is_refused_by_its_place(world: &World) {
    let document = exported(&world.pool).await;
    let place = |list: &str, kind: &str| {
        let entries = document[list].as_array().unwrap();
        entries.iter().position(|entry| entry["kind"] == kind).unwrap()
    };
    let threshold = place("alarmRules", "threshold");
    let rule = |field: &str| format!("/alarmRules/{threshold}/{field}");
    let cases = [
        ("/brokers/0/url".to_owned(), json!("http://x"), "brokers[0].url".to_owned()),
        ("/loggers/0/site".into(), json!("nowhere"), "loggers[0].site".into()),
        ("/loggers/0/loadMeterId".into(), json!("3"), "loggers[0].solarMeterId".into()),
        ("/loggers/0/columns/9".into(), json!({"ActivePower": 0}), "loggers[0].pointMeters".into()),
        ("/loggers/0/missingMeter".into(), json!("X"), "loggers[0].missingMeter".into()),
        (rule("meterNumber"), json!("X"), format!("alarmRules[{threshold}].meterNumber")),
        (rule("channel"), Value::Null, format!("alarmRules[{threshold}].channel")),
        (rule("clear"), Value::Null, format!("alarmRules[{threshold}].raise")),
        ("/alarmRecipients/0/address".into(), json!("x"), "alarmRecipients[0].address".into()),
        ("/reportSchedules/0/day".into(), json!(29), "reportSchedules[0].day".into()),
        ("/reportSchedules/0/site".into(), json!("world"), "reportSchedules[0].site".into()),
        (
            "/meterExchanges/0/meterNumber".into(),
            json!("X"),
            "meterExchanges[0].meterNumber".into(),
        ),
        ("/readingCorrections/0/field".into(), json!("id"), "readingCorrections[0].field".into()),
    ];
    for (pointer, value, field) in cases {
        let mut changed = document.clone();
        *changed.pointer_mut(&pointer).unwrap() = value;
        let refused = import(&world.pool, ADMIN, &changed).await.unwrap_err();
        let service::Error::Invalid { field: found, .. } = refused else {
            panic!("{pointer}: {refused:?}");
        };
        assert_eq!(found, Some(field), "{pointer}");
        assert_eq!(exported(&world.pool).await, document, "{pointer}");
    }
}
