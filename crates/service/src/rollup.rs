//! The rollup: readings become quarter-hours, days, and the losses of nodes.
//!
//! Whatever changes what energy is computed from puts quarter-hours into a queue, in its own
//! transaction. One worker takes them out, loads what they depend on, folds it and writes the result
//! with everything that follows from it in one transaction. It can be killed at any time: what it had
//! taken stands among the claims and is done first by the next.

mod apart;
mod cadence;
mod claims;
mod filling;
mod learn;
mod load;
mod losses;
mod rebuild;
mod round;
mod sweep;
mod told;
mod write;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{MeterId, SiteId};
use parking_lot::Mutex;
use sqlx::PgPool;
use storage::rollup::Turn;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

pub use rebuild::{RebuildRequest, Rebuilt, rebuild};

use crate::operation::failures::{self, Failures};
use crate::operation::pace::Pace;
use crate::operation::supervision::Pulse;
use crate::registry::Registry;
use crate::{Core, Error};

/// The queue is looked at this often while something comes …
const LOOK: Duration = Duration::from_secs(1);
/// … and this soon again after it was found empty: all that costs is one question to the database.
const IDLE: Duration = Duration::from_millis(250);

/// The balances of nodes follow at most this much later: live quarter-hours change each second.
const BALANCE: Duration = Duration::from_secs(5);

/// How often the queue is counted, which takes long while it holds months.
const COUNT_EVERY: Duration = Duration::from_secs(2);

/// What the worker did and has to do, for the metrics.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    computed: AtomicU64,
    waiting: AtomicU64,
    causes: AtomicU64,
    /// Since when there was always something to do.
    behind_since: Mutex<Option<DateTime<Utc>>>,
}

/// Figures of the rollup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Quarter-hours written since the start of the process.
    pub computed: u64,
    /// Quarter-hours that waited when the queue was last looked at.
    pub waiting: u64,
    /// Days of nodes whose balance does not close, and that nobody has looked into since they were computed.
    pub causes: u64,
    /// Seconds since the queue was last found empty.
    pub lag_seconds: u64,
}

impl Progress {
    pub(crate) fn totals(&self) -> Totals {
        let behind = *self.behind_since.lock();
        Totals {
            computed: self.computed.load(Relaxed),
            waiting: self.waiting.load(Relaxed),
            causes: self.causes.load(Relaxed),
            lag_seconds: behind
                .map_or(0, |since| (Utc::now() - since).num_seconds().unsigned_abs()),
        }
    }

    fn wrote(&self, intervals: usize) {
        self.computed.fetch_add(intervals as u64, Relaxed);
    }

    fn suspects(&self, causes: usize) {
        self.causes.store(causes as u64, Relaxed);
    }

    fn found(&self, waiting: u64) {
        self.waiting.store(waiting, Relaxed);
        let mut behind = self.behind_since.lock();
        *behind = if waiting == 0 { None } else { Some(behind.unwrap_or_else(Utc::now)) };
    }
}

/// What the worker needs.
pub(crate) struct Rollup {
    pool: PgPool,
    registry: Registry,
    progress: Arc<Progress>,
    pace: Pace,
    memory: Memory,
}

/// What the worker remembers from one look to the next; it can do without.
#[derive(Debug, Default)]
struct Memory {
    /// Whether what was written since put more into the queue.
    goes_on: AtomicBool,
    /// Whether it was learned how often meters are read, since others were told of it.
    has_learned: AtomicBool,
    /// When the balances were last brought up to date.
    balanced: Mutex<Option<Instant>>,
    /// Days whose balances do not close.
    suspicious: Mutex<losses::Suspicious>,
    /// Where the meters hung.
    places: Mutex<losses::Places>,
    /// When the cadences of meters were last looked at.
    cadences: Mutex<HashMap<MeterId, cadence::Looked>>,
    /// What decided about the quarter-hours before those under way.
    settled: Mutex<load::settled::Settled>,
    /// Quarter-hours that are computed again and again.
    filling: Mutex<filling::Filling>,
    /// How often parts failed.
    failures: Failures,
    /// How many quarter-hours failed in the round under way.
    failed: AtomicU32,
}

