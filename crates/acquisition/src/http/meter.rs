//! One meter of a document: when it is due, and what it takes from the document.

use std::time::Duration;

use chrono::Utc;
use domain::devices::reason::Trouble;
use domain::devices::reason::answer::BadDocument;
use domain::devices::{Communication, Device, DeviceState, HttpSettings};
use domain::message::Message;
use domain::readings::refusal::RefusalReason;
use domain::{Quality, Reading, Source};
use rand::Rng;
use serde_json::Value;
use tokio::time::Instant;

use super::SPREAD;
use crate::health::HealthReporter;
use crate::sample::ChannelSample;
use crate::schedule::next_due;
use crate::{Outbox, json};

/// A meter and its state between two readings.
pub(super) struct Meter {
    pub(super) device: Device,
    settings: HttpSettings,
    pub(super) pulse: HealthReporter,
    pub(super) due: Instant,
}

/// Brings the meters in step with the devices. What did not change keeps its beat.
pub(super) fn follow(meters: &mut Vec<Meter>, devices: Vec<Device>, outbox: &Outbox) {
    let spread = SPREAD.mul_f64(rand::rng().random());
    let mut before: Vec<Meter> = std::mem::take(meters);
    for device in devices {
        let known = before.iter().position(|meter| meter.device == device);
        let Communication::Http(settings) = &device.communication else { continue };
        meters.push(match known {
            Some(known) => before.swap_remove(known),
            None => Meter {
                settings: settings.clone(),
                pulse: HealthReporter::new(&device, outbox.health.clone()),
                due: Instant::now() + spread.min(device.poll / 2),
                device,
            },
        });
    }
}

impl Meter {
    /// The reading in a document that took this long to arrive.
    pub(super) async fn take(&mut self, document: &Value, took: Duration) -> Option<Reading> {
        self.pulse.answered(Some(took));
        let mut sample = match read(&self.settings, document) {
            Ok(sample) => sample,
            Err(reason) => {
                self.pulse.fault(DeviceState::Error, reason).await;
                return None;
            }
        };
        sample.settle_time(self.device.zone, Utc::now());
        match sample.reason() {
            Some(reason) => self.pulse.fault(DeviceState::Error, reason).await,
            None => self.pulse.online(sample.remark()).await,
        }
        (!sample.is_empty()).then(|| Reading {
            meter: self.device.meter,
            at: sample.at.unwrap_or_else(|| Utc::now() - took / 2),
            quality: Quality::Good,
            source: Source::Http,
            values: sample.values,
        })
    }

    /// Says that storage did not take the reading.
    pub(super) async fn refused(&mut self, reason: RefusalReason) {
        let reason = Trouble::ReadingRefused { why: Box::new(reason.into()) };
        self.pulse.fault(DeviceState::Error, reason).await;
    }

    /// Goes on to the next time it is due.
    pub(super) fn wait(&mut self) {
        self.due = next_due(self.due, self.device.poll, Instant::now());
    }
}

/// What a document says of a meter.
///
/// # Errors
/// When it says nothing.
pub(crate) fn read(settings: &HttpSettings, document: &Value) -> Result<ChannelSample, Message> {
    let mut sample = if settings.values.is_empty() {
        let fields = document.as_object().ok_or(BadDocument::NoObject)?;
        let mut sample = json::read(fields)?;
        let read: Vec<_> = sample.values.present().collect();
        for (field, value) in read {
            sample.values.set(field, Some(value * settings.scale(field) + 0.0));
        }
        sample
    } else {
        json::pick(document, &settings.values)?
    };
    json::stamp(document, settings.time.as_ref(), &mut sample);
    Ok(sample)
}
