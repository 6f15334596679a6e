//! Estimates that were billed and are given back on the bill of a later month.

use chrono::DateTime;
use domain::bills::BillState;
use domain::{Field, Quality};
use service::bills::NewCredit;

use super::*;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_billed_by_an_estimate_is_corrected_on_the_next_bill(pool: PgPool) {
    let bench = Bench::start(pool).await;
    Box::pin(an_estimate_that_was_too_high_is_given_back_once(&bench)).await;
    a_bill_between_that_is_missing_has_the_correction(&bench).await;
    a_run_issues_corrections(&bench).await;
    whoever_has_the_meter_since_is_not_given_what_another_paid(&bench).await;
    what_is_not_kept_any_more_is_not_corrected(&bench).await;
    bench.stop().await;
}

/// A register at the beginning of months of 2025, and whether somebody estimated it.
type Shown = (u32, f64, bool);

async fn show(place: &Place<'_>, meter: MeterId, shown: &[Shown]) {
    let row = |(month, kwh, is_estimate): &Shown| {
        let mut row = reading(meter, first_of(*month), 0.0, *kwh);
        row.values.active_power_kw = None;
        row.quality = if *is_estimate { Quality::Estimated } else { Quality::Good };
        row
    };
    place.bench.submit(shown.iter().map(row).collect()).await;
    place.bench.settled().await;
}

fn first_of(month: u32) -> DateTime<Utc> {
    format!("2025-{month:02}-01T00:00:00Z").parse().unwrap()
}

/// A meter M-1 whose July was issued by an estimate of 1,200 kWh.
async fn estimated<'a>(bench: &'a Bench, slug: &str, terms: Value) -> (Place<'a>, MeterId) {
    let place = Place::new(bench, slug, "UTC").await;
    let meter = place.meter("M-1").await;
    place.tariff("2025-01-01", None, terms).await;
    show(&place, meter, &[(7, 10_000.0, false), (8, 11_200.0, true)]).await;
    let override_ = json!({"override": {"who": "A. Clerk", "reason": "agreed"}});
    let draft = place.store("M-1", "2025-07").await.unwrap();
    let new = serde_json::from_value(override_).unwrap();
    let july = bills::issue(&bench.service, WHO, &draft, new).await.unwrap();
    assert_eq!(july.bill.consumed, Decimal::from(1_200));
    (place, meter)
}

/// The corrections of the bill of a month: kWh, amount and the bill.
async fn corrections(place: &Place<'_>, month: &str) -> Vec<(String, String, String)> {
    let bill = place.bill("M-1", month).await.bill;
    let of = |line: &domain::bills::BillLine| {
        let correction = bill.correction_of(line)?;
        let kwh = line.quantity.round_dp(3).normalize().to_string();
        Some((kwh, line.amount.to_string(), correction.bill.clone()))
    };
    bill.lines.iter().filter_map(of).collect()
}

fn correction(kwh: &str, amount: &str, bill: &str) -> (String, String, String) {
    (kwh.to_owned(), amount.to_owned(), bill.to_owned())
}

async fn credit(place: &Place<'_>, number: &str) -> Result<bills::Credited, service::Error> {
    let new = NewCredit { reason: "read again".to_owned(), overridden: None };
    bills::credit(&place.bench.service, WHO, &place.numbered(number), new).await
}

