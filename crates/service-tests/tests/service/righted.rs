//! What was dated by a clock that was ahead, after it was set right.

use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::MeterId;
use domain::operation::leap::SetBack;
use service::operation::clock::{Todo, right};
use sqlx::PgPool;

use crate::rollup::{settled, total};
use crate::{meter, reading};

const DAY: TimeDelta = TimeDelta::days(1);

/// As a driver's reading is stored while the clock is ahead.
async fn dated_ahead(pool: &PgPool, meter: MeterId, at: DateTime<Utc>, kwh: f64) {
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, \"timestamp\", source, total_energy_kwh) \
         VALUES ($1, $2, 'modbus', $3)",
    )
    .bind(meter.0)
    .bind(at)
    .bind(kwh)
    .execute(pool)
    .await
    .unwrap();
    let start = at.duration_trunc(TimeDelta::minutes(15)).unwrap();
    let mut connection = pool.acquire().await.unwrap();
    storage::rollup::queue(&mut connection, &[(meter, start)]).await.unwrap();
}

const READINGS: &str = "SELECT count(*) FROM meter_readings WHERE \"timestamp\" > $1";
const QUARTERS: &str = "SELECT count(*) FROM energy_intervals WHERE bucket_start > $1";
const NOTES: &str = "SELECT count(*) FROM clock_leaps WHERE leapt_to > $1";
const DAYS: &str = "SELECT count(*) FROM energy_days WHERE day > ($1 AT TIME ZONE 'UTC')::date";

async fn ahead_of(pool: &PgPool, counted: &'static str, at: DateTime<Utc>) -> i64 {
    sqlx::query_scalar(counted).bind(at).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_of_a_clock_that_was_ahead_count_when_they_came(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let before = |minutes: i64| now - TimeDelta::minutes(minutes);
    let submit = async |minutes: i64, kwh: f64| {
        let row = reading(id, before(minutes), 60.0, kwh);
        tasks.outbox.submit(vec![row]).await.unwrap();
    };
    submit(30, 100.0).await;
    submit(20, 110.0).await;
    for (minutes, kwh) in [(19, 111.0), (18, 112.0), (17, 113.0), (16, 114.0)] {
        dated_ahead(&pool, id, before(minutes) + DAY, kwh).await;
    }
    settled(&pool).await;
    let quarters = ahead_of(&pool, QUARTERS, now).await;
    assert!(quarters > 0, "a step that lies in the future was counted");

    let leap = SetBack::FromAhead { by: DAY, lasted: TimeDelta::minutes(20) };
    let todo = Todo::after(leap, now).unwrap();
    assert_eq!(right(&service, todo).await.unwrap(), 4);
    assert_eq!(right(&service, todo).await.unwrap(), 0);
    submit(10, 120.0).await;
    settled(&pool).await;
    assert!((total(&pool, id).await - 20.0).abs() < 1e-6, "{}", total(&pool, id).await);
    assert_eq!(ahead_of(&pool, READINGS, now).await, 0);
    assert_eq!(ahead_of(&pool, QUARTERS, now).await, 0);
    assert_eq!(ahead_of(&pool, DAYS, now + DAY).await, 0);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_people_wrote_and_what_a_simulated_site_records_stays_where_it_is(pool: PgPool) {
    let world = storage::sites::by_slug(&pool, "world").await.unwrap().unwrap();
    let new = storage::meters::NewMeter::named(world.id, "HH-1", "HH-1", "Smart");
    let simulated = storage::meters::insert(&pool, &new).await.unwrap().id;
    let own = meter(&pool, "M-1", "Grid", None).await;
    let now = Utc::now();
    let later = now + TimeDelta::hours(20);
    dated_ahead(&pool, simulated, later, 5.0).await;
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, \"timestamp\", total_energy_kwh) VALUES ($1, $2, 7)",
    )
    .bind(own.0)
    .bind(later)
    .execute(&pool)
    .await
    .unwrap();
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let leap = SetBack::FromAhead { by: DAY, lasted: TimeDelta::hours(10) };
    assert_eq!(right(&service, Todo::after(leap, now).unwrap()).await.unwrap(), 0);
    assert_eq!(ahead_of(&pool, READINGS, now).await, 2);
    tasks.stop().await;
}

/// A polled meter is told of one time by the clock before and the one after in turn: its register would seem to rise
/// again with each reading.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn times_that_a_clock_shows_twice_are_those_of_the_clock_of_now(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let before = |minutes: i64| now - TimeDelta::minutes(minutes);
    // An hour from 100 to 160 kWh; then the clock is set back by 30 minutes.
    for minutes in 0..=60 {
        dated_ahead(&pool, id, before(60 - minutes), 100.0 + minutes as f64).await;
    }
    let back = TimeDelta::minutes(30);
    let todo = Todo::after(SetBack::By(back), before(30)).unwrap();
    assert_eq!(right(&service, todo).await.unwrap(), 31);
    for minutes in 1..=30 {
        let at = before(30 - minutes) - TimeDelta::seconds(20);
        dated_ahead(&pool, id, at, 160.0 + minutes as f64).await;
    }
    settled(&pool).await;
    assert!((total(&pool, id).await - 90.0).abs() < 1e-6, "{}", total(&pool, id).await);
    let kept = storage::readings::conflicts::list(&pool, Some(id), 100).await.unwrap();
    assert_eq!(kept.len(), 31, "what was told of these times before is kept");
    tasks.stop().await;
}

