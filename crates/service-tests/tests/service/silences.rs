//! What is told of a window in which a register of a meter was not read for long.

use chrono::{DateTime, TimeDelta, Utc};
use domain::losses::balance::Verdict;
use domain::{MeterId, Reading, Values};
use serde_json::json;
use service::losses::power_loss::{LossView, LossesQuery};
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::reading;
use crate::retention::balanced;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silent_register_makes_no_loss(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_register_that_fell_silent_is_no_loss_though_another_goes_on(&bench).await;
    how_energy_lies_between_hourly_readings_stays_uncertain_beside_a_correction(&bench).await;
    what_is_delivered_is_no_gain_before_its_register_was_read(&bench).await;
    that_nothing_was_delivered_is_known_when_its_register_was_read(&bench).await;
    bench.stop().await;
}

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-05-05T{time}:00Z").parse().unwrap()
}

/// A main meter with another one below it.
async fn pair(bench: &Bench, name: &str) -> [MeterId; 2] {
    let main = bench.meter(&format!("{name} M"), "Main", None).await;
    [main, bench.meter(&format!("{name} C"), "Unit", Some(main)).await]
}

/// A reading of one meter each so many minutes from one time to another.
fn each(
    meter: MeterId,
    (from, to): (&str, &str),
    minutes: i64,
    values: impl Fn(f64) -> Values,
) -> Vec<Reading> {
    let (from, to) = (at(from), at(to));
    let count = (to - from).num_minutes() / minutes;
    let row = |n: i64| {
        let passed = TimeDelta::minutes(n * minutes);
        let values = values(passed.as_seconds_f64() / 3600.0);
        Reading { values, ..reading(meter, from + passed, 0.0, 0.0) }
    };
    (0..=count).map(row).collect()
}

fn total(kwh: f64) -> Values {
    Values { total_energy_kwh: Some(kwh), ..Values::default() }
}

async fn loss(bench: &Bench, node: MeterId, from: &str, to: &str) -> LossView {
    let (node, from, to) = (node.into(), Some(at(from).into()), Some(at(to).into()));
    let asked = LossesQuery { parent: Some(&node), from, to, ..LossesQuery::default() };
    service::losses::power_loss::list(&bench.service, WHO, asked).await.unwrap().remove(0)
}

async fn a_register_that_fell_silent_is_no_loss_though_another_goes_on(bench: &Bench) {
    let [main, unit] = pair(bench, "fell").await;
    let mut rows = each(main, ("08:00", "10:45"), 5, |hours| total(60.0 * hours));
    rows.extend(each(unit, ("08:00", "10:45"), 5, |hours| Values {
        energy_export_kwh: Some(0.0),
        energy_import_kwh: (hours <= 2.0).then_some(60.0 * hours),
        ..Values::default()
    }));
    bench.submit(rows).await;
    bench.settled().await;
    let told = loss(bench, main, "09:00", "10:45").await;
    assert_eq!((told.verdict, told.loss_kwh), (Verdict::Incomplete, None), "{told:?}");
    let complete = told.complete.unwrap();
    assert_eq!((complete.from, complete.to), (at("09:00"), at("10:00")));
    assert!(complete.loss_kwh.abs() < 1e-9, "{complete:?}");
}

async fn how_energy_lies_between_hourly_readings_stays_uncertain_beside_a_correction(
    bench: &Bench,
) {
    let [main, unit] = pair(bench, "hourly").await;
    let mut rows = each(main, ("02:00", "14:00"), 5, |hours| total(60.0 * hours));
    rows.extend(each(unit, ("02:00", "14:00"), 60, |hours| Values {
        voltage_l1: Some(230.0),
        ..total(60.0 * hours)
    }));
    bench.submit(rows).await;
    bench.settled().await;
    let before = loss(bench, main, "10:00", "10:30").await;
    assert_eq!(before.verdict, Verdict::WithinError);
    assert!(before.error_kwh > 29.0, "{before:?}");

    let asked =
        json!({"timestamp": at("03:00"), "field": "voltageL1", "value": 231, "reason": "typo"});
    let asked = serde_json::from_value(asked).unwrap();
    service::readings::corrections::create(&bench.service, WHO, &unit.into(), asked).await.unwrap();
    bench.settled().await;
    let after = loss(bench, main, "10:00", "10:30").await;
    assert!((after.error_kwh - before.error_kwh).abs() < 1e-6, "{after:?}");
}

