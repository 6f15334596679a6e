//! Which meters are billed, for which days, and which way round.

use chrono::{DateTime, Utc};
use domain::bills::{LeftOut, Side};
use domain::operation::task::Work;
use service::Error;

use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_kwh_is_billed_once_and_the_right_way_round(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_kwh_is_billed_once_whatever_is_computed_from_it(&bench).await;
    a_run_names_every_meter_that_it_leaves_out_and_bills_a_house_with_a_roof(&bench).await;
    a_meter_installed_or_retired_within_the_month_pays_by_days_without_an_override(&bench).await;
    energy_counted_before_a_meter_was_said_to_be_installed_is_billed_too(&bench).await;
    energy_that_a_roof_delivers_is_never_billed_as_consumed(&bench).await;
    a_meter_that_was_turned_round_at_noon_is_billed_each_way_for_its_time(&bench).await;
    a_house_that_feeds_since_the_month_ended_is_billed_for_it(&bench).await;
    a_meter_of_whose_energy_a_part_stands_aside_is_not_billed(&bench).await;
    bench.stop().await;
}

pub(super) fn left_out(run: &RunDetail) -> Vec<(&str, LeftOut)> {
    run.left_out.iter().map(|meter| (meter.meter_number.as_str(), meter.reason)).collect()
}

impl Place<'_> {
    async fn stated(&self, meter: MeterId, column: &str, instant: &str) {
        let statement = format!("UPDATE energy_meters SET {column} = $2 WHERE id = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(meter.0);
        let instant: DateTime<Utc> = instant.parse().unwrap();
        query.bind(instant).execute(&self.bench.pool).await.unwrap();
    }

    /// Where a meter hung from an instant on, and whether it fed.
    async fn hung(&self, meter: MeterId, parent: MeterId, feeds: bool, from: &str) {
        let statement = "INSERT INTO meter_placements (meter_id, parent_meter_id, feeds_parent, valid_from) \
                         VALUES ($1, $2, $3, $4::timestamptz) ON CONFLICT (meter_id, valid_from) \
                         DO UPDATE SET parent_meter_id = $2, feeds_parent = $3";
        let query = sqlx::query(statement).bind(meter.0).bind(parent.0).bind(feeds).bind(from);
        query.execute(&self.bench.pool).await.unwrap();
    }
}

/// A sum of meters is billed with them, and a meter that a logger announced is nobody's yet; a meter that
/// hangs below another since the month ended takes nothing off its bill.
async fn a_kwh_is_billed_once_whatever_is_computed_from_it(bench: &Bench) {
    let place = Place::new(bench, "sums", "UTC").await;
    let main = place.meter("M-1").await;
    let house = place.placed("HOUSE", Some(main), false).await;
    let flat_meter = place.placed("FLAT", Some(main), false).await;
    let later = place.placed("LATER", Some(main), false).await;
    let statement = "UPDATE energy_meters SET parent_meter_id = $2 WHERE id = $1";
    sqlx::query(statement).bind(later.0).bind(house.0).execute(&bench.pool).await.unwrap();
    place.hung(later, main, false, "-infinity").await;
    place.hung(later, house, false, "2025-06-01").await;
    let sum = place.placed("SUM", Some(main), false).await;
    let rest = place.placed("REST", Some(main), false).await;
    let term = "INSERT INTO virtual_meters (meter_id, input_id, factor) VALUES ($1, $2, $3)";
    for (meter, input, factor) in
        [(sum, house, 1.0), (sum, flat_meter, 1.0), (rest, main, 1.0), (rest, house, -1.0)]
    {
        let query = sqlx::query(term).bind(meter.0).bind(input.0).bind(factor);
        query.execute(&bench.pool).await.unwrap();
    }
    let announced = place.meter("ANNOUNCED").await;
    let statement = "UPDATE energy_meters SET placed_by = 'nobody' WHERE id = $1";
    sqlx::query(statement).bind(announced.0).execute(&bench.pool).await.unwrap();
    for meter in [main, house, flat_meter, later, rest, announced] {
        place.metered(meter, MAY, (0.25, 0.0)).await;
    }
    place.tariff("2025-01-01", None, flat()).await;
    let issued = place.run(true).await;
    assert_eq!(issued.run.issued, 4, "HOUSE, FLAT, LATER and REST: {:?}", left_out(&issued));
    let wanted = [
        ("ANNOUNCED", LeftOut::NotPlaced),
        ("M-1", LeftOut::MetersBelow),
        ("SUM", LeftOut::Virtual),
    ];
    assert_eq!(left_out(&issued), wanted);
}

