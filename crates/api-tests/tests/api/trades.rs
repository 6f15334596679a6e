//! Trades between neighbours.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::bills::Street;
use crate::{World, has, with};

fn trade(change: &Value) -> Value {
    let body = json!({"buyer_meter_id": "HH-2", "seller_meter_id": "HH-1", "units_kWh": 5.0,
        "price_per_kWh": 5.5});
    with(&body, change)
}

pub(crate) async fn a_trade_is_posted_and_answered_as_agreed(street: &Street) {
    let world = &street.world;
    let posted = world.post("/p2p-trade", &trade(&json!({}))).await.is(201);
    let answer = posted.json();
    has!(answer, {"status": "success", "message": "Trade posted successfully"});
    let uuid: (String, String) = sqlx::query_as(
        "SELECT (SELECT uuid::text FROM energy_meters WHERE id = $1), \
             (SELECT uuid::text FROM energy_meters WHERE id = $2)",
    )
    .bind(street.consumer)
    .bind(street.prosumer)
    .fetch_one(&street.world.pool)
    .await
    .unwrap();
    for change in [
        json!({"buyer_meter_id": uuid.0, "seller_meter_id": uuid.1}),
        json!({"buyer_meter_id": street.consumer, "seller_meter_id": street.prosumer}),
    ] {
        world.post("/api/p2p-trade", &trade(&change)).await.is(201);
    }
    let listed = world.get("/p2p-trade?meter_id=HH-1").await.json();
    assert_eq!(listed["count"], 3, "{listed}");
    let first = &listed["data"][0];
    assert_eq!((&first["units_kWh"], &first["price_per_kWh"]), (&json!(5.0), &json!(5.5)));
    assert_eq!((&first["buyer_meter_number"], &first["site"]), (&json!("HH-2"), &json!("world")));
    assert_eq!(first["unsettled_kWh"], 5.0, "nothing was metered yet");
    let log = world.get("/api/audit?limit=1").await.json();
    assert_eq!(log["data"][0]["action"], "trade.post");
}

pub(crate) async fn what_a_trade_cannot_be(street: &Street) {
    let world = &street.world;
    let elsewhere = json!({"meterNumber": "D-1", "meterName": "D", "meterType": "Solar"});
    let elsewhere = world.meter(&elsewhere).await;
    let cases = [
        (json!({"seller_meter_id": "HH-2"}), "same_meter", "seller_meter_id"),
        (
            json!({"buyer_meter_id": "HH-1", "seller_meter_id": "HH-2"}),
            "not_a_prosumer",
            "seller_meter_id",
        ),
        (json!({"seller_meter_id": elsewhere}), "other_site", "seller_meter_id"),
        (json!({"buyer_meter_id": "HH-9"}), "invalid_value", "buyer_meter_id"),
        (json!({"seller_meter_id": 999_999}), "invalid_value", "seller_meter_id"),
        (json!({"units_kWh": 0}), "invalid_value", "units_kWh"),
        (json!({"units_kWh": -5}), "invalid_value", "units_kWh"),
        (json!({"units_kWh": 1e30}), "invalid_value", "units_kWh"),
        (json!({"units_kWh": 1e-9}), "invalid_value", "units_kWh"),
        (json!({"price_per_kWh": 0}), "invalid_value", "price_per_kWh"),
        (json!({"price_per_kWh": "five"}), "invalid_value", "price_per_kWh"),
        (json!({"timestamp": "2999-01-01T00:00:00Z"}), "future_timestamp", "timestamp"),
        (json!({"colour": "green"}), "unknown_field", "colour"),
    ];
    world.refuses("POST", "/p2p-trade", &trade(&json!({})), &cases).await;
    let mut incomplete = trade(&json!({}));
    incomplete.as_object_mut().unwrap().remove("units_kWh");
    world.post("/p2p-trade", &incomplete).await.refused(422, "missing_field", Some("units_kWh"));
    assert_eq!(world.count("p2p_trades").await, 0);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn without_a_resource_the_tariff_or_the_register_says_who_sells(pool: PgPool) {
    let world = World::start(&pool).await;
    for number in ["A", "B"] {
        let meter = json!({"meterNumber": number, "meterName": number, "meterType": "Unit"});
        world.meter(&meter).await;
    }
    let trade = json!({"buyer_meter_id": "A", "seller_meter_id": "B", "units_kWh": 1,
        "price_per_kWh": 1});
    world.post("/p2p-trade", &trade).await.refused(422, "not_a_prosumer", Some("seller_meter_id"));
    let pays = json!({"name": "Solar", "validFrom": "2020-01-01", "energy": [
        {"direction": "import", "price": "6"}, {"direction": "export", "price": "4"}]});
    world.post("/api/tariffs", &pays).await.is(201);
    world.post("/p2p-trade", &trade).await.is(201);
    world.end().await;
}
