//! What a node loses reaches the table of losses, whatever way the readings come.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn losses_of_nodes_follow_their_readings(pool: PgPool) {
    let bench = Bench::start(pool).await;
    the_loss_of_a_node_by_hour_and_day_with_its_error_and_verdict(&bench).await;
    a_silent_child_makes_the_hour_incomplete_and_a_late_reading_mends_it(&bench).await;
    a_correction_changes_the_loss(&bench).await;
    rows_of_plain_sql_reach_the_loss(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn losses_of_nodes_follow_their_tree_and_their_errors(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_move_divides_the_losses_at_its_time(&bench).await;
    a_gap_across_the_end_of_an_hour_widens_its_error(&bench).await;
    a_meter_that_reads_ten_times_too_much_is_named(&bench).await;
    a_move_changes_the_losses_that_are_there(&bench).await;
    bench.stop().await;
}

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
    until(&format!("a loss of {kwh} kWh"), async || {
        let found = loss(pool, node, "1h", at).await;
        let is_so = |found: &Loss| found.kwh.is_some_and(|lost| (lost - kwh).abs() < 1e-6);
        found.clone().filter(is_so).ok_or(found)
    })
    .await
}

/// Waits until the balance of the hour around `at` is there and lacks a meter.
async fn is_incomplete(pool: &PgPool, node: MeterId, at: DateTime<Utc>) -> Loss {
    until("an incomplete balance", async || {
        let found = loss(pool, node, "1h", at).await;
        found.clone().filter(|found| found.verdict == "incomplete").ok_or(found)
    })
    .await
}

struct Plant<'a> {
    bench: &'a Bench,
    main: MeterId,
    loads: [MeterId; 2],
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

impl<'a> Plant<'a> {
    async fn new(bench: &'a Bench, name: &str) -> Self {
        let main = bench.meter(&format!("{name} MAIN"), "Main", None).await;
        let a = bench.meter(&format!("{name} A"), "Unit", Some(main)).await;
        let b = bench.meter(&format!("{name} B"), "Unit", Some(main)).await;
        Self { bench, main, loads: [a, b] }
    }

    async fn submit(&self, readings: Vec<Reading>) {
        self.bench.submit(readings).await;
    }

    async fn submit_all(&self) {
        let [a, b] = self.loads;
        self.submit([readings(self.main, 100.0), readings(a, 60.0), readings(b, 30.0)].concat())
            .await;
    }

    /// Hangs the second load below the first, since an instant.
    async fn moves(&self, since: DateTime<Utc>) {
        let [a, b] = self.loads;
        let mut moved = storage::meters::by_id(&self.bench.pool, b).await.unwrap().unwrap();
        moved.parent = Some(a);
        moved.level = 3;
        storage::meters::update(&self.bench.pool, &moved, Some(since)).await.unwrap();
    }
}

async fn the_loss_of_a_node_by_hour_and_day_with_its_error_and_verdict(bench: &Bench) {
    let plant = Plant::new(bench, "hour").await;
    plant.submit_all().await;
    let hour = reaches(&bench.pool, plant.main, start() + TimeDelta::hours(2), 10.0).await;
    assert!((hour.source_energy_kwh - 100.0).abs() < 1e-6);
    assert_eq!(hour.verdict, "loss");
    let expected = (1.0_f64.powi(2) + 0.6_f64.powi(2) + 0.3_f64.powi(2)).sqrt();
    assert!((hour.error_kwh - expected).abs() < 0.2, "{hour:?}");
    assert!((hour.coverage - 1.0).abs() < 1e-6);
    let day = loss(&bench.pool, plant.main, "1d", start()).await.unwrap();
    assert!((day.kwh.unwrap() - 50.0).abs() < 1e-6, "{day:?}");
    assert_eq!(
        loss(&bench.pool, plant.loads[0], "1h", start()).await,
        None,
        "a leaf has no balance"
    );
}

async fn a_silent_child_makes_the_hour_incomplete_and_a_late_reading_mends_it(bench: &Bench) {
    let plant = Plant::new(bench, "silent").await;
    let [a, b] = plant.loads;
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0)].concat()).await;
    let at = start() + TimeDelta::hours(2);
    let hour = is_incomplete(&bench.pool, plant.main, at).await;
    assert_eq!((hour.kwh, hour.verdict.as_str()), (None, "incomplete"));
    plant.submit(readings(b, 30.0)).await;
    let hour = reaches(&bench.pool, plant.main, at, 10.0).await;
    assert_eq!(hour.verdict, "loss");
}

async fn a_correction_changes_the_loss(bench: &Bench) {
    let plant = Plant::new(bench, "corrected").await;
    plant.submit_all().await;
    let at = start() + TimeDelta::hours(2);
    reaches(&bench.pool, plant.main, at, 10.0).await;
    // On the hour the main showed 6 kWh less than was stored.
    let right = Some(1_000.0 + 200.0 - 6.0);
    bench.correct(plant.main, at, domain::Field::TotalEnergyKwh, right).await;
    reaches(&bench.pool, plant.main, at, 16.0).await;
    reaches(&bench.pool, plant.main, at - TimeDelta::minutes(30), 4.0).await;
}