async fn a_run_names_every_meter_that_it_leaves_out_and_bills_a_house_with_a_roof(bench: &Bench) {
    let place = Place::new(bench, "left-out", "UTC").await;
    let main = place.meter("M-1").await;
    let house = place.placed("HOUSE", Some(main), false).await;
    let roof = place.placed("ROOF", Some(house), true).await;
    let flat_meter = place.placed("FLAT", Some(main), false).await;
    let silent = place.placed("SILENT", Some(main), false).await;
    let old = place.placed("OLD", Some(flat_meter), false).await;
    place.stated(old, "retired_at", "2025-02-01T00:00:00Z").await;
    let new = place.placed("NEW", Some(main), false).await;
    place.stated(new, "installed_at", "2025-07-01T00:00:00Z").await;
    for meter in [main, house, roof, flat_meter] {
        place.metered(meter, MAY, (0.25, 0.0)).await;
    }
    place.tariff("2025-01-01", None, flat()).await;
    let issued = place.run(true).await;
    assert_eq!((issued.run.total, issued.run.done, issued.run.issued), (3, 3, 2));
    let wanted = [
        ("M-1", LeftOut::MetersBelow),
        ("NEW", LeftOut::NotInstalled),
        ("OLD", LeftOut::Retired),
        ("ROOF", LeftOut::FeedsParent),
        ("SILENT", LeftOut::LowCoverage),
    ];
    assert_eq!(left_out(&issued), wanted);
    assert!(place.bill("HOUSE", "2025-05").await.number.is_some());
    let again = place.run(true).await;
    assert!(left_out(&again).contains(&("HOUSE", LeftOut::Billed)), "{:?}", left_out(&again));
    let drafts = place.run(false).await;
    assert!(!left_out(&drafts).contains(&("SILENT", LeftOut::LowCoverage)), "it has a draft");
    let statement = "SELECT meter_id FROM bills WHERE number IS NULL AND site_id = $1";
    let drafts: Vec<i64> =
        sqlx::query_scalar(statement).bind(place.site.id.0).fetch_all(&bench.pool).await.unwrap();
    assert_eq!(drafts, [silent.0]);
}

async fn a_meter_installed_or_retired_within_the_month_pays_by_days_without_an_override(
    bench: &Bench,
) {
    let place = Place::new(bench, "by-days", "Asia/Kolkata").await;
    let (late, gone) = (place.meter("M-1").await, place.meter("M-2").await);
    place.stated(late, "installed_at", "2025-06-15T18:30:00Z").await;
    place.stated(gone, "retired_at", "2025-06-15T18:30:00Z").await;
    place.metered(late, ["2025-06-16", "2025-07-01"], (0.25, 0.0)).await;
    place.metered(gone, ["2025-06-01", "2025-06-16"], (0.25, 0.0)).await;
    let terms = json!({"fixedPerMonth": "100", "fixedPerDay": "2", "energy": [
        {"direction": "import", "price": "5", "toKwh": 200},
        {"direction": "import", "price": "9", "fromKwh": 200}]});
    place.tariff("2025-01-01", None, terms).await;
    for number in ["M-1", "M-2"] {
        let bill = place.issue(number, "2025-06").await.bill;
        assert!((bill.coverage - 1.0).abs() < 1e-9, "{number}: {}", bill.coverage);
        // 360 kWh: half of the first block is 100.
        for (kind, quantity, amount) in [
            (BillLineKind::FixedPerMonth, "0.5", "50.00"),
            (BillLineKind::FixedPerDay, "15", "30.00"),
            (BillLineKind::Import { line: 0 }, "100", "500.00"),
            (BillLineKind::Import { line: 1 }, "260", "2340.00"),
        ] {
            let found = bill.lines.iter().find(|line| line.kind == kind).unwrap();
            let shown = found.quantity.round_dp(6).normalize().to_string();
            assert_eq!((shown, found.amount.to_string()), line(quantity, amount), "{number}");
        }
    }
}

