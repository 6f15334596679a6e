//! What a driver knows of a device.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::device::{Device, DeviceState};
use domain::{DeviceId, MeterId};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The state of a device, sent when it changes and at least each minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The device.
    pub device: DeviceId,
    /// The meter it feeds.
    pub meter: MeterId,
    /// Its state.
    pub state: DeviceState,
    /// Why it is not online, in words.
    pub reason: Option<String>,
    /// When this was seen.
    pub at: DateTime<Utc>,
}

const REPEAT: Duration = Duration::from_secs(50);

/// Sends the health of one device when it changes, and again before a minute has passed.
#[derive(Debug)]
pub(crate) struct Pulse {
    device: DeviceId,
    meter: MeterId,
    to: mpsc::Sender<Health>,
    last: Option<(DeviceState, Option<String>)>,
    due: Instant,
}

impl Pulse {
    /// Of a device nothing is known of yet.
    pub(crate) fn new(device: &Device, to: mpsc::Sender<Health>) -> Self {
        Self {
            device: device.id,
            meter: device.meter,
            to,
            last: None,
            due: Instant::now() + REPEAT,
        }
    }

    /// The state last reported.
    pub(crate) fn state(&self) -> Option<DeviceState> {
        self.last.as_ref().map(|(state, _)| *state)
    }

    /// When the last report must be repeated.
    pub(crate) const fn due(&self) -> Instant {
        self.due
    }

    /// Reports that all is well.
    pub(crate) async fn online(&mut self) {
        self.report(DeviceState::Online, None).await;
    }

    /// Reports a fault.
    pub(crate) async fn fault(&mut self, state: DeviceState, reason: impl Into<String>) {
        self.report(state, Some(reason.into())).await;
    }

    /// Repeats the last report if it is due.
    pub(crate) async fn beat(&mut self) {
        if Instant::now() >= self.due {
            self.send().await;
        }
    }

    async fn report(&mut self, state: DeviceState, reason: Option<String>) {
        let seen = Some((state, reason));
        if self.last == seen {
            self.beat().await;
            return;
        }
        self.last = seen;
        self.send().await;
    }

    async fn send(&mut self) {
        self.due = Instant::now() + REPEAT;
        let Some((state, reason)) = self.last.clone() else { return };
        if let Some(reason) = &reason {
            tracing::debug!(device = %self.device, meter = %self.meter, ?state, reason);
        }
        let health =
            Health { device: self.device, meter: self.meter, state, reason, at: Utc::now() };
        // A closed channel means that nobody listens any more: the end is near.
        self.to.send(health).await.ok();
    }
}
