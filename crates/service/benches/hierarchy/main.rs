//! How fast a site's month is answered: its tree with energies, its losses.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench hierarchy` provides one.

#[path = "../ground/database.rs"]
mod database;
mod fill;
#[path = "../ground/plant.rs"]
mod plant;

use std::error::Error;
use std::time::Instant;

use chrono::{TimeDelta, Utc};
use serde::Serialize;
use service::Principal;

const WHO: Principal = Principal::Loopback;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("| what | measured | target |");
    println!("|---|---|---|");
    runtime.block_on(measure(92, 300, 20))?;
    runtime.block_on(measure(9_200, 40, 150))
}

/// Fills a month of a site of `meters` meters and asks for it `times` times.
async fn measure(meters: usize, times: usize, target_ms: u32) -> Result<(), Box<dyn Error>> {
    let pool = database::fresh().await?;
    let plant = plant::register(&pool, meters).await?;
    let now = Utc::now();
    let midnight = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let from = midnight - TimeDelta::days(30);
    fill::month(&pool, &plant, from, now).await?;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
    let from = from.into();

    let line = |what: &str, asked: &Asked| {
        let (half, p95, kilobytes) = asked.figures();
        println!("| {what}, {meters} meters over a month, p50 | {half:.1} ms | |");
        println!(
            "| {what}, {meters} meters over a month, p95 ({kilobytes} kB) | {p95:.1} ms | {target_ms} |"
        );
    };
    let tree = asked(times, || async {
        let asked =
            service::meters::hierarchy::HierarchyQuery { from: Some(from), ..Default::default() };
        bytes(&service::meters::hierarchy::forest(&service, &WHO, asked).await?)
    });
    line("hierarchy", &tree.await?);
    let losses = asked(times, || async {
        let asked =
            service::losses::power_loss::LossesQuery { from: Some(from), ..Default::default() };
        bytes(&service::losses::power_loss::list(&service, &WHO, asked).await?)
    });
    line("losses", &losses.await?);
    tasks.stop().await;
    Ok(())
}

/// How long each answer took, in ms, and its size.
struct Asked {
    took: Vec<f64>,
    bytes: usize,
}

impl Asked {
    /// The half, the 95th percentile, and kilobytes.
    fn figures(&self) -> (f64, f64, usize) {
        let at = |percent: usize| self.took[(self.took.len() - 1) * percent / 100];
        (at(50), at(95), self.bytes / 1000)
    }
}

/// Asks again and again; the first time, which fills caches, does not count.
async fn asked(
    times: usize,
    ask: impl AsyncFn() -> Result<usize, Box<dyn Error>>,
) -> Result<Asked, Box<dyn Error>> {
    let bytes = ask().await?;
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let began = Instant::now();
        ask().await?;
        took.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    Ok(Asked { took, bytes })
}

/// Size of an answer, as it is sent.
fn bytes(answer: &impl Serialize) -> Result<usize, Box<dyn Error>> {
    Ok(serde_json::to_vec(answer)?.len())
}
