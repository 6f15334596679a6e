//! Trades that would change a bill that was issued.

use service::Error;
use service::bills::trades;

use super::*;

fn billed_by(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Conflict { code: "month_billed", field: Some(field), message }) => {
            assert_eq!(field, "timestamp");
            message.message
        }
        other => panic!("{other:?}"),
    }
}

pub(super) async fn no_trade_is_dated_into_a_month_whose_bill_it_would_change(bench: &Bench) {
    let place = Place::new(bench, "trades", "Asia/Kolkata").await;
    for (number, kwh) in [("M-1", (0.0, 0.25)), ("M-2", (0.25, 0.0)), ("M-3", (0.25, 0.0))] {
        let meter = place.meter(number).await;
        place.metered(meter, MAY, kwh).await;
    }
    place.tariff("2025-01-01", None, flat()).await;
    let post = async |(buyer, seller): (&str, &str), at: &str| {
        let new = json!({"buyer_meter_id": buyer, "seller_meter_id": seller, "units_kWh": 600.0,
            "price_per_kWh": 5.0, "timestamp": at});
        let new = serde_json::from_value(new).unwrap();
        trades::post(&bench.service, WHO, Some(&place.slug()), new).await.map(|_| ())
    };
    post(("M-2", "M-1"), "2025-05-10T12:00:00Z").await.unwrap();
    let bill = place.issue("M-2", "2025-05").await;
    let number = bill.number.clone().unwrap();

    let mine = post(("M-2", "M-1"), "2025-05-20T12:00:00Z").await;
    assert!(billed_by(mine).contains(&number), "of a meter that is billed");
    let before = post(("M-3", "M-1"), "2025-05-09T12:00:00Z").await;
    assert!(billed_by(before).contains(&number), "what M-1 sells to M-3 it cannot sell to M-2");
    post(("M-3", "M-1"), "2025-05-11T12:00:00Z").await.unwrap();
    // The first of June has begun in India.
    post(("M-2", "M-1"), "2025-05-31T18:30:00Z").await.unwrap();
    let last = post(("M-2", "M-1"), "2025-05-31T18:29:59Z").await;
    assert!(billed_by(last).contains(&number));
    let after = place.bill("M-2", "2025-05").await;
    assert_eq!((after.changed, after.bill), (false, bill.bill));
}
