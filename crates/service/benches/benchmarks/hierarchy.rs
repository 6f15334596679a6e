//! How fast a site's month is answered: its tree with energies, its losses.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench hierarchy` provides one.

mod fill;

use std::time::Instant;

use benchmark::{Progress, Result, Row, Size, Times};
use chrono::{TimeDelta, Utc};
use serde::Serialize;
use service::Principal;

use crate::{database, plant};

const WHO: Principal = Principal::Loopback;

pub(crate) fn run(size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(92, size.pick(300, 3), 20.0))?;
    match size {
        Size::Full => runtime.block_on(measure(9_200, 40, 300.0)),
        Size::Small => Ok(()),
    }
}

/// Fills a month of a site of `meters` meters and asks for it `times` times.
async fn measure(meters: usize, times: u32, target_ms: f64) -> Result<()> {
    let pool = database::fresh("hierarchy").await?;
    let plant = plant::register(&pool, meters).await?;
    let now = Utc::now();
    let midnight = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let from = midnight - TimeDelta::days(30);
    fill::month(&pool, &plant, from, now).await?;
    let progress = Progress::new("start");
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
    drop(progress);
    let from = Some(from.into());

    let month = format!("{meters} meters over a month");
    asked(&format!("hierarchy of {month}"), times, target_ms, async || {
        let asked = service::SiteWindow { from, ..Default::default() };
        bytes(&service::meters::hierarchy::forest(&service, &WHO, asked).await?)
    })
    .await?;
    asked(&format!("losses of {month}"), times, target_ms, async || {
        let asked = service::losses::power_loss::LossesQuery { from, ..Default::default() };
        bytes(&service::losses::power_loss::list(&service, &WHO, asked).await?)
    })
    .await?;
    tasks.stop().await;
    Ok(())
}

/// Asks again and again; the first time, which fills caches, does not count.
async fn asked(
    what: &str,
    times: u32,
    target_ms: f64,
    ask: impl AsyncFn() -> Result<usize>,
) -> Result<()> {
    let progress = Progress::of(what, times.into());
    let bytes = ask().await?;
    let mut took = Times::default();
    for _ in 0..times {
        let began = Instant::now();
        ask().await?;
        took.add(began);
        progress.add(1);
    }
    Row::lower(format!("{what}, p50"), took.at(500) * 1e3, "ms").print();
    Row::lower(format!("{what}, p95"), took.at(950) * 1e3, "ms").target(target_ms).print();
    Row::lower(format!("{what}, size"), bytes as f64 / 1e3, "kB").print();
    Ok(())
}

/// Size of an answer, as it is sent.
fn bytes(answer: &impl Serialize) -> Result<usize> {
    Ok(serde_json::to_vec(answer)?.len())
}
