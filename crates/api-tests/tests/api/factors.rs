//! Emission factors.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;

const PATH: &str = "/api/emission-factors";

fn grid() -> Value {
    json!({"kind": "grid", "value": 0.71, "unit": "kg/kWh", "source": "CEA CO2 baseline 20",
        "validFrom": "2026-04-01"})
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn factors_begin_with_the_built_in_ones_and_gain_versions(pool: PgPool) {
    let world = World::start(&pool).await;
    let built_in = world.get(PATH).await.json();
    assert_eq!(built_in["count"], 4);
    let diesel = json!({"id": null, "site": "default", "kind": "diesel", "meterId": null,
        "value": 2.68, "unit": "kg/L", "source": "default of the hierarchical metering guide",
        "validFrom": null});
    assert_eq!(built_in["data"][1], diesel);

    let made = world.post(PATH, &grid()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json()["data"].clone();
    assert_eq!((&made["value"], &made["site"]), (&json!(0.71), &json!("default")));
    let all = world.get(&format!("{PATH}?limit=4")).await.json();
    let next = format!("{PATH}?limit=4&cursor={}", all["nextCursor"].as_str().unwrap());
    assert_eq!(world.get(&next).await.json()["data"], json!([made]));
    world.post(PATH, &grid()).await.refused(409, "factor_exists", Some("validFrom"));

    let path = format!("{PATH}/{}", made["id"]);
    assert_eq!(world.delete(&path).await.json()["data"], made);
    world.delete(&path).await.refused(404, "factor_not_found", None);
    assert_eq!(world.get(PATH).await.json(), built_in);
    assert_eq!(world.count("audit_log").await, 2);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_factor_that_cannot_be_is_refused_and_nothing_is_stored(pool: PgPool) {
    let world = World::start(&pool).await;
    let site = json!({"slug": "b", "name": "B"});
    assert_eq!(world.post("/api/sites", &site).await.status, 201);
    let meter = json!({"meterNumber": "DG-1", "meterName": "DG", "meterType": "DG"});
    let elsewhere = world.post("/api/Energy/meters?site=b", &meter).await.json();
    let cases = [
        (json!({"value": -0.1}), "invalid_value", "value"),
        (json!({"value": "0.7"}), "invalid_value", "value"),
        (json!({"unit": "g/kWh"}), "invalid_value", "unit"),
        (json!({"kind": "diesel"}), "invalid_value", "unit"),
        (json!({"kind": "coal"}), "invalid_value", "kind"),
        (json!({"source": ""}), "invalid_value", "source"),
        (json!({"validFrom": "0000-01-01"}), "too_early", "validFrom"),
        (json!({"meterId": 999}), "invalid_value", "meterId"),
        (json!({"meterId": elsewhere["data"]["id"]}), "invalid_value", "meterId"),
        (json!({"until": "2027-01-01"}), "unknown_field", "until"),
    ];
    for (change, code, field) in cases {
        let mut body = grid();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        world.post(PATH, &body).await.refused(422, code, Some(field));
    }
    assert_eq!(world.count("emission_factors").await, 0);
    assert_eq!(world.count("audit_log").await, 0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_generator_has_a_factor_of_its_own(pool: PgPool) {
    let world = World::start(&pool).await;
    let id =
        world.meter(&json!({"meterNumber": "DG-1", "meterName": "DG", "meterType": "DG"})).await;
    let body = json!({"kind": "sfc", "meterId": "DG-1", "value": 0.31, "unit": "L/kWh",
        "source": "commissioning test", "validFrom": "2026-01-01"});
    let made = world.post(PATH, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["data"]["meterId"], id);
    world.end().await;
}
