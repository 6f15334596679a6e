//! The transformers in memory, in which the nearest one with room is found at once.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{RwLock, RwLockReadGuard};
use storage::grid::transformers::Stored;
use tokio::sync::{Mutex, watch};

use super::index::Index;
use crate::Error;

/// A request waits this long for the transformers to be read when the process starts.
const READY_DEADLINE: Duration = Duration::from_secs(30);

/// The transformers in memory, shared.
#[derive(Clone, Default)]
pub(crate) struct Grid {
    pub(super) index: Arc<RwLock<Index>>,
    ready: Arc<watch::Sender<bool>>,
    /// Held while something is read from the database until it is taken in.
    pub(super) turn: Arc<Mutex<()>>,
}

impl Grid {
    /// What is known, once all was read for the first time.
    pub(super) async fn index(&self) -> Result<RwLockReadGuard<'_, Index>, Error> {
        let mut ready = self.ready.subscribe();
        let read = tokio::time::timeout(READY_DEADLINE, ready.wait_for(|ready| *ready));
        read.await.ok().and_then(Result::ok).ok_or(Error::Unavailable)?;
        Ok(self.index.read())
    }

    /// Takes in newer states, after all was read that is being read now: that may not have them yet.
    pub(super) async fn apply(&self, changed: Vec<Stored>) {
        let _turn = self.turn.lock().await;
        self.take_in(changed);
    }

    pub(super) fn take_in(&self, changed: Vec<Stored>) {
        if !changed.is_empty() {
            self.index.write().apply(changed);
        }
    }

    pub(super) fn replace(&self, all: Vec<Stored>) {
        let fresh = Index::load(all);
        *self.index.write() = fresh;
        self.ready.send_replace(true);
    }
}
