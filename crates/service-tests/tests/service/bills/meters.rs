//! Which meters are billed, for which days, and which way round.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::RunDetail;
use domain::bills::{BillLineKind, LeftOut, RunState, Side};
use domain::operation::task::Work;
use rust_decimal::Decimal;
use serde_json::json;
use service::Error;
use service::bills::{self, BillView};
use sqlx::PgPool;
use storage::meters::NewMeter;

use super::{WHO, bill_of, flat, issue, metered, place, run, tariff};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) async fn placed(
    pool: &PgPool,
    number: &str,
    parent: Option<MeterId>,
    feeds: bool,
) -> MeterId {
    let named = NewMeter::named(storage::sites::DEFAULT, number, number, "Unit");
    let new = NewMeter { parent, feeds_parent: feeds, ..named };
    storage::meters::insert(pool, &new).await.unwrap().id
}

async fn stated(pool: &PgPool, meter: MeterId, field: &'static str, instant: &str) {
    let statement = match field {
        "installed" => "UPDATE energy_meters SET installed_at = $2 WHERE id = $1",
        _ => "UPDATE energy_meters SET retired_at = $2 WHERE id = $1",
    };
    sqlx::query(statement).bind(meter.0).bind(at(instant)).execute(pool).await.unwrap();
}

/// A sum of meters is billed with them, and what a logger announced is nobody's yet; what hangs below a
/// meter since the month ended takes nothing off its bill.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_kwh_is_billed_once_whatever_is_computed_from_it(pool: PgPool) {
    let (site, main) = place(&pool, "UTC").await;
    let house = placed(&pool, "HOUSE", Some(main), false).await;
    let flat_meter = placed(&pool, "FLAT", Some(main), false).await;
    let later = placed(&pool, "LATER", Some(main), false).await;
    let statement = "UPDATE energy_meters SET parent_meter_id = $2 WHERE id = $1";
    sqlx::query(statement).bind(later.0).bind(house.0).execute(&pool).await.unwrap();
    for (month, parent) in [("-infinity", main), ("2025-06-01", house)] {
        let statement = "INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from) \
                         VALUES ($1, $2, false, $3::timestamptz) ON CONFLICT (meter_id, valid_from) \
                         DO UPDATE SET parent_meter_id = $2";
        let query = sqlx::query(statement).bind(later.0).bind(parent.0).bind(month);
        query.execute(&pool).await.unwrap();
    }
    let sum = placed(&pool, "SUM", Some(main), false).await;
    let rest = placed(&pool, "REST", Some(main), false).await;
    let term = "INSERT INTO virtual_meters (meter_id, input_id, factor) VALUES ($1, $2, $3)";
    for (meter, input, factor) in
        [(sum, house, 1.0), (sum, flat_meter, 1.0), (rest, main, 1.0), (rest, house, -1.0)]
    {
        let query = sqlx::query(term).bind(meter.0).bind(input.0).bind(factor);
        query.execute(&pool).await.unwrap();
    }
    let announced = placed(&pool, "ANNOUNCED", None, false).await;
    let statement = "UPDATE energy_meters SET placed_by = 'nobody' WHERE id = $1";
    sqlx::query(statement).bind(announced.0).execute(&pool).await.unwrap();
    for meter in [main, house, flat_meter, later, rest, announced] {
        metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let issued = run(&service, true).await;
    assert_eq!(issued.run.issued, 4, "HOUSE, FLAT, LATER and REST: {:?}", left_out(&issued));
    assert_eq!(
        left_out(&issued),
        [
            ("ANNOUNCED", LeftOut::NotPlaced),
            ("M-1", LeftOut::MetersBelow),
            ("SUM", LeftOut::Virtual),
        ]
    );
    tasks.stop().await;
}

