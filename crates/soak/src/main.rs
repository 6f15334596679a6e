//! The whole program for a while among devices of every kind, while faults strike: what was acknowledged has
//! to be there once, and the energy has to be what the devices truly counted.
//!
//! `plan` draws the meters and the faults from a seed. `sources` are the devices, each of which notes in the
//! `ledger` what it counted and what was acknowledged to it; `proxy` stands between them and the program and
//! spoils connections. `program`, `broker`, `database`, `clock` and `disk` are what `faults` strike, and `verdict`
//! holds the database against the ledger at the end. `cargo xtask soak` runs it.
//!
//! Not here: anything of the workspace. What is played is the program as it is delivered.

mod broker;
mod clock;
mod database;
mod disk;
mod faults;
mod ledger;
mod memory;
mod plan;
mod program;
mod proxy;
mod site;
mod sources;
mod verdict;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Parser;
use tokio::time::sleep;

use crate::faults::Field;
use crate::plan::Plan;
use crate::site::Site;

/// How long nothing strikes at the end, so that what waits arrives.
const CALM: Duration = Duration::from_secs(25);

#[derive(Parser)]
struct Arguments {
    /// The program
    #[arg(long)]
    program: PathBuf,
    /// For how long, in minutes
    #[arg(long, default_value_t = 3)]
    minutes: u64,
    /// What the faults and the devices are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let asked = Arguments::parse();
    // Another one that is there already does as well.
    rustls::crypto::ring::default_provider().install_default().ok();
    let folder = tempfile::Builder::new().prefix("soak").tempdir()?;
    let played = play(&asked, folder.path()).await;
    if played.as_ref().is_ok_and(|is_right| *is_right) {
        return Ok(ExitCode::SUCCESS);
    }
    println!("soak: play it again with --minutes {} --seed {}", asked.minutes, asked.seed);
    println!("the program's own words: {}", folder.keep().join("wattlens.log").display());
    played.map(|_| ExitCode::FAILURE)
}

/// Plays a seed, and answers whether all was right in the end.
async fn play(asked: &Arguments, folder: &Path) -> Result<bool> {
    let lasts = Duration::from_secs(60 * asked.minutes);
    let plan = Plan::drawn(asked.seed, lasts.saturating_sub(CALM));
    println!("soak: seed {}, {} min, {} faults", asked.seed, asked.minutes, plan.faults.len());
    let mut site = Site::open(&asked.program, folder, &plan).await?;
    let begun = Instant::now();
    let mut field = Field::new(&plan);
    for (at, fault) in &plan.faults {
        if !site.can(*fault) {
            println!("{:>5} s  {}: left out, which only root can play", at.as_secs(), fault.word());
            continue;
        }
        sleep(at.saturating_sub(begun.elapsed())).await;
        field.strike(*fault, &mut site, begun.elapsed()).await?;
    }
    sleep(lasts.saturating_sub(begun.elapsed())).await;
    site.end_sources().await?;
    let findings = verdict::findings(&site, &field).await?;
    site.close().await?;
    field.print();
    println!("{}", verdict::table(&findings));
    Ok(findings.iter().all(verdict::Finding::is_right))
}
