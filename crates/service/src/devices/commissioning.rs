//! Trying a device: what it answers, before it becomes a meter or to see why it does not read.
//!
//! A look connects once, stores nothing and takes ten seconds at most; a few go on at the same time.

mod announced;
mod look;
mod registers;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use acquisition::{Outbound, Reach};
use domain::devices::mqtt::{Broker, BrokerRef};
use domain::devices::reason::unreached::Unreached;
use domain::devices::refusal::table::DeviceRefusal;
use domain::message::Message;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub use announced::{Announced, AnnouncedDevice, BrokerAsked, UnusableAnnouncement, announced};
pub use look::{Look, TestRead, test};
pub use registers::{Asked, FoundUnit, RegisterView, Registers, ScanAsked, Scanned, raw, scan};

use crate::devices::brokers;
use crate::{Error, Service};

/// Looks that go on at the same time at most.
const AT_ONCE: usize = 4;
/// A look takes no longer.
const LIMIT: Duration = Duration::from_secs(10);

/// Where looks may go, and how many go on.
#[derive(Clone)]
pub(crate) struct Bench {
    reach: Arc<OnceLock<Reach>>,
    turns: Arc<Semaphore>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { reach: Arc::default(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Until someone says more, this machine is not reached.
    fn reach(&self) -> Reach {
        self.reach.get().cloned().unwrap_or_else(|| Outbound::new(false).into())
    }

    /// Runs a look when it has its turn and for as long as it may take.
    async fn run<T>(
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

/// Says where looks may go: where the drivers may. Is without effect the second time.
pub fn may_reach(service: &Service, reach: Reach) {
    service.bench().reach.set(reach).ok();
}

/// The broker that settings mean, with its password.
async fn ready(service: &Service, broker: BrokerRef) -> Result<Broker, Error> {
    match broker {
        BrokerRef::Direct(broker) => Ok(broker),
        BrokerRef::Named(name) => brokers::ready(service, &name).await,
    }
}

fn milliseconds(latency: Duration) -> u64 {
    u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)
}
