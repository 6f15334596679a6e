//! Time whose readings are dropped while an input is silent.

use service::retention::once;

use super::silent::virtual_meter;
use super::*;
use crate::retention::balanced;

/// Readings ten minutes apart.
fn ten(id: MeterId, power: f64, minutes: std::ops::RangeInclusive<i32>) -> Vec<Reading> {
    steady(id, power, minutes).into_iter().step_by(20).collect()
}

const DAY: i32 = 24 * 60;
/// Noon and less of the twelfth of August, after two hours …
const SILENT: i32 = -54 * DAY + 120;
/// … and a morning of September.
const BACK: i32 = -30 * DAY;

/// The load is read from the twelfth of August to the first days of September, the roof for two hours alone; then
/// August is dropped. Answers a service that begins anew.
async fn august_is_dropped(pool: &PgPool, load: impl Fn(&mut Reading)) -> Plant {
    let mut plant = plant(pool).await;
    let mut rows = ten(plant.load, 60.0, -54 * DAY..=BACK);
    rows.iter_mut().for_each(load);
    rows.retain(|row| row.values.active_power_kw.is_some());
    plant.tasks.outbox.submit(rows).await.unwrap();
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, -54 * DAY..=SILENT)).await.unwrap();
    reaches(pool, plant.grid, SILENT, 60.0).await;
    balanced(pool).await;
    let dropped = once(pool, start() + TimeDelta::days(70)).await.unwrap();
    assert_eq!(dropped.months_of_readings, 1, "August");
    plant.tasks.stop().await;
    (plant.service, plant.tasks) =
        service::start(pool.clone(), service::Vault::random()).await.unwrap();
    plant
}

