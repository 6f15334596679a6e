//! Bills of months of which something is not kept any more.

use chrono::{DateTime, Utc};
use domain::bills::{BillLineKind, LeftOut};
use rust_decimal::Decimal;
use serde_json::json;
use service::bills::{self, BillState};
use service::{Error, Service};
use sqlx::PgPool;

use super::{WHO, bill, bill_of, day_and_night, flat, issue, metered, of_site, place, run, tariff};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn is_frozen(error: &Error) -> bool {
    matches!(error, Error::Invalid { code: "period_frozen", .. })
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_of_india_keeps_its_first_hours_as_long_as_its_others(pool: PgPool) {
    let (site, meter) = place(&pool, "Asia/Kolkata").await;
    metered(&pool, &site, meter, ["2025-05-20", "2025-07-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, day_and_night()).await;
    let before = bill(&service, "2025-06").await;
    // A year after the 20th of June: May is gone, and with it would be the evening that June begins in.
    for now in ["2026-06-20T12:00:00Z", "2026-06-30T12:00:00Z"] {
        service::retention::once(&pool, at(now)).await.unwrap();
        let after = bill(&service, "2025-06").await;
        assert_eq!(after.bill.consumed, Decimal::from(30 * 24), "{now}");
        assert_eq!(after.bill.lines, before.bill.lines);
    }
    tasks.stop().await;
}

/// Explanations add up to what they explain.
async fn explained(service: &Service, number: &str) {
    let view = bills::by_address(service, &WHO, &number.into()).await.unwrap();
    for (place, line) in view.bill.lines.iter().enumerate() {
        if matches!(line.kind, BillLineKind::Import { .. }) {
            let found = bills::intervals(service, &WHO, &number.into(), place).await.unwrap();
            let kwh: Decimal = found.iter().map(|interval| interval.kwh).sum();
            assert!((kwh - line.quantity).abs() < Decimal::new(1, 5), "{}: {kwh}", line.name);
        }
    }
}

async fn drop_quarters_before(pool: &PgPool, instant: &str) {
    sqlx::query("DELETE FROM energy_intervals WHERE bucket_start < $1")
        .bind(at(instant))
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_issued_bill_stays_what_it_was_when_its_quarter_hours_go(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, day_and_night()).await;
    let issued = issue(&service, "M-1", "2025-05").await;
    let number = issued.number.clone().unwrap();
    drop_quarters_before(&pool, "2025-05-11T00:00:00Z").await;
    let after = bill(&service, "2025-05").await;
    assert_eq!((after.state, after.changed), (BillState::Issued, false));
    assert_eq!(after.bill, issued.bill);
    assert_eq!(after.shape.days, issued.shape.days);
    explained(&service, &number).await;
    let listed = bills::list(&service, &WHO, Some(&"default".into()), None, None).await.unwrap();
    assert_eq!(listed[0].changed, Some(false));
    let why = serde_json::from_value(json!({"reason": "thinner"})).unwrap();
    let refused = bills::credit(&service, &WHO, &of_site(&number), why).await.unwrap_err();
    assert!(is_frozen(&refused), "{refused:?}");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_without_all_its_quarter_hours_is_refused_and_never_billed_thinner(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, day_and_night()).await;
    let new = || serde_json::from_value(json!({"meterId": "M-1", "month": "2025-05"})).unwrap();
    let draft = bills::store(&service, &WHO, Some(&"default".into()), new()).await.unwrap();
    drop_quarters_before(&pool, "2025-05-11T00:00:00Z").await;
    let id = draft.id.unwrap().to_string();
    let refusals = [
        bills::bill(&service, &WHO, &"M-1".into(), "2025-05".parse().unwrap()).await.unwrap_err(),
        bills::store(&service, &WHO, Some(&"default".into()), new()).await.unwrap_err(),
        bills::issue(&service, &WHO, &id.as_str().into(), bills::NewIssue::default())
            .await
            .unwrap_err(),
    ];
    for refused in &refusals {
        assert!(is_frozen(refused), "{refused:?}");
    }
    let run = run(&service, true).await;
    assert_eq!((run.run.issued, run.left_out[0].reason), (0, LeftOut::PeriodFrozen));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_price_that_is_the_same_all_day_needs_no_quarter_hours(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    drop_quarters_before(&pool, "2025-05-11T00:00:00Z").await;
    let issued = issue(&service, "M-1", "2025-05").await;
    assert_eq!(issued.bill.amount_due.to_string(), "4464.00");
    explained(&service, &issued.number.unwrap()).await;
    assert!(issued.shape.average_day.is_empty(), "days have no hours");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn days_that_are_gone_cannot_be_billed_and_change_nothing_that_was(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    let other = crate::meter(&pool, "M-2", "Unit", None).await;
    for meter in [meter, other] {
        metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let issued = issue(&service, "M-1", "2025-05").await;
    // Kept are the quarter-hours of June, and the days from the 21st of May on.
    sqlx::query("UPDATE sites SET raw_days = 1, hourly_days = 1, daily_days = 30 WHERE id = 1")
        .execute(&pool)
        .await
        .unwrap();
    service::retention::once(&pool, at("2025-06-20T12:00:00Z")).await.unwrap();
    let after = bill(&service, "2025-05").await;
    assert_eq!((after.changed, after.bill), (false, issued.bill));
    let refused = bills::bill(&service, &WHO, &"M-2".into(), "2025-05".parse().unwrap()).await;
    assert!(is_frozen(&refused.unwrap_err()));
    tasks.stop().await;
    drop(service);
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    assert!(!bill_of(&service, "M-1", "2025-05").await.changed);
    tasks.stop().await;
}
