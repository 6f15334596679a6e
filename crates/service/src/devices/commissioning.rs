//! Trying a device: what it answers, before it becomes a meter or to see why it does not read.
//!
//! A look connects once, stores nothing and takes ten seconds at most; a few go on at the same time.

mod announced;
mod look;
mod registers;
pub(crate) mod trials;

use std::sync::OnceLock;
use std::time::Duration;

use acquisition::ConnectPolicy;
use domain::devices::mqtt::{Broker, BrokerRef};

pub use announced::{Announced, AnnouncedDevice, BrokerAsked, UnusableAnnouncement, announced};
pub use look::{Look, TestRead, test};
pub use registers::{
    FoundUnit, RegisterView, Registers, RegistersRequest, ScanAsked, Scanned, raw, scan,
};

use crate::devices::brokers;
use crate::{Core, Error, Service};

/// Says where looks may go: where the drivers may. Is without effect the second time.
pub fn may_reach(service: &Service, reach: ConnectPolicy) {
    service.device_trials().reach.set(reach).ok();
}

/// The broker that settings mean, with its password.
async fn ready(
    core: &Core,
    default: &OnceLock<Broker>,
    broker: BrokerRef,
) -> Result<Broker, Error> {
    match broker {
        BrokerRef::Direct(broker) => Ok(broker),
        BrokerRef::Named(name) => brokers::ready(core, default, &name).await,
    }
}

fn milliseconds(latency: Duration) -> u64 {
    u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)
}
