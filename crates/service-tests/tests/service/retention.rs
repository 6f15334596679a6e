//! What is too old goes, in the right order, and what rested on it stays as it was.

use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use domain::sites::Retention;
use domain::{MeterId, Reading};
use service::Principal;
use service::retention::{Dropped, clock, once};
use sqlx::PgPool;

use crate::bench::until;
use crate::{meter, reading, rollup};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Readings every ten minutes, at 6 kW.
fn steady(id: MeterId, from: &str, hours: i32) -> Vec<Reading> {
    let from = at(from);
    (0..=hours * 6)
        .map(|n| reading(id, from + TimeDelta::minutes(10) * n, 6.0, 100.0 + f64::from(n)))
        .collect()
}

/// Waits until nothing is left to be computed, balances neither.
pub(crate) async fn balanced(pool: &PgPool) {
    until("the balances are done", async || {
        rollup::settled(pool).await;
        storage::losses::is_idle(pool).await.unwrap().then_some(()).ok_or("some wait")
    })
    .await;
}

async fn count(pool: &PgPool, what: &'static str) -> i64 {
    sqlx::query_scalar(what).fetch_one(pool).await.unwrap()
}

const READINGS: &str = "SELECT count(*) FROM meter_readings";
const QUARTERS: &str = "SELECT count(*) FROM energy_intervals";
const FROZEN: &str = "SELECT count(*) FROM energy_intervals WHERE frozen";

