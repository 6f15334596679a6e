//! Settings of loggers.

use serde_json::{Value, json};

use super::{
    Form, LOG, LOGGERS, PASSWORD, POINTS, SERIAL, failed, gzip, logger, succeeded, with_logger,
};
use crate::{World, in_one_world};

in_one_world! { settings_of_loggers:
    a_logger_is_added_shown_changed_and_removed, a_logger_that_comes_back_goes_on_with_its_meters,
    what_a_logger_cannot_be, loggers_are_listed_by_site_and_as_a_table,
    of_two_changes_at_once_none_is_lost,
}

async fn a_logger_is_added_shown_changed_and_removed(world: &World) {
    with_logger(world).await;
    let shown = logger(world).await;
    assert_eq!(shown["site"], world.site());
    assert_eq!(shown["utilityMeterId"], Value::Null);
    assert_eq!(world.get(LOGGERS).await.json()["data"], json!([shown]));
    assert!(!shown.to_string().contains("argon2"), "{shown}");
    assert!(!shown.to_string().contains(PASSWORD), "{shown}");

    // Get, edit, send back.
    let mut edited = shown.clone();
    edited["utilityMeterId"] = 7.into();
    edited["password"] = "another-secret".into();
    let path = format!("{LOGGERS}/{SERIAL}");
    let changed = world.send("PUT", &path, &edited).await.is(200);
    assert_eq!(changed.json()["data"]["utilityMeterId"], "7");
    failed(&Form::new("TEST").send(world).await, 401, "password");
    let new = Form::new("TEST").with("PASSWORD", "another-secret");
    succeeded(&new.send(world).await);
    let stays = world.send("PUT", &path, &json!({"loadMeterId": "8"})).await;
    assert_eq!(stays.json()["data"]["utilityMeterId"], "7", "{}", stays.text);
    succeeded(&Form::new("TEST").with("PASSWORD", "another-secret").send(world).await);

    world.delete(&path).await.is(200);
    world.get(&path).await.refused(404, "logger_not_found", None);
    failed(
        &Form::new("TEST").with("PASSWORD", "another-secret").send(world).await,
        401,
        "password",
    );
}

async fn a_logger_that_comes_back_goes_on_with_its_meters(world: &World) {
    with_logger(world).await;
    let upload = async || {
        succeeded(&Form::points(POINTS).send(world).await);
        succeeded(&Form::log(&gzip(LOG)).send(world).await);
        logger(world).await["devices"][0]["meterId"].clone()
    };
    let before = upload().await;
    let path = format!("/api/Energy/meters/{before}");
    world.send("PATCH", &path, &json!({"meterName": "Main"})).await.is(200);
    world.delete(&format!("{LOGGERS}/{SERIAL}")).await.is(200);
    assert_eq!(world.count("meter_readings").await, 2);

    let again = json!({"serialNumber": SERIAL.to_lowercase(), "password": PASSWORD});
    world.post(LOGGERS, &again).await.is(201);
    assert_eq!(upload().await, before);
    assert_eq!(world.get(&path).await.json()["data"]["meterName"], "Main");
    assert_eq!(world.count("meter_readings").await, 2);
}

async fn what_a_logger_cannot_be(world: &World) {
    with_logger(world).await;
    let cases = [
        (json!({"serialNumber": ""}), "invalid_value", "serialNumber"),
        (json!({"serialNumber": "a b"}), "invalid_value", "serialNumber"),
        (json!({"password": "short"}), "invalid_value", "password"),
        (json!({"password": "x".repeat(65)}), "invalid_value", "password"),
        (json!({"utilityMeterId": "007"}), "invalid_value", "utilityMeterId"),
        (json!({"utilityMeterId": 0}), "invalid_value", "utilityMeterId"),
        (json!({"loadMeterId": 7, "utilityMeterId": "7"}), "invalid_value", "loadMeterId"),
        (json!({"solarMeterId": 7, "loadMeterId": 7}), "invalid_value", "solarMeterId"),
        (json!({"columns": {"7": {"power": 1}}}), "invalid_value", "columns"),
        (json!({"columns": 7}), "invalid_value", "columns"),
        (json!({"pointMeters": {"7": {"0": "gallons"}}}), "invalid_value", "pointMeters"),
        (
            json!({"pointMeters": {"7": {"1": "EnergyImport"}}, "columns": {"7": {"ActivePower": 1}}}),
            "invalid_value",
            "pointMeters",
        ),
        (json!({"colour": "red"}), "unknown_field", "colour"),
    ];
    let body = json!({"serialNumber": "AB", "password": PASSWORD});
    world.refuses("POST", LOGGERS, &body, &cases).await;
    let no_password = json!({"serialNumber": "AB"});
    world.post(LOGGERS, &no_password).await.refused(422, "missing_field", Some("password"));
    let taken = json!({"serialNumber": SERIAL, "password": PASSWORD});
    world.post(LOGGERS, &taken).await.refused(409, "logger_exists", Some("serialNumber"));
    let nowhere = json!({"serialNumber": "AB", "password": PASSWORD, "site": "nowhere"});
    world.post(LOGGERS, &nowhere).await.refused(404, "site_not_found", None);

    let path = format!("{LOGGERS}/{SERIAL}");
    let moved = world.send("PUT", &path, &json!({"site": "b"})).await;
    moved.refused(422, "read_only", Some("site"));
    let renamed = world.send("PUT", &path, &json!({"serialNumber": "AB"})).await;
    renamed.refused(422, "read_only", Some("serialNumber"));
    for (change, code, field) in &cases[2..] {
        world.send("PUT", &path, change).await.refused(422, code, Some(field));
    }
    assert_eq!(world.count("acquisuite_loggers").await, 1);
}

async fn loggers_are_listed_by_site_and_as_a_table(world: &World) {
    with_logger(world).await;
    world.post("/api/sites", &json!({"slug": "b", "name": "B"})).await;
    let new = json!({"serialNumber": "AB", "password": PASSWORD, "site": "b"});
    world.post(LOGGERS, &new).await.is(201);
    let listed = world.get(&format!("{LOGGERS}?site=b")).await.json();
    assert_eq!((&listed["count"], &listed["data"][0]["serialNumber"]), (&json!(1), &json!("AB")));
    let table = world.get(&format!("{LOGGERS}?format=csv")).await.text;
    assert!(table.starts_with("serialNumber,site,"), "{table}");
    assert!(table.contains(&format!("001EC6000D80,{},", world.site())), "{table}");
}

async fn of_two_changes_at_once_none_is_lost(world: &World) {
    with_logger(world).await;
    let path = format!("{LOGGERS}/{SERIAL}");
    for address in 11..16 {
        let (utility, columns) = (
            json!({"utilityMeterId": address}),
            json!({"columns": {"7": {"ActivePower": address}}}),
        );
        let (one, other) =
            tokio::join!(world.send("PUT", &path, &utility), world.send("PUT", &path, &columns));
        assert_eq!((one.status, other.status), (200, 200), "{} {}", one.text, other.text);
        let stored = logger(world).await;
        assert_eq!(stored["utilityMeterId"], address.to_string(), "{stored}");
        assert_eq!(stored["columns"]["7"]["ActivePower"], address, "{stored}");
    }
}
