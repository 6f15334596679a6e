//! Nothing is written without a sign: no figure is `-0`, in JSON and in tables.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;

fn is_minus_nothing(text: &str) -> bool {
    text.starts_with('-') && text.parse() == Ok(0.0)
}

fn has_minus_nothing(value: &Value) -> bool {
    match value {
        Value::Number(number) => is_minus_nothing(&number.to_string()),
        Value::Array(values) => values.iter().any(has_minus_nothing),
        Value::Object(fields) => fields.values().any(has_minus_nothing),
        _ => false,
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_figure_of_nothing_has_no_sign(pool: PgPool) {
    let world = World::start(&pool).await;
    world.send("PATCH", "/api/sites/default", &json!({"gridCapacityKw": 500})).await;
    world
        .meter(&json!({"meterNumber": "M", "meterName": "Main", "meterType": "Main",
            "loadRole": "grid"}))
        .await;
    let now = chrono::Utc::now();
    let readings = json!([
        {"timestamp": now - chrono::TimeDelta::minutes(1), "activePowerKw": -0.0, "voltageL1": 230},
        {"timestamp": now, "activePowerKw": -0.0, "reactivePowerKvar": -0.4},
    ]);
    world.post("/api/Energy/meters/M/readings", &readings).await.is(201);
    world.eventually("/api/load/status", |body| body["data"]["buildingConsumption"] == 0.0).await;
    for path in [
        "/api/Energy/meters/M/readings",
        "/api/Energy/meters/M/readings?format=csv",
        "/api/Energy/meters/hierarchy",
        "/api/channels",
        "/api/load/status",
        "/api/energy-meters/consumption/building",
        "/api/Energy/meters/M",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let any = match answer.headers["content-type"].as_str() {
            "application/json" => has_minus_nothing(&answer.json()),
            _ => answer.text.split([',', '\r']).any(is_minus_nothing),
        };
        assert!(!any, "{path}: {}", answer.text);
    }
    let rows = world.get("/api/Energy/meters/M/readings").await;
    assert!(rows.text.contains("-0.4"), "other figures keep their sign: {}", rows.text);
    world.end().await;
}
