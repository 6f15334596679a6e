//! Refusals by their codes, where nothing else comes by them.

use serde_json::{Value, json};

use crate::forms::send;
use crate::{Request, World, in_one_world};

async fn made(world: &World, path: &str, body: &Value) -> Value {
    let answer = world.post(path, body).await;
    assert!([200, 201].contains(&answer.status), "{path}: {}", answer.text);
    answer.json()
}

fn unit(number: &str) -> Value {
    json!({"meterNumber": number, "meterName": number, "meterType": "Unit"})
}

in_one_world! { refusals_that_nothing_else_meets:
    no_meter_is_computed_from_itself_by_a_detour,
    the_tree_of_a_simulated_world_stays_as_it_was_made, what_is_linked_to_no_meter_is_not_switched,
    a_transformer_never_carries_less_than_is_connected_to_it, a_meter_with_bills_is_kept,
    a_report_without_figures_has_no_chart,
    a_configuration_of_another_version_or_with_two_defaults_is_refused,
    the_zone_of_a_site_waits_for_energy_that_is_being_summed_up,
    a_table_that_is_no_text_names_the_line,
}

async fn no_meter_is_computed_from_itself_by_a_detour(world: &World) {
    world.meter(&unit("LOAD")).await;
    let of = |number: &str, from: &str| json!({"meterNumber": number, "meterName": number, "terms": [{"meterId": from, "factor": 1}]});
    made(world, "/api/virtual-meters", &of("V-1", "LOAD")).await;
    made(world, "/api/virtual-meters", &of("V-2", "V-1")).await;
    let mut document = world.get("/api/configuration").await.json();
    let meters = document["virtualMeters"].as_array_mut().unwrap();
    let first = meters.iter_mut().find(|meter| meter["meterNumber"] == "V-1").unwrap();
    first["terms"][0]["meterNumber"] = "V-2".into();
    let answer = world.post("/api/configuration", &document).await;
    assert!(answer.text.contains("term_cycle"), "{}", answer.text);
}

async fn the_tree_of_a_simulated_world_stays_as_it_was_made(world: &World) {
    let meter = made(world, "/admin/meter", &json!({"meter_id": "A"})).await["id"].clone();
    let moved = json!({"changes": [{"id": meter, "set": {"parentMeterId": null}}]});
    let answer = world.send("PATCH", "/api/Energy/meters?site=world", &moved).await;
    answer.refused(409, "simulated_tree", Some("changes[0].set"));
}

async fn what_is_linked_to_no_meter_is_not_switched(world: &World) {
    let er = json!({"name": "Roof", "type": "prosumer", "appliance_type": ["Solar Panel"]});
    let er = made(world, "/admin/er", &er).await["id"].clone();
    let switched = world.post("/toggle-der-status", &json!({"er_id": er})).await;
    switched.refused(409, "not_linked", Some("er_id"));
}

async fn a_transformer_never_carries_less_than_is_connected_to_it(world: &World) {
    let transformer = json!({"name": "TX-1", "capacity_kVA": 100, "latitude": 37.77,
        "longitude": -122.42, "connected_consumption_kW": 10});
    made(world, "/transformers", &transformer).await;
    let asked = json!({"type": "consumer", "requested_consumption_kW": 5,
        "latitude": 37.77, "longitude": -122.42});
    let id = made(world, "/connection", &asked).await["id"].clone();
    let id = id.as_str().unwrap();
    sqlx::query("UPDATE transformers SET connected_consumption_kw = 1")
        .execute(&world.pool)
        .await
        .unwrap();
    let withdrawn = world.delete(&format!("/connection/{id}")).await;
    withdrawn.refused(409, "connected_below_zero", Some("connected_consumption_kW"));
}

async fn a_meter_with_bills_is_kept(world: &World) {
    let trade = json!({"buyer_meter_id": "B", "seller_meter_id": "A", "units_kWh": 1,
        "price_per_kWh": 5, "timestamp": "2025-05-10T12:00:00Z"});
    let export = json!({"name": "Roofs", "currency": "EUR", "validFrom": "2025-01-01",
        "energy": [{"direction": "export", "price": "0.1"}]});
    made(world, "/api/tariffs", &export).await;
    let a = world.meter(&unit("A")).await;
    world.meter(&unit("B")).await;
    world.post("/p2p-trade", &trade).await.is(201);
    // Its page was opened before it was billed.
    let form = [("meter", &*a.to_string()), ("name", "A")];
    send(world, "/act/delete-meter", &form).await.refused(409, "meter_billed", None);
    // It was never read, and is taken out of service all the same.
    let removed = world.delete(&format!("/api/Energy/meters/{a}")).await.is(200);
    assert_eq!(removed.json()["data"]["retired"], true);
    send(world, "/act/delete-meter", &form).await.refused(409, "meter_billed", None);
}

async fn a_report_without_figures_has_no_chart(world: &World) {
    world.get("/api/reports/2026-05.svg?chart=losses").await.refused(404, "nothing_to_draw", None);
}

async fn a_configuration_of_another_version_or_with_two_defaults_is_refused(world: &World) {
    let mut tariff = json!({"name": "Day", "currency": "EUR", "validFrom": "2026-01-01",
        "energy": [{"direction": "import", "price": "0.3"}]});
    made(world, "/api/tariffs", &tariff).await;
    tariff["name"] = "Night".into();
    made(world, "/api/tariffs", &tariff).await;
    let mut document = world.get("/api/configuration").await.json();
    for tariff in document["tariffs"].as_array_mut().unwrap() {
        tariff["isDefault"] = true.into();
    }
    let twice = world.post("/api/configuration", &document).await;
    assert!(twice.text.contains("two_defaults"), "{}", twice.text);
    document["version"] = 999.into();
    let later = world.post("/api/configuration", &document).await;
    later.refused(422, "unknown_version", Some("version"));
}

async fn the_zone_of_a_site_waits_for_energy_that_is_being_summed_up(world: &World) {
    world.meter(&unit("A")).await;
    let turn = world.hold_rollup().await;
    let zone = json!({"timeZone": "Asia/Kolkata"});
    let changed = world.send("PATCH", "/api/sites/default", &zone).await;
    changed.refused(409, "energy_under_way", Some("timeZone"));
    drop(turn);
}

async fn a_table_that_is_no_text_names_the_line(world: &World) {
    let table = Request::new("POST", "/api/devices/import?dryRun=true")
        .header("Content-Type", "text/csv")
        .body(b"name,protocol\nM\xff,modbus\n".to_vec());
    let answer = table.send(world.address).await;
    assert!(answer.text.contains("not_utf8"), "{}", answer.text);
}