/// What the other read meanwhile is dropped as well, and told by its quarter-hours.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_whose_last_point_was_dropped_goes_on_from_it(pool: PgPool) {
    let plant = august_is_dropped(&pool, |_| ()).await;
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, BACK - 60..=BACK)).await.unwrap();
    // The quarter-hour in which the silence began stays as it was.
    let kwh = 30.0 * 24.0 * 24.0 - 30.0 / 4.0;
    reaches(&pool, plant.grid, BACK, kwh).await;
    rollup::settled(&pool).await;
    let total = rollup::total(&pool, plant.grid).await;
    assert!((total - kwh).abs() < 1e-3, "{total} of {kwh} kWh");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn of_dropped_time_only_what_is_not_known_is_lost(pool: PgPool) {
    // The load tells power alone, and nothing for some hours of the twentieth.
    let hole = start() - TimeDelta::days(46)..=start() - TimeDelta::days(46) + TimeDelta::hours(3);
    let plant = august_is_dropped(&pool, |row| {
        row.values.total_energy_kwh = None;
        if hole.contains(&row.at) {
            row.values.active_power_kw = None;
        }
    })
    .await;
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, BACK - 60..=BACK)).await.unwrap();
    let whole = 30.0 * 24.0 * 24.0;
    let until = start() + TimeDelta::minutes(BACK.into());
    for _ in 0..600 {
        let last = points(&pool, plant.grid).await.last().copied();
        if last.is_some_and(|(at, net)| at == until && net > whole - 30.0 * 4.0) {
            rollup::settled(&pool).await;
            let total = rollup::total(&pool, plant.grid).await;
            assert!(total > whole - 30.0 * 4.0 && total < whole - 30.0 * 3.0, "{total}");
            return plant.tasks.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it did not get there: {:?}", points(&pool, plant.grid).await.last());
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_told_of_dropped_time_later_lies_where_it_passed(pool: PgPool) {
    let plant = august_is_dropped(&pool, |_| ()).await;
    // The roof made nothing in August.
    let mut rows = ten(plant.solar, 30.0, SILENT + 10..=BACK);
    let september = start() - TimeDelta::hours(34 * 24 + 8);
    let at_night = 1_000.0 + 30.0 * f64::from(SILENT) / 60.0;
    for row in rows.iter_mut().filter(|row| row.at <= september) {
        row.values.active_power_kw = Some(0.0);
        row.values.total_energy_kwh = Some(at_night);
    }
    plant.tasks.outbox.submit(rows).await.unwrap();
    reaches(&pool, plant.grid, BACK, 30.0 * 24.0 * 24.0 - 60.0 / 4.0).await;
    rollup::settled(&pool).await;
    let of_august: f64 = sqlx::query_scalar(
        "SELECT sum(import_kwh - export_kwh) FROM energy_intervals \
         WHERE meter_id = $1 AND bucket_start < '2026-09-01 00:00+00'",
    )
    .bind(plant.grid.0)
    .fetch_one(&pool)
    .await
    .unwrap();
    let hours = (september - start()).as_seconds_f64() / 3_600.0 - f64::from(SILENT) / 60.0;
    let expected = 60.0 + 60.0 * (hours - 0.25);
    assert!((of_august - expected).abs() < 15.0, "{of_august} of {expected} kWh in August");
    plant.tasks.stop().await;
}

/// Waits until what changed of the inputs is written up to a minute, and answers the energy of the meter.
async fn settled(pool: &PgPool, id: MeterId, minute: i32) -> f64 {
    let wanted = start() + TimeDelta::minutes(minute.into());
    for _ in 0..1_200 {
        let (is_open,): (bool,) = sqlx::query_as(
            "SELECT derive_from IS NOT NULL OR derived_to IS DISTINCT FROM $2 \
             FROM meter_registers WHERE meter_id = $1",
        )
        .bind(id.0)
        .bind(wanted)
        .fetch_one(pool)
        .await
        .unwrap();
        if !is_open {
            rollup::settled(pool).await;
            return rollup::total(pool, id).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it did not get there: {:?}", points(pool, id).await.last());
}

/// All but the quarter-hour in which the silence began.
const WHOLE: f64 = 30.0 * 24.0 * 24.0 - 30.0 / 4.0;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_change_behind_dropped_time_leaves_what_is_told_of_it(pool: PgPool) {
    let plant = august_is_dropped(&pool, |_| ()).await;
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, BACK - 60..=BACK)).await.unwrap();
    reaches(&pool, plant.grid, BACK, WHOLE).await;
    let late = steady(plant.load, 60.0, BACK - 2 * DAY + 5..=BACK - 2 * DAY + 5);
    plant.tasks.outbox.submit(late).await.unwrap();
    let total = settled(&pool, plant.grid, BACK).await;
    assert!((total - WHOLE).abs() < 1e-3, "{total} of {WHOLE} kWh");
    plant.tasks.stop().await;
}

/// The quarter-hours of the input that was silent are computed long after its reading came.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn dropped_time_is_gone_through_when_it_is_computed(pool: PgPool) {
    let mut others = Vec::new();
    for number in ["C", "D"] {
        others.push(meter(&pool, number, "Other", None).await);
    }
    let quick = virtual_meter(&pool, "QUICK", [others[0], others[1]]).await;
    let plant = august_is_dropped(&pool, |_| ()).await;
    let held = loop {
        if let Some(turn) = storage::rollup::take_turn(&pool).await.unwrap() {
            break turn;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, BACK - 60..=BACK)).await.unwrap();
    for other in others {
        plant.tasks.outbox.submit(steady(other, 1.0, 0..=10)).await.unwrap();
    }
    // The others had their turn, so this one had too.
    reaches(&pool, quick, 10, 2.0 / 6.0).await;
    drop(held);
    reaches(&pool, plant.grid, BACK, WHOLE).await;
    let total = settled(&pool, plant.grid, BACK).await;
    assert!((total - WHOLE).abs() < 1e-3, "{total} of {WHOLE} kWh");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_told_of_dropped_time_in_parts_adds_up(pool: PgPool) {
    let mut plant = august_is_dropped(&pool, |_| ()).await;
    let part = SILENT + 5 * DAY;
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, SILENT + 10..=part)).await.unwrap();
    let known = 30.0 * (f64::from(part) / 60.0 + 54.0 * 24.0) - 30.0 / 4.0;
    reaches(&pool, plant.grid, part, known).await;
    plant.tasks.stop().await;
    (plant.service, plant.tasks) =
        service::start(pool.clone(), service::Vault::random()).await.unwrap();
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, part + 10..=BACK)).await.unwrap();
    reaches(&pool, plant.grid, BACK, WHOLE).await;
    let total = settled(&pool, plant.grid, BACK).await;
    assert!((total - WHOLE).abs() < 1e-3, "{total} of {WHOLE} kWh");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_single_reading_in_dropped_time_costs_nothing_of_it(pool: PgPool) {
    let plant = august_is_dropped(&pool, |_| ()).await;
    // Within a quarter-hour, and at the bound of one.
    for minute in [3 * DAY + 7, 6 * DAY] {
        let at = SILENT + minute;
        plant.tasks.outbox.submit(steady(plant.solar, 30.0, at..=at)).await.unwrap();
        rollup::settled(&pool).await;
    }
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, BACK - 60..=BACK)).await.unwrap();
    let total = settled(&pool, plant.grid, BACK).await;
    assert!((total - WHOLE).abs() < 1e-3, "{total} of {WHOLE} kWh");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn terms_that_change_in_dropped_time_cost_its_quarter_hour(pool: PgPool) {
    let plant = august_is_dropped(&pool, |_| ()).await;
    let change = -46 * DAY + 127;
    for statement in [
        "UPDATE virtual_meters SET valid_to = $2 WHERE meter_id = $1",
        "INSERT INTO virtual_meters (meter_id, input_id, factor, valid_from) \
         SELECT meter_id, input_id, 1, $2 FROM virtual_meters WHERE meter_id = $1",
    ] {
        sqlx::query(statement)
            .bind(plant.grid.0)
            .bind(start() + TimeDelta::minutes(change.into()))
            .execute(&pool)
            .await
            .unwrap();
    }
    plant.tasks.outbox.submit(ten(plant.solar, 30.0, BACK - 60..=BACK)).await.unwrap();
    let (before, after) = (8.0 * 24.0 + 2.0 - 0.25, 16.0 * 24.0 - 2.25);
    let kwh = 30.0 * before + 90.0 * after;
    let total = settled(&pool, plant.grid, BACK).await;
    assert!((total - kwh).abs() < 1e-3, "{total} of {kwh} kWh");
    plant.tasks.stop().await;
}
