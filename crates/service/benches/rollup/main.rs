//! From readings to energy: a whole day computed again, and how long a new reading takes to show in
//! its quarter-hour.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench rollup` provides one.

#[path = "../ground/database.rs"]
mod database;
mod live;
#[path = "../ground/plant.rs"]
mod plant;

use std::error::Error;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::QUARTER;
use sqlx::PgPool;

use plant::Plant;

const METERS: usize = 92;
/// How often the meters are read.
const STEP: TimeDelta = TimeDelta::seconds(10);
/// How often the work left is looked at.
const LOOK: Duration = Duration::from_millis(20);

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let pool = database::fresh().await?;
    let plant = plant::register(&pool, METERS).await?;
    let to =
        domain::energy::floor(Utc::now() - TimeDelta::hours(3), QUARTER).ok_or("no instant")?;
    let from = to - TimeDelta::days(1);
    let rows = plant.read(&pool, from, to, STEP).await?;
    sqlx::query("VACUUM (ANALYZE) meter_readings").execute(&pool).await?;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;

    let first = again(&pool, &plant, from, to).await?;
    let second = again(&pool, &plant, from, to).await?;
    let lag = live::lag(&pool, &tasks, &plant).await?;
    tasks.stop().await;

    println!("| what | measured | target |");
    println!("|---|---|---|");
    println!("| a day of {METERS} meters, {rows} rows, computed | {:.1} s | 5 |", first.energy);
    println!("| the same again, over what is there | {:.1} s | 5 |", second.energy);
    println!("| and the losses of its nodes | {:.1} s | |", second.losses);
    println!("| reading to its quarter-hour, p50 | {:.2} s | |", lag.half);
    println!("| reading to its quarter-hour, the slowest | {:.2} s | 2 |", lag.most);
    Ok(())
}

/// Seconds until quarter-hours and days stood, and until the losses did.
struct Took {
    energy: f64,
    losses: f64,
}

/// Has a day computed by the running worker.
async fn again(
    pool: &PgPool,
    plant: &Plant,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Took, Box<dyn Error>> {
    let began = Instant::now();
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT id, start FROM UNNEST($1::bigint[]) AS meter (id), \
             generate_series($2::timestamptz, $3::timestamptz - interval '15 minutes', \
                 interval '15 minutes') AS start",
    )
    .bind(plant.numbers())
    .bind(from)
    .bind(to)
    .execute(pool)
    .await?;
    while !storage::rollup::is_idle(pool).await? {
        tokio::time::sleep(LOOK).await;
    }
    let energy = began.elapsed().as_secs_f64();
    let waits = "SELECT EXISTS (SELECT FROM loss_queue)";
    while sqlx::query_scalar::<_, bool>(waits).fetch_one(pool).await? {
        tokio::time::sleep(LOOK).await;
    }
    Ok(Took { energy, losses: began.elapsed().as_secs_f64() })
}
