//! The bill of a month.

use serde_json::json;
use sqlx::PgPool;

use super::Street;
use crate::has;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_consumer_who_bought_30_of_150_kwh_for_150_pays_870(pool: PgPool) {
    let street = Street::start(&pool).await;
    street.at_the_ends(street.consumer, 150.0, 0.0).await;
    street.at_the_ends(street.prosumer, 100.0, 120.0).await;
    street.trade(30.0, 5.0).await;
    street.consumed(street.consumer, 150.0).await;
    let bill = street.traded(street.consumer, 30.0).await;
    let expected = json!({"type": "consumer", "total_consumed_kWh": 150.0, "p2p_kWh": 30.0,
        "grid_units_used_kWh": 120.0, "grid_rate": 6.0, "p2p_cost": 150.0, "amount_due": 870.0});
    assert_eq!(bill, expected);
    for path in ["/api/bill?meter_id=HH-2&month=2025-05", "/bill?meter_id=HH-2&month=2025-05"] {
        assert_eq!(street.world.get(path).await.json(), expected);
    }
    street.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_prosumer_who_sold_40_of_120_kwh_is_paid_190(pool: PgPool) {
    let street = Street::start(&pool).await;
    street.at_the_ends(street.consumer, 150.0, 0.0).await;
    street.at_the_ends(street.prosumer, 100.0, 120.0).await;
    street.trade(40.0, 11.75).await;
    street.consumed(street.prosumer, 100.0).await;
    let bill = street.traded(street.prosumer, 40.0).await;
    let expected = json!({"type": "prosumer", "total_consumed_kWh": 100.0,
        "total_produced_kWh": 120.0, "p2p_kWh": 40.0, "grid_units_used_kWh": 100.0,
        "grid_units_exported_kWh": 80.0, "amount_due": -190.0});
    assert_eq!(bill, expected);

    let whole = street.world.get("/bill?meter_id=HH-1&month=2025-05&detail=true").await.json();
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&whole[field], value, "{field}");
    }
    assert_eq!((&whole["grid_credit_rate"], &whole["p2p_earning"]), (&json!(4.0), &json!(470.0)));
    let detail = &whole["detail"];
    has!(detail, {"state": "draft", "amountDue": "-190.00"});
    let lines = detail["lines"].as_array().unwrap();
    let amounts: Vec<_> = lines.iter().map(|line| &line["amount"]).collect();
    assert_eq!(amounts, ["600.00", "-320.00", "-470.00"]);
    assert_eq!(detail["pieces"][0]["name"], "Standard");
    assert_eq!(detail["trades"][0]["settled"], "40");
    assert_eq!(detail["days"].as_array().unwrap().len(), 31);
    assert_eq!(detail["coverage"], 1.0, "registers at both ends tell all that passed");
    let quarters = whole["intervals"][0].as_array().unwrap();
    assert_eq!(quarters.len(), 2_976);
    assert_eq!(quarters[5]["quality"], "ESTIMATED");
    street.end().await;
}

pub(crate) async fn months_and_meters_that_have_no_bill(street: &Street) {
    let world = &street.world;
    let ask = async |query: &str| world.get(&format!("/bill?{query}")).await;
    for month in ["2025-13", "2025-5", "May", "2025-05-01", ""] {
        let answer = ask(&format!("meter_id=HH-1&month={month}")).await;
        answer.invalid("month");
    }
    ask("meter_id=HH-1&month=2999-01").await.refused(422, "future_month", Some("month"));
    ask("meter_id=HH-9&month=2025-05").await.refused(404, "meter_not_found", None);
    ask("meter_id=HH-1").await.refused(422, "missing_field", Some("month"));
    ask("month=2025-05").await.refused(422, "missing_field", Some("meter_id"));
    ask("meter_id=HH-1&month=2025-05&detail=maybe").await.invalid("detail");
    world.get("/api/bills/2025-05-0001").await.refused(404, "bill_not_found", None);
    let none = "/api/bills/00000000-0000-0000-0000-000000000000";
    world.get(none).await.refused(404, "bill_not_found", None);
    world.get(&format!("{none}.pdf")).await.is(404);
    let empty = ask("meter_id=HH-2&month=2025-05").await.json();
    assert_eq!((&empty["total_consumed_kWh"], &empty["amount_due"]), (&json!(0.0), &json!(0.0)));
}

pub(crate) async fn a_draft_waits_for_energy_that_is_being_summed_up(street: &Street) {
    let world = &street.world;
    let turn = world.hold_rollup().await;
    street.at_the_ends(street.consumer, 150.0, 0.0).await;
    let path = "/bill?meter_id=HH-2&month=2025-05";
    world.get(path).await.refused(503, "not_computed_yet", None);
    let whole = world.get(&format!("{path}&detail=true")).await.is(200).json();
    assert_eq!(whole["detail"]["coverage"], 0.0, "with its details it says what is covered");
    drop(turn);
    street.consumed(street.consumer, 150.0).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_nobody_consumed_or_made_is_not_settled(pool: PgPool) {
    let street = Street::start(&pool).await;
    street.at_the_ends(street.consumer, 10.0, 0.0).await;
    street.at_the_ends(street.prosumer, 40.0, 120.0).await;
    street.trade(30.0, 5.0).await;
    street.consumed(street.prosumer, 40.0).await;
    let bill = street.traded(street.consumer, 10.0).await;
    assert_eq!((&bill["p2p_kWh"], &bill["amount_due"]), (&json!(10.0), &json!(50.0)), "{bill}");
    let trades = street.world.get("/p2p-trade?month=2025-05").await.json();
    assert_eq!(trades["data"][0]["unsettled_kWh"], 20.0);
    street.end().await;
}
