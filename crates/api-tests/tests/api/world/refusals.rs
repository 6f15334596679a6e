//! What the world does not take, and that nothing is stored of it.

use serde_json::json;
use sqlx::PgPool;

use super::{NIGHT, World, bare, refused};
use crate::has;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_the_world_does_not_take(pool: PgPool) {
    let world = World::start(&pool).await;
    meters_and_resources_that_cannot_be(&world).await;
    let er = links_that_cannot_be(&world).await;
    changes_that_cannot_be(&world, er).await;
    world.end().await;
}

async fn meters_and_resources_that_cannot_be(world: &World) {
    world.stand(NIGHT).await;
    let meters = [
        (json!({"load_factor": -1}), "invalid_value", "load_factor"),
        (json!({"load_factor": 1e9}), "invalid_value", "load_factor"),
        (json!({"latitude": 91}), "invalid_value", "latitude"),
        (json!({"longitude": -181}), "invalid_value", "longitude"),
        (json!({"meter_type": "2-Ph"}), "invalid_value", "meter_type"),
        (json!({"meter_id": ""}), "invalid_value", "meter_id"),
        (json!({"parent_id": "NOBODY"}), "meter_not_found", "parent_id"),
        (json!({"parent_id": "X"}), "meter_not_found", "parent_id"),
        (json!({"profile": "wild"}), "invalid_value", "profile"),
        (json!({"colour": 1}), "unknown_field", "colour"),
    ];
    world.refuses("POST", "/admin/meter", &json!({"meter_id": "X"}), &meters).await;
    refused(&world.post("/admin/meter", &json!({})).await, 422, "missing_field", Some("meter_id"));
    let resources = [
        (json!({"appliance_type": ["AC", "Toaster"]}), "unknown_appliance", "appliance_type"),
        (json!({"appliance_type": "AC"}), "invalid_value", "appliance_type"),
        (json!({"type": "producer"}), "invalid_value", "type"),
        (json!({"name": " "}), "invalid_value", "name"),
        (json!({"colour": 1}), "unknown_field", "colour"),
    ];
    let er = json!({"name": "X", "type": "consumer"});
    world.refuses("POST", "/admin/er", &er, &resources).await;
    for table in ["energy_meters", "simulated_meters", "energy_resources"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    world.made("/admin/meter", &json!({"meter_id": "X"})).await;
    let twice = world.post("/admin/meter", &json!({"meter_id": "X"})).await;
    refused(&twice, 409, "meter_number_taken", Some("meter_id"));
}

/// Answers the resource of the meter A, beside which are F and B below it.
async fn links_that_cannot_be(world: &World) -> i64 {
    world.stand(NIGHT).await;
    let (er, meter) = world.home("A", "consumer", json!(["AC"])).await;
    world.made("/admin/meter", &json!({"meter_id": "F"})).await;
    world
        .made("/admin/meter", &json!({"meter_id": "B", "parent_id": "F", "load_factor": 0.5}))
        .await;
    let free = json!({"name": "Free", "type": "prosumer"});
    let free = world.made("/admin/er", &free).await["id"].clone();
    let link = async |meter: serde_json::Value, er: serde_json::Value| {
        world.post("/admin/meter/link", &json!({"meter_id": meter, "er_id": er})).await
    };
    refused(&link(json!("F"), free.clone()).await, 409, "has_children", Some("meter_id"));
    refused(&link(json!(meter), free.clone()).await, 409, "already_linked", Some("meter_id"));
    refused(&link(json!("B"), json!(er)).await, 409, "already_linked", Some("er_id"));
    refused(&link(json!("Z"), free.clone()).await, 422, "meter_not_found", Some("meter_id"));
    refused(&link(json!("B"), json!(99)).await, 422, "er_not_found", Some("er_id"));
    let below = world.post("/admin/meter", &json!({"meter_id": "C", "parent_id": meter})).await;
    refused(&below, 409, "meter_linked", Some("parent_id"));
    let linked = link(json!("B"), free).await.json();
    has!(linked, {"load_factor_consumption": 0.5, "load_factor_production": 1.0});
    let cycle = json!({"parentMeterId": linked["id"]});
    let answer = world.send("PATCH", "/api/Energy/meters/number:F?site=world", &cycle).await;
    refused(&answer, 422, "parent_cycle", Some("parentMeterId"));
    er
}

async fn changes_that_cannot_be(world: &World, er: i64) {
    let controls = [
        (json!({"load_factor": 1}), "no_selector", None),
        (json!({"meter_id": "A"}), "missing_field", Some("load_factor")),
        (json!({"meter_id": "A", "load_factor": -1}), "invalid_value", Some("load_factor")),
        (json!({"meter_id": "A", "load_factor": 1000.1}), "invalid_value", Some("load_factor")),
        (json!({"meter_id": "Z", "load_factor": 1}), "meter_not_found", Some("meter_id")),
        (json!({"meter_id": "F", "load_factor": 1}), "has_children", Some("meter_id")),
        (
            json!({"parent_meter_id": 99, "load_factor": 1}),
            "meter_not_found",
            Some("parent_meter_id"),
        ),
        (
            json!({"appliance_type": "Moon", "load_factor": 1}),
            "unknown_appliance",
            Some("appliance_type"),
        ),
        (
            json!({"meter_id": "A", "load_factor": 1, "log_type": "x"}),
            "invalid_value",
            Some("log_type"),
        ),
        (json!({"meter": "A", "load_factor": 1}), "unknown_field", Some("meter")),
    ];
    for (body, code, field) in controls {
        refused(&world.post("/meter/control", &body).await, 422, code, field);
    }
    let spikes = [
        (json!({}), "invalid_value", "magnitude_kW"),
        (json!({"magnitude_kW": 1, "factor": 2}), "invalid_value", "magnitude_kW"),
        (json!({"magnitude_kW": 0}), "invalid_value", "magnitude_kW"),
        (json!({"factor": -2}), "invalid_value", "factor"),
        (json!({"factor": 2, "duration_minutes": 0}), "invalid_value", "duration_minutes"),
        (json!({"factor": 2, "kind": "storm"}), "invalid_value", "kind"),
        (json!({"factor": 2, "kind": "source"}), "not_a_prosumer", "kind"),
    ];
    let spike = json!({"meter_id": "A", "kind": "load", "duration_minutes": 5});
    world.refuses("POST", "/meter/spike", &spike, &spikes).await;
    assert_eq!(world.count("spikes").await, 0);
    let times = [
        (json!({"days_per_minute": 0}), "invalid_value", "days_per_minute"),
        (json!({"days_per_minute": 1e9}), "invalid_value", "days_per_minute"),
        (json!({"record_minutes": 0}), "invalid_value", "record_minutes"),
        (json!({"record_minutes": 61}), "invalid_value", "record_minutes"),
        (json!({"current_datetime": "soon"}), "invalid_value", "current_datetime"),
        (
            json!({"current_datetime": "2024-01-01T00:00:00Z"}),
            "time_goes_forward",
            "current_datetime",
        ),
        (json!({"current_datetime": "2999-01-01T00:00:00Z"}), "invalid_value", "current_datetime"),
        (json!({"speed": 1}), "unknown_field", "speed"),
    ];
    world.refuses("POST", "/simulation-time", &json!({}), &times).await;
    let path = format!("/admin/er/{er}");
    let put = async |body| world.send("PUT", &path, &body).await;
    refused(
        &put(json!({"appliance_type": ["Moon"]})).await,
        422,
        "unknown_appliance",
        Some("appliance_type"),
    );
    refused(&put(json!({"id": 99})).await, 422, "read_only", Some("id"));
    refused(&put(json!({"colour": 99})).await, 422, "unknown_field", Some("colour"));
    let whole = world.get(&path).await.json();
    assert_eq!(put(whole.clone()).await.json(), whole, "get, send back");
    let toggle = async |body| world.post("/toggle-der-status", &body).await;
    refused(&toggle(json!({})).await, 422, "no_selector", None);
    refused(
        &toggle(json!({"meter_id": "A", "status": "on"})).await,
        422,
        "invalid_value",
        Some("status"),
    );
    refused(&toggle(json!({"meter_id": "F"})).await, 422, "has_children", Some("meter_id"));
    refused(&bare(world, "GET", "/meter/stream?meter_id=Z").await, 404, "meter_not_found", None);
    refused(&bare(world, "GET", "/meter/stream").await, 422, "missing_field", Some("meter_id"));
    refused(&bare(world, "GET", "/admin/er/99").await, 404, "er_not_found", None);
    refused(&bare(world, "DELETE", "/admin/er").await, 405, "method_not_allowed", None);
}
