//! What of a month's energy is billed at a guessed place.

use chrono::DateTime;

use super::*;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn energy_of_gaps_is_billed_on_a_guess_only_where_its_price_changes(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_gap_across_a_change_of_price_is_billed_on_a_guess_and_any_other_is_exact(&bench).await;
    a_gap_that_a_reading_parts_where_the_price_changes_is_exact(&bench).await;
    registers_at_both_ends_make_a_month_exact_and_a_gap_across_one_does_not(&bench).await;
    a_month_with_a_register_at_each_end_alone_is_issued_unless_its_price_changes(&bench).await;
    bench.stop().await;
}

/// A meter M-1 that is read every five minutes between instants of 2025, at 6 kW.
async fn read<'a>(bench: &'a Bench, slug: &str, spans: &[(&str, &str)]) -> Place<'a> {
    let place = Place::new(bench, slug, "UTC").await;
    let meter = place.meter("M-1").await;
    let at = |text: &str| format!("2025-{text}:00Z").parse::<DateTime<Utc>>().unwrap();
    for (from, to) in spans {
        let (mut time, mut rows) = (at(from), Vec::new());
        while time <= at(to) {
            let kwh = (time - at("04-01T00:00")).as_seconds_f64() / 600.0;
            let mut row = reading(meter, time, 6.0, kwh);
            row.values.active_power_kw = None;
            rows.push(row);
            time += TimeDelta::minutes(5);
        }
        bench.submit(rows).await;
    }
    bench.balanced().await;
    place
}

fn near(what: &str, is: f64, wanted: f64) {
    assert!((is - wanted).abs() < 1e-6, "{what} is {is}, not {wanted}");
}

async fn a_gap_across_a_change_of_price_is_billed_on_a_guess_and_any_other_is_exact(bench: &Bench) {
    let spans = [
        ("05-07T00:00", "05-08T10:00"),
        ("05-08T13:00", "05-08T21:02"),
        ("05-08T23:00", "05-10T00:00"),
    ];
    let place = read(bench, "across", &spans).await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    let timed = place.bill("M-1", "2025-05").await;
    // From 21:00, the last reading, to 23:00: 12 kWh.
    near("what is guessed", timed.bill.estimated_kwh, 12.0);
    near("what has no place in both gaps", timed.shape.days[1].estimated_kwh, 30.0);
}

async fn a_gap_that_a_reading_parts_where_the_price_changes_is_exact(bench: &Bench) {
    let spans = [
        ("05-08T00:00", "05-08T20:00"),
        ("05-08T22:00", "05-08T22:00"),
        ("05-09T01:00", "05-09T02:00"),
    ];
    let place = read(bench, "parted", &spans).await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    near("what is guessed", place.bill("M-1", "2025-05").await.bill.estimated_kwh, 0.0);
}

async fn registers_at_both_ends_make_a_month_exact_and_a_gap_across_one_does_not(bench: &Bench) {
    let spans = [
        ("05-01T00:00", "05-01T01:00"),
        ("05-31T22:00", "05-31T23:00"),
        ("06-01T01:00", "06-01T02:00"),
    ];
    let place = read(bench, "ends", &spans).await;
    place.tariff("2025-01-01", None, flat()).await;
    let bill = place.bill("M-1", "2025-05").await.bill;
    // Of the 12 kWh from 23:00 to 1:00 half lie in May.
    near("what is guessed", bill.estimated_kwh, 6.0);
    assert_eq!(bill.consumed, (31 * 144).into());
    // Only the last hour is not backed.
    near("coverage", bill.coverage, 743.0 / 744.0);
}

async fn a_month_with_a_register_at_each_end_alone_is_issued_unless_its_price_changes(
    bench: &Bench,
) {
    let spans = ["05-01T00:00", "06-01T00:00", "07-01T00:00"].map(|instant| (instant, instant));
    let place = read(bench, "alone", &spans).await;
    place.tariff("2025-01-01", Some("2025-06-01"), flat()).await;
    place.tariff("2025-06-01", None, day_and_night()).await;
    let exact = place.issue("M-1", "2025-05").await.bill;
    assert_eq!((exact.coverage, exact.estimated_kwh), (1.0, 0.0));
    assert_eq!(exact.consumed, (31 * 144).into());
    // How much of June was drawn at night nobody knows.
    let guessed = place.bill("M-1", "2025-06").await.bill;
    assert!(guessed.coverage.abs() < 1e-9);
    near("what is guessed", guessed.estimated_kwh, 30.0 * 144.0);
}
