//! What strikes, and how long it takes until the program is ready again.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
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
const STORMY: Duration = Duration::from_secs(10);
const HELD: Duration = Duration::from_secs(8);
const HALF_OPEN: usize = 300;
/// How far the clock leaps, and for how long.
pub(crate) const LEAP: TimeDelta = TimeDelta::days(1);
const LEAPT: Duration = Duration::from_secs(10);
const FULL: Duration = Duration::from_secs(8);

/// A fault that has struck.
struct Struck {
    at: Duration,
    fault: Fault,
    ready_after: Duration,
    /// From its beginning until the program was ready again.
    lasted: Range<DateTime<Utc>>,
}

/// What has struck so far.
pub(crate) struct Field {
    seed: u64,
    frozen: Duration,
    struck: Vec<Struck>,
}

impl Field {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { seed: plan.seed, frozen: plan.frozen, struck: Vec::new() }
    }

    /// Strikes, and waits until the program is ready again.
    pub(crate) async fn strike(
        &mut self,
        fault: Fault,
        site: &mut Site,
        at: Duration,
    ) -> Result<()> {
        let failed = || format!("{} at {} s", fault.word(), at.as_secs());
        let since = Utc::now();
        apply(fault, site, self.frozen).await.with_context(failed)?;
        let begun = Instant::now();
        site.running()?.ready(READY_WITHIN).await.with_context(failed)?;
        let ready_after = begun.elapsed();
        println!(
            "{:>5} s  {}, ready after {:.1} s",
            at.as_secs(),
            fault.word(),
            ready_after.as_secs_f64()
        );
        self.struck.push(Struck { at, fault, ready_after, lasted: since..Utc::now() });
        Ok(())
    }

    /// How many have struck.
    pub(crate) fn count(&self) -> usize {
        self.struck.len()
    }

    /// When the program was killed, from each time until another one was ready.
    pub(crate) fn killed(&self) -> impl Iterator<Item = &Range<DateTime<Utc>>> {
        self.of(|fault| matches!(fault, Fault::KilledProgram | Fault::SecondProgram))
    }

    /// When its clock was not right.
    pub(crate) fn leapt(&self) -> impl Iterator<Item = &Range<DateTime<Utc>>> {
        self.of(|fault| fault == Fault::ClockAhead)
    }

    fn of(&self, kind: impl Fn(Fault) -> bool) -> impl Iterator<Item = &Range<DateTime<Utc>>> {
        let of_kind = self.struck.iter().filter(move |struck| kind(struck.fault));
        of_kind.map(|struck| &struck.lasted)
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

async fn apply(fault: Fault, site: &mut Site, frozen: Duration) -> Result<()> {
    match fault {
        Fault::KilledProgram => {
            site.take()?.kill().await?;
            site.put(Program::start(&site.settings).await?);
        }
        Fault::KilledDatabase => kill(database::first_process(&site.url)?, Signal::SIGKILL)?,
        Fault::FrozenDatabase => {
            database::signal_all(&site.url, Signal::SIGSTOP)?;
            sleep(frozen).await;
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
        Fault::ClockAhead => {
            site.settings.clock.lead(LEAP)?;
            sleep(LEAPT).await;
            site.settings.clock.lead(TimeDelta::zero())?;
        }
        Fault::FullDisk => {
            let disk = Arc::clone(site.disk.as_ref().context("there is no disk to fill")?);
            let full = Arc::clone(&disk);
            tokio::task::spawn_blocking(move || full.fill()).await??;
            sleep(FULL).await;
            disk.free()?;
        }
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
