//! How fast a site's month is billed: drafts of all its meters, by one run.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench bills` provides one.

mod fill;

use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Row, Size};
use domain::bills::{RunId, RunState};
use serde_json::json;
use service::{Principal, Service};
use sqlx::PgPool;

use crate::database;

const WHO: Principal = Principal::Loopback;
const MONTH: &str = "2025-05";
/// As often as this a run is looked at, and for so long at most.
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) fn run(size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(size))
}

async fn measure(size: Size) -> Result<()> {
    let pool = database::fresh("bills").await?;
    fill::flat(&pool, size.pick(40_000, 30)).await?;
    let rate = billed(&pool, "large").await?;
    // A hundred thousand in a minute.
    Row::higher("meter-months billed, flat tariff with trades", rate, "a second")
        .target(1_667.0)
        .print();
    fill::timed(&pool, size.pick(400, 3)).await?;
    let rate = billed(&pool, "timed").await?;
    let name = "meter-months billed by quarter-hours, time of use and demand";
    Row::higher(name, rate, "a second").print();
    Ok(())
}

/// Drafts per second of a run over a site.
async fn billed(pool: &PgPool, site: &str) -> Result<f64> {
    let _progress = Progress::new(format!("bill the site {site}"));
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
    let new = serde_json::from_value(json!({"site": site, "month": MONTH}))?;
    let began = Instant::now();
    let run = service::bills::run(&service, &WHO, new).await?;
    tokio::time::timeout(PATIENCE, done(&service, RunId(run.id))).await??;
    let took = began.elapsed();
    tasks.stop().await;
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM bills JOIN sites ON sites.id = site_id WHERE slug = $1",
    )
    .bind(site)
    .fetch_one(pool)
    .await?;
    if count == 0 {
        return Err("no bill was written".into());
    }
    Ok(count as f64 / took.as_secs_f64())
}

/// Waits until a run is done.
async fn done(service: &Service, id: RunId) -> Result<()> {
    loop {
        let run = service::bills::progress(service, &WHO, id).await?.run;
        match run.state {
            RunState::Running => tokio::time::sleep(LOOK).await,
            RunState::Done => return Ok(()),
            state => {
                return Err(format!("the run is {}: {:?}", state.as_str(), run.problem).into());
            }
        }
    }
}