async fn gone(pool: &PgPool, counted: &'static str, at: DateTime<Utc>) {
    for _ in 0..1_000 {
        if ahead_of(pool, counted, at).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still there after ten seconds: {counted}");
}

/// Leaves what a process leaves that is killed before what the clock dated is set right.
async fn leapt(pool: &PgPool, to: DateTime<Utc>, boot: &str) {
    let passed = nix::time::clock_gettime(nix::time::ClockId::CLOCK_BOOTTIME).unwrap();
    let passed = TimeDelta::from_std(passed.into()).unwrap();
    // As much was passed as the clock would have shown.
    let passed = passed - (Utc::now() - (to - DAY));
    let leap = domain::operation::leap::Leap { from: to - DAY, to, passed };
    storage::operation::clock_leaps::set(pool, leap, boot).await.unwrap();
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_process_that_is_killed_before_it_sets_right_what_the_clock_dated_leaves_it_to_the_next(
    pool: PgPool,
) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let now = Utc::now();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    for minutes in 10..=20 {
        let at = now - TimeDelta::minutes(minutes);
        dated_ahead(&pool, id, at + DAY, 120.0 - minutes as f64).await;
    }
    // After another start of the machine nobody can tell what its clock did in between.
    leapt(&pool, now - TimeDelta::minutes(20) + DAY, "another start").await;
    let (_, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    gone(&pool, NOTES, now).await;
    tasks.stop().await;
    assert_eq!(ahead_of(&pool, READINGS, now).await, 11);

    leapt(&pool, now - TimeDelta::minutes(20) + DAY, boot.trim()).await;
    let (_, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    gone(&pool, READINGS, now).await;
    settled(&pool).await;
    assert!((total(&pool, id).await - 10.0).abs() < 1e-6, "{}", total(&pool, id).await);
    assert_eq!(ahead_of(&pool, QUARTERS, now).await, 0);
    tasks.stop().await;
}

#[test]
fn what_a_clock_dated_is_set_right_only_where_nothing_right_lies_among_it() {
    let (now, hour) = (Utc::now(), TimeDelta::hours(1));
    let ahead = |lasted| Todo::after(SetBack::FromAhead { by: hour, lasted }, now);
    assert!(matches!(ahead(hour / 2), Some(Todo::Redate(..))));
    assert!(matches!(ahead(hour * 24), Some(Todo::SetAside(..))));
    // A clock that goes back by a year is wrong itself: what was told in that year stays.
    assert_eq!(Todo::after(SetBack::By(DAY * 365), now), None);
}
