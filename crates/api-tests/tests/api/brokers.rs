//! Brokers that meters name.

use serde_json::{Value, json};

use crate::{World, one_after_another};

const PATH: &str = "/api/mqtt/brokers";

one_after_another! { brokers_that_meters_name:
    a_broker_that_cannot_be_is_refused_and_nothing_is_stored,
    the_default_broker_is_there_from_the_start_and_others_are_added,
    a_password_is_sealed_and_never_shown_and_stays_with_its_address,
}

async fn the_default_broker_is_there_from_the_start_and_others_are_added(world: &World) {
    let first = world.get(PATH).await.json();
    let default = json!({"name": "default", "url": "mqtt://127.0.0.1:1883", "username": null,
        "passwordSet": false, "caCertificate": null});
    assert_eq!((&first["count"], &first["data"][0]), (&json!(1), &default));

    let path = format!("{PATH}/roof");
    world.get(&path).await.refused(404, "broker_not_found", None);
    let body = json!({"name": "roof", "url": "mqtt://10.0.0.5", "username": "anna",
        "password": "s3cret"});
    let made = world.send("PUT", &path, &body).await.is(200).data();
    assert_eq!(
        made,
        json!({"name": "roof", "url": "mqtt://10.0.0.5:1883", "username": "anna",
        "passwordSet": true, "caCertificate": null})
    );
    assert_eq!(world.get(PATH).await.json()["data"], json!([default, made]));
    let sent_back = world.send("PUT", &path, &made).await;
    assert_eq!(sent_back.json()["data"], made, "{}", sent_back.text);
    let csv = world.get(&format!("{PATH}?format=csv")).await.text;
    assert!(csv.contains("roof,mqtt://10.0.0.5:1883,anna,true,"), "{csv}");
}

async fn a_password_is_sealed_and_never_shown_and_stays_with_its_address(world: &World) {
    let path = format!("{PATH}/default");
    let put = |body: Value| {
        let (world, path) = (world, &path);
        async move {
            let answer = world.send("PUT", path, &body).await.is(200);
            assert!(!answer.text.contains("s3cret"));
            answer.data()
        }
    };
    put(json!({"url": "mqtt://10.0.0.5:1883", "username": "anna", "password": "s3cret"})).await;
    assert!(!world.get(&path).await.text.contains("s3cret"));
    let stored: String =
        sqlx::query_scalar("SELECT password FROM mqtt_brokers WHERE name = 'default'")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert!(stored.starts_with("v1:") && !stored.contains("s3cret"), "{stored}");

    let same = put(json!({"url": "mqtt://10.0.0.5"})).await;
    assert_eq!((&same["passwordSet"], same.get("warnings")), (&json!(true), None));
    for url in ["mqtt://10.0.0.6", "mqtts://10.0.0.6:1883", "mqtts://10.0.0.6"] {
        put(json!({"password": "s3cret"})).await;
        let moved = put(json!({"url": url})).await;
        assert_eq!(moved["passwordSet"], false, "{url}");
        assert!(moved["warnings"][0].as_str().unwrap().contains("password"), "{moved}");
    }
    let resent = put(json!({"url": "mqtt://10.0.0.7", "password": "s3cret"})).await;
    assert_eq!((&resent["passwordSet"], resent.get("warnings")), (&json!(true), None));
    let anonymous = put(json!({"username": null, "password": null})).await;
    assert_eq!((&anonymous["username"], &anonymous["passwordSet"]), (&Value::Null, &json!(false)));
    let audit = world.get("/api/audit?subject=mqtt_broker:default").await;
    assert!(!audit.text.contains("s3cret") && audit.json()["count"] == 10, "{}", audit.text);
}

async fn a_broker_that_cannot_be_is_refused_and_nothing_is_stored(world: &World) {
    let url = "mqtt://10.0.0.5";
    let cases = [
        (json!({}), "missing_field", "url"),
        (json!({"url": "10.0.0.5"}), "invalid_value", "url"),
        (json!({"url": "http://10.0.0.5"}), "invalid_value", "url"),
        (json!({"url": "mqtt://anna:s3cret@10.0.0.5"}), "invalid_value", "url"),
        (json!({"url": url, "username": ""}), "invalid_value", "username"),
        (json!({"url": url, "password": "x"}), "invalid_value", "username"),
        (json!({"url": url, "caCertificate": "x"}), "invalid_value", "caCertificate"),
        (json!({"url": "mqtts://a", "caCertificate": "x"}), "invalid_value", "caCertificate"),
        (json!({"url": url, "colour": 1}), "unknown_field", "colour"),
        (json!({"url": url, "name": "cellar"}), "read_only", "name"),
    ];
    for (body, code, field) in cases {
        let refused = world.send("PUT", &format!("{PATH}/roof"), &body).await;
        refused.refused(422, code, Some(field));
    }
    let named = world.send("PUT", &format!("{PATH}/Roof_1"), &json!({"url": url})).await;
    named.invalid("name");
    assert_eq!(world.count("mqtt_brokers").await, 0);
}
