//! Meters that are computed from others.

mod dropped;
mod silent;

use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::StepId;
use domain::{Field, MeterId, Reading};
use serde_json::json;
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::{meter, reading};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn meters_are_computed_from_others(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_derived_meter_follows_its_inputs_and_is_rolled_up_like_any_other(&bench).await;
    an_input_whose_register_is_read_seldom_is_derived_whole(&bench).await;
    a_correction_of_the_last_reading_is_derived_again_at_once(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn gaps_and_new_terms_of_inputs_lose_no_energy(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_gap_of_an_input_has_no_points_and_loses_no_energy(&bench).await;
    past_energy_keeps_its_terms_when_others_begin(&bench).await;
    new_terms_go_on_where_an_old_input_is_silent_and_late_readings_are_added(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn time_of_which_an_input_is_not_known_is_not_counted(pool: PgPool) {
    let bench = Bench::start(pool).await;
    quarantined_time_of_an_input_is_not_counted_until_the_step_is_accepted(&bench).await;
    a_step_of_a_moment_that_is_not_believed_leaves_its_minutes_out(&bench).await;
    an_exchanged_input_and_its_gap_are_counted_whole(&bench).await;
    the_time_between_two_versions_is_not_counted(&bench).await;
    bench.stop().await;
}

fn start() -> DateTime<Utc> {
    "2026-10-05T08:00:00Z".parse().unwrap()
}

fn minute(minute: i32) -> DateTime<Utc> {
    start() + TimeDelta::minutes(1) * minute
}

/// Readings every thirty seconds at a power, from one minute to another.
fn steady(id: MeterId, power: f64, minutes: RangeInclusive<i32>) -> Vec<Reading> {
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

/// The last of the meter's points: there may be tens of thousands, too many to be looked at again and again.
async fn last(pool: &PgPool, id: MeterId) -> Option<(DateTime<Utc>, f64)> {
    sqlx::query_as(
        "SELECT timestamp, energy_import_kwh - energy_export_kwh FROM meter_readings \
         WHERE meter_id = $1 AND source = 'derived' ORDER BY timestamp DESC LIMIT 1",
    )
    .bind(id.0)
    .fetch_optional(pool)
    .await
    .unwrap()
}

/// Waits until the last point is at a minute and has so many kWh.
async fn reaches(bench: &Bench, id: MeterId, at: i32, kwh: f64) -> Vec<(DateTime<Utc>, f64)> {
    until(&format!("{kwh} kWh at {}", minute(at)), async || {
        let last = last(&bench.pool, id).await;
        let is_there =
            last.is_some_and(|(time, net)| time == minute(at) && (net - kwh).abs() < 1e-6);
        is_there.then_some(()).ok_or(last)
    })
    .await;
    points(&bench.pool, id).await
}

/// The grid is the load less what the roof makes.
struct Plant<'a> {
    bench: &'a Bench,
    name: String,
    load: MeterId,
    solar: MeterId,
    grid: MeterId,
}

impl<'a> Plant<'a> {
    async fn new(bench: &'a Bench, name: &str) -> Self {
        let [load, solar, grid] = make(&bench.pool, name).await;
        Self { bench, name: name.to_owned(), load, solar, grid }
    }

    /// Reads the load at 60 kW.
    async fn draws(&self, minutes: RangeInclusive<i32>) {
        self.bench.submit(steady(self.load, 60.0, minutes)).await;
    }

    /// Reads the roof at 30 kW.
    async fn shines(&self, minutes: RangeInclusive<i32>) {
        self.bench.submit(steady(self.solar, 30.0, minutes)).await;
    }

    async fn reaches(&self, minute: i32, kwh: f64) -> Vec<(DateTime<Utc>, f64)> {
        reaches(self.bench, self.grid, minute, kwh).await
    }

    /// Lets the roof be a meter that can show 100 kW at most.
    async fn rate_solar(&self) {
        sqlx::query("UPDATE energy_meters SET rated_power_kw = 100 WHERE id = $1")
            .bind(self.solar.0)
            .execute(&self.bench.pool)
            .await
            .unwrap();
    }

    /// Computes the grid otherwise from a minute on.
    async fn terms(&self, terms: &[(MeterId, f64)], from: i32) {
        let mut db = self.bench.pool.begin().await.unwrap();
        let from = minute(from);
        storage::meters::virtual_meters::change(&mut db, self.grid, terms, from).await.unwrap();
        db.commit().await.unwrap();
    }

    async fn new_input(&self) -> MeterId {
        self.bench.meter(&format!("{} NEW", self.name), "Main", None).await
    }

    async fn exchange_solar(&self, at: i32, (old_final, new_initial): (f64, f64)) {
        let exchange = json!({"timestamp": minute(at), "oldFinalKwh": old_final,
            "newInitialKwh": new_initial, "reason": "old"});
        let exchange = serde_json::from_value(exchange).unwrap();
        let solar = self.solar.into();
        service::meters::exchanges::create(&self.bench.service, WHO, &solar, exchange)
            .await
            .unwrap();
    }

    /// Waits until the quarter-hours add up to so much, of which readings cover a share of the hours.
    async fn adds_up(&self, hours: f64, (kwh, coverage): (f64, f64)) {
        until(&format!("{kwh} kWh at {coverage}"), async || {
            self.bench.settled().await;
            let found: (f64, f64) = sqlx::query_as(
                "SELECT coalesce(sum(import_kwh - export_kwh), 0), \
                     coalesce(sum(coverage::float8), 0) / (4 * $2) \
                 FROM energy_intervals WHERE meter_id = $1",
            )
            .bind(self.grid.0)
            .bind(hours)
            .fetch_one(&self.bench.pool)
            .await
            .unwrap();
            let is_so = (found.0 - kwh).abs() < 1e-6 && (found.1 - coverage).abs() < 1e-3;
            is_so.then_some(()).ok_or(found)
        })
        .await;
    }
}

/// The load, the roof and the grid of a plant.
async fn make(pool: &PgPool, name: &str) -> [MeterId; 3] {
    let load = meter(pool, &format!("{name} LOAD"), "Main", None).await;
    let solar = meter(pool, &format!("{name} PV"), "Solar", None).await;
    let grid = virtual_meter(pool, &format!("{name} GRID"), [(load, 1.0), (solar, -1.0)]).await;
    [load, solar, grid]
}

async fn virtual_meter(pool: &PgPool, number: &str, terms: [(MeterId, f64); 2]) -> MeterId {
    let id = meter(pool, number, "Other", None).await;
    let mut db = pool.begin().await.unwrap();
    storage::meters::virtual_meters::put(&mut db, id, &terms).await.unwrap();
    db.commit().await.unwrap();
    id
}

/// Readings whose register shows so much more.
fn lifted(readings: Vec<Reading>, by: f64) -> Vec<Reading> {
    let lift = |mut reading: Reading| {
        reading.values.total_energy_kwh = reading.values.total_energy_kwh.map(|kwh| kwh + by);
        reading
    };
    readings.into_iter().map(lift).collect()
}

async fn a_derived_meter_follows_its_inputs_and_is_rolled_up_like_any_other(bench: &Bench) {
    let plant = Plant::new(bench, "follows").await;
    plant.draws(0..=40).await;
    bench.submit(steady(plant.solar, 90.0, 0..=30)).await;
    let found = plant.reaches(30, -15.0).await;
    assert_eq!(found.len(), 31, "one each minute that both have passed");
    bench.submit(steady(plant.solar, 90.0, 31..=40)).await;
    plant.reaches(40, -20.0).await;
    bench.settled().await;
    let (import, export, flags): (f64, f64, i32) = sqlx::query_as(
        "SELECT sum(import_kwh), sum(export_kwh), bit_or(flags) FROM energy_intervals \
         WHERE meter_id = $1",
    )
    .bind(plant.grid.0)
    .fetch_one(&bench.pool)
    .await
    .unwrap();
    assert!(import.abs() < 1e-9 && (export - 20.0).abs() < 1e-6, "{import} {export}");
    assert_eq!(flags & 256, 256, "marked as derived");
}

/// The next reading of the register lies behind the day that is derived at once.
async fn an_input_whose_register_is_read_seldom_is_derived_whole(bench: &Bench) {
    let plant = Plant::new(bench, "seldom").await;
    let mut load = steady(plant.load, 60.0, 0..=1_530);
    for (n, reading) in load.iter_mut().enumerate() {
        let is_read = n == 0 || n % 120 == 60;
        reading.values.total_energy_kwh = reading.values.total_energy_kwh.filter(|_| is_read);
    }
    plant.shines(0..=1_530).await;
    bench.submit(load).await;
    plant.reaches(1_530, 765.0).await;
}

async fn a_correction_of_the_last_reading_is_derived_again_at_once(bench: &Bench) {
    let plant = Plant::new(bench, "last").await;
    plant.draws(0..=60).await;
    plant.shines(0..=60).await;
    plant.reaches(60, 30.0).await;
    bench.settled().await;
    for more in [1.0, 2.5] {
        let corrected = Some(1_030.0 + more);
        bench.correct(plant.solar, minute(60), Field::TotalEnergyKwh, corrected).await;
        plant.reaches(60, 30.0 - more).await;
    }
    // What is written by then stays as it is.
    let first = points(&bench.pool, plant.grid).await;
    plant.draws(61..=64).await;
    bench.submit(lifted(steady(plant.solar, 30.0, 61..=64), 2.5)).await;
    let found = plant.reaches(64, 29.5).await;
    assert_eq!(found[..first.len()], first[..]);
}

async fn a_gap_of_an_input_has_no_points_and_loses_no_energy(bench: &Bench) {
    let plant = Plant::new(bench, "gap").await;
    plant.draws(0..=120).await;
    plant.shines(0..=30).await;
    plant.shines(90..=120).await;
    let found = plant.reaches(120, 60.0).await;
    assert!(!found.iter().any(|(at, _)| *at > minute(30) && *at < minute(90)), "{found:?}");
    assert!(found.windows(2).all(|pair| pair[1].1 >= pair[0].1));
}

async fn past_energy_keeps_its_terms_when_others_begin(bench: &Bench) {
    let plant = Plant::new(bench, "terms").await;
    plant.draws(0..=40).await;
    plant.shines(0..=40).await;
    plant.reaches(40, 20.0).await;
    plant.terms(&[(plant.load, 1.0), (plant.solar, 1.0)], 40).await;
    plant.draws(41..=90).await;
    plant.shines(41..=90).await;
    assert_eq!(plant.reaches(90, 20.0 + 75.0).await.len(), 91);
    bench.settled().await;
    bench.correct(plant.load, start(), Field::TotalEnergyKwh, Some(999.8)).await;
    let again = plant.reaches(90, 20.2 + 75.0).await;
    assert_eq!(again.len(), 91);
    let changed = again.iter().find(|(at, _)| *at == minute(40)).unwrap().1;
    assert!((changed - 20.2).abs() < 1e-6, "computed again by the terms of then: {changed}");
}

async fn new_terms_go_on_where_an_old_input_is_silent_and_late_readings_are_added(bench: &Bench) {
    let plant = Plant::new(bench, "new").await;
    let new = plant.new_input().await;
    plant.draws(0..=30).await;
    plant.shines(0..=20).await;
    plant.reaches(20, 10.0).await;
    plant.terms(&[(new, 1.0)], 30).await;
    bench.submit(steady(new, 120.0, 29..=60)).await;
    plant.reaches(60, 10.0 + 60.0).await;
    plant.shines(21..=31).await;
    plant.reaches(60, 15.0 + 60.0).await;
}

async fn quarantined_time_of_an_input_is_not_counted_until_the_step_is_accepted(bench: &Bench) {
    let plant = Plant::new(bench, "quarantine").await;
    plant.rate_solar().await;
    plant.draws(0..=180).await;
    plant.shines(0..=60).await;
    bench.submit(lifted(steady(plant.solar, 30.0, 90..=180), 7_000.0)).await;
    plant.reaches(180, 75.0).await;
    plant.adds_up(3.0, (75.0, 150.0 / 180.0)).await;

    let list = service::energy::quarantine::list;
    let held = list(&bench.service, WHO, None, None, None).await.unwrap();
    assert_eq!(held.len(), 1, "of the roof alone: {held:?}");
    let number = StepId(held[0].n);
    service::energy::quarantine::accept(&bench.service, WHO, number).await.unwrap();
    plant.reaches(180, 90.0 - 7_000.0).await;
    plant.adds_up(3.0, (90.0 - 7_000.0, 150.0 / 180.0)).await;
    service::energy::quarantine::reject(&bench.service, WHO, number).await.unwrap();
    plant.adds_up(3.0, (75.0, 150.0 / 180.0)).await;
}

async fn a_step_of_a_moment_that_is_not_believed_leaves_its_minutes_out(bench: &Bench) {
    let plant = Plant::new(bench, "moment").await;
    plant.rate_solar().await;
    plant.draws(0..=60).await;
    let mut solar = steady(plant.solar, 30.0, 0..=60);
    let after = lifted(solar.split_off(60), 7_000.0);
    bench.submit([solar, after].concat()).await;
    plant.adds_up(1.0, (29.5, 59.0 / 60.0)).await;
}

async fn an_exchanged_input_and_its_gap_are_counted_whole(bench: &Bench) {
    let plant = Plant::new(bench, "exchange").await;
    plant.draws(0..=180).await;
    plant.shines(0..=60).await;
    bench.submit(lifted(steady(plant.solar, 30.0, 90..=180), -1_040.0)).await;
    plant.exchange_solar(80, (1_040.0, 0.0)).await;
    // From the exchange on, the silence is too short for a gap.
    plant.adds_up(3.0, (90.0, 160.0 / 180.0)).await;
}

async fn the_time_between_two_versions_is_not_counted(bench: &Bench) {
    let plant = Plant::new(bench, "versions").await;
    plant.draws(0..=30).await;
    plant.shines(0..=30).await;
    plant.reaches(30, 15.0).await;
    let new = plant.new_input().await;
    plant.terms(&[(new, 1.0)], 60).await;
    bench.submit(steady(new, 120.0, 59..=120)).await;
    plant.reaches(120, 15.0 + 120.0).await;
    plant.adds_up(2.0, (135.0, 90.0 / 120.0)).await;
}
