//! Inputs that are silent for long, and histories that take long.

use std::time::Instant;

use super::*;

pub(super) async fn virtual_meter(pool: &PgPool, number: &str, inputs: [MeterId; 2]) -> MeterId {
    let id = meter(pool, number, "Other", None).await;
    let mut db = pool.begin().await.unwrap();
    let terms = inputs.map(|input| (input, 1.0));
    storage::meters::virtual_meters::put(&mut db, id, &terms).await.unwrap();
    db.commit().await.unwrap();
    id
}

/// Readings a number of days apart that rise by so much a day, from one day to another, counted from the
/// first of 1991.
fn each(id: MeterId, days: i32, range: std::ops::Range<i32>, rise: f64) -> Vec<Reading> {
    let begin: DateTime<Utc> = "1991-01-01T00:00:00Z".parse().unwrap();
    let step = usize::try_from(days).unwrap();
    let row =
        |day: i32| reading(id, begin + TimeDelta::days(day.into()), 1.0, rise * f64::from(day));
    range.step_by(step).map(row).collect()
}

/// One input is read every three days for thirty years, in which the other says nothing.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_input_that_reads_on_while_another_is_silent_costs_one_step(pool: PgPool) {
    let plant = plant(&pool).await;
    let rows = each(plant.load, 3, 0..10_950, 24.0);
    let mut rows = [rows, each(plant.solar, 1, 0..1, 0.0)].concat();
    for row in &mut rows {
        row.values.active_power_kw = None;
    }
    storage::readings::insert(&pool, &rows).await.unwrap();
    for id in [plant.load, plant.solar] {
        plant.tasks.outbox.submit(steady(id, 60.0, 0..=30)).await.unwrap();
    }
    reaches(&pool, plant.grid, 30, 0.0).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_passed_in_days_of_silence_is_told_at_its_end(pool: PgPool) {
    let plant = plant(&pool).await;
    let day = 24 * 60;
    for (id, power) in [(plant.load, 60.0), (plant.solar, 30.0)] {
        for minutes in [0..=60, 10 * day..=10 * day + 60] {
            plant.tasks.outbox.submit(steady(id, power, minutes)).await.unwrap();
        }
    }
    let hours = f64::from(10 * 24 + 1);
    let found = reaches(&pool, plant.grid, 10 * day + 60, 30.0 * hours).await;
    assert_eq!(found.len(), 61 + 61, "none in the gap");
    says(&pool, &plant, hours, (30.0 * hours, 2.0 / hours)).await;
    plant.tasks.stop().await;
}

/// The other input is read each minute, so that something is known of it all the time.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_gap_of_days_beside_an_input_that_reads_on_is_counted_whole(pool: PgPool) {
    let plant = plant(&pool).await;
    let end = 4 * 24 * 60 + 7;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=end)).await.unwrap();
    for minutes in [0..=60, end - 60..=end] {
        plant.tasks.outbox.submit(steady(plant.solar, 30.0, minutes)).await.unwrap();
    }
    reaches(&pool, plant.grid, end, f64::from(end) / 2.0).await;
    plant.tasks.stop().await;
}

/// From the exchange on the new meter is known, though it is read only days later.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_exchange_in_days_of_silence_ends_what_is_not_known(pool: PgPool) {
    let plant = plant(&pool).await;
    rate(&pool, plant.solar, 100.0).await;
    let day = 24 * 60;
    plant.tasks.outbox.submit(steady(plant.load, 60.0, 0..=8 * day)).await.unwrap();
    plant.tasks.outbox.submit(steady(plant.solar, 30.0, 0..=60)).await.unwrap();
    let after = lifted(steady(plant.solar, 30.0, 8 * day - 60..=8 * day), 1e6, 0);
    plant.tasks.outbox.submit(after).await.unwrap();
    // The old one cannot have counted so much; the new one began where it stood by then.
    let begins = 1_000.0 + 30.0 * 4.0 * 24.0 + 1e6;
    let exchange = serde_json::json!({"timestamp": start() + TimeDelta::days(4),
        "oldFinalKwh": 9e5, "newInitialKwh": begins, "reason": "old"});
    let exchange = serde_json::from_value(exchange).unwrap();
    let who = service::Principal::Loopback;
    service::meters::exchanges::create(&plant.service, &who, &"PV".into(), exchange).await.unwrap();
    reaches(&pool, plant.grid, 8 * day, 30.0 + 30.0 * 4.0 * 24.0).await;
    plant.tasks.stop().await;
}

/// Forty days of hourly readings are 57,600 points.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_with_a_long_history_lets_others_have_their_turn(pool: PgPool) {
    let mut inputs = Vec::new();
    for number in ["A", "B", "C", "D"] {
        inputs.push(meter(&pool, number, "Other", None).await);
    }
    let long = virtual_meter(&pool, "LONG", [inputs[0], inputs[1]]).await;
    let short = virtual_meter(&pool, "SHORT", [inputs[2], inputs[3]]).await;
    let hours = 40 * 24;
    for id in &inputs[..2] {
        let row = |hour: i32| reading(*id, start() - TimeDelta::hours(hour.into()), 1.0, 9e3);
        let rows: Vec<Reading> = (0..hours).rev().map(row).collect();
        storage::readings::insert(&pool, &rows).await.unwrap();
    }
    for id in &inputs[2..] {
        storage::readings::insert(&pool, &steady(*id, 60.0, 0..=30)).await.unwrap();
    }
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let begun = Instant::now();
    while points(&pool, short).await.len() < 31 {
        assert!(begun.elapsed().as_secs() < 30, "it is not written");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let last = points(&pool, long).await.last().map(|(at, _)| *at);
    assert!(last.is_none_or(|at| at < start()), "it came after all of the history");
    while points(&pool, long).await.last().map(|(at, _)| *at) < Some(start()) {
        assert!(begun.elapsed().as_secs() < 60, "the history is not written");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_a_shared_reading_told_goes_with_it(pool: PgPool) {
    let plant = plant(&pool).await;
    let last = 5 * 24 * 60;
    for (id, power) in [(plant.load, 60.0), (plant.solar, 30.0)] {
        plant.tasks.outbox.submit(steady(id, power, 0..=60)).await.unwrap();
        plant.tasks.outbox.submit(steady(id, power, last..=last)).await.unwrap();
    }
    reaches(&pool, plant.grid, last, f64::from(last) / 2.0).await;
    rollup::settled(&pool).await;
    assert!((rollup::total(&pool, plant.grid).await - f64::from(last) / 2.0).abs() < 1e-6);

    let at = start() + TimeDelta::minutes(last.into());
    let mut transaction = pool.begin().await.unwrap();
    for field in [domain::Field::TotalEnergyKwh, domain::Field::ActivePowerKw] {
        let correction = storage::readings::corrections::Correction {
            meter: plant.load,
            at,
            field,
            value: None,
        };
        storage::readings::corrections::insert(&mut *transaction, &correction, "misread")
            .await
            .unwrap();
    }
    storage::recount::requeue::around(&mut transaction, plant.load, at).await.unwrap();
    transaction.commit().await.unwrap();
    reaches(&pool, plant.grid, 60, 30.0).await;
    rollup::settled(&pool).await;
    let total = rollup::total(&pool, plant.grid).await;
    assert!((total - 30.0).abs() < 1e-6, "{total}");
    plant.tasks.stop().await;
}
