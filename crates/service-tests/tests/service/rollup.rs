//! Readings become intervals and days, whatever way they come and in whatever order.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading, Source, Values};
use sqlx::PgPool;
use storage::span::Key;

use crate::bench::{Bench, until};
use crate::{meter, reading};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn quarter_hours_and_days_are_computed_of_readings(pool: PgPool) {
    let bench = claims_of_a_crashed_process_are_done_first(pool).await;
    intervals_and_days_add_up_to_the_register(&bench).await;
    a_gap_has_rows_and_its_energy_is_marked_as_estimated(&bench).await;
    a_finer_step_takes_noise_for_what_it_is(&bench).await;
    one_mad_clock_does_not_fill_the_table(&bench).await;
    readings_that_trickle_in_give_the_rows_of_all_at_once(&bench).await;
    a_silence_of_decades_is_not_filled_in_whatever_order_readings_come(&bench).await;
    live_readings_are_counted_while_a_long_history_is(&bench).await;
    rows_that_sql_deleted_are_computed_again_when_asked(bench).await;
}

const QUARTER: TimeDelta = TimeDelta::minutes(15);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Waits until nothing is left to be computed.
pub(crate) async fn settled(pool: &PgPool) {
    until("the rollup is idle", async || {
        storage::rollup::is_idle(pool).await.unwrap().then_some(()).ok_or("it works")
    })
    .await;
}

