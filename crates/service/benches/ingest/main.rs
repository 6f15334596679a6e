//! Readings per second through the whole pipeline, beside InfluxDB 1.x where it is installed, and
//! the time from a reading to the live stream.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench ingest` provides one.

mod influx;
mod latency;
mod load;
mod size;

use std::error::Error;
use std::time::Instant;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgPool};

use load::{METERS, ROWS_PER_BATCH, Shape, Source};

/// Rows of the main run.
const ROWS: usize = 1_500_000;
/// Sources that hand over batches at the same time.
const SOURCES: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let pool = storage::connect(&fresh_database().await?).await?;
    storage::migrate(&pool).await?;
    let meters = load::register(&pool).await?;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;

    let wide = ingest(&tasks, &meters, Shape::Wide).await?;
    let wide_bytes = size::per_reading(&pool).await?;
    let memory = size::peak_memory_mb();
    let latency = latency::measure(&service, &tasks, &meters).await?;
    empty(&pool).await?;
    ingest(&tasks, &meters, Shape::Narrow).await?;
    let narrow_bytes = size::per_reading(&pool).await?;
    tasks.stop().await;
    let influx = influx::measure(ROWS);

    println!("| what | measured | target |");
    println!("|---|---|---|");
    println!("| readings of 18 values committed | {wide:.0} rows/s | 100,000 |");
    println!("| memory of the process, peak | {memory:.0} MB | 300 |");
    println!("| a reading of 18 values with indexes | {wide_bytes:.0} bytes | 250 |");
    println!("| a reading of 5 values with indexes | {narrow_bytes:.0} bytes | 150 |");
    println!("| reading to live stream at 10,000 rows/s, p99 | {latency:.0} ms | 600 |");
    match influx {
        Ok(rate) => {
            println!("| InfluxDB, same fields | {rate:.0} rows/s | |");
            println!("| ratio to InfluxDB | {:.2} | 1.5 |", wide / rate);
        }
        Err(reason) => println!("| InfluxDB, same fields | not measured: {reason} | |"),
    }
    Ok(())
}

/// Makes a database of its own beside the one that `DATABASE_URL` names, so that each run starts
/// from nothing; answers its URL.
async fn fresh_database() -> Result<String, Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL")?;
    let beside = storage::connect(&url).await?;
    sqlx::query("DROP DATABASE IF EXISTS wattlens_bench WITH (FORCE)").execute(&beside).await?;
    sqlx::query("CREATE DATABASE wattlens_bench").execute(&beside).await?;
    let options: PgConnectOptions = url.parse()?;
    Ok(options.database("wattlens_bench").to_url_lossy().to_string())
}

/// Rows per second, from the first batch handed over to the last one acknowledged.
async fn ingest(
    tasks: &service::Tasks,
    meters: &[domain::MeterId],
    shape: Shape,
) -> Result<f64, Box<dyn Error>> {
    let began = Instant::now();
    let mut sources = Vec::new();
    for own in meters.chunks(METERS / SOURCES) {
        let outbox = tasks.outbox.clone();
        let mut source = Source::new(own.to_vec(), shape);
        sources.push(tokio::spawn(async move {
            let mut stored = 0;
            for _ in 0..ROWS / SOURCES / ROWS_PER_BATCH {
                stored += outbox.submit(source.next_batch()).await.map_or(0, |o| o.accepted);
            }
            stored
        }));
    }
    let mut stored = 0;
    for source in sources {
        stored += source.await?;
    }
    let expected = u64::try_from(ROWS / SOURCES / ROWS_PER_BATCH * SOURCES * ROWS_PER_BATCH)?;
    if stored != expected {
        return Err(format!("{stored} of {expected} rows were stored").into());
    }
    Ok(stored as f64 / began.elapsed().as_secs_f64())
}

async fn empty(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("TRUNCATE meter_readings, rollup_queue").execute(pool).await?;
    Ok(())
}
