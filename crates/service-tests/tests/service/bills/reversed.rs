//! Versions of a tariff that change a month that was issued, and what takes a bill back.

use rust_decimal::Decimal;
use serde_json::json;
use service::bills::{self, BillState};
use sqlx::PgPool;

use super::{WHO, bill, flat, issue, metered, of_site, place, run, tariff};

/// A version of the same name that takes over on a day.
async fn follows(service: &service::Service, from: &str, terms: &serde_json::Value) {
    let mut body = json!({"name": "Grid", "validFrom": from, "endPrevious": true});
    body.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
    bills::tariffs::create(service, &WHO, serde_json::from_value(body).unwrap()).await.unwrap();
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_version_of_equal_terms_changes_no_bill_and_one_of_others_says_so(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let issued = issue(&service, "M-1", "2025-05").await;
    follows(&service, "2025-05-16", &flat()).await;
    let same = bill(&service, "2025-05").await;
    assert_eq!((same.changed, same.bill), (false, issued.bill.clone()));

    let dearer = json!({"energy": [{"direction": "import", "price": "7"}]});
    follows(&service, "2025-05-22", &dearer).await;
    let stale = bill(&service, "2025-05").await;
    assert_eq!((stale.state, stale.changed), (BillState::Issued, true));
    assert_eq!(stale.bill, issued.bill, "it stays as it was issued");
    assert_eq!(run(&service, true).await.run.issued, 0, "nobody is billed twice");

    let why = serde_json::from_value(json!({"reason": "the price of the 22nd"})).unwrap();
    let number = issued.number.unwrap();
    let credited = bills::credit(&service, &WHO, &of_site(&number), why).await.unwrap();
    assert_eq!(
        credited.bill.bill.amount_due.to_string(),
        "4704.00",
        "10 days of 24 kWh cost 1 more"
    );
    let note = credited.credit_note;
    assert_eq!((note.state, note.credits.as_ref()), (BillState::CreditNote, Some(&number)));
    assert_eq!(note.bill.amount_due.to_string(), "-4464.00");
    assert_eq!(note.bill.consumed, Decimal::from(-744));
    let days: f64 = note.shape.days.iter().map(|day| day.import_kwh).sum();
    assert!((days + 744.0).abs() < 1e-6, "{days}");
    let note = note.number.unwrap();
    let lines = bills::csv(&service, &WHO, &of_site(&note)).await.unwrap();
    assert!(lines.iter().all(|line| line.credits.as_ref() == Some(&number)));
    let behind = bills::intervals(&service, &WHO, &of_site(&note), 0).await.unwrap();
    assert_eq!(
        behind.iter().map(|part| part.kwh).sum::<Decimal>().round_dp(6),
        Decimal::from(-744)
    );
    let green = bills::espi(&service, &WHO, &of_site(&note)).await.unwrap();
    assert!(green.contains("<value>-250000</value>") && green.contains(&number), "{green:.300}");
    bills::svg(&service, &WHO, &of_site(&note)).await.unwrap();

    let listed = bills::list(&service, &WHO, Some(&"default".into()), None, None).await.unwrap();
    let consumed: Decimal = listed.iter().map(|bill| bill.consumed).sum();
    let due: Decimal = listed.iter().map(|bill| bill.amount_due).sum();
    assert_eq!((consumed, due.to_string()), (Decimal::from(744), "4704.00".to_owned()));
    tasks.stop().await;
}
