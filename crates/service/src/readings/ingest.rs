//! The one way in for readings: validate, commit, then acknowledge.
//!
//! Drivers and the API hand over [`Batch`]es through a bounded channel; what does not fit waits at
//! its source. Batches are gathered to about a thousand rows or a few milliseconds, written in one
//! transaction, and answered after its commit, in order. While the database is away nothing is
//! acknowledged and nothing thrown away: the write is tried again until it succeeds.

pub(crate) mod counters;
mod gather;
mod repeats;
mod validate;
mod write;

use std::sync::Arc;
use std::time::Duration;

use acquisition::{Batch, Inlet, RefusedReading};
use chrono::Utc;
use domain::readings::refusal::RefusalReason;
use domain::{MeterId, Reading, Source};
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

pub use counters::{Counters, Totals};
pub(crate) use repeats::Repeats;
pub(crate) use validate::impossible;

use crate::Core;
use crate::live::committed::CommittedState;
use crate::operation::clock::Computer;
use crate::operation::supervision::Pulse;
use crate::readings::arrived::{Arrived, Mark};
use crate::registry::Registry;

/// Batches that may wait; more wait at their source.
const WAITING_BATCHES: usize = 256;
/// Readings that may wait in them or be under way to the database: some 36 MB.
const WAITING_READINGS: u32 = 60_000;
/// Transactions under way at once: one is prepared while the other commits.
const WRITES_AT_ONCE: usize = 2;
/// A writer that has nothing to write says this often that it goes on.
const BEAT: Duration = Duration::from_secs(5);

/// The way in, to be given to sources.
pub(crate) fn channel() -> (Inlet, mpsc::Receiver<Batch>) {
    acquisition::inlet(WAITING_BATCHES, WAITING_READINGS)
}

/// What the writer needs.
pub(crate) struct Ingest {
    pub(crate) pool: PgPool,
    pub(crate) registry: Registry,
    pub(crate) computer: Arc<Computer>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) repeats: Repeats,
    pub(crate) shown: CommittedState,
    /// The way on to the rules of alarms.
    pub(crate) arrived: Arc<Arrived>,
    pub(crate) stop: CancellationToken,
}

impl Ingest {
    /// Hands on what was written, to the rules of alarms and to the live state.
    async fn hand_on(&self, (written, mark): (Vec<Reading>, Mark)) {
        mark.stored(&written);
        self.shown.hand_on(written).await;
    }
}

/// Counts readings of a meter that were refused before they came here, and keeps them where people see it.
pub(crate) async fn refuse(
    core: &Core,
    counters: &Counters,
    meter: MeterId,
    source: Source,
    reasons: Vec<RefusalReason>,
) {
    let refused = reasons
        .into_iter()
        .enumerate()
        .map(|(index, reason)| (source, RefusedReading { index, meter, at: Utc::now(), reason }));
    write::note(core.pool(), counters, refused.collect()).await;
}

/// Runs until every sender is gone or the stop signal comes; what was taken by then is written. A writer
/// that falls has acknowledged nothing of what it had taken: it is sent again.
pub(crate) async fn run(ingest: Ingest, batches: Arc<Mutex<mpsc::Receiver<Batch>>>, pulse: Pulse) {
    let mut batches = batches.lock().await;
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut writes = FuturesOrdered::new();
    let mut gathered = Vec::new();
    let mut open = true;
    while open || !writes.is_empty() {
        tokio::select! {
            biased;
            Some(done) = writes.next(), if !writes.is_empty() => {
                ingest.hand_on(done).await;
                pulse.beat();
            }
            _ = beat.tick(), if writes.is_empty() => pulse.beat(),
            group = gather::group(&mut batches, &mut gathered), if open && writes.len() < WRITES_AT_ONCE => {
                match group {
                    Some(group) => writes.push_back(write::write(&ingest, group)),
                    None => open = false,
                }
            }
            () = ingest.stop.cancelled(), if open => {
                open = false;
                if !gathered.is_empty() {
                    writes.push_back(write::write(&ingest, std::mem::take(&mut gathered)));
                }
            }
        }
    }
}
