//! Inputs that are silent for long, and histories that take long.

use super::dropped::ten;
use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silence_of_decades_is_gone_through_in_one_step(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_meter_whose_inputs_were_silent_for_decades_holds_up_no_other(&bench).await;
    an_input_that_reads_on_while_another_is_silent_costs_one_step(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn energy_of_days_of_silence_is_counted_whole(pool: PgPool) {
    let bench = Bench::start(pool).await;
    energy_of_days_of_silence_is_counted_at_their_end(&bench).await;
    a_gap_of_days_beside_an_input_that_reads_on_is_counted_whole(&bench).await;
    an_exchange_in_days_of_silence_ends_what_is_not_known(&bench).await;
    energy_that_a_shared_reading_brought_goes_with_it(&bench).await;
    bench.stop().await;
}

const DAY: i32 = 24 * 60;

/// A reading of 1990 and one of now lie 13,000 days apart.
async fn a_meter_whose_inputs_were_silent_for_decades_holds_up_no_other(bench: &Bench) {
    let plant = Plant::new(bench, "decades").await;
    let old = "1990-02-01T00:00:00Z".parse().unwrap();
    bench.submit([plant.load, plant.solar].map(|id| reading(id, old, 1.0, 1.0)).into()).await;
    for id in [plant.load, plant.solar] {
        bench.submit(steady(id, 60.0, 0..=30)).await;
    }
    until("the present", async || {
        let last = last(&bench.pool, plant.grid).await;
        last.filter(|(at, _)| *at == minute(30)).ok_or(last)
    })
    .await;
}

/// One input is read every three days for thirty years, in which the other is silent.
async fn an_input_that_reads_on_while_another_is_silent_costs_one_step(bench: &Bench) {
    let plant = Plant::new(bench, "reads on").await;
    let begin: DateTime<Utc> = "1991-01-01T00:00:00Z".parse().unwrap();
    let row = |id, day: i32| {
        let at = begin + TimeDelta::days(day.into());
        let mut row = reading(id, at, 0.0, 24.0 * f64::from(day));
        row.values.active_power_kw = None;
        row
    };
    let load = (0..10_950).step_by(3).map(|day| row(plant.load, day));
    let rows: Vec<Reading> = load.chain([row(plant.solar, 0)]).collect();
    storage::readings::insert(&bench.pool, &rows).await.unwrap();
    for id in [plant.load, plant.solar] {
        bench.submit(steady(id, 60.0, 0..=30)).await;
    }
    plant.reaches(30, 0.0).await;
}

async fn energy_of_days_of_silence_is_counted_at_their_end(bench: &Bench) {
    let plant = Plant::new(bench, "days").await;
    let spans = [0..=60, 10 * DAY..=10 * DAY + 60];
    for minutes in spans.clone() {
        plant.draws(minutes).await;
    }
    for minutes in spans {
        plant.shines(minutes).await;
    }
    let hours = f64::from(10 * 24 + 1);
    let found = plant.reaches(10 * DAY + 60, 30.0 * hours).await;
    assert_eq!(found.len(), 61 + 61, "none in the gap");
    plant.adds_up(hours, (30.0 * hours, 2.0 / hours)).await;
}

/// The other input is read every ten minutes, so that something is known of it all the time.
async fn a_gap_of_days_beside_an_input_that_reads_on_is_counted_whole(bench: &Bench) {
    let plant = Plant::new(bench, "beside").await;
    let end = 4 * DAY + 10;
    bench.submit(ten(plant.load, 60.0, 0..=end)).await;
    plant.shines(0..=60).await;
    plant.shines(end - 60..=end).await;
    plant.reaches(end, f64::from(end) / 2.0).await;
}

/// From the exchange on the new meter is known, though it is read only days later.
async fn an_exchange_in_days_of_silence_ends_what_is_not_known(bench: &Bench) {
    let plant = Plant::new(bench, "exchange in silence").await;
    plant.rate_solar().await;
    bench.submit(ten(plant.load, 60.0, 0..=8 * DAY)).await;
    plant.shines(0..=60).await;
    bench.submit(lifted(steady(plant.solar, 30.0, 8 * DAY - 60..=8 * DAY), 1e6)).await;
    // The old one cannot have counted so much; the new one began where it stood by then.
    plant.exchange_solar(4 * DAY, (9e5, 1_000.0 + 30.0 * 4.0 * 24.0 + 1e6)).await;
    plant.reaches(8 * DAY, 30.0 + 30.0 * 4.0 * 24.0).await;
}

async fn energy_that_a_shared_reading_brought_goes_with_it(bench: &Bench) {
    let plant = Plant::new(bench, "shared").await;
    let last = 5 * DAY;
    for minutes in [0..=60, last..=last] {
        plant.draws(minutes).await;
    }
    for minutes in [0..=60, last..=last] {
        plant.shines(minutes).await;
    }
    plant.reaches(last, f64::from(last) / 2.0).await;
    bench.settled().await;
    assert!((bench.total(plant.grid).await - f64::from(last) / 2.0).abs() < 1e-6);
    for field in [Field::TotalEnergyKwh, Field::ActivePowerKw] {
        bench.correct(plant.load, minute(last), field, None).await;
    }
    plant.reaches(60, 30.0).await;
    bench.settled().await;
    let total = bench.total(plant.grid).await;
    assert!((total - 30.0).abs() < 1e-6, "{total}");
}

/// At the pace of the program, whose pauses are longer than a test waits.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_that_gave_no_point_goes_on_once_its_inputs_tell_more(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let bench = Bench { pool, service, tasks };
    let (plant, other) = (Plant::new(&bench, "again").await, Plant::new(&bench, "other").await);
    plant.draws(0..=30).await;
    plant.shines(0..=5).await;
    plant.reaches(5, 2.5).await;
    let mut without_register = steady(plant.solar, 30.0, 6..=30);
    for reading in &mut without_register {
        reading.values.total_energy_kwh = None;
    }
    bench.submit(without_register).await;
    bench.settled().await;
    // The other one has two turns, and so has this one, the last of them without a point.
    for minutes in [0..=1, 2..=2] {
        let last = *minutes.end();
        other.draws(minutes.clone()).await;
        other.shines(minutes).await;
        other.reaches(last, f64::from(last) / 2.0).await;
    }
    plant.draws(31..=35).await;
    plant.shines(31..=35).await;
    plant.reaches(35, 17.5).await;
    bench.stop().await;
}

/// 25 days of hourly readings are 36,000 points.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_with_a_long_history_lets_others_have_their_turn(pool: PgPool) {
    let mut inputs = Vec::new();
    for number in ["A", "B", "C", "D"] {
        inputs.push(meter(&pool, number, "Other", None).await);
    }
    let long = virtual_meter(&pool, "LONG", [(inputs[0], 1.0), (inputs[1], 1.0)]).await;
    let short = virtual_meter(&pool, "SHORT", [(inputs[2], 1.0), (inputs[3], 1.0)]).await;
    for id in &inputs[..2] {
        let row = |hour: i32| reading(*id, start() - TimeDelta::hours(hour.into()), 1.0, 9e3);
        let rows: Vec<Reading> = (0..25 * 24).rev().map(row).collect();
        storage::readings::insert(&pool, &rows).await.unwrap();
    }
    for id in &inputs[2..] {
        storage::readings::insert(&pool, &steady(*id, 60.0, 0..=30)).await.unwrap();
    }
    let bench = Bench::start(pool).await;
    until("the points of the short one", async || {
        let count = points(&bench.pool, short).await.len();
        (count == 31).then_some(()).ok_or(count)
    })
    .await;
    let written = last(&bench.pool, long).await;
    assert!(written.is_none_or(|(at, _)| at < start()), "it came after all of the history");
    until("the history", async || {
        let last = last(&bench.pool, long).await;
        last.filter(|(at, _)| *at == start()).ok_or(last)
    })
    .await;
    bench.stop().await;
}
