//! What changes how the world runs.

use serde_json::json;
use sqlx::PgPool;

use super::{NIGHT, World, close};

/// A feeder over two homes with an AC each, one of which also has a fridge; and a home apart.
async fn street(world: &World) {
    world.stand(NIGHT).await;
    world.made("/admin/meter", &json!({"meter_id": "F"})).await;
    for (number, parent, code, kind, appliances) in [
        ("A", json!("F"), "1", "consumer", json!(["AC"])),
        ("B", json!("F"), "2", "prosumer", json!(["AC", "Refrigerator", "Solar Panel"])),
        ("C", json!(null), "2", "consumer", json!(["Refrigerator"])),
    ] {
        let er = json!({"name": number, "type": kind, "appliance_type": appliances});
        let er = world.made("/admin/er", &er).await["id"].clone();
        let meter = json!({"meter_id": number, "parent_id": parent, "pincode": code});
        world.made("/admin/meter", &meter).await;
        world.made("/admin/meter/link", &json!({"meter_id": number, "er_id": er})).await;
    }
}

async fn changed(world: &World, body: serde_json::Value) -> u64 {
    world.made("/meter/control", &body).await["changed"].as_u64().unwrap()
}

/// What the meters A, B, C and the feeder F drew in the newest record, in kWh.
async fn drawn(world: &World) -> [f64; 4] {
    let mut all = [0.0; 4];
    for (i, meter) in ["A", "B", "C", "F"].into_iter().enumerate() {
        all[i] = world.newest(meter).await["consumption_kWh"].as_f64().unwrap();
    }
    all
}

fn same(left: [f64; 4], right: [f64; 3]) {
    let [a, b, c] = right;
    for (left, right) in left.into_iter().zip([a, b, c, a + b]) {
        close(&json!(left), right);
    }
}

