//! Meters that are sums of others.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;

const PATH: &str = "/api/virtual-meters";

async fn plant(pool: &PgPool) -> (World, i64, i64) {
    let world = World::start(pool).await;
    let meter =
        |number: &str| json!({"meterNumber": number, "meterName": number, "meterType": "Unit"});
    let load = world.meter(&meter("LOAD")).await;
    let pv = world.meter(&meter("PV")).await;
    (world, load, pv)
}

fn grid(terms: &Value) -> Value {
    json!({"meterNumber": "V-1", "meterName": "Grid", "terms": terms})
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_virtual_meter_is_created_with_its_terms_shown_and_removed(pool: PgPool) {
    let (world, load, pv) = plant(&pool).await;
    let terms = json!([{"meterId": load, "factor": 1}, {"meterId": "PV", "factor": -1}]);
    let made = world.post(PATH, &grid(&terms)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json()["data"].clone();
    let expected = json!([{"meterId": load, "meterNumber": "LOAD", "factor": 1.0},
        {"meterId": pv, "meterNumber": "PV", "factor": -1.0}]);
    assert_eq!(made["terms"], expected);
    assert_eq!(world.get(PATH).await.json()["data"], json!([made]));
    assert_eq!(world.get(&format!("{PATH}/V-1")).await.json()["data"], made);
    let shown = world.get("/api/Energy/meters/V-1").await.json();
    assert_eq!(shown["data"]["meterName"], "Grid");
    world.get(&format!("{PATH}/{load}")).await.refused(404, "virtual_meter_not_found", None);

    let input = world.delete(&format!("/api/Energy/meters/{pv}")).await;
    input.refused(409, "used_by_virtual_meter", None);
    let removed = world.delete(&format!("{PATH}/V-1")).await.json();
    assert_eq!(removed["data"]["retired"], false);
    assert_eq!(world.get(PATH).await.json()["count"], 0);
    assert_eq!(world.delete(&format!("/api/Energy/meters/{pv}")).await.status, 200);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_a_virtual_meter_cannot_be(pool: PgPool) {
    let (world, load, _) = plant(&pool).await;
    let site = json!({"slug": "b", "name": "B"});
    assert_eq!(world.post("/api/sites", &site).await.status, 201);
    let meter = json!({"meterNumber": "X", "meterName": "X", "meterType": "Unit"});
    let elsewhere = world.post("/api/Energy/meters?site=b", &meter).await.json();
    let elsewhere = elsewhere["data"]["id"].clone();
    let term =
        |meter: Value| json!([{"meterId": load, "factor": 1}, {"meterId": meter, "factor": 1}]);
    let cases = [
        (grid(&json!([])), "invalid_value", "terms"),
        (grid(&term(json!(999))), "invalid_value", "terms[1].meterId"),
        (grid(&term(json!("nobody"))), "invalid_value", "terms[1].meterId"),
        (grid(&term(json!("V-1"))), "invalid_value", "terms[1].meterId"),
        (grid(&term(elsewhere)), "invalid_value", "terms[1].meterId"),
        (grid(&term(json!("LOAD"))), "invalid_value", "terms[1].meterId"),
        (grid(&json!([{"meterId": load, "factor": 0}])), "invalid_value", "terms[0].factor"),
        (grid(&json!([{"meterId": load}])), "missing_field", "terms[0].factor"),
        (grid(&json!([{"meterId": load, "factor": 1, "x": 1}])), "unknown_field", "terms[0].x"),
    ];
    for (body, code, field) in cases {
        world.post(PATH, &body).await.refused(422, code, Some(field));
    }
    let mut taken = grid(&json!([{"meterId": load, "factor": 1}]));
    taken["meterNumber"] = "PV".into();
    world.post(PATH, &taken).await.refused(409, "meter_number_taken", Some("meterNumber"));
    assert_eq!(world.count("energy_meters").await, 3);
    assert_eq!(world.count("virtual_meters").await, 0);
    world.end().await;
}