/// Runs until the stop signal.
pub(crate) async fn run(
    core: Core,
    progress: Arc<Progress>,
    stop: CancellationToken,
    pulse: Pulse,
) {
    let (pool, pace) = (core.pool().clone(), core.pace());
    let rollup = Arc::new(Rollup::new(pool, core.registry().clone(), progress, pace));
    let mut look = interval(pace.of(LOOK));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sweep = sweep::Sweep::new(pace);
    let mut is_updated = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = look.tick() => {}
        }
        let work = async {
            if !is_updated {
                failures::again_after_an_update(&core).await?;
                is_updated = true;
            }
            sweep.when_due(&rollup.pool).await?;
            rollup.drain(&pulse).await
        };
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = work => done,
        };
        match done {
            Ok(had_work) => {
                pulse.beat();
                if !had_work {
                    look.reset_after(pace.of(IDLE));
                }
            }
            Err(error) => {
                let cause = error.cause();
                tracing::warn!("energy could not be summed up, it is tried again: {cause}");
            }
        }
    }
}

impl Rollup {
    fn new(pool: PgPool, registry: Registry, progress: Arc<Progress>, pace: Pace) -> Self {
        Self { pool, registry, progress, pace, memory: Memory::default() }
    }

    /// Works until nothing waits, or leaves it to another process that is at it. Whether anything waited.
    pub(crate) async fn drain(self: &Arc<Self>, pulse: &Pulse) -> Result<bool, Error> {
        let idle = storage::rollup::is_idle(&self.pool).await?;
        if idle {
            self.progress.found(0);
        }
        if idle && !self.is_balance_due() {
            return Ok(false);
        }
        let Some(turn) = storage::rollup::take_turn(&self.pool).await? else {
            return Ok(!idle);
        };
        let turn = Arc::new(turn);
        self.follow_zones().await?;
        if !idle {
            self.rounds(&turn, pulse).await?;
        }
        self.balance_when_due(pulse).await?;
        Ok(!idle)
    }

    /// Does rounds until nothing waits.
    async fn rounds(self: &Arc<Self>, turn: &Arc<Turn>, pulse: &Pulse) -> Result<(), Error> {
        let mut counted: Option<Instant> = None;
        loop {
            if counted.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
                self.progress.found(storage::rollup::waiting(&self.pool).await?);
                counted = Some(Instant::now());
            }
            let goes_on = self.round(turn).await?;
            // Once a round: whoever follows the registry reads all of it again.
            if self.memory.has_learned.swap(false, Relaxed) {
                self.registry.changed();
            }
            if !goes_on {
                break;
            }
            pulse.beat();
            self.balance_when_due(pulse).await?;
        }
        self.progress.found(0);
        Ok(())
    }

    /// Days are those of the site's clock: whoever moves a zone does so in the worker's turn, and nothing
    /// is written by the old one after that.
    async fn follow_zones(&self) -> Result<(), Error> {
        let known = self.registry.known();
        let zones = storage::recount::zones::all(&self.pool).await?;
        let moved = |(site, zone): &(SiteId, String)| {
            known.sites.get(site).is_none_or(|known| known.zone.name() != zone)
        };
        if zones.iter().any(moved) {
            self.registry.reload().await?;
        }
        Ok(())
    }

    fn is_balance_due(&self) -> bool {
        let every = self.pace.of(BALANCE);
        self.memory.balanced.lock().is_none_or(|last| last.elapsed() >= every)
    }

    async fn balance_when_due(&self, pulse: &Pulse) -> Result<(), Error> {
        if self.is_balance_due() {
            self.follow_moves().await?;
            while self.balance().await? {
                pulse.beat();
            }
            self.find_causes(pulse).await?;
            *self.memory.balanced.lock() = Some(Instant::now());
        }
        Ok(())
    }
}