/// Everything that was computed of a meter, but for the carries.
async fn rows(pool: &PgPool, meter: MeterId) -> Vec<(DateTime<Utc>, f64, f64, f64, f32, i32)> {
    sqlx::query_as(
        "SELECT bucket_start, import_kwh, export_kwh, estimated_kwh, coverage, flags \
         FROM energy_intervals WHERE meter_id = $1 ORDER BY bucket_start",
    )
    .bind(meter.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

pub(crate) async fn total(pool: &PgPool, meter: MeterId) -> f64 {
    rows(pool, meter).await.iter().map(|row| row.1).sum()
}

/// Readings every minute at a power that changes, with the register that it drives.
fn minutes(meter: MeterId, from: DateTime<Utc>, count: i64) -> Vec<Reading> {
    let mut total = 1000.0;
    (0..count)
        .map(|n| {
            let power = 10.0 + f64::from(i32::try_from(n % 37).unwrap());
            total += power / 60.0;
            reading(meter, from + TimeDelta::minutes(n), power, total)
        })
        .collect()
}

fn rise(readings: &[Reading]) -> f64 {
    let of = |reading: Option<&Reading>| reading.unwrap().values.total_energy_kwh.unwrap();
    of(readings.last()) - of(readings.first())
}

async fn intervals_and_days_add_up_to_the_register(bench: &Bench) {
    let id = bench.meter("M-11", "Main", None).await;
    let readings = minutes(id, at("2026-10-01T10:07:00Z"), 3_000);
    bench.submit(readings.clone()).await;
    bench.settled().await;
    let found = rows(&bench.pool, id).await;
    assert_eq!(found.first().unwrap().0, at("2026-10-01T10:00:00Z"));
    assert_eq!(found.len(), 201);
    assert!((bench.total(id).await - rise(&readings)).abs() < 1e-6);
    let full = found.iter().filter(|row| row.4 > 0.999).count();
    assert_eq!(full, found.len() - 2, "all but the first and the last are covered");
    let days: Vec<(chrono::NaiveDate, f64)> =
        sqlx::query_as("SELECT day, import_kwh FROM energy_days WHERE meter_id = $1 ORDER BY day")
            .bind(id.0)
            .fetch_all(&bench.pool)
            .await
            .unwrap();
    assert_eq!(days.len(), 3);
    assert!((days.iter().map(|day| day.1).sum::<f64>() - rise(&readings)).abs() < 1e-6);
    assert!(bench.service.metrics().rollup.computed >= 201);
}

async fn a_gap_has_rows_and_its_energy_is_marked_as_estimated(bench: &Bench) {
    let id = bench.meter("M-21", "Main", None).await;
    let from = at("2026-10-01T10:00:00Z");
    let ends = [
        reading(id, from, 10.0, 100.0),
        reading(id, from + TimeDelta::hours(30), 10.0, 400.0),
        reading(id, from + TimeDelta::hours(30) + TimeDelta::minutes(5), 10.0, 401.0),
    ];
    bench.submit(ends.to_vec()).await;
    bench.settled().await;
    let found = rows(&bench.pool, id).await;
    assert_eq!(found.len(), 121);
    assert!((bench.total(id).await - 301.0).abs() < 1e-9);
    assert!(found[50].3 > 0.0 && found[50].4 == 0.0, "{:?}", found[50]);
    // What was missing comes in late: nothing is estimated any more.
    let late = (1..360).map(|n| {
        let after = TimeDelta::minutes(5 * n);
        reading(id, from + after, 10.0, 100.0 + 300.0 * after.as_seconds_f64() / 108_000.0)
    });
    bench.submit(late.collect()).await;
    bench.settled().await;
    let found = rows(&bench.pool, id).await;
    assert!((bench.total(id).await - 301.0).abs() < 1e-6);
    assert!(found.iter().all(|row| row.3 == 0.0), "{:?}", found.iter().find(|row| row.3 > 0.0));
    assert!(found[..120].iter().all(|row| row.4 > 0.999));
}

async fn a_finer_step_takes_noise_for_what_it_is(bench: &Bench) {
    let id = bench.meter("M-31", "Main", None).await;
    let from = at("2026-10-01T10:00:00Z");
    let totals = [10_000.0, 10_001.0, 10_002.0, 10_001.5, 10_001.6, 10_003.0];
    let values =
        |n: i32| reading(id, from + QUARTER / 3 * n, 12.0, totals[usize::try_from(n).unwrap()]);
    bench.submit((0..6).map(values).collect()).await;
    bench.settled().await;
    let step: f64 = sqlx::query_scalar("SELECT step_kwh FROM meter_registers WHERE meter_id = $1")
        .bind(id.0)
        .fetch_one(&bench.pool)
        .await
        .unwrap();
    assert!(step <= 1.0);
    let sum = bench.total(id).await;
    assert!(sum > 2.9, "{sum}");
}

async fn one_mad_clock_does_not_fill_the_table(bench: &Bench) {
    let id = bench.meter("M-41", "Main", None).await;
    let mut readings = minutes(id, at("2026-10-01T10:00:00Z"), 60);
    let truth = rise(&readings);
    readings.push(Reading {
        meter: id,
        at: at("1990-01-01T00:00:00Z"),
        quality: domain::Quality::Good,
        source: Source::Api,
        values: Values { total_energy_kwh: Some(5.0), ..Values::default() },
    });
    bench.submit(readings).await;
    bench.settled().await;
    assert_eq!(rows(&bench.pool, id).await.len(), 5);
    assert!((bench.total(id).await - truth).abs() < 1e-6);
}

/// What live readings change second by second ends as if they had come at once, late ones too.
async fn readings_that_trickle_in_give_the_rows_of_all_at_once(bench: &Bench) {
    let trickled = bench.meter("M-51", "Main", None).await;
    let straight = bench.meter("M-52", "Main", None).await;
    let begin = storage::readings::insert;
    let from = domain::energy::floor(Utc::now(), QUARTER).unwrap() - TimeDelta::minutes(20);
    let all = |id| minutes(id, from, 21);
    let late = [14, 16, 20];
    let readings = all(trickled);
    for (n, reading) in readings.iter().enumerate().filter(|(n, _)| !late.contains(n)) {
        begin(&bench.pool, std::slice::from_ref(reading)).await.unwrap();
        if n > 12 {
            bench.settled().await;
        }
    }
    for n in late {
        begin(&bench.pool, &readings[n..=n]).await.unwrap();
        bench.settled().await;
    }
    begin(&bench.pool, &all(straight)).await.unwrap();
    bench.settled().await;
    let (expected, found) = (rows(&bench.pool, straight).await, rows(&bench.pool, trickled).await);
    assert_eq!(expected.len(), found.len());
    for (a, b) in expected.iter().zip(&found) {
        assert!((a.1 - b.1).abs() < 1e-9 && (a.4 - b.4).abs() < 1e-5, "{a:?} {b:?}");
    }
}

/// A device whose clock was never set tells of 2001 once, and of an hour ago once, beside what it tells rightly.
async fn a_silence_of_decades_is_not_filled_in_whatever_order_readings_come(bench: &Bench) {
    let id = bench.meter("M-61", "Grid", None).await;
    let now = Utc::now();
    let before = |seconds| now - TimeDelta::seconds(seconds);
    let long_ago = "2001-09-09T01:46:40Z".parse().unwrap();
    for rows in [
        vec![reading(id, before(300), 1.0, 1.0), reading(id, before(5), 1.0, 2.0)],
        vec![reading(id, long_ago, 1.0, 7.0)],
        vec![reading(id, before(3_000), 1.0, 0.5)],
    ] {
        bench.submit(rows).await;
        bench.settled().await;
    }
    let rows = rows(&bench.pool, id).await.len();
    assert!(rows < 20, "{rows} quarter-hours");
    assert!((bench.total(id).await - 1.5).abs() < 1e-6, "{}", bench.total(id).await);
}

/// A history with hours between its readings is a turn of its own for each of them.
async fn live_readings_are_counted_while_a_long_history_is(bench: &Bench) {
    let old = bench.meter("M-71", "Grid", None).await;
    let live = bench.meter("M-72", "Grid", None).await;
    let now = Utc::now();
    let history = (0..500).map(|n| {
        let at = now - TimeDelta::hours(7) * (500 - n);
        reading(old, at, 1.0, f64::from(n) * 7.0)
    });
    bench.submit(history.collect()).await;
    let rows = [(600, 0.0), (1, 5.0)]
        .map(|(seconds, kwh)| reading(live, now - TimeDelta::seconds(seconds), 30.0, kwh));
    bench.submit(rows.into()).await;
    while (bench.total(live).await - 5.0).abs() > 1e-6 {
        assert!(
            !storage::rollup::is_idle(&bench.pool).await.unwrap(),
            "it came after all of the history"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bench.settled().await;
    let whole = bench.total(old).await;
    assert!((whole - 499.0 * 7.0).abs() < 1e-3, "{whole}");
}

async fn claims_of_a_crashed_process_are_done_first(pool: PgPool) -> Bench {
    let id = meter(&pool, "CRASH", "Main", None).await;
    let readings = minutes(id, at("2026-10-01T10:00:00Z"), 90);
    storage::readings::insert(&pool, &readings).await.unwrap();
    let (live, none) = (storage::rollup::Live::default(), |_: &[Key]| HashSet::new());
    let claims = storage::rollup::claim(&pool, &live, 1_000, none).await.unwrap();
    assert_eq!(claims.len(), 6);
    let bench = Bench::start(pool).await;
    bench.settled().await;
    assert!((bench.total(id).await - rise(&readings)).abs() < 1e-9);
    bench
}

async fn rows_that_sql_deleted_are_computed_again_when_asked(bench: Bench) {
    let id = bench.meter("DELETED", "Main", None).await;
    let from = at("2026-10-01T10:00:00Z");
    bench.submit(minutes(id, from, 181)).await;
    bench.settled().await;
    let (before, pool) = (bench.total(id).await, bench.pool.clone());
    bench.stop().await;
    let delete = "DELETE FROM meter_readings \
                  WHERE meter_id = $1 AND timestamp > '2026-10-01 11:30+00'";
    sqlx::query(delete).bind(id.0).execute(&pool).await.unwrap();
    let asked = service::rollup::RebuildRequest {
        site: None,
        meter: "DELETED",
        from: "2026-10-01T11:00:00Z".parse().unwrap(),
        to: "2026-10-02".parse().unwrap(),
    };
    let rebuilt = service::rollup::rebuild(&pool, asked).await.unwrap();
    assert_eq!(rebuilt.quarters, 9);
    let found = rows(&pool, id).await;
    assert_eq!(found.last().unwrap().0, at("2026-10-01T11:30:00Z"));
    let left = rise(&minutes(id, from, 91));
    assert!((total(&pool, id).await - left).abs() < 1e-6 && left < before);
    let days = "SELECT sum(import_kwh) FROM energy_days WHERE meter_id = $1";
    let days: f64 = sqlx::query_scalar(days).bind(id.0).fetch_one(&pool).await.unwrap();
    assert!((days - left).abs() < 1e-6);
}
