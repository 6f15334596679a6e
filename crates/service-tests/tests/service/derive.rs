//! Meters that are computed from others.

mod dropped;
mod silent;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::StepId;
use domain::{MeterId, Reading};
use service::{Service, Tasks};
use sqlx::PgPool;

use crate::{meter, reading, rollup};

fn start() -> DateTime<Utc> {
    "2026-10-05T08:00:00Z".parse().unwrap()
}

/// Readings every thirty seconds at a power, from one minute to another.
fn steady(id: MeterId, power: f64, minutes: std::ops::RangeInclusive<i32>) -> Vec<Reading> {
    (minutes.start() * 2..=minutes.end() * 2)
        .map(|n| {
            let at = start() + TimeDelta::seconds(30) * n;
            reading(id, at, power, 1_000.0 + power * f64::from(n) / 120.0)
        })
        .collect()
}

/// When the meter's points were taken, and import less export.
async fn points(pool: &PgPool, id: MeterId) -> Vec<(DateTime<Utc>, f64)> {
    sqlx::query_as(
        "SELECT timestamp, energy_import_kwh - energy_export_kwh FROM meter_readings \
         WHERE meter_id = $1 AND source = 'derived' ORDER BY timestamp",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

/// Waits until the last point is at a minute and says so many kWh.
async fn reaches(pool: &PgPool, id: MeterId, minute: i32, kwh: f64) -> Vec<(DateTime<Utc>, f64)> {
    let wanted = start() + TimeDelta::minutes(1) * minute;
    let mut found = Vec::new();
    for _ in 0..600 {
        found = points(pool, id).await;
        let last = found.last().copied();
        if last.is_some_and(|(at, net)| at == wanted && (net - kwh).abs() < 1e-6) {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it did not get to {kwh} kWh at {wanted} within 30 s: {:?}", found.last());
}

struct Plant {
    load: MeterId,
    solar: MeterId,
    grid: MeterId,
    service: Service,
    tasks: Tasks,
}

/// The grid is the load less what the roof makes.
async fn plant(pool: &PgPool) -> Plant {
    let load = meter(pool, "LOAD", "Main", None).await;
    let solar = meter(pool, "PV", "Solar", None).await;
    let grid = meter(pool, "GRID", "Grid", None).await;
    let mut db = pool.begin().await.unwrap();
    storage::meters::virtual_meters::put(&mut db, grid, &[(load, 1.0), (solar, -1.0)])
        .await
        .unwrap();
    db.commit().await.unwrap();
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    Plant { load, solar, grid, service, tasks }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_derived_meter_follows_its_inputs_and_is_rolled_up_like_any_other(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=40)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 90.0, 0..=30)).await.unwrap();
    let found = reaches(&pool, plant.grid, 30, -15.0).await;
    assert_eq!(found.len(), 31, "one each minute that both have passed");
    plant.tasks.outbox.submit(steady(plant.solar, 90.0, 31..=40)).await.unwrap();
    reaches(&pool, plant.grid, 40, -20.0).await;
    rollup::settled(&pool).await;
    let (import, export, flags): (f64, f64, i32) = sqlx::query_as(
        "SELECT sum(import_kwh), sum(export_kwh), bit_or(flags) FROM energy_intervals \
         WHERE meter_id = $1",
    )
    .bind(plant.grid.0)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert!(import.abs() < 1e-9 && (export - 20.0).abs() < 1e-6, "{import} {export}");
    assert_eq!(flags & 256, 256, "marked as derived");
    plant.tasks.stop().await;
}

/// The next reading of the register lies behind the day that is derived at once.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_input_whose_register_is_read_seldom_is_derived_whole(pool: PgPool) {
    let plant = plant(&pool).await;
    let mut load = steady(plant.load, 60.0, 0..=1_530);
    for (n, reading) in load.iter_mut().enumerate() {
        let is_read = n == 0 || n % 120 == 60;
        reading.values.total_energy_kwh = reading.values.total_energy_kwh.filter(|_| is_read);
    }
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=1_530)).await.unwrap();
    plant.tasks.outbox.submit(load).await.unwrap();
    reaches(&pool, plant.grid, 1_530, 765.0).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_correction_of_the_past_is_derived_again(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=90)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=90)).await.unwrap();
    reaches(&pool, plant.grid, 90, 45.0).await;
    rollup::settled(&pool).await;
    let first = start();
    let correction = storage::readings::corrections::Correction {
        meter: plant.load,
        at: first,
        field: domain::Field::TotalEnergyKwh,
        value: Some(998.0),
    };
    let mut transaction = pool.begin().await.unwrap();
    storage::readings::corrections::insert(&mut *transaction, &correction, "misread")
        .await
        .unwrap();
    storage::recount::requeue::around(&mut transaction, plant.load, first).await.unwrap();
    transaction.commit().await.unwrap();
    let found = reaches(&pool, plant.grid, 90, 47.0).await;
    assert_eq!(found.len(), 91);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_correction_of_the_last_reading_is_derived_again_at_once(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=60)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=60)).await.unwrap();
    reaches(&pool, plant.grid, 60, 30.0).await;
    rollup::settled(&pool).await;
    let last = start() + TimeDelta::minutes(60);
    let mut kwh = 30.0;
    for more in [2.0, 5.0] {
        let correction = storage::readings::corrections::Correction {
            meter: plant.solar,
            at: last,
            field: domain::Field::TotalEnergyKwh,
            value: Some(1_030.0 + more),
        };
        let mut transaction = pool.begin().await.unwrap();
        storage::readings::corrections::insert(&mut *transaction, &correction, "misread")
            .await
            .unwrap();
        storage::recount::requeue::around(&mut transaction, plant.solar, last).await.unwrap();
        transaction.commit().await.unwrap();
        kwh = 30.0 - more;
        reaches(&pool, plant.grid, 60, kwh).await;
    }
    // What is written by then stays as it is.
    let first = points(&pool, plant.grid).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 61..=64)).await.unwrap();
    let solar = steady(plant.solar, 30.0, 61..=64).into_iter().map(|mut reading| {
        reading.values.total_energy_kwh = reading.values.total_energy_kwh.map(|kwh| kwh + 5.0);
        reading
    });
    plant.tasks.outbox.submit(solar.collect()).await.unwrap();
    let found = reaches(&pool, plant.grid, 64, kwh + 2.0).await;
    assert_eq!(found[..first.len()], first[..]);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_gap_of_an_input_has_no_points_and_loses_no_energy(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=120)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=30)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 90..=120)).await.unwrap();
    let found = reaches(&pool, plant.grid, 120, 60.0).await;
    let inside = |at: DateTime<Utc>| {
        at > start() + TimeDelta::minutes(30) && at < start() + TimeDelta::minutes(90)
    };
    assert!(!found.iter().any(|(at, _)| inside(*at)), "{found:?}");
    assert!(found.windows(2).all(|pair| pair[1].1 >= pair[0].1));
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_computed_keeps_its_terms_when_others_begin(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=40)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=40)).await.unwrap();
    reaches(&pool, plant.grid, 40, 20.0).await;
    let at = start() + TimeDelta::minutes(40);
    let sum = [(plant.load, 1.0), (plant.solar, 1.0)];
    let mut db = pool.begin().await.unwrap();
    storage::meters::virtual_meters::change(&mut db, plant.grid, &sum, at).await.unwrap();
    db.commit().await.unwrap();
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 41..=90)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 41..=90)).await.unwrap();
    let first = reaches(&pool, plant.grid, 90, 20.0 + 75.0).await;
    assert_eq!(first.len(), 91);
    rollup::settled(&pool).await;

    let correction = storage::readings::corrections::Correction {
        meter: plant.load,
        at: start(),
        field: domain::Field::TotalEnergyKwh,
        value: Some(998.0),
    };
    let mut transaction = pool.begin().await.unwrap();
    storage::readings::corrections::insert(&mut *transaction, &correction, "misread")
        .await
        .unwrap();
    storage::recount::requeue::around(&mut transaction, plant.load, start()).await.unwrap();
    transaction.commit().await.unwrap();
    let again = reaches(&pool, plant.grid, 90, 22.0 + 75.0).await;
    let changed = again.iter().find(|(minute, _)| *minute == at).unwrap().1;
    assert!((changed - 22.0).abs() < 1e-6, "computed again as it was meant: {changed}");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn new_terms_go_on_where_an_old_input_is_silent_and_what_comes_late_is_added(pool: PgPool) {
    let plant = plant(&pool).await;
    let new = meter(&pool, "NEW", "Main", None).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=30)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=20)).await.unwrap();
    reaches(&pool, plant.grid, 20, 10.0).await;
    let at = start() + TimeDelta::minutes(30);
    let mut db = pool.begin().await.unwrap();
    storage::meters::virtual_meters::change(&mut db, plant.grid, &[(new, 1.0)], at).await.unwrap();
    db.commit().await.unwrap();
    plant.tasks.outbox.submit(steady(new, 120.0, 29..=60)).await.unwrap();
    reaches(&pool, plant.grid, 60, 10.0 + 60.0).await;
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 21..=31)).await.unwrap();
    reaches(&pool, plant.grid, 60, 15.0 + 60.0).await;
    plant.tasks.stop().await;
}

