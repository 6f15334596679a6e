//! How often a meter is read is learned from its readings, and true of its own time alone.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use sqlx::PgPool;

use crate::bench::Bench;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn how_often_a_meter_is_read_is_learned(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_meter_that_is_read_more_seldom_keeps_the_gaps_it_had(&bench).await;
    a_meter_that_is_read_more_often_keeps_the_coverage_it_had(&bench).await;
    bench.stop().await;
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Readings of 6 kW from an instant on, every so many minutes.
fn read(id: MeterId, from: &str, every: i64, count: i64) -> Vec<Reading> {
    let (from, day) = (at(from), at("2026-05-04T00:00:00Z"));
    let reading = |n: i64| {
        let at = from + TimeDelta::minutes(every * n);
        reading(id, at, 6.0, 1_000.0 + (at - day).as_seconds_f64() / 600.0)
    };
    (0..count).map(reading).map(without_power).collect()
}

fn without_power(mut reading: Reading) -> Reading {
    reading.values.active_power_kw = None;
    reading
}

/// The quarter-hours of a day that readings back, and those that they do not.
async fn backed(pool: &PgPool, id: MeterId, day: &str) -> (i64, i64) {
    sqlx::query_as(
        "SELECT count(*) FILTER (WHERE coverage > 0.999), count(*) FILTER (WHERE coverage < 0.001) \
         FROM energy_intervals WHERE meter_id = $1 \
             AND bucket_start >= $2 AND bucket_start < $2 + interval '1 day'",
    )
    .bind(id.0)
    .bind(at(day))
    .fetch_one(pool)
    .await
    .unwrap()
}

const FIRST: &str = "2026-05-04T00:00:00Z";
const SECOND: &str = "2026-05-05T00:00:00Z";

async fn a_meter_that_is_read_more_seldom_keeps_the_gaps_it_had(bench: &Bench) {
    let id = bench.meter("M-11", "Main", None).await;
    let mut quarters = read(id, FIRST, 15, 96);
    // Silent from ten to noon.
    quarters.drain(41..48);
    bench.submit(quarters).await;
    bench.settled().await;
    assert_eq!(backed(&bench.pool, id, FIRST).await, (87, 9), "the last one is not over");
    // What is computed again loses this mark.
    let mark = "UPDATE energy_intervals SET mean_voltage = 1 WHERE meter_id = $1";
    sqlx::query(mark).bind(id.0).execute(&bench.pool).await.unwrap();
    bench.submit(read(id, SECOND, 60, 25)).await;
    bench.settled().await;
    assert_eq!(
        backed(&bench.pool, id, FIRST).await,
        (88, 8),
        "two hours of silence are a gap of then"
    );
    assert_eq!(backed(&bench.pool, id, SECOND).await, (96, 0), "an hour is how it is read now");
    let marked = "SELECT count(*) FROM energy_intervals WHERE meter_id = $1 AND mean_voltage = 1";
    let untouched: i64 =
        sqlx::query_scalar(marked).bind(id.0).fetch_one(&bench.pool).await.unwrap();
    assert!(untouched > 80, "only {untouched} of the first day are as they were");
}

async fn a_meter_that_is_read_more_often_keeps_the_coverage_it_had(bench: &Bench) {
    let id = bench.meter("M-21", "Main", None).await;
    bench.submit(read(id, FIRST, 60, 24)).await;
    bench.settled().await;
    let mut quarters = read(id, SECOND, 15, 97);
    // Silent from ten to noon.
    quarters.drain(41..48);
    bench.submit(quarters).await;
    bench.settled().await;
    assert_eq!(backed(&bench.pool, id, FIRST).await, (96, 0));
    assert_eq!(backed(&bench.pool, id, SECOND).await, (88, 8));
    // Older ones that come last are taken at their own pace.
    bench.submit(read(id, "2026-05-01T00:00:00Z", 120, 36)).await;
    bench.settled().await;
    assert_eq!(backed(&bench.pool, id, "2026-05-02T00:00:00Z").await, (96, 0));
    assert_eq!(backed(&bench.pool, id, SECOND).await, (88, 8));
    let kwh = bench.total(id).await;
    assert!((kwh - 5.0 * 144.0).abs() < 1e-6, "{kwh}");
}