const AC: f64 = 0.025 * 15.0;
const FRIDGE: f64 = 0.00333 * 15.0;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn selectors_intersect_and_the_next_record_shows_it(pool: PgPool) {
    let world = World::start(&pool).await;
    street(&world).await;
    world.stand("2025-06-20T07:15:00Z").await;
    same(drawn(&world).await, [AC, AC + FRIDGE, FRIDGE]);

    assert_eq!(changed(&world, json!({"meter_id": "A", "load_factor": 0.5})).await, 1);
    world.stand("2025-06-20T07:30:00Z").await;
    same(drawn(&world).await, [AC / 2.0, AC + FRIDGE, FRIDGE]);

    assert_eq!(changed(&world, json!({"parent_meter_id": "F", "load_factor": 2})).await, 2);
    world.stand("2025-06-20T07:45:00Z").await;
    same(drawn(&world).await, [2.0 * AC, 2.0 * (AC + FRIDGE), FRIDGE]);

    assert_eq!(changed(&world, json!({"appliance_type": "ac", "load_factor": 0})).await, 2);
    world.stand("2025-06-20T08:00:00Z").await;
    same(drawn(&world).await, [0.0, 2.0 * FRIDGE, FRIDGE]);

    let both = json!({"parent_meter_id": "F", "pincode": "2", "load_factor": 1000});
    assert_eq!(changed(&world, both).await, 1);
    world.stand("2025-06-20T08:15:00Z").await;
    same(drawn(&world).await, [0.0, 1000.0 * FRIDGE, FRIDGE]);

    let none = json!({"meter_id": "A", "pincode": "2", "load_factor": 3});
    assert_eq!(changed(&world, none).await, 0);
    let production = json!({"pincode": "2", "load_factor": 0, "log_type": "production"});
    assert_eq!(changed(&world, production).await, 2);
    world.stand("2025-06-20T20:00:00Z").await;
    let record = world.newest("B").await;
    assert_eq!(record["production_kWh"], 0.0);
    close(&record["consumption_kWh"], 1000.0 * FRIDGE);
    assert_eq!(world.get("/admin/meter/C").await.json()["load_factor_production"], 0.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_off_records_nothing_and_goes_on_where_it_was(pool: PgPool) {
    let world = World::start(&pool).await;
    street(&world).await;
    world.stand("2025-06-20T08:00:00Z").await;
    let off = world.made("/toggle-der-status", &json!({"meter_id": "A"})).await;
    assert_eq!((&off["status"], &off["meter_id"]), (&json!("OFF"), &json!("A")));
    world.stand("2025-06-20T09:00:00Z").await;
    assert_eq!(world.records("A").await.len(), 4);
    close(&world.newest("F").await["consumption_kWh"], AC + FRIDGE);
    let on = json!({"meter_id": "A", "status": "ON"});
    assert_eq!(world.made("/toggle-der-status", &on).await["status"], "ON");
    world.stand("2025-06-20T10:00:00Z").await;
    let records = world.records("A").await;
    assert_eq!(records.len(), 8);
    assert!(records.iter().all(|record| record["interval_minutes"] == 15));
    for record in &records {
        close(&record["consumption_kWh"], AC);
    }
    let window = "site=world&from=2025-06-20T08:00:00Z&to=2025-06-20T09:00:00Z&resolution=15m";
    let quiet = world
        .eventually(&format!("/api/Energy/meters/number:A/readings?{window}"), |rows| {
            rows["data"].as_array().is_some_and(|rows| rows.len() == 4)
        })
        .await;
    for row in quiet["data"].as_array().unwrap() {
        close(&row["importKwh"], 0.0);
    }
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn spikes_come_on_top_for_their_time(pool: PgPool) {
    let world = World::start(&pool).await;
    street(&world).await;
    let load = json!({"meter_id": "A", "kind": "load", "magnitude_kW": 4, "duration_minutes": 30});
    let spike = world.made("/meter/spike", &load).await;
    assert_eq!((&spike["changed"], &spike["to"]), (&json!(1), &json!("2025-06-20T07:30:00Z")));
    let twice = json!({"meter_id": "C", "kind": "load", "factor": 2, "duration_minutes": 15});
    world.made("/meter/spike", &twice).await;
    let farm = json!({"parent_meter_id": "F", "kind": "source", "magnitude_kW": 100,
        "duration_minutes": 15});
    assert_eq!(world.made("/meter/spike", &farm).await["changed"], 1);
    world.stand("2025-06-20T07:15:00Z").await;
    same(drawn(&world).await, [AC + 1.0, AC + FRIDGE, 2.0 * FRIDGE]);
    close(&world.newest("F").await["production_kWh"], 25.0);
    world.stand("2025-06-20T07:45:00Z").await;
    same(drawn(&world).await, [AC, AC + FRIDGE, FRIDGE]);
    close(&world.newest("B").await["production_kWh"], 0.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_panel_changes_the_waveform_from_the_next_record_on(pool: PgPool) {
    let world = World::start(&pool).await;
    world.stand("2025-06-20T18:00:00Z").await;
    let (er, _) = world.home("H", "consumer", json!(["AC"])).await;
    world.stand("2025-06-20T19:00:00Z").await;
    assert_eq!(world.newest("H").await["production_kWh"], json!(null));
    let path = format!("/admin/er/{er}");
    let solar = json!({"type": "prosumer", "appliance_type": ["AC", "Solar Panel"]});
    world.send("PATCH", &path, &solar).await.is(200);
    assert_eq!(world.get("/admin/meter/H").await.json()["load_factor_production"], 1.0);
    world.stand("2025-06-20T20:00:00Z").await;
    let records = world.records("H").await;
    assert_eq!(records.len(), 8);
    for record in &records[4..] {
        let made = record["production_kWh"].as_f64().unwrap();
        assert!(made > 0.8 * 0.3 && made < 0.3, "{record}");
        close(&record["consumption_kWh"], AC);
    }
    let made: f64 = records.iter().filter_map(|record| record["production_kWh"].as_f64()).sum();
    let window = "site=world&from=2025-06-20T19:00:00Z&to=2025-06-20T20:00:00Z&resolution=1h";
    world
        .eventually(&format!("/api/Energy/meters/number:H/readings?{window}"), |rows| {
            rows["data"][0]["exportKwh"].as_f64().is_some_and(|kwh| (kwh - made).abs() < 1e-6)
        })
        .await;
    world.end().await;
}
