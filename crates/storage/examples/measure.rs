//! Measures the statements over readings: rows stored per second, and the times of the look-ups that
//! the live view and the charts wait for.
//!
//! `DATABASE_URL=… cargo run --release -p storage --example measure [hours]` on an empty database.

use std::error::Error;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Field, MeterId, Quality, Reading, Source, Values};
use sqlx::PgPool;
use storage::readings;

const METERS: i64 = 92;
const POLL_SECONDS: i64 = 10;
/// The values that a three-phase meter gives.
const FIELDS: [Field; 18] = [
    Field::ActivePowerKw,
    Field::ActivePowerL1Kw,
    Field::ActivePowerL2Kw,
    Field::ActivePowerL3Kw,
    Field::ReactivePowerKvar,
    Field::ApparentPowerKva,
    Field::PowerFactor,
    Field::FrequencyHz,
    Field::VoltageL1,
    Field::VoltageL2,
    Field::VoltageL3,
    Field::CurrentL1,
    Field::CurrentL2,
    Field::CurrentL3,
    Field::TotalEnergyKwh,
    Field::EnergyImportKwh,
    Field::EnergyExportKwh,
    Field::ReactiveEnergyImportKvarh,
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let hours: i64 = std::env::args().nth(1).map_or(Ok(8), |text| text.parse())?;
    let pool = storage::connect(&std::env::var("DATABASE_URL")?).await?;
    storage::migrate(&pool).await?;
    let start = Utc::now() - TimeDelta::hours(hours);
    let rounds = hours * 3600 / POLL_SECONDS;
    let rows: Vec<Reading> = (0..rounds)
        .flat_map(|round| {
            let at = start + TimeDelta::seconds(round * POLL_SECONDS);
            (1..=METERS).map(move |meter| reading(meter, at, round as f64))
        })
        .collect();

    println!("{} rows of {METERS} meters, {} values each", rows.len(), FIELDS.len());
    let quarter = rows.len() / 4;
    for (part, (size, writers)) in [(100, 1), (1_000, 1), (5_000, 1), (1_000, 2)].iter().enumerate()
    {
        let rows = &rows[part * quarter..(part + 1) * quarter];
        let rate = insert(&pool, rows, *size, *writers).await?;
        println!("insert, {size} rows a batch, {writers} at once: {rate:.0} rows/s");
    }
    let rate = insert(&pool, &rows[..quarter], 1_000, 1).await?;
    println!("replay, 1000 rows a batch: {rate:.0} rows/s");
    look_up(&pool, start, Utc::now()).await?;
    Ok(())
}

fn reading(meter: i64, at: DateTime<Utc>, round: f64) -> Reading {
    let mut values = Values::default();
    for (number, field) in (1_u8..).zip(FIELDS) {
        values.set(field, Some(round * 0.37 + f64::from(number) * 1.01));
    }
    Reading { meter: MeterId(meter), at, quality: Quality::Good, source: Source::Modbus, values }
}

/// Rows per second with `writers` callers that take batches in turn.
async fn insert(
    pool: &PgPool,
    rows: &[Reading],
    size: usize,
    writers: usize,
) -> Result<f64, Box<dyn Error>> {
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..writers {
        let batches: Vec<Vec<Reading>> =
            rows.chunks(size).skip(writer).step_by(writers).map(<[Reading]>::to_vec).collect();
        let pool = pool.clone();
        tasks.spawn(async move {
            for batch in batches {
                readings::insert(&pool, &batch).await?;
            }
            Ok::<_, storage::Error>(())
        });
    }
    for outcome in tasks.join_all().await {
        outcome?;
    }
    Ok(rows.len() as f64 / began.elapsed().as_secs_f64())
}

async fn look_up(
    pool: &PgPool,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Box<dyn Error>> {
    let ids: Vec<MeterId> = (1..=METERS).map(MeterId).collect();
    let instants: Vec<DateTime<Utc>> = (0..200).map(|n| start + (now - start) * n / 200).collect();
    sqlx::query("ANALYZE").execute(pool).await?;
    for _ in 0..3 {
        let began = Instant::now();
        let found = readings::newest(pool, &ids).await?.len();
        report("newest", found, began.elapsed());
        let began = Instant::now();
        let found = readings::recent(pool, &ids, now - TimeDelta::minutes(36)).await?.len();
        report("recent, 36 min", found, began.elapsed());
        for reach in [TimeDelta::minutes(15), TimeDelta::hours(26), TimeDelta::days(31)] {
            let began = Instant::now();
            let found = readings::brackets(pool, &ids, &instants, reach).await?.len();
            report(&format!("brackets, reach {} h", reach.num_hours()), found, began.elapsed());
            let began = Instant::now();
            let found = readings::brackets(pool, &ids, &instants[198..], reach).await?.len();
            report("brackets, two instants", found, began.elapsed());
        }
        let began = Instant::now();
        let found = readings::power_steps(pool, ids[0], start, now, 300).await?.len();
        report("power steps of 5 min", found, began.elapsed());
        let began = Instant::now();
        let found = readings::written_by_sql_since(pool, start).await?.len();
        report("written by SQL", found, began.elapsed());
        println!();
    }
    Ok(())
}

fn report(what: &str, found: usize, took: Duration) {
    println!("{what}: {found} in {:.1} ms", took.as_secs_f64() * 1e3);
}