async fn energy(pool: &PgPool, id: MeterId) -> f64 {
    sqlx::query_scalar("SELECT sum(import_kwh) FROM energy_intervals WHERE meter_id = $1")
        .bind(id.0)
        .fetch_one(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_goes_when_it_is_old_and_its_energy_stays(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    storage::readings::partitions::ensure(&pool, [at("2026-05-31T12:00:00Z")]).await.unwrap();
    let (_service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    tasks.outbox.submit(steady(id, "2026-05-31T12:00:00Z", 24)).await.unwrap();
    balanced(&pool).await;
    let before = energy(&pool, id).await;
    assert_eq!(once(&pool, at("2026-08-29T12:00:00Z")).await.unwrap(), Dropped::default());
    // Ninety days after the last of May.
    let dropped = once(&pool, at("2026-08-30T12:00:00Z")).await.unwrap();
    assert_eq!(dropped, Dropped { months_of_readings: 1, ..Dropped::default() });
    assert_eq!(count(&pool, READINGS).await, 73);
    assert_eq!(count(&pool, FROZEN).await, 48);
    assert!((energy(&pool, id).await - before).abs() < 1e-9);

    // A late reading after the frozen time is computed from what was known at its end.
    let late = reading(id, at("2026-06-01T12:10:00Z"), 6.0, 245.0);
    tasks.outbox.submit(vec![late]).await.unwrap();
    balanced(&pool).await;
    assert!((energy(&pool, id).await - before - 1.0).abs() < 1e-9);
    let at_midnight: f64 = sqlx::query_scalar(
        "SELECT import_kwh FROM energy_intervals WHERE bucket_start = '2026-06-01 00:00+00'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!((at_midnight - 1.5).abs() < 1e-9);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn late_readings_for_frozen_time_are_refused_but_older_ones_are_taken(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    tasks.outbox.submit(steady(id, "2026-05-10T00:00:00Z", 48)).await.unwrap();
    balanced(&pool).await;
    let before = energy(&pool, id).await;
    once(&pool, at("2026-11-20T12:00:00Z")).await.unwrap();
    assert_eq!(count(&pool, READINGS).await, 0);
    tasks.stop().await;
    drop(service);

    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    let late = reading(id, at("2026-05-10T12:05:00Z"), 6.0, 1.0);
    let outcome = tasks.outbox.submit(vec![late]).await.unwrap();
    assert_eq!(outcome.refused[0].reason.as_str(), "period_frozen");
    assert_eq!(service.metrics().ingest.refused["period_frozen"], 1);
    let body = serde_json::json!({"timestamp": "2026-05-10T12:05:00Z", "activePowerKw": 1.0});
    let who = Principal::Loopback;
    let posted = service::readings::post(&service, &who, &"number:M-1".into(), &body).await;
    let Err(service::Error::Invalid { code, .. }) = posted else { panic!("{posted:?}") };
    assert_eq!(code, "period_frozen");
    let body = serde_json::json!([body]);
    let posted = service::readings::post(&service, &who, &"number:M-1".into(), &body).await;
    assert!(matches!(posted, Err(service::Error::Lines(_))), "{posted:?}");

    // Time that never had a row is open, and ends where frozen time begins.
    tasks.outbox.submit(steady(id, "2026-05-01T00:00:00Z", 24)).await.unwrap();
    balanced(&pool).await;
    assert!((energy(&pool, id).await - before - 144.0).abs() < 1e-9);
    assert_eq!(count(&pool, FROZEN).await, 193);
    tasks.stop().await;
}

/// The energy of a meter's days, by date.
async fn days(pool: &PgPool, id: MeterId) -> Vec<(String, f64)> {
    sqlx::query_as("SELECT day::text, import_kwh FROM energy_days WHERE meter_id = $1 ORDER BY day")
        .bind(id.0)
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_late_reading_never_thins_a_day_whose_quarter_hours_are_gone(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    tasks.outbox.submit(steady(id, "2025-05-10T00:00:00Z", 47)).await.unwrap();
    balanced(&pool).await;
    let before = days(&pool, id).await;
    assert_eq!(before.len(), 2);
    // Days are kept for five years, quarter-hours for one.
    once(&pool, at("2026-11-20T12:00:00Z")).await.unwrap();
    assert_eq!([count(&pool, READINGS).await, count(&pool, QUARTERS).await], [0, 0]);
    tasks.stop().await;
    drop(service);

    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    let late: Vec<Reading> = (0..3)
        .map(|n| reading(id, at("2025-05-10T12:05:00Z") + TimeDelta::minutes(10) * n, 6.0, 172.0))
        .collect();
    let outcome = tasks.outbox.submit(late).await.unwrap();
    let reasons: Vec<&str> =
        outcome.refused.iter().map(|refusal| refusal.reason.as_str()).collect();
    assert_eq!(reasons, ["period_frozen"; 3]);
    assert_eq!(service.metrics().ingest.refused["period_frozen"], 3);
    let seen = "SELECT sum(count)::bigint FROM refused_readings WHERE reason = 'period_frozen'";
    assert_eq!(count(&pool, seen).await, 3);
    let body = serde_json::json!({"timestamp": "2025-05-11T12:05:00Z", "totalEnergyKwh": 300.0});
    let posted =
        service::readings::post(&service, &Principal::Loopback, &"number:M-1".into(), &body).await;
    let Err(service::Error::Invalid { code, .. }) = posted else { panic!("{posted:?}") };
    assert_eq!(code, "period_frozen");
    assert_eq!(count(&pool, seen).await, 4, "what was posted is noted as well");
    // Not even a row of plain SQL does.
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, \"timestamp\", total_energy_kwh) \
         VALUES ($1, '2025-05-11 06:00+00', 250), ($1, '2025-05-11 06:10+00', 251), \
             ($1, '2025-05-01 06:00+00', 10), ($1, '2025-05-01 06:10+00', 11)",
    )
    .bind(id.0)
    .execute(&pool)
    .await
    .unwrap();
    let with_first = [vec![("2025-05-01".to_owned(), 1.0)], before.clone()].concat();
    for _ in 0..800 {
        if days(&pool, id).await.len() == with_first.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    balanced(&pool).await;
    assert_eq!(count(&pool, seen).await, 6, "what SQL wrote counts for nothing, and is noted");
    // A time that never had a day is open, and ends where the kept days begin.
    assert_eq!(days(&pool, id).await, with_first);
    // Nor does a step across them.
    tasks.outbox.submit(steady(id, "2025-05-20T06:00:00Z", 1)).await.unwrap();
    balanced(&pool).await;
    let mut kept = days(&pool, id).await;
    assert!(kept.len() > 3, "{kept:?}");
    kept.retain(|(day, _)| before.iter().any(|(kept, _)| kept == day));
    assert_eq!(kept, before);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn nothing_goes_before_it_is_rolled_up(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let readings = steady(id, "2026-05-10T00:00:00Z", 48);
    storage::readings::insert(&pool, &readings).await.unwrap();
    once(&pool, at("2026-11-20T12:00:00Z")).await.unwrap();
    assert_eq!(count(&pool, READINGS).await, 289, "they wait in the queue");
    sqlx::query("TRUNCATE rollup_queue").execute(&pool).await.unwrap();
    once(&pool, at("2026-11-20T12:00:00Z")).await.unwrap();
    assert_eq!(count(&pool, READINGS).await, 289, "no quarter-hour has them");
    sqlx::query("UPDATE meter_readings SET source = 'sql'").execute(&pool).await.unwrap();
    let (_service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    for _ in 0..400 {
        if count(&pool, QUARTERS).await == 193 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    balanced(&pool).await;
    tasks.stop().await;
    once(&pool, at("2026-11-20T12:00:00Z")).await.unwrap();
    assert_eq!(count(&pool, READINGS).await, 289, "plain SQL may still be writing");
    sqlx::query("UPDATE meter_readings SET source = 'api'").execute(&pool).await.unwrap();
    sqlx::query("TRUNCATE loss_queue").execute(&pool).await.unwrap();
    once(&pool, at("2026-11-20T12:00:00Z")).await.unwrap();
    assert_eq!(count(&pool, READINGS).await, 0);
    assert_eq!(count(&pool, QUARTERS).await, 193);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_site_that_keeps_less_deletes_its_own_rows(pool: PgPool) {
    let long = meter(&pool, "M-1", "Main", None).await;
    let site = storage::sites::insert(
        &pool,
        &domain::sites::Site {
            id: domain::SiteId(0),
            slug: "short".into(),
            name: "Short".into(),
            kind: domain::sites::SiteKind::Live,
            zone: chrono_tz::Asia::Kolkata,
            currency: "INR".into(),
            price_per_kwh: None,
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention { raw_days: 10, hourly_days: 20, daily_days: 30 },
            grid: domain::sites::GridSettings::default(),
        },
    )
    .await
    .unwrap();
    let new = storage::meters::NewMeter::named(site.id, "S-1", "S-1", "Main");
    let short = storage::meters::insert(&pool, &new).await.unwrap().id;
    let (_service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    for id in [long, short] {
        tasks.outbox.submit(steady(id, "2026-09-03T00:00:00Z", 48)).await.unwrap();
    }
    balanced(&pool).await;
    let of = |table: &'static str, id: MeterId| {
        let pool = pool.clone();
        async move {
            let statement = match table {
                "readings" => "SELECT count(*) FROM meter_readings WHERE meter_id = $1",
                "quarters" => "SELECT count(*) FROM energy_intervals WHERE meter_id = $1",
                _ => "SELECT count(*) FROM energy_days WHERE meter_id = $1",
            };
            sqlx::query_scalar::<_, i64>(statement).bind(id.0).fetch_one(&pool).await.unwrap()
        }
    };
    // On the 14th in Kolkata, ten days back is the 4th, which began at 18:30 of the 3rd.
    let dropped = once(&pool, at("2026-09-14T06:00:00Z")).await.unwrap();
    assert_eq!(dropped.rows, 111);
    assert_eq!(of("readings", short).await, 289 - 111);
    assert_eq!(of("readings", long).await, 289);
    assert_eq!(of("quarters", short).await, 193);
    once(&pool, at("2026-09-30T06:00:00Z")).await.unwrap();
    assert_eq!([of("readings", short).await, of("quarters", short).await], [0, 193]);
    // The last of September in Kolkata is twenty days back: its quarter-hours are all too old.
    once(&pool, at("2026-10-21T06:00:00Z")).await.unwrap();
    assert_eq!(of("quarters", short).await, 0);
    assert_eq!(of("days", short).await, 0);
    assert_eq!([of("readings", long).await, of("quarters", long).await], [289, 193]);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn alarms_that_are_over_go_with_the_days_and_open_ones_stay(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    for (raised, cleared) in [
        ("2021-08-28T12:00:00Z", Some("2021-08-28T13:00:00Z")),
        ("2021-08-28T12:00:00Z", Some("2021-08-30T13:00:00Z")),
        ("2021-08-28T12:00:00Z", None),
    ] {
        sqlx::query(
            "INSERT INTO alarms (site_id, meter_id, kind, severity, about, unit, raised_at, cleared_at) \
             VALUES (1, $1, 'offline', 'critical', \
                 jsonb_build_object('code', 'alarm.offline', 'message', 'Offline'), '', $2, $3)",
        )
        .bind(id.0)
        .bind(at(raised))
        .bind(cleared.map(at))
        .execute(&pool)
        .await
        .unwrap();
    }
    // Days are kept for five years.
    let dropped = once(&pool, at("2026-08-29T12:00:00Z")).await.unwrap();
    assert_eq!(dropped, Dropped { alarms: 1, ..Dropped::default() });
    assert_eq!(count(&pool, "SELECT count(*) FROM alarms").await, 2);
    assert_eq!(count(&pool, "SELECT count(*) FROM alarms WHERE cleared_at IS NULL").await, 1);
}

/// The months of readings that have a partition.
async fn partitions(pool: &PgPool) -> Vec<DateTime<Utc>> {
    let months = storage::operation::retention::months(
        pool,
        storage::operation::retention::Monthly::Readings,
    )
    .await;
    let made =
        |month: storage::operation::retention::Stored| month.has_partition.then_some(month.begins);
    months.unwrap().into_iter().filter_map(made).collect()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_of_many_years_make_no_partitions_and_go_when_they_are_too_old(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    let before = partitions(&pool).await;
    // Further apart than what is filled as a gap.
    let row = |year: i32| reading(id, at(&format!("{year}-05-05T00:00:00Z")), 6.0, f64::from(year));
    let years: Vec<Reading> = (1991..2020).step_by(2).map(row).collect();
    let outcome = tasks.outbox.submit(years).await.unwrap();
    assert_eq!((outcome.accepted, partitions(&pool).await), (15, before));
    balanced(&pool).await;
    let dropped = once(&pool, Utc::now()).await.unwrap();
    assert_eq!((dropped.rows >= 15, count(&pool, READINGS).await), (true, 0), "{dropped:?}");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn months_that_nobody_keeps_have_no_partition_unless_something_is_in_them(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let recent = now - TimeDelta::days(65);
    tasks.outbox.submit(vec![reading(id, recent, 6.0, 1.0)]).await.unwrap();
    balanced(&pool).await;
    once(&pool, now).await.unwrap();
    let made = partitions(&pool).await;
    assert_eq!(count(&pool, READINGS).await, 1);
    assert!(made.iter().any(|month| *month <= recent), "{made:?}");
    // Ninety days back, and a month that began before them.
    assert!(made.iter().all(|month| *month > now - TimeDelta::days(123)), "{made:?}");
    let ahead = made.iter().filter(|month| **month > now).count();
    assert_eq!(ahead, 3, "{made:?}");
    tasks.stop().await;
}

/// What was dropped is gone: of a clock that leapt a person is asked first.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_clock_that_leapt_is_not_believed_before_a_person_says_that_it_is_right(pool: PgPool) {
    let stopped = Utc::now().trunc_subsecs(6) - TimeDelta::days(300);
    let stored = domain::operation::retention::Clock::new(stopped);
    storage::operation::retention_clock::set(&pool, stored).await.unwrap();
    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    let who = &Principal::Loopback;
    let began = Instant::now();
    let leapt = loop {
        let told = clock::standing(&service, who).await.unwrap();
        if told.leapt_at.is_some() {
            break told;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "the leap was not seen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(leapt.at, stopped, "what was kept then is kept");
    let confirmed = clock::confirm(&service, who).await.unwrap();
    assert_eq!((confirmed.at, confirmed.leapt_at), (confirmed.now, None));
    tasks.stop().await;
}
