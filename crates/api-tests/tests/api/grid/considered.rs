//! Which transformers are considered, and why they are passed over.

use serde_json::json;

use super::{asked, clear, consumer, transformer};
use crate::{World, has, one_after_another, with};

one_after_another! { transformers_that_are_considered:
    every_transformer_that_was_passed_over_says_why, the_service_drop_can_be_described,
    a_site_may_limit_the_distance, a_site_may_make_the_voltage_binding,
}

async fn every_transformer_that_was_passed_over_says_why(world: &World) {
    clear(world).await;
    let full = json!({"connected_consumption_kW": 795, "connected_production_kW": 295});
    transformer(world, "TX-1", 10.0, full).await;
    transformer(world, "TX-2", 20.0, json!({"connected_production_kW": 295})).await;
    let id = transformer(world, "TX-3", 30.0, json!({})).await;
    transformer(world, "TX-4", 40.0, json!({})).await;
    for path in ["/feasibility-check?explain=true", "/connection?explain=true"] {
        let answer = world.post(path, &asked()).await.json();
        let candidates = answer["candidates"].as_array().unwrap();
        let named: Vec<_> = candidates.iter().map(|candidate| &candidate["name"]).collect();
        assert_eq!(named, ["TX-1", "TX-2", "TX-3"], "in order of distance, up to the assigned");
        assert_eq!(candidates[0]["failures"], json!(["consumption", "production"]));
        assert_eq!(candidates[0]["reason"], "Transformer overloaded for consumption");
        assert_eq!(candidates[1]["failures"], json!(["production"]));
        assert_eq!((&candidates[2]["id"], &candidates[2]["reason"]), (&json!(id), &json!(null)));
        has!(candidates[0], {"consumption_limit_kW": 800.0, "production_limit_kW": 300.0,
            "connected_consumption_kW": 795.0, "requested_consumption_kW": 15.0,
            "spare_consumption_capacity": 5.0});
        let peak = &candidates[0]["voltage"]["scenarios"][0];
        let before = peak["before"]["premises_percent"].as_f64().unwrap();
        assert!(peak["premises_percent"].as_f64().unwrap() < before);
    }
    let mut body = asked();
    body["explain"] = true.into();
    let answer = world.post("/feasibility-check", &body).await.json();
    assert_eq!(answer["candidates"].as_array().unwrap().len(), 3);
}

async fn a_site_may_limit_the_distance(world: &World) {
    clear(world).await;
    transformer(world, "TX-1", 500.0, json!({})).await;
    let path = "/api/sites/world";
    let limit = |metres: f64| json!({"grid": {"distanceLimitM": metres}});
    world.send("PATCH", path, &limit(499.0)).await.is(200);
    let answer = world.post("/feasibility-check?explain=true", &asked()).await.json();
    assert_eq!((&answer["status"], &answer["candidates"]), (&json!("not_feasible"), &json!([])));
    let reason = "No transformer nearby can support this load safely";
    let rejected = json!({"status": "rejected", "reason": reason});
    assert_eq!(world.post("/connection", &asked()).await.json(), rejected);
    world.send("PATCH", path, &limit(501.0)).await;
    let answer = world.post("/feasibility-check", &asked()).await.json();
    assert_eq!(answer["status"], "feasible");
    world.send("PATCH", path, &limit(0.0)).await.invalid("grid.distanceLimitM");
    world.send("PATCH", "/api/sites/default", &limit(100.0)).await.invalid("grid");
}

async fn a_site_may_make_the_voltage_binding(world: &World) {
    clear(world).await;
    // 18 kW on a small transformer that is nearly full already, and on a large one farther away.
    let weak = json!({"capacity_kVA": 25, "connected_consumption_kW": 1});
    transformer(world, "TX-1", 10.0, weak).await;
    let id = transformer(world, "TX-2", 60.0, json!({"capacity_kVA": 500})).await;
    let mut body = consumer(18.0);
    body["source_voltage_pu"] = 0.925.into();
    let informed = world.post("/feasibility-check", &body).await.json();
    assert_eq!(informed["nearest_transformer"]["name"], "TX-1");
    assert_eq!(informed["voltage"]["verdict"], "fail");

    let binding = json!({"grid": {"voltageBinding": true, "conductor": "500-cu"}});
    let site = world.send("PATCH", "/api/sites/world", &binding).await;
    assert_eq!(site.json()["data"]["grid"]["conductor"], "500-cu");
    let answer = world.post("/connection?explain=true", &body).await.json();
    assert_eq!(answer["transformer_id"], *id, "{answer}");
    assert_eq!(answer["voltage"]["verdict"], "warn");
    assert_eq!(answer["candidates"][0]["failures"], json!(["voltage"]));
    body["source_voltage_pu"] = 0.91.into();
    let rejected = world.post("/connection", &body).await.json();
    let reason = "Voltage at the premises would leave the permitted range";
    assert_eq!(rejected, json!({"status": "rejected", "reason": reason}));
    let check = world.post("/feasibility-check", &body).await.json();
    assert_eq!(check["reason"], "No transformer nearby can support this load safely");
    let unknown = json!({"grid": {"conductor": "string"}});
    world.send("PATCH", "/api/sites/world", &unknown).await.invalid("grid.conductor");
}

async fn the_service_drop_can_be_described(world: &World) {
    clear(world).await;
    transformer(world, "TX-1", 50.0, json!({"capacity_kVA": 50})).await;
    let percent = async |more: serde_json::Value| {
        let body = with(&consumer(20.0), &more);
        let answer = world.post("/feasibility-check", &body).await.json();
        answer["voltage"]["scenarios"][0]["premises_percent"].as_f64().unwrap()
    };
    let usual = percent(json!({})).await;
    let line = json!({"service_length_m": 50.0, "service_r_ohm_per_km": 0.2 / 0.3048,
        "service_x_ohm_per_km": 0.082 / 0.3048, "source_voltage_pu": 1.0, "premises": "general"});
    assert!((usual - percent(line).await).abs() < 0.001);
    assert!(percent(json!({"service_length_m": 100})).await < usual);
    assert!(percent(json!({"service_r_ohm_per_km": 0.1})).await > usual);
    assert!(percent(json!({"premises": "ev"})).await > usual, "it draws no reactive power");
    assert!((percent(json!({"source_voltage_pu": 1.02})).await - usual - 2.0).abs() < 0.2);
}
