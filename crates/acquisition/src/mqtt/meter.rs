//! One meter that publishes: its open row, its health, its silence.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Reading;
use domain::device::{Device, DeviceState, MqttSettings, Topic};
use tokio::time::Instant;

use super::acks::Ticket;
use super::row::{Part, Row};
use super::topic::is_wild;
use crate::Outbox;
use crate::health::Pulse;

/// A reading, and the messages to acknowledge once it is stored.
pub(super) type Closed = (Reading, Vec<Ticket>);

/// A silence shorter than this is never called one.
const SHORTEST_SILENCE: Duration = Duration::from_mins(1);
/// Messages that waited at the broker come in one burst; a pause longer than this ends it.
const LONGEST_BURST_PAUSE: Duration = Duration::from_secs(1);
/// However they come, after this time messages are taken for new ones.
const LONGEST_BURST: Duration = Duration::from_secs(30);

/// One meter that publishes.
pub(super) struct Meter {
    pub(super) device: Device,
    pub(super) pulse: Pulse,
    pub(super) row: Option<Row>,
    /// Topics that make a row complete; unknown with wildcards.
    expected: Option<usize>,
    heard: Option<Instant>,
    /// When the broker began to send what had waited for us, until that is over.
    burst: Option<Instant>,
    /// Time of the last reading that was timed by its arrival.
    last: DateTime<Utc>,
}

impl Meter {
    pub(super) fn new(device: Device, settings: &MqttSettings, outbox: &Outbox) -> Self {
        let mut filters: Vec<_> = settings
            .topics
            .iter()
            .filter(|(_, meaning)| *meaning != Topic::Status)
            .map(|(filter, _)| filter)
            .collect();
        filters.sort_unstable();
        filters.dedup();
        let wild = filters.iter().any(|filter| is_wild(filter));
        Self {
            pulse: Pulse::new(&device, outbox.health.clone()),
            expected: (!wild).then_some(filters.len()),
            device,
            row: None,
            heard: None,
            burst: None,
            last: DateTime::<Utc>::MIN_UTC,
        }
    }

    /// Notes that the broker resumed a session: what comes first may have waited there.
    pub(super) fn resumed(&mut self) {
        self.burst = Some(Instant::now());
    }

    /// Whether a message that comes now may have waited at the broker.
    pub(super) fn is_belated(&mut self) -> bool {
        let Some(begun) = self.burst else { return false };
        let now = Instant::now();
        let pause = (self.device.poll / 2).min(LONGEST_BURST_PAUSE);
        let quiet = now - self.heard.map_or(begun, |heard| heard.max(begun));
        if quiet >= pause || now - begun >= LONGEST_BURST {
            self.burst = None;
        }
        self.burst.is_some()
    }

    /// Notes a sign of life.
    pub(super) fn heard(&mut self) {
        self.heard = Some(Instant::now());
    }

    /// Takes values into the open row, or into a new one. What is complete thereby is returned.
    pub(super) fn gather(&mut self, part: Part) -> Vec<Closed> {
        let mut closed = Vec::new();
        if self.row.as_ref().is_some_and(|row| !row.accepts(&part)) {
            closed.extend(self.close());
        }
        match &mut self.row {
            Some(row) => row.add(part),
            None => self.row = Some(Row::new(part, Utc::now())),
        }
        if self.row.as_ref().map(Row::topics) == self.expected {
            closed.extend(self.close());
        }
        closed
    }

    /// Closes the open row.
    pub(super) fn close(&mut self) -> Option<Closed> {
        self.row.take().map(|row| row.close(self.device.meter, &mut self.last))
    }

    /// Says so when the meter has been silent for too long.
    pub(super) async fn check_silence(&mut self) {
        let limit = (self.device.poll * 3).max(SHORTEST_SILENCE);
        let silent = self.heard.is_some_and(|heard| heard.elapsed() > limit);
        if silent && self.pulse.state() == Some(DeviceState::Online) {
            let reason = format!("no message for more than {} s", limit.as_secs());
            self.pulse.fault(DeviceState::Offline, reason).await;
        }
    }
}