async fn an_estimate_that_was_too_high_is_given_back_once(bench: &Bench) {
    let (place, meter) = estimated(bench, "given-back", flat()).await;
    assert_eq!(corrections(&place, "2025-08").await, []);
    show(&place, meter, &[(9, 10_800.0, false)]).await;
    assert!(place.bill("M-1", "2025-07").await.changed);
    let of_july = [correction("-800", "-4800.00", "2025-07-0001")];
    assert_eq!(corrections(&place, "2025-08").await, of_july);
    assert_eq!(corrections(&place, "2025-09").await, [], "it is on the next bill alone");
    let august = place.issue("M-1", "2025-08").await;
    assert_eq!(august.bill.consumed, Decimal::from(400));
    let july = place.bill("M-1", "2025-07").await;
    // 800 kWh in both months, at 6.
    assert_eq!((july.bill.amount_due + august.bill.amount_due).to_string(), "4800.00");

    assert_eq!((july.changed, july.corrected_by.as_deref()), (false, Some("2025-08-0001")));
    assert!(!place.bill("M-1", "2025-08").await.changed);
    let listed = bills::list(&bench.service, WHO, Some(&place.slug()), None, None).await.unwrap();
    assert_eq!(listed.iter().map(|bill| bill.changed).collect::<Vec<_>>(), [Some(false); 2]);
    assert_eq!(corrections(&place, "2025-09").await, [], "nothing is left");
    let refused = credit(&place, "2025-07-0001").await.unwrap_err();
    assert_eq!(refused.message().code, "credit.corrected");
    assert!(refused.to_string().contains("2025-08-0001"), "{refused}");
    still_holds(bench, meter).await;
    let opened = bills::intervals(&bench.service, WHO, &place.numbered("2025-08-0001"), 1).await;
    assert_eq!(opened.unwrap(), []);

    // The actual reading was wrong: both months have 50 kWh less.
    bench.correct(meter, first_of(9), Field::TotalEnergyKwh, Some(10_700.0)).await;
    bench.settled().await;
    let further = correction("-50", "-300.00", "2025-07-0001");
    let of_august = correction("-50", "-300.00", "2025-08-0001");
    assert_eq!(corrections(&place, "2025-09").await, [further.clone(), of_august]);
    let again = credit(&place, "2025-08-0001").await.unwrap();
    assert_eq!(
        again.bill.bill.amount_due.to_string(),
        "-2700.00",
        "350 kWh, and July's correction"
    );
    assert_eq!(again.credit_note.bill.amount_due, -august.bill.amount_due);
    assert_eq!(corrections(&place, "2025-08").await, of_july);
    assert_eq!(corrections(&place, "2025-09").await, [further]);
    assert_eq!(place.bill("M-1", "2025-08").await.state, BillState::Issued);
}

/// August is not issued where the bill that it corrects is not the one of July any more.
async fn still_holds(bench: &Bench, meter: MeterId) {
    let august = "2025-08".parse().unwrap();
    let stored = storage::bills::in_force(&bench.pool, meter, august).await.unwrap().unwrap();
    let (site, mut inputs) = (stored.site, stored.inputs.unwrap());
    let mut db = bench.pool.begin().await.unwrap();
    let holds = storage::bills::corrections::hold_corrected;
    assert!(holds(&mut db, site, &[&inputs]).await.unwrap());
    inputs.corrections[0].bill.push('0');
    assert!(!holds(&mut db, site, &[&inputs]).await.unwrap());
}

async fn a_bill_between_that_is_missing_has_the_correction(bench: &Bench) {
    let (place, meter) = estimated(bench, "between", flat()).await;
    show(&place, meter, &[(9, 12_400.0, true), (10, 12_100.0, false), (11, 12_800.0, false)]).await;
    place.issue("M-1", "2025-09").await;
    assert_eq!(corrections(&place, "2025-10").await, []);
    assert_eq!(corrections(&place, "2025-08").await.len(), 1);
}

async fn a_run_issues_corrections(bench: &Bench) {
    let (place, meter) = estimated(bench, "run", flat()).await;
    show(&place, meter, &[(9, 10_800.0, false)]).await;
    assert_eq!(place.run_of("2025-08", true).await.run.issued, 1);
    let august = place.bill("M-1", "2025-08").await;
    assert_eq!((august.state, august.changed), (BillState::Issued, false));
    assert_eq!(august.bill.amount_due.to_string(), "-2400.00");
}

async fn whoever_has_the_meter_since_is_not_given_what_another_paid(bench: &Bench) {
    let (place, meter) = estimated(bench, "passed-on", flat()).await;
    show(&place, meter, &[(9, 10_800.0, false)]).await;
    let passed_on = "WITH person AS (INSERT INTO users (name, display_name) VALUES ('p.new', 'P. New') RETURNING id) \
                     INSERT INTO user_meters (user_id, meter_id, valid_from) SELECT id, $1, '2025-08-01' FROM person";
    sqlx::query(passed_on).bind(meter.0).execute(&bench.pool).await.unwrap();
    assert_eq!(corrections(&place, "2025-08").await, []);
    assert!(place.bill("M-1", "2025-07").await.changed);
    sqlx::query("UPDATE user_meters SET valid_from = '2025-07-01'")
        .execute(&bench.pool)
        .await
        .unwrap();
    assert_eq!(corrections(&place, "2025-08").await.len(), 1);
}

async fn what_is_not_kept_any_more_is_not_corrected(bench: &Bench) {
    let (place, meter) = estimated(bench, "frozen", day_and_night()).await;
    show(&place, meter, &[(9, 10_800.0, false)]).await;
    assert_eq!(corrections(&place, "2025-08").await.len(), 1);
    let thin = "DELETE FROM energy_intervals WHERE meter_id = $1 AND bucket_start < '2025-07-11'";
    sqlx::query(thin).bind(meter.0).execute(&bench.pool).await.unwrap();
    assert_eq!(corrections(&place, "2025-08").await, []);
}