async fn energy_counted_before_a_meter_was_said_to_be_installed_is_billed_too(bench: &Bench) {
    let place = Place::new(bench, "before", "UTC").await;
    let meter = place.meter("M-1").await;
    place.stated(meter, "installed_at", "2025-06-16T00:00:00Z").await;
    place.metered(meter, ["2025-06-11", "2025-07-01"], (0.25, 0.0)).await;
    place.tariff("2025-01-01", None, flat()).await;
    let bill = place.bill("M-1", "2025-06").await.bill;
    assert_eq!(bill.amount_due.to_string(), "2880.00", "20 days of 24 kWh");
    assert!((bill.coverage - 1.0).abs() < 1e-9);
}

async fn energy_that_a_roof_delivers_is_never_billed_as_consumed(bench: &Bench) {
    let place = Place::new(bench, "roof", "UTC").await;
    let house = place.meter("M-1").await;
    let roof = place.placed("ROOF", Some(house), true).await;
    // It delivers a quarter of a kWh each quarter-hour, and draws a tenth of it.
    place.metered(roof, MAY, (0.25, 0.025)).await;
    place.tariff("2025-01-01", None, flat()).await;
    let view = place.bill("ROOF", "2025-05").await;
    assert_eq!(view.bill.side, Side::Prosumer);
    assert_eq!((view.bill.consumed, view.bill.produced), (Decimal::new(744, 1), 744.into()));
    assert_eq!(view.bill.amount_due.to_string(), "-2529.60");
    assert!((view.shape.days[0].export_kwh - 24.0).abs() < 1e-9);
}

async fn a_meter_that_was_turned_round_at_noon_is_billed_each_way_for_its_time(bench: &Bench) {
    let place = Place::new(bench, "turned", "UTC").await;
    let house = place.meter("M-1").await;
    let battery = place.placed("BATTERY", Some(house), false).await;
    place.metered(battery, MAY, (0.25, 0.0)).await;
    place.hung(battery, house, true, "2025-05-16 12:00+00").await;
    place.tariff("2025-01-01", None, flat()).await;
    let bill = place.bill("BATTERY", "2025-05").await.bill;
    assert_eq!((bill.consumed, bill.produced), (Decimal::from(372), 372.into()));
}

async fn a_house_that_feeds_since_the_month_ended_is_billed_for_it(bench: &Bench) {
    let place = Place::new(bench, "feeds", "UTC").await;
    let main = place.meter("M-1").await;
    let house = place.placed("HOUSE", Some(main), false).await;
    place.metered(house, MAY, (0.25, 0.0)).await;
    let feeds = "UPDATE energy_meters SET feeds_parent = true WHERE id = $1";
    sqlx::query(feeds).bind(house.0).execute(&bench.pool).await.unwrap();
    place.hung(house, main, false, "-infinity").await;
    place.hung(house, main, true, "2025-06-01").await;
    place.tariff("2025-01-01", None, flat()).await;
    let issued = place.run(true).await;
    assert_eq!(issued.run.issued, 1, "{:?}", left_out(&issued));
    assert_eq!(place.bill("HOUSE", "2025-05").await.bill.consumed, 744.into());
}

async fn a_meter_of_whose_energy_a_part_stands_aside_is_not_billed(bench: &Bench) {
    let place = Place::new(bench, "part-aside", "UTC").await;
    let main = place.meter("M-1").await;
    let house = place.placed("HOUSE", Some(main), false).await;
    let flat_meter = place.placed("FLAT", Some(main), false).await;
    for meter in [main, house, flat_meter] {
        place.metered(meter, MAY, (0.25, 0.0)).await;
    }
    place.tariff("2025-01-01", None, flat()).await;
    let start = "2025-05-10T09:15:00Z".parse().unwrap();
    let part = storage::operation::set_aside::Part::of_meter(Work::Energy, house, start);
    let (mut db, version) = (bench.pool.acquire().await.unwrap(), env!("CARGO_PKG_VERSION"));
    let error = domain::message::Message::foreign("it overflowed");
    storage::operation::set_aside::put(&mut db, part, 3, &error, version).await.unwrap();
    let issued = place.run(true).await;
    assert!(left_out(&issued).contains(&("HOUSE", LeftOut::SetAside)), "{:?}", left_out(&issued));
    assert_eq!((issued.run.state, issued.run.issued), (RunState::Done, 1));
    let draft = place.bill("HOUSE", "2025-05").await.id.unwrap().to_string();
    let refused = place.try_issue(&draft.as_str().into()).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "set_aside", .. })), "{refused:?}");
}
