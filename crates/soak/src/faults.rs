//! What strikes, and how long it takes until the program is ready again.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::signal::{Signal, kill};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::database;
use crate::plan::{Fault, Plan};
use crate::program::Program;
use crate::site::Site;

/// After what strikes the program is ready within this.
const READY_WITHIN: Duration = Duration::from_secs(45);
const FROZEN: Duration = Duration::from_secs(20);
const STORMY: Duration = Duration::from_secs(10);
const HELD: Duration = Duration::from_secs(8);
const HALF_OPEN: usize = 300;

/// A fault that has struck.
struct Struck {
    at: Duration,
    fault: Fault,
    ready_after: Duration,
}

/// What has struck so far.
pub(crate) struct Field {
    seed: u64,
    struck: Vec<Struck>,
}

impl Field {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { seed: plan.seed, struck: Vec::new() }
    }

    /// Strikes, and waits until the program is ready again.
    pub(crate) async fn strike(
        &mut self,
        fault: Fault,
        site: &mut Site,
        at: Duration,
    ) -> Result<()> {
        let failed = || format!("{} at {} s", fault.word(), at.as_secs());
        apply(fault, site).await.with_context(failed)?;
        let begun = Instant::now();
        site.running()?.ready(READY_WITHIN).await.with_context(failed)?;
        let ready_after = begun.elapsed();
        println!(
            "{:>5} s  {}, ready after {:.1} s",
            at.as_secs(),
            fault.word(),
            ready_after.as_secs_f64()
        );
        self.struck.push(Struck { at, fault, ready_after });
        Ok(())
    }

    /// How many have struck.
    pub(crate) fn count(&self) -> usize {
        self.struck.len()
    }

    /// How often each kind has struck.
    pub(crate) fn print(&self) {
        println!(
            "\n| fault, seed {} | times | ready again after, at most |\n|---|---|---|",
            self.seed
        );
        let mut kinds: Vec<Fault> = self.struck.iter().map(|struck| struck.fault).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let of_kind: Vec<_> =
                self.struck.iter().filter(|struck| struck.fault == kind).collect();
            let longest = of_kind.iter().map(|struck| struck.ready_after).max().unwrap_or_default();
            println!("| {} | {} | {:.1} s |", kind.word(), of_kind.len(), longest.as_secs_f64());
        }
        if let Some(last) = self.struck.last() {
            println!("\nThe last one struck after {} s.\n", last.at.as_secs());
        }
    }
}

async fn apply(fault: Fault, site: &mut Site) -> Result<()> {
    match fault {
        Fault::KilledProgram => {
            site.take()?.kill().await?;
            site.put(Program::start(&site.settings).await?);
        }
        Fault::KilledDatabase => kill(database::first_process(&site.url)?, Signal::SIGKILL)?,
        Fault::FrozenDatabase => {
            database::signal_all(&site.url, Signal::SIGSTOP)?;
            sleep(FROZEN).await;
            database::signal_all(&site.url, Signal::SIGCONT)?;
        }
        Fault::RestartedBroker => site.broker.restart().await?,
        Fault::Storm => {
            site.weather.storms(true);
            sleep(STORMY).await;
            site.weather.storms(false);
        }
        Fault::HalfOpen => half_open(site.running()?).await?,
        Fault::SlowReader => {
            let _unread =
                begin(site.running()?, "GET /api/live HTTP/1.1\r\nHost: x\r\n\r\n").await?;
            sleep(HELD).await;
        }
        Fault::SecondProgram => second(site).await?,
    }
    Ok(())
}

async fn begin(program: &Program, text: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(program.address).await?;
    stream.write_all(text.as_bytes()).await?;
    Ok(stream)
}

async fn half_open(program: &Program) -> Result<()> {
    let mut open = Vec::new();
    for _ in 0..HALF_OPEN {
        open.push(begin(program, "GET / HT").await?);
    }
    // Others are heard meanwhile.
    program.ready(HELD).await?;
    sleep(HELD).await;
    Ok(())
}

/// The second takes over when the first is killed; the first, started again, takes over from it.
async fn second(site: &mut Site) -> Result<()> {
    let second = Program::stand_by(&site.settings).await?;
    site.take()?.kill().await?;
    second.ready(READY_WITHIN).await?;
    site.put(second);
    sleep(Duration::from_secs(3)).await;
    site.take()?.stop().await?;
    site.put(Program::start(&site.settings).await?);
    Ok(())
}
