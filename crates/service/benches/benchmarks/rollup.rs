//! From readings to energy: a whole day computed again, and how long a new reading takes to show in
//! its quarter-hour.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench rollup` provides one.

mod live;

use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Row, Size};
use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::QUARTER;
use sqlx::PgPool;

use crate::database;
use crate::plant::{self, Plant};

const METERS: usize = 92;
/// How often the meters are read.
const STEP: TimeDelta = TimeDelta::seconds(10);
/// How often the work left is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Computing that takes longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn run(size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(size))
}

async fn measure(size: Size) -> Result<()> {
    let pool = database::fresh("rollup").await?;
    let plant = plant::register(&pool, size.pick(METERS, 12)).await?;
    let to =
        domain::energy::floor(Utc::now() - TimeDelta::hours(3), QUARTER).ok_or("no instant")?;
    let from = fill(&pool, &plant, to, size.pick(24, 2)).await?;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;

    let first = again(&pool, &plant, from, to).await?;
    let second = again(&pool, &plant, from, to).await?;
    let mut lags = live::lags(&pool, &tasks, &plant, size.pick(25, 2)).await?;
    tasks.stop().await;

    let day = format!("a day of {METERS} meters read every 10 s");
    Row::lower(format!("{day}, computed"), first.energy, "s").target(3.0).print();
    Row::lower(format!("{day}, computed over what is there"), second.energy, "s")
        .target(3.0)
        .print();
    Row::lower(format!("{day}, with the losses of its nodes"), second.losses, "s").print();
    Row::lower("reading to its quarter-hour, p50", lags.at(500), "s").print();
    Row::lower("reading to its quarter-hour, the slowest", lags.longest(), "s").target(2.0).print();
    Ok(())
}

/// Fills in so many hours of readings before `to`, and answers their begin.
async fn fill(
    pool: &PgPool,
    plant: &Plant,
    to: DateTime<Utc>,
    hours: u32,
) -> Result<DateTime<Utc>> {
    let progress = Progress::of("fill in hours of readings", hours.into());
    let mut from = to;
    for _ in 0..hours {
        let end = from;
        from -= TimeDelta::hours(1);
        plant.read(pool, from, end, STEP).await?;
        progress.add(1);
    }
    sqlx::query("VACUUM (ANALYZE) meter_readings").execute(pool).await?;
    Ok(from)
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
) -> Result<Took> {
    let _progress = Progress::new("compute them");
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
    tokio::time::timeout(PATIENCE, computed(pool, began)).await?
}

/// Waits until nothing is left to compute.
async fn computed(pool: &PgPool, began: Instant) -> Result<Took> {
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
