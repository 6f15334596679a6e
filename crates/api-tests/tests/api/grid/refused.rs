//! What cannot be asked for, and what a transformer cannot be.

use serde_json::{Value, json};

use super::{asked, clear, transformer};
use crate::{Request, World, one_after_another};

one_after_another! { what_the_grid_does_not_take:
    what_cannot_be_asked_for, what_a_transformer_cannot_be,
}

async fn what_cannot_be_asked_for(world: &World) {
    clear(world).await;
    transformer(world, "TX-1", 10.0, json!({})).await;
    let cases = [
        (json!({"type": "factory"}), "invalid_value", "type"),
        (json!({"type": "consumer"}), "invalid_value", "requested_production_kW"),
        (json!({"requested_consumption_kW": -1}), "invalid_value", "requested_consumption_kW"),
        (json!({"requested_consumption_kW": "15"}), "invalid_value", "requested_consumption_kW"),
        (json!({"requested_consumption_kW": 1e9}), "invalid_value", "requested_consumption_kW"),
        (json!({"requested_production_kW": -8}), "invalid_value", "requested_production_kW"),
        (json!({"latitude": 90.01}), "invalid_value", "latitude"),
        (json!({"longitude": -180.01}), "invalid_value", "longitude"),
        (json!({"longitude": null}), "invalid_value", "longitude"),
        (json!({"service_length_m": -5}), "invalid_value", "service_length_m"),
        (json!({"source_voltage_pu": 0}), "invalid_value", "source_voltage_pu"),
        (json!({"premises": "castle"}), "invalid_value", "premises"),
        (json!({"colour": "red"}), "unknown_field", "colour"),
    ];
    for path in ["/connection", "/feasibility-check"] {
        world.refuses("POST", path, &asked(), &cases).await;
        let mut nothing = asked();
        nothing["requested_consumption_kW"] = 0.into();
        nothing["requested_production_kW"] = 0.into();
        let refused = world.post(path, &nothing).await;
        refused.invalid("requested_consumption_kW");
        for field in ["type", "requested_consumption_kW", "latitude", "longitude"] {
            let mut body = asked();
            body.as_object_mut().unwrap().remove(field);
            world.post(path, &body).await.refused(422, "missing_field", Some(field));
        }
        let huge = Request::new("POST", path).header("Content-Type", "application/json");
        let huge = huge.body(r#"{"type": "consumer", "requested_consumption_kW": 1e999}"#);
        huge.send(world.address).await.refused(400, "malformed_json", None);
    }
    assert_eq!(world.count("connections").await, 0);
}

async fn what_a_transformer_cannot_be(world: &World) {
    clear(world).await;
    let good = || {
        json!({"name": "TX-101", "capacity_kVA": 1000, "latitude": 37.7749,
            "longitude": -122.4194})
    };
    let with = |change: &Value| crate::with(&good(), change);
    let cases = [
        (json!({"name": ""}), "invalid_value", "name"),
        (json!({"city": ""}), "invalid_value", "city"),
        (json!({"capacity_kVA": 0}), "invalid_value", "capacity_kVA"),
        (json!({"capacity_kVA": -5}), "invalid_value", "capacity_kVA"),
        (json!({"latitude": 91}), "invalid_value", "latitude"),
        (json!({"longitude": 181}), "invalid_value", "longitude"),
        (json!({"connected_consumption_kW": -1}), "invalid_value", "connected_consumption_kW"),
        (json!({"connected_production_kW": 1e10}), "invalid_value", "connected_production_kW"),
        (json!({"voltage": 240}), "unknown_field", "voltage"),
    ];
    for (change, code, field) in &cases {
        world.post("/transformers", &with(change)).await.refused(422, code, Some(field));
    }
    let list: Vec<Value> = cases.iter().map(|(change, ..)| with(change)).chain([good()]).collect();
    let refused = world.post("/transformers", &json!(list)).await;
    refused.invalid("name");
    let error = &refused.json()["error"];
    assert_eq!((&error["index"], error["lines"].as_array().unwrap().len()), (&json!(0), 9));
    world.post("/transformers", &json!([])).await.refused(422, "wrong_count", None);
    assert_eq!(world.count("transformers").await, 0, "all of a list or nothing");
    world.get("/transformers?limit=0").await.invalid("limit");
    world.get("/transformers?cursor=zz").await.refused(422, "invalid_cursor", Some("cursor"));
}
