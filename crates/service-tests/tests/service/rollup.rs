//! Readings become intervals and days, whatever way they come and in whatever order.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading, Source, Values};
use sqlx::PgPool;

use crate::{meter, reading};

const QUARTER: TimeDelta = TimeDelta::minutes(15);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Waits until nothing is left to be computed.
pub(crate) async fn settled(pool: &PgPool) {
    for _ in 0..6_000 {
        if storage::rollup::is_idle(pool).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the rollup did not finish within a minute");
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

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn intervals_and_days_add_up_to_the_register(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let readings = minutes(id, at("2026-10-01T10:07:00Z"), 3_000);
    tasks.outbox.submit(readings.clone()).await.unwrap();
    settled(&pool).await;
    let found = rows(&pool, id).await;
    assert_eq!(found.first().unwrap().0, at("2026-10-01T10:00:00Z"));
    assert_eq!(found.len(), 201);
    assert!((total(&pool, id).await - rise(&readings)).abs() < 1e-6);
    let full = found.iter().filter(|row| row.4 > 0.999).count();
    assert_eq!(full, found.len() - 2, "all but the first and the last are covered");
    let days: Vec<(chrono::NaiveDate, f64)> =
        sqlx::query_as("SELECT day, import_kwh FROM energy_days ORDER BY day")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(days.len(), 3);
    assert!((days.iter().map(|day| day.1).sum::<f64>() - rise(&readings)).abs() < 1e-6);
    assert!(service.metrics().rollup.computed >= 201);
    tasks.stop().await;
}

/// However they come, the same rows come of them.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn any_order_of_arrival_gives_the_same_rows(pool: PgPool) {
    let straight = meter(&pool, "M-1", "Main", None).await;
    let mixed = meter(&pool, "M-2", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let from = at("2026-10-01T10:07:00Z");
    let gaps = |n: usize| (n / 50) % 3 != 1;
    let keep = |all: Vec<Reading>| -> Vec<Reading> {
        all.into_iter().enumerate().filter(|(n, _)| gaps(*n)).map(|(_, reading)| reading).collect()
    };
    tasks.outbox.submit(keep(minutes(straight, from, 1_500))).await.unwrap();
    let all = keep(minutes(mixed, from, 1_500));
    for part in [7, 2, 5, 0, 3, 6, 1, 4] {
        let some: Vec<Reading> = all
            .iter()
            .enumerate()
            .filter(|(n, _)| n / 37 % 8 == part)
            .map(|(_, r)| r.clone())
            .collect();
        tasks.outbox.submit(some).await.unwrap();
        settled(&pool).await;
    }
    settled(&pool).await;
    let (expected, found) = (rows(&pool, straight).await, rows(&pool, mixed).await);
    assert_eq!(expected.len(), found.len());
    for (a, b) in expected.iter().zip(&found) {
        assert_eq!((a.0, a.5), (b.0, b.5));
        assert!((a.1 - b.1).abs() < 1e-6 && (a.3 - b.3).abs() < 1e-6, "{a:?} {b:?}");
        assert!((a.4 - b.4).abs() < 1e-5, "{a:?} {b:?}");
    }
    assert!((total(&pool, mixed).await - rise(&all)).abs() < 1e-6);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_gap_has_rows_and_its_energy_is_marked_as_estimated(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let from = at("2026-10-01T10:00:00Z");
    let ends = [
        reading(id, from, 10.0, 100.0),
        reading(id, from + TimeDelta::hours(30), 10.0, 400.0),
        reading(id, from + TimeDelta::hours(30) + TimeDelta::minutes(5), 10.0, 401.0),
    ];
    tasks.outbox.submit(ends.to_vec()).await.unwrap();
    settled(&pool).await;
    let found = rows(&pool, id).await;
    assert_eq!(found.len(), 121);
    assert!((total(&pool, id).await - 301.0).abs() < 1e-9);
    assert!(found[50].3 > 0.0 && found[50].4 == 0.0, "{:?}", found[50]);
    // What was missing comes in late: nothing is estimated any more.
    let late = (1..360).map(|n| {
        let after = TimeDelta::minutes(5 * n);
        reading(id, from + after, 10.0, 100.0 + 300.0 * after.as_seconds_f64() / 108_000.0)
    });
    tasks.outbox.submit(late.collect()).await.unwrap();
    settled(&pool).await;
    let found = rows(&pool, id).await;
    assert!((total(&pool, id).await - 301.0).abs() < 1e-6);
    assert!(found.iter().all(|row| row.3 == 0.0), "{:?}", found.iter().find(|row| row.3 > 0.0));
    assert!(found[..120].iter().all(|row| row.4 > 0.999));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_plain_sql_writes_is_found(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh) \
         SELECT $1, '2026-10-01 10:00+00'::timestamptz + n * interval '1 minute', n * 0.5 \
         FROM generate_series(0, 120) AS n",
    )
    .bind(id.0)
    .execute(&pool)
    .await
    .unwrap();
    for _ in 0..1_200 {
        if total(&pool, id).await > 59.9 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    settled(&pool).await;
    assert!((total(&pool, id).await - 60.0).abs() < 1e-9);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_stands_in_the_claims_after_a_crash_is_done_first(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let readings = minutes(id, at("2026-10-01T10:00:00Z"), 90);
    storage::readings::insert(&pool, &readings).await.unwrap();
    let claims =
        storage::rollup::claim(&pool, &storage::rollup::Live::default(), 1_000).await.unwrap();
    assert_eq!(claims.len(), 6);
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    settled(&pool).await;
    assert!((total(&pool, id).await - rise(&readings)).abs() < 1e-9);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_finer_step_takes_noise_for_what_it_is(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let from = at("2026-10-01T10:00:00Z");
    let totals = [10_000.0, 10_001.0, 10_002.0, 10_001.5, 10_001.6, 10_003.0];
    let values =
        |n: i32| reading(id, from + QUARTER / 3 * n, 1.0, totals[usize::try_from(n).unwrap()]);
    tasks.outbox.submit((0..6).map(values).collect()).await.unwrap();
    settled(&pool).await;
    let step: f64 =
        sqlx::query_scalar("SELECT step_kwh FROM meter_registers").fetch_one(&pool).await.unwrap();
    assert!(step <= 1.0);
    let sum = total(&pool, id).await;
    assert!(sum > 2.9, "{sum}");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_correction_takes_the_place_of_a_value(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let from = at("2026-10-01T10:00:00Z");
    let mut readings = minutes(id, from, 60);
    let truth = rise(&readings);
    let wrong = readings[59].at;
    readings[59].values.total_energy_kwh = Some(9_999_999.0);
    let right = 1000.0 + 10.0 / 60.0 + truth;
    tasks.outbox.submit(readings).await.unwrap();
    settled(&pool).await;
    assert!(total(&pool, id).await > 9_000_000.0);
    let field = domain::Field::TotalEnergyKwh;
    let correction = storage::readings::corrections::Correction {
        meter: id,
        at: wrong,
        field,
        value: Some(right),
    };
    let mut transaction = pool.begin().await.unwrap();
    storage::readings::corrections::insert(&mut *transaction, &correction, "typo").await.unwrap();
    storage::recount::requeue::around(&mut transaction, id, wrong).await.unwrap();
    transaction.commit().await.unwrap();
    settled(&pool).await;
    assert!((total(&pool, id).await - truth).abs() < 1e-6);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn one_mad_clock_does_not_fill_the_table(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let mut readings = minutes(id, at("2026-10-01T10:00:00Z"), 60);
    let truth = rise(&readings);
    readings.push(Reading {
        meter: id,
        at: at("1990-01-01T00:00:00Z"),
        quality: domain::Quality::Good,
        source: Source::Api,
        values: Values { total_energy_kwh: Some(5.0), ..Values::default() },
    });
    tasks.outbox.submit(readings).await.unwrap();
    settled(&pool).await;
    assert_eq!(rows(&pool, id).await.len(), 5);
    assert!((total(&pool, id).await - truth).abs() < 1e-6);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_sql_deleted_is_computed_again_when_asked(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let from = at("2026-10-01T10:00:00Z");
    tasks.outbox.submit(minutes(id, from, 181)).await.unwrap();
    settled(&pool).await;
    tasks.stop().await;
    let before = total(&pool, id).await;
    sqlx::query("DELETE FROM meter_readings WHERE timestamp > '2026-10-01 11:30+00'")
        .execute(&pool)
        .await
        .unwrap();
    let asked = service::rollup::RebuildRequest {
        site: None,
        meter: "M-1",
        from: "2026-10-01T11:00:00Z".parse().unwrap(),
        to: "2026-10-02".parse().unwrap(),
    };
    let rebuilt = service::rollup::rebuild(&pool, asked).await.unwrap();
    assert_eq!(rebuilt.quarters, 9);
    let found = rows(&pool, id).await;
    assert_eq!(found.last().unwrap().0, at("2026-10-01T11:30:00Z"));
    let left = rise(&minutes(id, from, 91));
    assert!((total(&pool, id).await - left).abs() < 1e-6 && left < before);
    let days: f64 = sqlx::query_scalar("SELECT sum(import_kwh) FROM energy_days")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!((days - left).abs() < 1e-6);
}

/// What live readings change second by second ends as if they had come at once, late ones too.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_that_trickle_in_give_the_rows_of_all_at_once(pool: PgPool) {
    let trickled = meter(&pool, "M-1", "Main", None).await;
    let straight = meter(&pool, "M-2", "Main", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let begin = storage::readings::insert;
    let from = domain::energy::floor(Utc::now(), QUARTER).unwrap() - TimeDelta::minutes(20);
    let all = |id| minutes(id, from, 21);
    let late = [14, 16, 20];
    let readings = all(trickled);
    for (n, reading) in readings.iter().enumerate().filter(|(n, _)| !late.contains(n)) {
        begin(&pool, std::slice::from_ref(reading)).await.unwrap();
        if n > 12 {
            settled(&pool).await;
        }
    }
    for n in late {
        begin(&pool, &readings[n..=n]).await.unwrap();
        settled(&pool).await;
    }
    begin(&pool, &all(straight)).await.unwrap();
    settled(&pool).await;
    let (expected, found) = (rows(&pool, straight).await, rows(&pool, trickled).await);
    assert_eq!(expected.len(), found.len());
    for (a, b) in expected.iter().zip(&found) {
        assert!((a.1 - b.1).abs() < 1e-9 && (a.4 - b.4).abs() < 1e-5, "{a:?} {b:?}");
    }
    tasks.stop().await;
}

/// A device whose clock was never set tells of 2001 once, and of an hour ago once, beside what it tells rightly.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silence_of_decades_is_not_filled_in_whatever_order_readings_come(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let before = |seconds| now - TimeDelta::seconds(seconds);
    let long_ago = "2001-09-09T01:46:40Z".parse().unwrap();
    for rows in [
        vec![reading(id, before(300), 1.0, 1.0), reading(id, before(5), 1.0, 2.0)],
        vec![reading(id, long_ago, 1.0, 7.0)],
        vec![reading(id, before(3_000), 1.0, 0.5)],
    ] {
        tasks.outbox.submit(rows).await.unwrap();
        settled(&pool).await;
    }
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM energy_intervals").fetch_one(&pool).await.unwrap();
    assert!(rows < 20, "{rows} quarter-hours");
    assert!((total(&pool, id).await - 1.5).abs() < 1e-6, "{}", total(&pool, id).await);
    tasks.stop().await;
}

/// A history with hours between its readings is a turn of its own for each of them.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_live_is_counted_while_a_long_history_is(pool: PgPool) {
    let old = meter(&pool, "M-1", "Grid", None).await;
    let live = meter(&pool, "M-2", "Grid", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let history = (0..900).map(|n| {
        let at = now - TimeDelta::hours(7) * (900 - n);
        reading(old, at, 1.0, f64::from(n) * 7.0)
    });
    tasks.outbox.submit(history.collect()).await.unwrap();
    let rows = [(600, 0.0), (1, 5.0)]
        .map(|(seconds, kwh)| reading(live, now - TimeDelta::seconds(seconds), 30.0, kwh));
    tasks.outbox.submit(rows.into()).await.unwrap();
    while (total(&pool, live).await - 5.0).abs() > 1e-6 {
        assert!(
            !storage::rollup::is_idle(&pool).await.unwrap(),
            "it came after all of the history"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    settled(&pool).await;
    let whole = total(&pool, old).await;
    assert!((whole - 899.0 * 7.0).abs() < 1e-3, "{whole}");
    tasks.stop().await;
}
