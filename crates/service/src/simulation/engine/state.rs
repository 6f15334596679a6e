//! What the process keeps of the simulated world.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::simulation::refusal::WorldRefusal;
use parking_lot::Mutex as ShortLock;
use tokio::sync::{Mutex, MutexGuard, Notify, watch};
use tokio::time::Instant;

use crate::live::LiveState;
use crate::simulation::engine::Engine;
use crate::{Core, Error};

/// A change waits this long for what is still to be recorded.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the process keeps of the world.
pub(crate) struct Simulation {
    pub(in crate::simulation) engine: Mutex<Engine>,
    /// What is shown live, and to how many.
    pub(in crate::simulation) live: LiveState,
    pub(in crate::simulation) looked: ShortLock<Instant>,
    /// After how long without a look the clock stands still; never where none is set.
    pub(in crate::simulation) pause_after: ShortLock<Option<Duration>>,
    pub(in crate::simulation) wake: Notify,
    /// Up to when everything is recorded.
    pub(in crate::simulation) recorded: watch::Sender<DateTime<Utc>>,
}

impl Simulation {
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
    pub(in crate::simulation) async fn hold(
        &self,
        core: &Core,
    ) -> Result<MutexGuard<'_, Engine>, Error> {
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

pub(in crate::simulation) fn no_world() -> Error {
    Error::not_found("site_not_found", WorldRefusal::None)
}
