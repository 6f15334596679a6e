//! Where looks at devices may go, and how many go on.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use acquisition::{ConnectPolicy, Outbound};
use domain::devices::reason::unreached::Unreached;
use domain::devices::refusal::table::DeviceRefusal;
use domain::message::Message;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Error;

/// Looks that go on at the same time at most.
const AT_ONCE: usize = 4;
/// A look takes no longer.
const LIMIT: Duration = Duration::from_secs(10);

/// Where looks may go, and how many go on.
#[derive(Clone)]
pub(crate) struct DeviceTrials {
    pub(super) reach: Arc<OnceLock<ConnectPolicy>>,
    turns: Arc<Semaphore>,
}

impl DeviceTrials {
    pub(crate) fn new() -> Self {
        Self { reach: Arc::default(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Until someone says more, this machine is not reached.
    pub(super) fn reach(&self) -> ConnectPolicy {
        self.reach.get().cloned().unwrap_or_else(|| Outbound::new(false).into())
    }

    /// Runs a look when it has its turn and for as long as it may take.
    pub(super) async fn run<T>(
        &self,
        look: impl Future<Output = Result<T, Message>>,
    ) -> Result<Result<T, Message>, Error> {
        let Ok(_turn) = self.turns.try_acquire() else {
            return Err(Error::Busy(DeviceRefusal::Busy.into()));
        };
        let late = || Err(Unreached::NoAnswer { seconds: LIMIT.as_secs_f64() }.into());
        Ok(timeout(LIMIT, look).await.unwrap_or_else(|_| late()))
    }
}
