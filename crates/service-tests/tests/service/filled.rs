//! How much of a silence is filled with quarter-hours.

use chrono::{DateTime, TimeDelta, Utc};
use domain::sites::{GridSettings, Retention, SiteKind};
use domain::{MeterId, Reading};
use sqlx::PgPool;

use crate::reading;
use crate::rollup::{settled, total};

/// A meter of a site that keeps what is computed for a hundred days.
async fn forgetful(pool: &PgPool) -> MeterId {
    let site = domain::sites::Site {
        id: domain::SiteId(0),
        slug: "short".into(),
        name: "Short".into(),
        kind: SiteKind::Live,
        zone: chrono_tz::Asia::Kolkata,
        currency: "INR".into(),
        price_per_kwh: None,
        grid_capacity_kw: None,
        latitude: None,
        longitude: None,
        retention: Retention { raw_days: 20, hourly_days: 40, daily_days: 100 },
        grid: GridSettings::default(),
    };
    let site = storage::sites::insert(pool, &site).await.unwrap();
    let new = storage::meters::NewMeter::named(site.id, "M-1", "M-1", "Grid");
    storage::meters::insert(pool, &new).await.unwrap().id
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

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_the_site_keeps_no_more_is_not_filled_in_whatever_order_readings_come(pool: PgPool) {
    let id = forgetful(&pool).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let ago = |days: i64, kwh: f64| register(id, now - TimeDelta::days(days), kwh);
    let yearly = |n: i32| ago(130 + 390 * i64::from(n), 9e5 - 1e3 * f64::from(n));
    for row in [ago(10, 9e5 + 120.0), yearly(1), yearly(30), yearly(2), yearly(31), yearly(0)] {
        tasks.outbox.submit(vec![row]).await.unwrap();
        settled(&pool).await;
    }
    // The last 120 days, and a row of each of the others.
    let filled = 120 * 96;
    let rows = count(&pool, id).await;
    assert!((filled..filled + 10).contains(&rows), "{rows} quarter-hours");
    assert!((total(&pool, id).await - 120.0).abs() < 1e-6, "{}", total(&pool, id).await);

    // Its older part ends before what is kept, and was filled already.
    tasks.outbox.submit(vec![ago(105, 9e5 + 100.0)]).await.unwrap();
    settled(&pool).await;
    assert_eq!(count(&pool, id).await, rows);
    assert!((total(&pool, id).await - 120.0).abs() < 1e-6, "{}", total(&pool, id).await);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_of_time_that_is_kept_no_more_are_computed_as_any_others(pool: PgPool) {
    let id = forgetful(&pool).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let begin = Utc::now() - TimeDelta::days(3_000);
    let hourly = |n: i32| register(id, begin + TimeDelta::hours(n.into()), f64::from(n));
    let daily = |n: i32| register(id, begin + TimeDelta::hours((24 * n).into()), f64::from(24 * n));
    let rows = (0..48).map(hourly).chain((2..5).map(daily)).collect();
    tasks.outbox.submit(rows).await.unwrap();
    settled(&pool).await;
    assert!((total(&pool, id).await - 96.0).abs() < 1e-6, "{}", total(&pool, id).await);
    tasks.stop().await;
}
