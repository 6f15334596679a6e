//! Bills of months of which something is not kept any more.

use domain::bills::{BillState, LeftOut};
use service::Error;

use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_bill_stays_what_it_was_when_its_quarter_hours_go(pool: PgPool) {
    let bench = Bench::start(pool).await;
    an_issued_bill_stays_what_it_was(&bench).await;
    a_month_without_all_its_quarter_hours_is_refused_and_never_billed_thinner(&bench).await;
    a_price_that_is_the_same_all_day_needs_no_quarter_hours(&bench).await;
    let bench = days_that_are_gone_cannot_be_billed_and_change_no_bill_of_theirs(bench).await;
    a_month_of_india_keeps_its_first_hours_as_long_as_its_others(&bench).await;
    bench.stop().await;
}

async fn forget(bench: &Bench, now: &str) {
    service::retention::once(&bench.pool, now.parse().unwrap()).await.unwrap();
}

fn is_frozen(error: &Error) -> bool {
    matches!(error, Error::Invalid { code: "period_frozen", .. })
}

async fn a_month_of_india_keeps_its_first_hours_as_long_as_its_others(bench: &Bench) {
    let place = Place::new(bench, "india", "Asia/Kolkata").await;
    let meter = place.meter("M-1").await;
    place.metered(meter, ["2025-05-20", "2025-07-01"], (0.25, 0.0)).await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    let before = place.bill("M-1", "2025-06").await;
    // A year after the 20th of June: May is gone, and with it would be the evening that June begins in.
    for now in ["2026-06-20T12:00:00Z", "2026-06-30T12:00:00Z"] {
        forget(bench, now).await;
        let after = place.bill("M-1", "2025-06").await;
        assert_eq!(after.bill.consumed, Decimal::from(30 * 24), "{now}");
        assert_eq!(after.bill.lines, before.bill.lines);
    }
}

/// Explanations add up to what they explain.
async fn explained(place: &Place<'_>, number: &str) {
    let (service, number) = (&place.bench.service, place.numbered(number));
    let view = bills::by_address(service, WHO, &number).await.unwrap();
    for (n, line) in view.bill.lines.iter().enumerate() {
        if matches!(line.kind, BillLineKind::Import { .. }) {
            let found = bills::intervals(service, WHO, &number, n).await.unwrap();
            let kwh: Decimal = found.iter().map(|interval| interval.kwh).sum();
            assert!((kwh - line.quantity).abs() < Decimal::new(1, 5), "{}: {kwh}", line.name);
        }
    }
}

/// Drops the first ten days of the quarter-hours of May.
async fn drop_quarters(bench: &Bench, meter: MeterId) {
    let statement = "DELETE FROM energy_intervals \
                     WHERE meter_id = $1 AND bucket_start < '2025-05-11 00:00+00'";
    sqlx::query(statement).bind(meter.0).execute(&bench.pool).await.unwrap();
}

async fn an_issued_bill_stays_what_it_was(bench: &Bench) {
    let (place, meter) = Place::in_may(bench, "issued").await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    let issued = place.issue("M-1", "2025-05").await;
    let number = issued.number.clone().unwrap();
    drop_quarters(bench, meter).await;
    let after = place.bill("M-1", "2025-05").await;
    assert_eq!((after.state, after.changed), (BillState::Issued, false));
    assert_eq!(after.bill, issued.bill);
    assert_eq!(after.shape.days, issued.shape.days);
    explained(&place, &number).await;
    let service = &bench.service;
    let listed = bills::list(service, WHO, Some(&place.slug()), None, None).await.unwrap();
    assert_eq!(listed[0].changed, Some(false));
    let why = serde_json::from_value(json!({"reason": "thinner"})).unwrap();
    let refused = bills::credit(service, WHO, &place.numbered(&number), why).await.unwrap_err();
    assert!(is_frozen(&refused), "{refused:?}");
}

async fn a_month_without_all_its_quarter_hours_is_refused_and_never_billed_thinner(bench: &Bench) {
    let (place, meter) = Place::in_may(bench, "thinner").await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    let draft = place.store("M-1", "2025-05").await.unwrap();
    drop_quarters(bench, meter).await;
    for refused in [
        place.try_bill("M-1", "2025-05").await.unwrap_err(),
        place.store("M-1", "2025-05").await.unwrap_err(),
        place.try_issue(&draft).await.unwrap_err(),
    ] {
        assert!(is_frozen(&refused), "{refused:?}");
    }
    let run = place.run(true).await;
    assert_eq!((run.run.issued, run.left_out[0].reason), (0, LeftOut::PeriodFrozen));
}

async fn a_price_that_is_the_same_all_day_needs_no_quarter_hours(bench: &Bench) {
    let (place, meter) = Place::in_may(bench, "flat").await;
    place.tariff("2025-01-01", None, flat()).await;
    drop_quarters(bench, meter).await;
    let issued = place.issue("M-1", "2025-05").await;
    assert_eq!(issued.bill.amount_due.to_string(), "4464.00");
    explained(&place, &issued.number.unwrap()).await;
    assert!(issued.shape.average_day.is_empty(), "days have no hours");
}

async fn days_that_are_gone_cannot_be_billed_and_change_no_bill_of_theirs(bench: Bench) -> Bench {
    let (place, _) = Place::in_may(&bench, "days").await;
    let other = place.meter("M-2").await;
    place.metered(other, MAY, (0.25, 0.0)).await;
    place.tariff("2025-01-01", None, flat()).await;
    let issued = place.issue("M-1", "2025-05").await;
    // Kept are the quarter-hours of June, and the days from the 21st of May on.
    let keep = "UPDATE sites SET raw_days = 1, hourly_days = 1, daily_days = 30 WHERE id = $1";
    sqlx::query(keep).bind(place.site.id.0).execute(&bench.pool).await.unwrap();
    forget(&bench, "2025-06-20T12:00:00Z").await;
    let after = place.bill("M-1", "2025-05").await;
    assert_eq!((after.changed, after.bill), (false, issued.bill));
    assert!(is_frozen(&place.try_bill("M-2", "2025-05").await.unwrap_err()));
    let site = place.site;
    let bench = bench.restart().await;
    let place = Place { bench: &bench, site };
    assert!(!place.bill("M-1", "2025-05").await.changed);
    bench
}
