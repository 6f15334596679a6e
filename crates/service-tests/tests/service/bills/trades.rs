//! Trades that would change a bill that was issued.

use serde_json::json;
use service::bills::trades::{self, NewTrade};
use service::{Error, Service};
use sqlx::PgPool;

use super::{WHO, bill_of, flat, issue, metered, place, tariff};

async fn post(service: &Service, (buyer, seller): (&str, &str), at: &str) -> Result<(), Error> {
    let new = json!({"buyer_meter_id": buyer, "seller_meter_id": seller, "units_kWh": 600.0,
        "price_per_kWh": 5.0, "timestamp": at});
    let new: NewTrade = serde_json::from_value(new).unwrap();
    trades::post(service, &WHO, Some(&"default".into()), new).await.map(|_| ())
}

fn billed_by(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Conflict { code: "month_billed", field: Some(field), message }) => {
            assert_eq!(field, "timestamp");
            message.message
        }
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn no_trade_is_dated_into_a_month_whose_bill_it_would_change(pool: PgPool) {
    let (site, seller) = place(&pool, "Asia/Kolkata").await;
    metered(&pool, &site, seller, ["2025-05-01", "2025-06-01"], (0.0, 0.25)).await;
    for number in ["M-2", "M-3"] {
        let buyer = crate::meter(&pool, number, "Unit", None).await;
        metered(&pool, &site, buyer, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    post(&service, ("M-2", "M-1"), "2025-05-10T12:00:00Z").await.unwrap();
    let bill = issue(&service, "M-2", "2025-05").await;
    let number = bill.number.clone().unwrap();

    let mine = post(&service, ("M-2", "M-1"), "2025-05-20T12:00:00Z").await;
    assert!(billed_by(mine).contains(&number), "of a meter that is billed");
    let before = post(&service, ("M-3", "M-1"), "2025-05-09T12:00:00Z").await;
    assert!(billed_by(before).contains(&number), "what M-1 sells to M-3 it cannot sell to M-2");
    post(&service, ("M-3", "M-1"), "2025-05-11T12:00:00Z").await.unwrap();
    // The first of June has begun in India.
    post(&service, ("M-2", "M-1"), "2025-05-31T18:30:00Z").await.unwrap();
    let last = post(&service, ("M-2", "M-1"), "2025-05-31T18:29:59Z").await;
    assert!(billed_by(last).contains(&number));
    let after = bill_of(&service, "M-2", "2025-05").await;
    assert_eq!((after.changed, after.bill), (false, bill.bill));
    tasks.stop().await;
}
