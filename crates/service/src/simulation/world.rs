//! What the process keeps of the simulated world.

use domain::simulation::refusal::WorldRefusal;
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::Mutex as ShortLock;
use tokio::sync::{Mutex, MutexGuard, Notify, watch};
use tokio::time::Instant;

use super::engine::Engine;
use crate::live::LiveState;
use crate::{Core, Error};

/// A change waits this long for what is still to be recorded.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the process keeps of the world.
pub(crate) struct World {
    pub(super) engine: Mutex<Engine>,
    /// What is shown live, and to how many.
    pub(super) live: LiveState,
    pub(super) looked: ShortLock<Instant>,
    /// After how long without a look the clock stands still; never where none is set.
    pub(super) pause_after: ShortLock<Option<Duration>>,
    pub(super) wake: Notify,
    /// Up to when everything is recorded.
    pub(super) recorded: watch::Sender<DateTime<Utc>>,
}

impl World {
    pub(crate) fn new(live: LiveState) -> Self {
        Self {
            engine: Mutex::new(Engine::default()),
            live,
            looked: ShortLock::new(Instant::now()),
            pause_after: ShortLock::new(None),
            wake: Notify::new(),
            recorded: watch::Sender::new(DateTime::UNIX_EPOCH),
        }
    }

    /// Holds the world still, with everything recorded up to its present.
    pub(super) async fn hold(&self, core: &Core) -> Result<MutexGuard<'_, Engine>, Error> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let mut engine = self.engine.lock().await;
            if !engine.advance(core, self).await? {
                return Ok(engine);
            }
            if Instant::now() > give_up {
                return Err(Error::Unavailable);
            }
        }
    }
}

pub(super) fn no_world() -> Error {
    Error::NotFound { code: "site_not_found", message: WorldRefusal::None.into() }
}
