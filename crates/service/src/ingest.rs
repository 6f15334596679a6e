//! The one way in for readings: validate, commit, then acknowledge.
//!
//! Drivers and the API hand over [`Batch`]es through a bounded channel; what does not fit waits at
//! its source. Batches are gathered to about a thousand rows or a few milliseconds, written in one
//! transaction, and answered after its commit, in order. While the database is away nothing is
//! acknowledged and nothing thrown away: the write is tried again until it succeeds.

mod counters;
mod gather;
mod validate;
mod write;

use std::sync::Arc;
use std::time::Duration;

use acquisition::Batch;
use domain::Reading;
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

pub use counters::{Counters, Totals};

use crate::Service;
use crate::registry::Registry;
use crate::supervision::Pulse;

/// Batches that may wait; more wait at their source.
const WAITING_BATCHES: usize = 256;
/// Transactions under way at once: one is prepared while the other commits.
const WRITES_AT_ONCE: usize = 2;
/// Committed groups that may wait for the live state.
const WAITING_COMMITS: usize = 64;
/// A writer that has nothing to write says this often that it goes on.
const BEAT: Duration = Duration::from_secs(5);

/// The way in, to be given to sources.
pub(crate) fn channel() -> (mpsc::Sender<Batch>, mpsc::Receiver<Batch>) {
    mpsc::channel(WAITING_BATCHES)
}

/// The way on, to the live state.
pub(crate) fn committed_channel() -> (mpsc::Sender<Vec<Reading>>, mpsc::Receiver<Vec<Reading>>) {
    mpsc::channel(WAITING_COMMITS)
}

/// What the writer needs.
pub(crate) struct Ingest {
    pool: PgPool,
    registry: Registry,
    counters: Arc<Counters>,
    committed: mpsc::Sender<Vec<Reading>>,
    stop: CancellationToken,
}

impl Ingest {
    pub(crate) fn new(
        service: &Service,
        committed: mpsc::Sender<Vec<Reading>>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            pool: service.pool().clone(),
            registry: service.registry().clone(),
            counters: Arc::clone(&service.inner.counters),
            committed,
            stop,
        }
    }
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
                publish(&ingest, done).await;
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

async fn publish(ingest: &Ingest, stored: Vec<Reading>) {
    if !stored.is_empty() && ingest.committed.send(stored).await.is_err() {
        tracing::debug!("the live state has stopped; stored readings are not shown any more");
    }
}
