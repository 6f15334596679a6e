//! Emission factors.

use serde_json::{Value, json};

use crate::{World, in_one_world};

const PATH: &str = "/api/emission-factors";

fn grid() -> Value {
    json!({"kind": "grid", "value": 0.71, "unit": "kg/kWh", "source": "CEA CO2 baseline 20",
        "validFrom": "2026-04-01"})
}

in_one_world! { emission_factors:
    factors_begin_with_the_built_in_ones_and_gain_versions,
    a_factor_that_cannot_be_is_refused_and_nothing_is_stored, a_generator_has_a_factor_of_its_own,
}

async fn factors_begin_with_the_built_in_ones_and_gain_versions(world: &World) {
    let built_in = world.get(PATH).await.json();
    assert_eq!(built_in["count"], 4);
    let diesel = json!({"id": null, "site": world.site(), "kind": "diesel", "meterId": null,
        "value": 2.68, "unit": "kg/L", "source": "default of the hierarchical metering guide",
        "validFrom": null});
    assert_eq!(built_in["data"][1], diesel);

    let made = world.post(PATH, &grid()).await.is(201).data();
    assert_eq!((&made["value"], &made["site"]), (&json!(0.71), &json!(world.site())));
    let all = world.get(&format!("{PATH}?limit=4")).await.json();
    let next = format!("{PATH}?limit=4&cursor={}", all["nextCursor"].as_str().unwrap());
    assert_eq!(world.get(&next).await.json()["data"], json!([made]));
    world.post(PATH, &grid()).await.refused(409, "factor_exists", Some("validFrom"));

    let path = format!("{PATH}/{}", made["id"]);
    assert_eq!(world.delete(&path).await.json()["data"], made);
    world.delete(&path).await.refused(404, "factor_not_found", None);
    assert_eq!(world.get(PATH).await.json(), built_in);
    assert_eq!(world.count("audit_log").await, 2);
}

async fn a_factor_that_cannot_be_is_refused_and_nothing_is_stored(world: &World) {
    let site = json!({"slug": "b", "name": "B"});
    world.post("/api/sites", &site).await.is(201);
    let meter = json!({"meterNumber": "DG-1", "meterName": "DG", "meterType": "DG"});
    let elsewhere = world.post("/api/Energy/meters?site=b", &meter).await.json();
    let cases = [
        (json!({"value": -0.1}), "invalid_value", "value"),
        (json!({"value": "0.7"}), "invalid_value", "value"),
        (json!({"unit": "g/kWh"}), "invalid_value", "unit"),
        (json!({"kind": "diesel"}), "invalid_value", "unit"),
        (json!({"kind": "diesel_price", "unit": "INR"}), "invalid_value", "unit"),
        (json!({"kind": "coal"}), "invalid_value", "kind"),
        (json!({"source": ""}), "invalid_value", "source"),
        (json!({"validFrom": "0000-01-01"}), "too_early", "validFrom"),
        (json!({"meterId": 999}), "invalid_value", "meterId"),
        (json!({"meterId": elsewhere["data"]["id"]}), "invalid_value", "meterId"),
        (json!({"until": "2027-01-01"}), "unknown_field", "until"),
    ];
    world.refuses("POST", PATH, &grid(), &cases).await;
    assert_eq!(world.count("emission_factors").await, 0);
    assert_eq!(world.count("audit_log").await, 0);
}

async fn a_generator_has_a_factor_of_its_own(world: &World) {
    let id =
        world.meter(&json!({"meterNumber": "DG-1", "meterName": "DG", "meterType": "DG"})).await;
    let body = json!({"kind": "sfc", "meterId": "DG-1", "value": 0.31, "unit": "L/kWh",
        "source": "commissioning test", "validFrom": "2026-01-01"});
    let made = world.post(PATH, &body).await.is(201);
    assert_eq!(made.json()["data"]["meterId"], id);
}
