//! How fast a site's month is billed: drafts of all its meters, by one run.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench bills` provides one. A number as
//! argument stands in for the hundred thousand meters.

#[path = "../ground/database.rs"]
mod database;
mod fill;

use std::error::Error;
use std::time::{Duration, Instant};

use domain::bills::{RunId, RunState};
use serde_json::json;
use service::{Principal, Service};
use sqlx::PgPool;

const WHO: Principal = Principal::Loopback;
/// Meters of the large site unless stated.
const METERS: i64 = 100_000;
/// Of so many meters, one is priced by the quarter-hour in the second measurement.
const TIMED: i64 = 100;
const MONTH: &str = "2025-05";

fn main() -> Result<(), Box<dyn Error>> {
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let meters: i64 = asked.unwrap_or(METERS);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("| what | measured | target |");
    println!("|---|---|---|");
    runtime.block_on(measure(meters))
}

async fn measure(meters: i64) -> Result<(), Box<dyn Error>> {
    let pool = database::fresh().await?;
    fill::flat(&pool, meters).await?;
    let (took, due) = billed(&pool, "large").await?;
    let target = if meters == METERS { "60 s" } else { "" };
    println!(
        "| {meters} meter-months, flat tariff with trades | {:.1} s | {target} |",
        took.as_secs_f64()
    );
    println!("| drafts written, sum | {due} | |");

    let timed = (meters / TIMED).max(1);
    fill::timed(&pool, timed).await?;
    let (took, _) = billed(&pool, "timed").await?;
    let each = took.as_secs_f64() * 1000.0 / timed as f64;
    println!(
        "| {timed} meter-months by quarter-hours, time of use and demand | {:.1} s, {each:.2} ms each | |",
        took.as_secs_f64()
    );
    Ok(())
}

/// How long a run over a site took, and how many drafts there are then, with what is due in all.
async fn billed(pool: &PgPool, site: &str) -> Result<(Duration, String), Box<dyn Error>> {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
    let new = serde_json::from_value(json!({"site": site, "month": MONTH}))?;
    let began = Instant::now();
    let run = service::bills::run(&service, &WHO, new).await?;
    let id = RunId(run.id);
    while service::bills::progress(&service, &WHO, id).await?.run.state == RunState::Running {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = began.elapsed();
    let done = sum(&service, pool, site, id).await?;
    tasks.stop().await;
    Ok((took, done))
}

async fn sum(
    service: &Service,
    pool: &PgPool,
    site: &str,
    run: RunId,
) -> Result<String, Box<dyn Error>> {
    let run = service::bills::progress(service, &WHO, run).await?.run;
    if run.state != RunState::Done {
        return Err(
            format!("the run of {site} is {}: {:?}", run.state.as_str(), run.problem).into()
        );
    }
    let (count, due): (i64, String) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(amount_due), 0)::text FROM bills \
         JOIN sites ON sites.id = site_id WHERE slug = $1",
    )
    .bind(site)
    .fetch_one(pool)
    .await?;
    Ok(format!("{count} drafts, {due}"))
}
