//! What a node loses reaches the table of losses, whatever way the readings come.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use service::{Service, Tasks};
use sqlx::PgPool;

use crate::{meter, reading};

/// How long a change may take to get there.
const LIMIT: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
struct Loss {
    source_energy_kwh: f64,
    #[sqlx(rename = "loss_kwh")]
    kwh: Option<f64>,
    error_kwh: f64,
    verdict: String,
    coverage: f32,
}

async fn loss(pool: &PgPool, node: MeterId, resolution: &str, at: DateTime<Utc>) -> Option<Loss> {
    sqlx::query_as(
        "SELECT source_energy_kwh, loss_kwh, error_kwh, verdict, coverage \
         FROM power_loss_analysis \
         WHERE meter_id = $1 AND resolution = $2 AND window_start <= $3 AND window_end > $3",
    )
    .bind(node.0)
    .bind(resolution)
    .bind(at)
    .fetch_optional(pool)
    .await
    .unwrap()
}

/// Waits until the node's loss in the hour around `at` is about `kwh`.
async fn reaches(pool: &PgPool, node: MeterId, at: DateTime<Utc>, kwh: f64) -> Loss {
    let begun = std::time::Instant::now();
    let mut last = None;
    while begun.elapsed() < LIMIT {
        last = loss(pool, node, "1h", at).await;
        if let Some(found) =
            last.as_ref().filter(|found| found.kwh.is_some_and(|lost| (lost - kwh).abs() < 1e-6))
        {
            return found.clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the loss did not become {kwh} kWh within {LIMIT:?}: {last:?}");
}

/// Waits until the balance of the hour around `at` is there and lacks a meter.
async fn is_incomplete(pool: &PgPool, node: MeterId, at: DateTime<Utc>) -> Loss {
    let begun = std::time::Instant::now();
    while begun.elapsed() < LIMIT {
        let found = loss(pool, node, "1h", at).await;
        if let Some(found) = found.filter(|found| found.verdict == "incomplete") {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the balance was not incomplete within {LIMIT:?}");
}

struct Plant {
    pool: PgPool,
    service: Service,
    main: MeterId,
    loads: [MeterId; 2],
    tasks: Tasks,
}

fn start() -> DateTime<Utc> {
    "2026-10-05T08:00:00Z".parse().unwrap()
}

/// A main of 100 kW with loads of 60 and 30 kW, read every five minutes for five hours.
fn readings(id: MeterId, power: f64) -> Vec<Reading> {
    (0..=60)
        .map(|n| {
            let hours = f64::from(n) / 12.0;
            let at = start() + TimeDelta::minutes(5) * n;
            reading(id, at, power, 1_000.0 + power * hours)
        })
        .collect()
}

async fn plant(pool: &PgPool) -> Plant {
    let main = meter(pool, "MAIN", "Main", None).await;
    let a = meter(pool, "A", "Unit", Some(main)).await;
    let b = meter(pool, "B", "Unit", Some(main)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    Plant { pool: pool.clone(), service, main, loads: [a, b], tasks }
}

impl Plant {
    async fn submit(&self, readings: Vec<Reading>) {
        self.tasks.outbox.submit(readings).await.unwrap();
    }

    async fn submit_all(&self) {
        let [a, b] = self.loads;
        self.submit([readings(self.main, 100.0), readings(a, 60.0), readings(b, 30.0)].concat())
            .await;
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_loss_of_a_node_by_hour_and_day_with_its_error_and_verdict(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.submit_all().await;
    let hour = reaches(&pool, plant.main, start() + TimeDelta::hours(2), 10.0).await;
    assert!((hour.source_energy_kwh - 100.0).abs() < 1e-6);
    assert_eq!(hour.verdict, "loss");
    let expected = (1.0_f64.powi(2) + 0.6_f64.powi(2) + 0.3_f64.powi(2)).sqrt();
    assert!((hour.error_kwh - expected).abs() < 0.2, "{hour:?}");
    assert!((hour.coverage - 1.0).abs() < 1e-6);
    let day = loss(&pool, plant.main, "1d", start()).await.unwrap();
    assert!((day.kwh.unwrap() - 50.0).abs() < 1e-6, "{day:?}");
    assert_eq!(loss(&pool, plant.loads[0], "1h", start()).await, None, "a leaf has no balance");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silent_child_makes_the_hour_incomplete_and_a_late_reading_mends_it(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0)].concat()).await;
    let at = start() + TimeDelta::hours(2);
    let hour = is_incomplete(&pool, plant.main, at).await;
    assert_eq!((hour.kwh, hour.verdict.as_str()), (None, "incomplete"));
    plant.submit(readings(b, 30.0)).await;
    let hour = reaches(&pool, plant.main, at, 10.0).await;
    assert_eq!(hour.verdict, "loss");
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_in_any_order_end_at_the_same_loss(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0)].concat()).await;
    let mut rest = readings(b, 30.0);
    let early = rest.drain(..30).collect();
    plant.submit(rest).await;
    reaches(&pool, plant.main, start() + TimeDelta::hours(4), 10.0).await;
    plant.submit(early).await;
    reaches(&pool, plant.main, start() + TimeDelta::hours(1), 10.0).await;
    reaches(&pool, plant.main, start() + TimeDelta::hours(2), 10.0).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_correction_changes_the_loss(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.submit_all().await;
    let at = start() + TimeDelta::hours(2);
    reaches(&pool, plant.main, at, 10.0).await;
    // On the hour the main showed 6 kWh less than was stored.
    let correction = storage::readings::corrections::Correction {
        meter: plant.main,
        at,
        field: domain::Field::TotalEnergyKwh,
        value: Some(1_000.0 + 200.0 - 6.0),
    };
    let mut transaction = plant.pool.begin().await.unwrap();
    storage::readings::corrections::insert(&mut *transaction, &correction, "misread")
        .await
        .unwrap();
    storage::recount::requeue::around(&mut transaction, plant.main, at).await.unwrap();
    transaction.commit().await.unwrap();
    reaches(&pool, plant.main, at, 16.0).await;
    reaches(&pool, plant.main, at - TimeDelta::minutes(30), 4.0).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn rows_of_plain_sql_reach_the_loss(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0)].concat()).await;
    let at = start() + TimeDelta::hours(3);
    is_incomplete(&pool, plant.main, at).await;
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh) \
         SELECT $1, $2::timestamptz + n * interval '5 minutes', 1000 + 30 * n / 12.0 \
         FROM generate_series(0, 60) AS n",
    )
    .bind(b.0)
    .bind(start())
    .execute(&pool)
    .await
    .unwrap();
    reaches(&pool, plant.main, at, 10.0).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_move_divides_the_losses_at_its_time(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    let mut moved = storage::meters::by_id(&pool, b).await.unwrap().unwrap();
    moved.parent = Some(a);
    moved.level = 3;
    let noon = start() + TimeDelta::hours(2) + TimeDelta::minutes(30);
    storage::meters::update(&pool, &moved, Some(noon)).await.unwrap();
    plant.submit_all().await;
    reaches(&pool, plant.main, start() + TimeDelta::hours(1), 10.0).await;
    // Half an hour with both loads below the main, half an hour with one.
    reaches(&pool, plant.main, start() + TimeDelta::hours(2), 5.0 + 20.0).await;
    reaches(&pool, plant.main, start() + TimeDelta::hours(3), 40.0).await;
    reaches(&pool, a, start() + TimeDelta::hours(3), 30.0).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_gap_across_the_end_of_an_hour_widens_its_error(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    let silent = start() + TimeDelta::minutes(110)..start() + TimeDelta::minutes(140);
    let gappy: Vec<_> =
        readings(b, 30.0).into_iter().filter(|reading| !silent.contains(&reading.at)).collect();
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0), gappy].concat()).await;
    let hour = reaches(&pool, plant.main, start() + TimeDelta::minutes(90), 10.0).await;
    // 35 minutes of silence at 30 kW: 20 of them lie after the hour.
    assert!(hour.error_kwh > 10.0 && hour.error_kwh < 13.0, "{hour:?}");
    assert_eq!(hour.verdict, "within_error");
    let calm = reaches(&pool, plant.main, start() + TimeDelta::minutes(30), 10.0).await;
    assert!(calm.error_kwh < 2.0);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_that_reads_ten_times_too_much_is_named(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    // Loads of different shapes: an equal share of each quarter-hour would let anyone be at fault.
    let shaped = |id, scale: f64, shape: i32| {
        let mut total = 500.0;
        (0..=60)
            .map(|n: i32| {
                let at = start() + TimeDelta::minutes(5) * n;
                let power = scale * (30.0 + f64::from((n / 3 * shape) % 7) * 8.0);
                let row = reading(id, at, power, total);
                total += power / 12.0;
                row
            })
            .collect::<Vec<_>>()
    };
    let (one, two) = (shaped(a, 1.0, 3), shaped(b, 1.0, 5));
    let sum = one.iter().zip(&two).map(|(one, two)| {
        let of = |row: &Reading| row.values.total_energy_kwh.unwrap();
        reading(plant.main, one.at, 0.0, of(one) + of(two))
    });
    let sum = sum.map(|mut row| {
        row.values.active_power_kw = None;
        row
    });
    let all = [sum.collect(), one, shaped(b, 10.0, 5)].concat();
    plant.submit(all).await;
    let found = "SELECT cause -> 'named' ->> 'code' FROM power_loss_analysis \
                 WHERE meter_id = $1 AND resolution = '1d'";
    for _ in 0..600 {
        let code: Option<Option<String>> =
            sqlx::query_scalar(found).bind(plant.main.0).fetch_optional(&pool).await.unwrap();
        if let Some(Some(code)) = code {
            assert_eq!(code, "ratio_ten_times");
            evidence_stays_where_a_meter_was_moved_later(&plant).await;
            plant.tasks.stop().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no cause was named within 30 s");
}

/// What a day is judged by is how the meters hung then, whatever the period that it is shown in.
async fn evidence_stays_where_a_meter_was_moved_later(plant: &Plant) {
    let [a, b] = plant.loads;
    let shown = async || {
        let query = format!("period=custom&from=2026-10-05&to=2026-10-08&node={}", plant.main);
        let query = service::pages::Query::parse(&query);
        let who = &service::Principal::Loopback;
        let page = service::losses::page::losses(&plant.service, who, &query).await.unwrap();
        page.chosen.unwrap().cause.unwrap()
    };
    let before = shown().await;
    assert!(before.steps.iter().all(|step| step.metered_kw < 0.0), "{:?}", before.steps);
    for step in &before.steps {
        assert!(step.after_kw.unwrap().abs() < 1e-6, "{step:?}");
    }
    let mut moved = storage::meters::by_id(&plant.pool, b).await.unwrap().unwrap();
    moved.parent = Some(a);
    moved.level = 3;
    let later = start() + TimeDelta::days(1);
    storage::meters::update(&plant.pool, &moved, Some(later)).await.unwrap();
    assert_eq!(shown().await.steps, before.steps);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_move_changes_the_losses_that_are_there(pool: PgPool) {
    let plant = plant(&pool).await;
    let [a, b] = plant.loads;
    plant.submit_all().await;
    let at = start() + TimeDelta::hours(3);
    reaches(&pool, plant.main, at, 10.0).await;
    // By plain SQL, with no date: it always hung there.
    sqlx::query("UPDATE energy_meters SET parent_meter_id = $1 WHERE id = $2")
        .bind(a.0)
        .bind(b.0)
        .execute(&pool)
        .await
        .unwrap();
    reaches(&pool, plant.main, at, 40.0).await;
    reaches(&pool, a, at, 30.0).await;
    plant.tasks.stop().await;
}
