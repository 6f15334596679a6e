//! One unit on a line: when to ask it, and what becomes of its answers.

use std::time::Duration;

use chrono::Utc;
use domain::devices::{Device, DeviceState, Line, ModbusSettings};
use domain::message::Message;
use domain::{Quality, Reading, Source};
use tokio::time::Instant;

use super::link::{Link, ReadError};
use super::map::Map;
use crate::Outbox;
use crate::backoff::Backoff;
use crate::health::HealthReporter;
use crate::schedule::next_due;

/// One unit on a line.
pub(super) struct Unit {
    pub(super) device: Device,
    pub(super) line: Line,
    map: Map,
    /// When it is to be asked next.
    pub(super) due: Instant,
    backoff: Backoff,
    pub(super) pulse: HealthReporter,
}

impl Unit {
    pub(super) fn new(device: Device, settings: ModbusSettings, outbox: &Outbox) -> Self {
        Self {
            line: settings.station.line.clone(),
            map: Map::new(settings),
            pulse: HealthReporter::new(&device, outbox.health.clone()),
            due: Instant::now(),
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_mins(1)),
            device,
        }
    }

    /// Asks for all values. An exception costs the values it concerns; any other error ends the
    /// poll, and the link with it.
    pub(super) async fn poll(&mut self, link: &mut Link) -> Result<Option<Reading>, ReadError> {
        let begun = Instant::now();
        let look = self.map.poll(link).await?;
        let took = begun.elapsed();
        self.reschedule(look.absent);
        self.pulse.answered(Some(took));
        match look.sample.reason() {
            Some(reason) => self.pulse.fault(DeviceState::Error, reason).await,
            None => self.pulse.online(look.sample.remark()).await,
        }
        Ok((!look.sample.is_empty()).then(|| Reading {
            meter: self.device.meter,
            at: Utc::now() - took / 2,
            quality: Quality::Good,
            source: Source::Modbus,
            values: look.sample.values,
        }))
    }

    /// Notes that the unit did not answer, or not to the question.
    pub(super) async fn fail(&mut self, error: &ReadError) {
        self.reschedule(true);
        let state = match error {
            ReadError::Wrong(_)
            | ReadError::Foreign
            | ReadError::OtherTransaction
            | ReadError::Exception(_) => DeviceState::Error,
            ReadError::TimedOut(_) | ReadError::Broken(_) => DeviceState::Offline,
        };
        self.pulse.fault(state, error).await;
    }

    /// Notes that the line cannot be reached. The unit stays due and is asked once it can.
    pub(super) async fn unreachable(&mut self, reason: Message) {
        self.pulse.fault(DeviceState::Offline, reason).await;
    }

    fn reschedule(&mut self, absent: bool) {
        let now = Instant::now();
        self.due = next_due(self.due, self.device.poll, now);
        if absent {
            self.due = self.due.max(now + self.backoff.fail());
        } else {
            self.backoff.succeed();
        }
    }
}
