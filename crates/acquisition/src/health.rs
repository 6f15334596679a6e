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
    pub(crate) async fn beat(&mut self, now: Instant) {
        if now >= self.due {
            self.send().await;
        }
    }

    async fn report(&mut self, state: DeviceState, reason: Option<String>) {
        let seen = Some((state, reason));
        if self.last == seen {
            self.beat(Instant::now()).await;
            return;
        }
        if let Some((state, Some(reason))) = &seen {
            tracing::warn!(device = %self.device, meter = %self.meter, ?state, reason);
        } else {
            tracing::info!(device = %self.device, meter = %self.meter, "online");
        }
        self.last = seen;
        self.send().await;
    }

    async fn send(&mut self) {
        self.due = Instant::now() + REPEAT;
        let Some((state, reason)) = self.last.clone() else { return };
        let health =
            Health { device: self.device, meter: self.meter, state, reason, at: Utc::now() };
        // A closed channel means that nobody listens any more: the end is near.
        self.to.send(health).await.ok();
    }
}

#[cfg(test)]
mod tests {
    use domain::SiteId;
    use domain::device::{Communication, Protocol};
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn health_is_told_when_it_changes_and_again_within_a_minute() {
        let settings = json!({"url": "http://meter/"});
        let device = Device {
            id: DeviceId(1),
            site: SiteId(1),
            meter: MeterId(2),
            meter_name: "Main".to_owned(),
            poll: Duration::from_secs(5),
            communication: Communication::parse(Protocol::Http, &settings).unwrap(),
        };
        let (to, mut told) = mpsc::channel(10);
        let mut pulse = Pulse::new(&device, to);
        pulse.online().await;
        pulse.online().await;
        pulse.fault(DeviceState::Offline, "no answer").await;
        let states = [told.try_recv().unwrap(), told.try_recv().unwrap()].map(|told| told.state);
        assert_eq!(states, [DeviceState::Online, DeviceState::Offline]);
        assert!(told.try_recv().is_err());
        pulse.beat(Instant::now()).await;
        assert!(told.try_recv().is_err());
        pulse.beat(Instant::now() + Duration::from_secs(59)).await;
        assert_eq!(told.try_recv().unwrap().reason.as_deref(), Some("no answer"));
    }
}
