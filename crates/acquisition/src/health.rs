//! What a driver knows of a device.

use chrono::{DateTime, Utc};
use domain::device::DeviceState;
use domain::{DeviceId, MeterId};

/// The state of a device, sent when it changes and at least each minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The device.
    pub device: DeviceId,
    /// The meter it feeds.
    pub meter: MeterId,
    /// Its state.
    pub state: DeviceState,
    /// Why it is not online, or what is odd about it, in words.
    pub reason: Option<String>,
    /// When this was seen.
    pub at: DateTime<Utc>,
}