/// A unit that draws 70 kW and delivers `delivers` kW, of which its register tells once an hour, below a main
/// meter that shows what it drew from outside.
fn seldom_told(
    [main, unit]: [MeterId; 2],
    span: (&str, &str),
    delivers: fn(f64) -> f64,
) -> Vec<Reading> {
    let since = (at(span.0) - at("08:00")).as_seconds_f64() / 3600.0;
    let mut rows =
        each(main, span, 5, |hours| total(70.0 * (since + hours) - delivers(since + hours)));
    rows.extend(each(unit, span, 5, |hours| Values {
        energy_import_kwh: Some(70.0 * (since + hours)),
        energy_export_kwh: ((since + hours).fract() < 0.01).then_some(delivers(since + hours)),
        ..Values::default()
    }));
    rows
}

async fn stored_hour(pool: &PgPool, node: MeterId, from: &str) -> (String, Option<f64>) {
    balanced(pool).await;
    sqlx::query_as(
        "SELECT verdict, loss_kwh FROM power_loss_analysis \
         WHERE meter_id = $1 AND resolution = '1h' AND window_start = $2",
    )
    .bind(node.0)
    .bind(at(from))
    .fetch_one(pool)
    .await
    .unwrap()
}

async fn what_is_delivered_is_no_gain_before_its_register_was_read(bench: &Bench) {
    let meters = pair(bench, "delivered").await;
    bench.change(meters[1], json!({"ratedPowerKw": 200})).await;
    let ten = |hours: f64| 10.0 * hours;
    bench.submit(seldom_told(meters, ("08:00", "10:45"), ten)).await;
    bench.settled().await;
    let told = loss(bench, meters[0], "09:00", "10:45").await;
    assert_eq!((told.verdict, told.loss_kwh), (Verdict::Incomplete, None), "{told:?}");
    let complete = told.complete.unwrap();
    assert_eq!((complete.from, complete.to), (at("09:00"), at("10:00")));
    assert!(complete.loss_kwh.abs() < 1e-9, "{complete:?}");
    assert_eq!(stored_hour(&bench.pool, meters[0], "10:00").await, ("incomplete".to_owned(), None));

    bench.submit(seldom_told(meters, ("10:50", "11:05"), ten)).await;
    bench.settled().await;
    let told = loss(bench, meters[0], "09:00", "11:00").await;
    assert!(told.loss_kwh.is_some_and(|kwh| kwh.abs() < 1e-9), "{told:?}");
    let (verdict, lost) = stored_hour(&bench.pool, meters[0], "10:00").await;
    assert!(verdict == "within_error" && lost.is_some_and(|kwh| kwh.abs() < 1e-9), "{lost:?}");
}

/// The reading moves nothing, and yet it tells.
async fn that_nothing_was_delivered_is_known_when_its_register_was_read(bench: &Bench) {
    let meters = pair(bench, "nothing").await;
    bench.change(meters[1], json!({"ratedPowerKw": 200})).await;
    let at_first = |hours: f64| 10.0 * hours.min(1.0);
    bench.submit(seldom_told(meters, ("08:00", "10:45"), at_first)).await;
    bench.settled().await;
    assert_eq!(stored_hour(&bench.pool, meters[0], "10:00").await, ("incomplete".to_owned(), None));
    bench.submit(seldom_told(meters, ("10:50", "11:05"), at_first)).await;
    bench.settled().await;
    let (verdict, lost) = stored_hour(&bench.pool, meters[0], "10:00").await;
    assert!(verdict == "within_error" && lost.is_some_and(|kwh| kwh.abs() < 1e-9), "{lost:?}");
}
