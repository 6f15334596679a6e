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

use acquisition::Batch;
use domain::Reading;
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use counters::{Counters, Totals};

use crate::registry::Registry;

/// Batches that may wait; more wait at their source.
const WAITING_BATCHES: usize = 256;
/// Transactions under way at once: one is prepared while the other commits.
const WRITES_AT_ONCE: usize = 2;
/// Committed groups that may wait for the live state.
const WAITING_COMMITS: usize = 64;

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
    pub(crate) pool: PgPool,
    pub(crate) registry: Registry,
    pub(crate) counters: Arc<Counters>,
    pub(crate) committed: mpsc::Sender<Vec<Reading>>,
    pub(crate) stop: CancellationToken,
}

/// Runs until every sender is gone or the stop signal comes; what was taken by then is written.
pub(crate) async fn run(ingest: Ingest, mut batches: mpsc::Receiver<Batch>) {
    let mut writes = FuturesOrdered::new();
    let mut gathered = Vec::new();
    let mut open = true;
    while open || !writes.is_empty() {
        tokio::select! {
            biased;
            Some(done) = writes.next(), if !writes.is_empty() => publish(&ingest, done).await,
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
