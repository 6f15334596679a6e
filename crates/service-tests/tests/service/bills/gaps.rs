//! What of a month's energy is billed at a guessed place.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use service::{Service, Tasks};
use sqlx::PgPool;

use super::{bill, day_and_night, flat, issue, place, tariff};
use crate::reading;
use crate::retention::balanced;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Readings every five minutes between two instants, at 6 kW.
fn steady(meter: MeterId, from: &str, to: &str) -> Vec<Reading> {
    let since = at("2025-04-01T00:00:00Z");
    let times = std::iter::successors(Some(at(from)), |at| Some(*at + TimeDelta::minutes(5)));
    let register = |at: DateTime<Utc>| (at - since).as_seconds_f64() / 600.0;
    times
        .take_while(|time| *time <= at(to))
        .map(|time| reading(meter, time, 6.0, register(time)))
        .map(|mut reading| {
            reading.values.active_power_kw = None;
            reading
        })
        .collect()
}

async fn read(pool: &PgPool, spans: &[(&str, &str)]) -> (Service, Tasks) {
    let (_, meter) = place(pool, "UTC").await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    for (from, to) in spans {
        tasks.outbox.submit(steady(meter, from, to)).await.unwrap();
    }
    balanced(pool).await;
    (service, tasks)
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_gap_across_a_change_of_price_is_billed_on_a_guess_and_any_other_is_exact(pool: PgPool) {
    let spans = [
        ("2025-05-07T00:00:00Z", "2025-05-08T10:00:00Z"),
        ("2025-05-08T13:00:00Z", "2025-05-08T21:02:00Z"),
        ("2025-05-08T23:00:00Z", "2025-05-10T00:00:00Z"),
    ];
    let (service, tasks) = read(&pool, &spans).await;
    tariff(&service, "2025-01-01", None, day_and_night()).await;
    let timed = bill(&service, "2025-05").await;
    // From 21:00, the last reading, to 23:00: 12 kWh.
    assert!((timed.bill.estimated_kwh - 12.0).abs() < 1e-6, "{}", timed.bill.estimated_kwh);
    assert!((timed.shape.days[1].estimated_kwh - 30.0).abs() < 1e-6, "both gaps have no place");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_gap_that_a_reading_parts_where_the_price_changes_is_exact(pool: PgPool) {
    let spans = [
        ("2025-05-08T00:00:00Z", "2025-05-08T20:00:00Z"),
        ("2025-05-08T22:00:00Z", "2025-05-08T22:00:00Z"),
        ("2025-05-09T01:00:00Z", "2025-05-09T02:00:00Z"),
    ];
    let (service, tasks) = read(&pool, &spans).await;
    tariff(&service, "2025-01-01", None, day_and_night()).await;
    let timed = bill(&service, "2025-05").await;
    assert!(timed.bill.estimated_kwh.abs() < 1e-6, "{}", timed.bill.estimated_kwh);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn registers_at_both_ends_make_a_month_exact_and_a_gap_across_one_does_not(pool: PgPool) {
    let spans = [
        ("2025-05-01T00:00:00Z", "2025-05-01T01:00:00Z"),
        ("2025-05-31T22:00:00Z", "2025-05-31T23:00:00Z"),
        ("2025-06-01T01:00:00Z", "2025-06-01T02:00:00Z"),
    ];
    let (service, tasks) = read(&pool, &spans).await;
    tariff(&service, "2025-01-01", None, flat()).await;
    let view = bill(&service, "2025-05").await;
    // Of the 12 kWh from 23:00 to 1:00 half lie in May.
    assert!((view.bill.estimated_kwh - 6.0).abs() < 1e-6, "{}", view.bill.estimated_kwh);
    assert_eq!(view.bill.consumed, (31 * 144).into());
    // Only the last hour is not backed.
    assert!((view.bill.coverage - 743.0 / 744.0).abs() < 1e-6, "{}", view.bill.coverage);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_with_a_register_at_each_end_alone_is_issued_unless_its_price_changes(
    pool: PgPool,
) {
    let spans = [
        ("2025-05-01T00:00:00Z", "2025-05-01T00:00:00Z"),
        ("2025-06-01T00:00:00Z", "2025-06-01T00:00:00Z"),
        ("2025-07-01T00:00:00Z", "2025-07-01T00:00:00Z"),
    ];
    let (service, tasks) = read(&pool, &spans).await;
    tariff(&service, "2025-01-01", Some("2025-06-01"), flat()).await;
    tariff(&service, "2025-06-01", None, day_and_night()).await;
    let exact = issue(&service, "M-1", "2025-05").await;
    assert_eq!((exact.bill.coverage, exact.bill.estimated_kwh), (1.0, 0.0));
    assert_eq!(exact.bill.consumed, (31 * 144).into());
    // How much of June was drawn at night nobody knows.
    let guessed = bill(&service, "2025-06").await;
    assert!(guessed.bill.coverage.abs() < 1e-9);
    assert!((guessed.bill.estimated_kwh - 30.0 * 144.0).abs() < 1e-6);
    tasks.stop().await;
}
