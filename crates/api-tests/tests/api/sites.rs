//! Sites.

use serde_json::{Value, json};

use crate::{World, one_after_another, with};

one_after_another! { sites:
    what_a_site_cannot_be, a_site_is_created_shown_and_changed,
}

async fn a_site_is_created_shown_and_changed(world: &World) {
    let new = json!({"slug": "plant", "name": "Plant", "timeZone": "Asia/Kolkata", "currency": "INR",
        "gridCapacityKw": 500, "latitude": 12.97, "longitude": 77.59, "pricePerKwh": "8.25",
        "retention": {"rawDays": 30, "hourlyDays": 400, "dailyDays": 4000}});
    let made = world.post("/api/sites", &new).await.is(201);
    let mut expected = new.clone();
    expected["kind"] = "live".into();
    expected["gridCapacityKw"] = 500.0.into();
    assert_eq!(made.json(), json!({"success": true, "data": expected}));
    assert_eq!(world.get("/api/sites/plant").await.json()["data"], expected);

    let change = json!({"name": "Works", "pricePerKwh": null, "retention": {"rawDays": 10}});
    let changed = world.send("PATCH", "/api/sites/plant", &change).await.is(200);
    expected["name"] = "Works".into();
    expected["pricePerKwh"] = Value::Null;
    expected["retention"]["rawDays"] = 10.into();
    assert_eq!(changed.json()["data"], expected);
}

async fn what_a_site_cannot_be(world: &World) {
    let cases = [
        (json!({"slug": "Plant 1"}), 422, "invalid_value", "slug"),
        (json!({"slug": "default"}), 409, "slug_taken", "slug"),
        (json!({"name": ""}), 422, "invalid_value", "name"),
        (json!({"timeZone": "Mars/Olympus"}), 422, "invalid_value", "timeZone"),
        (json!({"currency": "rupees"}), 422, "invalid_value", "currency"),
        (json!({"kind": "dream"}), 422, "invalid_value", "kind"),
        (json!({"latitude": 90.5}), 422, "invalid_value", "latitude"),
        (json!({"longitude": -181}), 422, "invalid_value", "longitude"),
        (json!({"gridCapacityKw": -1}), 422, "invalid_value", "gridCapacityKw"),
        (json!({"pricePerKwh": "cheap"}), 422, "invalid_value", "pricePerKwh"),
        (
            json!({"retention": {"rawDays": 0, "hourlyDays": 1, "dailyDays": 1}}),
            422,
            "invalid_value",
            "retention.rawDays",
        ),
        (json!({"retention": {"rawDays": 1}}), 422, "missing_field", "retention.hourlyDays"),
        (json!({"colour": 1}), 422, "unknown_field", "colour"),
    ];
    for (change, status, code, field) in cases {
        let body = with(&json!({"slug": "new", "name": "New"}), &change);
        world.post("/api/sites", &body).await.refused(status, code, Some(field));
    }
    let nameless = world.post("/api/sites", &json!({"slug": "x"})).await;
    nameless.refused(422, "missing_field", Some("name"));
    assert_eq!(world.count("sites").await, 2);
    let kind = world.send("PATCH", "/api/sites/default", &json!({"kind": "simulated"})).await;
    kind.refused(422, "read_only", Some("kind"));
}