async fn rows_of_plain_sql_reach_the_loss(bench: &Bench) {
    let plant = Plant::new(bench, "sql").await;
    let [a, b] = plant.loads;
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0)].concat()).await;
    let at = start() + TimeDelta::hours(3);
    is_incomplete(&bench.pool, plant.main, at).await;
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh) \
         SELECT $1, $2::timestamptz + n * interval '5 minutes', 1000 + 30 * n / 12.0 \
         FROM generate_series(0, 60) AS n",
    )
    .bind(b.0)
    .bind(start())
    .execute(&bench.pool)
    .await
    .unwrap();
    reaches(&bench.pool, plant.main, at, 10.0).await;
}

async fn a_move_divides_the_losses_at_its_time(bench: &Bench) {
    let plant = Plant::new(bench, "moved").await;
    let [a, _] = plant.loads;
    plant.moves(start() + TimeDelta::minutes(150)).await;
    plant.submit_all().await;
    reaches(&bench.pool, plant.main, start() + TimeDelta::hours(1), 10.0).await;
    // Half an hour with both loads below the main, half an hour with one.
    reaches(&bench.pool, plant.main, start() + TimeDelta::hours(2), 5.0 + 20.0).await;
    reaches(&bench.pool, plant.main, start() + TimeDelta::hours(3), 40.0).await;
    reaches(&bench.pool, a, start() + TimeDelta::hours(3), 30.0).await;
}

async fn a_gap_across_the_end_of_an_hour_widens_its_error(bench: &Bench) {
    let plant = Plant::new(bench, "gap").await;
    let [a, b] = plant.loads;
    let silent = start() + TimeDelta::minutes(110)..start() + TimeDelta::minutes(140);
    let gappy: Vec<_> =
        readings(b, 30.0).into_iter().filter(|reading| !silent.contains(&reading.at)).collect();
    plant.submit([readings(plant.main, 100.0), readings(a, 60.0), gappy].concat()).await;
    let hour = reaches(&bench.pool, plant.main, start() + TimeDelta::minutes(90), 10.0).await;
    // 35 minutes of silence at 30 kW: 20 of them lie after the hour.
    assert!(hour.error_kwh > 10.0 && hour.error_kwh < 13.0, "{hour:?}");
    assert_eq!(hour.verdict, "within_error");
    let calm = reaches(&bench.pool, plant.main, start() + TimeDelta::minutes(30), 10.0).await;
    assert!(calm.error_kwh < 2.0);
}

async fn a_meter_that_reads_ten_times_too_much_is_named(bench: &Bench) {
    let plant = Plant::new(bench, "tenfold").await;
    let [a, b] = plant.loads;
    // Loads of different shapes: an equal share of each quarter-hour would let anyone be at fault.
    let shaped = |id, scale: f64, shape: i32| {
        let mut total = 500.0;
        (0..=63)
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
    let main: Vec<Reading> = sum.collect();
    // Of its last quarter-hour the loads were read five minutes, which leaves two thirds of the main's energy.
    let [one, two] = [one, shaped(b, 10.0, 5)].map(|rows| rows[..=61].to_vec());
    plant.submit([main, one, two].concat()).await;
    let found = "SELECT cause -> 'named' ->> 'code' FROM power_loss_analysis \
                 WHERE meter_id = $1 AND resolution = '1d'";
    until("a cause is named", async || {
        let code: Option<Option<String>> =
            sqlx::query_scalar(found).bind(plant.main.0).fetch_optional(&bench.pool).await.unwrap();
        if code.as_ref().and_then(Option::as_deref) == Some("ratio_ten_times") {
            Ok(())
        } else {
            Err(code)
        }
    })
    .await;
    evidence_stays_where_a_meter_was_moved_later(&plant).await;
}

/// What a day is judged by is how the meters hung then, whatever the period that it is shown in.
async fn evidence_stays_where_a_meter_was_moved_later(plant: &Plant<'_>) {
    let shown = async || {
        let query = format!("period=custom&from=2026-10-05&to=2026-10-08&node={}", plant.main);
        let query = service::pages::Query::parse(&query);
        let page = service::losses::page::losses(&plant.bench.service, WHO, &query).await.unwrap();
        page.chosen.unwrap().cause.unwrap()
    };
    let before = shown().await;
    assert!(before.steps.iter().all(|step| step.metered_kw < 0.0), "{:?}", before.steps);
    for step in &before.steps {
        assert!(step.after_kw.unwrap().abs() < 1e-6, "{step:?}");
    }
    plant.moves(start() + TimeDelta::days(1)).await;
    assert_eq!(shown().await.steps, before.steps);
}

async fn a_move_changes_the_losses_that_are_there(bench: &Bench) {
    let plant = Plant::new(bench, "again").await;
    let [a, b] = plant.loads;
    plant.submit_all().await;
    let at = start() + TimeDelta::hours(3);
    reaches(&bench.pool, plant.main, at, 10.0).await;
    // By plain SQL, with no date: it always hung there.
    sqlx::query("UPDATE energy_meters SET parent_meter_id = $1 WHERE id = $2")
        .bind(a.0)
        .bind(b.0)
        .execute(&bench.pool)
        .await
        .unwrap();
    reaches(&bench.pool, plant.main, at, 40.0).await;
    reaches(&bench.pool, a, at, 30.0).await;
}