pub(super) fn left_out(run: &RunDetail) -> Vec<(&str, LeftOut)> {
    run.left_out.iter().map(|meter| (meter.meter_number.as_str(), meter.reason)).collect()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_run_names_every_meter_that_it_leaves_out_and_bills_a_house_with_a_roof(pool: PgPool) {
    let (site, main) = place(&pool, "UTC").await;
    let house = placed(&pool, "HOUSE", Some(main), false).await;
    let roof = placed(&pool, "ROOF", Some(house), true).await;
    let flat_meter = placed(&pool, "FLAT", Some(main), false).await;
    let silent = placed(&pool, "SILENT", Some(main), false).await;
    let old = placed(&pool, "OLD", Some(flat_meter), false).await;
    stated(&pool, old, "retired", "2025-02-01T00:00:00Z").await;
    let new = placed(&pool, "NEW", Some(main), false).await;
    stated(&pool, new, "installed", "2025-07-01T00:00:00Z").await;
    for meter in [main, house, roof, flat_meter] {
        metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let issued = run(&service, true).await;
    assert_eq!((issued.run.total, issued.run.done, issued.run.issued), (3, 3, 2));
    assert_eq!(
        left_out(&issued),
        [
            ("M-1", LeftOut::MetersBelow),
            ("NEW", LeftOut::NotInstalled),
            ("OLD", LeftOut::Retired),
            ("ROOF", LeftOut::FeedsParent),
            ("SILENT", LeftOut::LowCoverage),
        ]
    );
    assert!(bill_of(&service, "HOUSE", "2025-05").await.number.is_some());
    let again = run(&service, true).await;
    assert!(left_out(&again).contains(&("HOUSE", LeftOut::Billed)), "{:?}", left_out(&again));
    let drafts = run(&service, false).await;
    assert!(!left_out(&drafts).contains(&("SILENT", LeftOut::LowCoverage)), "it has a draft");
    assert_eq!(silent, drafts_of(&pool).await);
    tasks.stop().await;
}

async fn drafts_of(pool: &PgPool) -> MeterId {
    let (meter,): (i64,) = sqlx::query_as("SELECT meter_id FROM bills WHERE number IS NULL")
        .fetch_one(pool)
        .await
        .unwrap();
    MeterId(meter)
}

fn quantity(view: &BillView, of: BillLineKind) -> (String, String) {
    let line = view.bill.lines.iter().find(|line| line.kind == of).unwrap();
    (line.quantity.round_dp(6).normalize().to_string(), line.amount.to_string())
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_installed_or_retired_within_the_month_pays_by_days_without_an_override(
    pool: PgPool,
) {
    let (site, late) = place(&pool, "Asia/Kolkata").await;
    let gone = crate::meter(&pool, "M-2", "Unit", None).await;
    stated(&pool, late, "installed", "2025-06-15T18:30:00Z").await;
    stated(&pool, gone, "retired", "2025-06-15T18:30:00Z").await;
    metered(&pool, &site, late, ["2025-06-16", "2025-07-01"], (0.25, 0.0)).await;
    metered(&pool, &site, gone, ["2025-06-01", "2025-06-16"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let terms = json!({"fixedPerMonth": "100", "fixedPerDay": "2", "energy": [
        {"direction": "import", "price": "5", "toKwh": 200},
        {"direction": "import", "price": "9", "fromKwh": 200}]});
    tariff(&service, "2025-01-01", None, terms).await;
    for number in ["M-1", "M-2"] {
        let view = issue(&service, number, "2025-06").await;
        assert!((view.bill.coverage - 1.0).abs() < 1e-9, "{number}: {}", view.bill.coverage);
        let of = |kind| quantity(&view, kind);
        assert_eq!(of(BillLineKind::FixedPerMonth), ("0.5".to_owned(), "50.00".to_owned()));
        assert_eq!(of(BillLineKind::FixedPerDay), ("15".to_owned(), "30.00".to_owned()));
        // 360 kWh: half of the first block is 100.
        let first = BillLineKind::Import { line: 0 };
        assert_eq!(of(first), ("100".to_owned(), "500.00".to_owned()), "{number}");
        let second = BillLineKind::Import { line: 1 };
        assert_eq!(of(second), ("260".to_owned(), "2340.00".to_owned()));
    }
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_a_meter_counted_before_it_was_said_to_be_installed_is_billed_too(pool: PgPool) {
    let (site, meter) = place(&pool, "UTC").await;
    stated(&pool, meter, "installed", "2025-06-16T00:00:00Z").await;
    metered(&pool, &site, meter, ["2025-06-11", "2025-07-01"], (0.25, 0.0)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let view = bill_of(&service, "M-1", "2025-06").await;
    assert_eq!(view.bill.amount_due.to_string(), "2880.00", "20 days of 24 kWh");
    assert!((view.bill.coverage - 1.0).abs() < 1e-9);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_a_roof_delivers_is_never_billed_as_consumed(pool: PgPool) {
    let (site, house) = place(&pool, "UTC").await;
    let roof = placed(&pool, "ROOF", Some(house), true).await;
    // It delivers a quarter of a kWh each quarter-hour, and draws a tenth of it.
    metered(&pool, &site, roof, ["2025-05-01", "2025-06-01"], (0.25, 0.025)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let view = bill_of(&service, "ROOF", "2025-05").await;
    assert_eq!(view.bill.side, Side::Prosumer);
    assert_eq!((view.bill.consumed, view.bill.produced), (Decimal::new(744, 1), 744.into()));
    assert_eq!(view.bill.amount_due.to_string(), "-2529.60");
    assert!((view.shape.days[0].export_kwh - 24.0).abs() < 1e-9);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_that_was_turned_round_at_noon_is_billed_each_way_for_its_time(pool: PgPool) {
    let (site, house) = place(&pool, "UTC").await;
    let battery = placed(&pool, "BATTERY", Some(house), false).await;
    metered(&pool, &site, battery, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    sqlx::query(
        "INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from) \
         VALUES ($1, $2, true, '2025-05-16 12:00+00')",
    )
    .bind(battery.0)
    .bind(house.0)
    .execute(&pool)
    .await
    .unwrap();
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let view = bill_of(&service, "BATTERY", "2025-05").await;
    assert_eq!((view.bill.consumed, view.bill.produced), (Decimal::from(372), 372.into()));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_house_that_feeds_since_the_month_ended_is_billed_for_it(pool: PgPool) {
    let (site, main) = place(&pool, "UTC").await;
    let house = placed(&pool, "HOUSE", Some(main), false).await;
    metered(&pool, &site, house, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    sqlx::query("UPDATE energy_meters SET feeds_parent = true WHERE id = $1")
        .bind(house.0)
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from) \
         VALUES ($1, $2, false, '-infinity'), ($1, $2, true, '2025-06-01') \
         ON CONFLICT (meter_id, valid_from) DO UPDATE SET feeds_parent = EXCLUDED.feeds_parent",
    )
    .bind(house.0)
    .bind(main.0)
    .execute(&pool)
    .await
    .unwrap();
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let issued = run(&service, true).await;
    assert_eq!(issued.run.issued, 1, "{:?}", left_out(&issued));
    assert_eq!(bill_of(&service, "HOUSE", "2025-05").await.bill.consumed, 744.into());
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_of_whose_energy_a_part_stands_aside_is_not_billed(pool: PgPool) {
    let (site, main) = place(&pool, "UTC").await;
    let house = placed(&pool, "HOUSE", Some(main), false).await;
    let flat_meter = placed(&pool, "FLAT", Some(main), false).await;
    for meter in [main, house, flat_meter] {
        metered(&pool, &site, meter, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let start = at("2025-05-10T09:15:00Z");
    let part = storage::operation::set_aside::Part::of_meter(Work::Energy, house, start);
    let (mut db, version) = (pool.acquire().await.unwrap(), env!("CARGO_PKG_VERSION"));
    storage::operation::set_aside::put(
        &mut db,
        part,
        3,
        &domain::message::Message::foreign("it overflowed"),
        version,
    )
    .await
    .unwrap();
    let issued = run(&service, true).await;
    assert!(left_out(&issued).contains(&("HOUSE", LeftOut::SetAside)), "{:?}", left_out(&issued));
    assert_eq!((issued.run.state, issued.run.issued), (RunState::Done, 1));
    let draft = bill_of(&service, "HOUSE", "2025-05").await.id.unwrap().to_string();
    let refused =
        bills::issue(&service, &WHO, &draft.as_str().into(), bills::NewIssue::default()).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "set_aside", .. })), "{refused:?}");
    tasks.stop().await;
}