/// What the quarter-hours of a meter say: energy in all, import less export, and the share of the hours of
/// which readings tell.
async fn told(pool: &PgPool, id: MeterId, hours: f64) -> (f64, f64) {
    rollup::settled(pool).await;
    let (net, covered): (f64, f64) = sqlx::query_as(
        "SELECT coalesce(sum(import_kwh - export_kwh), 0), coalesce(sum(coverage::float8), 0) \
         FROM energy_intervals WHERE meter_id = $1",
    )
    .bind(id.0)
    .fetch_one(pool)
    .await
    .unwrap();
    (net, covered / (4.0 * hours))
}

/// The roof's register, set up by so much from a minute on.
fn lifted(readings: Vec<Reading>, by: f64, from: i32) -> Vec<Reading> {
    let from = start() + TimeDelta::minutes(1) * from;
    let lift = |mut reading: Reading| {
        let kwh = reading.values.total_energy_kwh.filter(|_| reading.at >= from);
        reading.values.total_energy_kwh =
            kwh.map(|kwh| kwh + by).or(reading.values.total_energy_kwh);
        reading
    };
    readings.into_iter().map(lift).collect()
}

/// Waits for the sum to say so much, at a coverage.
async fn says(pool: &PgPool, plant: &Plant, hours: f64, (kwh, coverage): (f64, f64)) {
    let mut found = (0.0, 0.0);
    for _ in 0..300 {
        found = told(pool, plant.grid, hours).await;
        if (found.0 - kwh).abs() < 1e-6 && (found.1 - coverage).abs() < 1e-3 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it says {found:?}, and {kwh} at {coverage} is right");
}

async fn rate(pool: &PgPool, meter: MeterId, kw: f64) {
    sqlx::query("UPDATE energy_meters SET rated_power_kw = $2 WHERE id = $1")
        .bind(meter.0)
        .bind(kw)
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn time_in_which_an_input_is_quarantined_is_not_counted_until_the_step_is_accepted(
    pool: PgPool,
) {
    let plant = plant(&pool).await;
    rate(&pool, plant.solar, 100.0).await;
    let silent = |reading: &Reading| {
        let minute = (reading.at - start()).num_minutes();
        !(60..90).contains(&minute) || reading.at == start() + TimeDelta::minutes(60)
    };
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=180)).await.unwrap();
    let solar = lifted(steady(plant.solar, 30.0, 0..=180), 7_000.0, 90);
    plant.tasks.outbox.submit(solar.into_iter().filter(silent).collect()).await.unwrap();
    reaches(&pool, plant.grid, 180, 75.0).await;
    says(&pool, &plant, 3.0, (75.0, 150.0 / 180.0)).await;

    let who = service::Principal::Loopback;
    let held =
        service::energy::quarantine::list(&plant.service, &who, None, None, None).await.unwrap();
    assert_eq!(held.len(), 1, "of the roof alone: {held:?}");
    let number = StepId(held[0].n);
    service::energy::quarantine::accept(&plant.service, &who, number).await.unwrap();
    reaches(&pool, plant.grid, 180, 90.0 - 7_000.0).await;
    says(&pool, &plant, 3.0, (90.0 - 7_000.0, 150.0 / 180.0)).await;
    service::energy::quarantine::reject(&plant.service, &who, number).await.unwrap();
    says(&pool, &plant, 3.0, (75.0, 150.0 / 180.0)).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_step_of_a_moment_that_is_not_believed_leaves_its_minutes_out(pool: PgPool) {
    let plant = plant(&pool).await;
    rate(&pool, plant.solar, 100.0).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=60)).await.unwrap();
    let solar = lifted(steady(plant.solar, 30.0, 0..=60), 7_000.0, 30);
    plant.tasks.outbox.submit(solar).await.unwrap();
    says(&pool, &plant, 1.0, (29.5, 59.0 / 60.0)).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_exchanged_input_and_its_gap_are_counted_whole(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=180)).await.unwrap();
    let before = steady(plant.solar, 30.0, 0..=60);
    let after = lifted(steady(plant.solar, 30.0, 90..=180), -1_040.0, 0);
    plant.tasks.outbox.submit(before).await.unwrap();
    plant.tasks.outbox.submit(after).await.unwrap();
    let exchange = serde_json::json!({"timestamp": start() + TimeDelta::minutes(80),
        "oldFinalKwh": 1040.0, "newInitialKwh": 0.0, "reason": "old"});
    let exchange = serde_json::from_value(exchange).unwrap();
    let who = service::Principal::Loopback;
    service::meters::exchanges::create(&plant.service, &who, &"PV".into(), exchange).await.unwrap();
    // From the exchange on, the silence is too short for a gap.
    says(&pool, &plant, 3.0, (90.0, 160.0 / 180.0)).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_time_between_two_versions_is_not_counted(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=30)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=30)).await.unwrap();
    reaches(&pool, plant.grid, 30, 15.0).await;
    let new = meter(&pool, "NEW", "Main", None).await;
    let at = start() + TimeDelta::minutes(60);
    let mut db = pool.begin().await.unwrap();
    storage::meters::virtual_meters::change(&mut db, plant.grid, &[(new, 1.0)], at).await.unwrap();
    db.commit().await.unwrap();
    plant.tasks.outbox.submit(steady(new, 120.0, 59..=120)).await.unwrap();
    reaches(&pool, plant.grid, 120, 15.0 + 120.0).await;
    says(&pool, &plant, 2.0, (135.0, 90.0 / 120.0)).await;
    plant.tasks.stop().await;
}

/// A reading of 1990 and one of now lie 13,000 days apart.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_whose_inputs_were_silent_for_decades_holds_up_no_other(pool: PgPool) {
    let plant = plant(&pool).await;
    let old = "1990-02-01T00:00:00Z".parse().unwrap();
    let rows = [plant.load, plant.solar].map(|id| reading(id, old, 1.0, 1.0));
    plant.tasks.outbox.submit(rows.into()).await.unwrap();
    for id in [plant.load, plant.solar] {
        plant.tasks.outbox.submit(steady(id, 60.0, 0..=30)).await.unwrap();
    }
    let wanted = start() + TimeDelta::minutes(30);
    for _ in 0..300 {
        let found = points(&pool, plant.grid).await;
        if found.last().is_some_and(|(at, _)| *at == wanted) {
            plant.tasks.stop().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it did not come to the present within 15 s");
}
