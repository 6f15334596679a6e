//! How much of a silence is filled with quarter-hours.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use serde_json::json;
use sqlx::PgPool;

use crate::bench::Bench;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silence_is_filled_as_far_as_the_site_keeps_it(pool: PgPool) {
    let bench = Bench::start(pool).await;
    time_that_the_site_keeps_no_more_is_not_filled_in_any_order_of_readings(&bench).await;
    readings_of_time_that_is_kept_no_more_are_computed_as_any_others(&bench).await;
    bench.stop().await;
}

/// A meter of a site that keeps what is computed for a hundred days.
async fn forgetful(bench: &Bench, slug: &str) -> MeterId {
    let retention = json!({"rawDays": 20, "hourlyDays": 40, "dailyDays": 100});
    let new =
        json!({"slug": slug, "name": slug, "timeZone": "Asia/Kolkata", "retention": retention});
    let site = bench.site(new).await.id;
    bench.meter_on(site, "M-1", "Grid", None).await
}

fn register(id: MeterId, at: DateTime<Utc>, kwh: f64) -> Reading {
    let mut reading = reading(id, at, 0.0, kwh);
    reading.values.active_power_kw = None;
    reading
}

async fn count(pool: &PgPool, id: MeterId) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM energy_intervals WHERE meter_id = $1")
        .bind(id.0)
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn time_that_the_site_keeps_no_more_is_not_filled_in_any_order_of_readings(bench: &Bench) {
    let id = forgetful(bench, "short").await;
    let now = Utc::now();
    let ago = |days: i64, kwh: f64| register(id, now - TimeDelta::days(days), kwh);
    let yearly = |n: i32| ago(130 + 390 * i64::from(n), 9e5 - 1e3 * f64::from(n));
    for row in [ago(10, 9e5 + 120.0), yearly(1), yearly(30), yearly(2), yearly(31), yearly(0)] {
        bench.submit(vec![row]).await;
        bench.settled().await;
    }
    // The last 120 days, and a row of each of the others.
    let filled = 120 * 96;
    let rows = count(&bench.pool, id).await;
    assert!((filled..filled + 10).contains(&rows), "{rows} quarter-hours");
    assert!((bench.total(id).await - 120.0).abs() < 1e-6, "{}", bench.total(id).await);

    // Its older part ends before what is kept, and was filled already.
    bench.submit(vec![ago(105, 9e5 + 100.0)]).await;
    bench.settled().await;
    assert_eq!(count(&bench.pool, id).await, rows);
    assert!((bench.total(id).await - 120.0).abs() < 1e-6, "{}", bench.total(id).await);
}

async fn readings_of_time_that_is_kept_no_more_are_computed_as_any_others(bench: &Bench) {
    let id = forgetful(bench, "old").await;
    let begin = Utc::now() - TimeDelta::days(3_000);
    let hourly = |n: i32| register(id, begin + TimeDelta::hours(n.into()), f64::from(n));
    let daily = |n: i32| register(id, begin + TimeDelta::hours((24 * n).into()), f64::from(24 * n));
    let rows = (0..48).map(hourly).chain((2..5).map(daily)).collect();
    bench.submit(rows).await;
    bench.settled().await;
    assert!((bench.total(id).await - 96.0).abs() < 1e-6, "{}", bench.total(id).await);
}
