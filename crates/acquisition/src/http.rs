//! HTTP: one task per meter that fetches its document.

mod client;
mod fetch;

pub(crate) use self::client::Client;

use std::time::Duration;

use chrono::Utc;
use domain::device::{Communication, Device, DeviceState, HttpSettings};
use domain::{Quality, Reading, Source};
use rand::Rng;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::Outbox;
use crate::backoff::Backoff;
use crate::health::Pulse;
use crate::sample::Sample;
use crate::schedule::next_due;

/// Meters added together begin within this time, so that they do not all ask one server at once.
const SPREAD: Duration = Duration::from_millis(500);

/// Reads one HTTP meter until `stop`.
pub(crate) async fn run(
    client: Result<Client, String>,
    mut devices: watch::Receiver<Vec<Device>>,
    outbox: Outbox,
    stop: CancellationToken,
) {
    loop {
        let current = devices.borrow_and_update().first().cloned();
        let Some(Communication::Http(settings)) = current.as_ref().map(|d| &d.communication) else {
            return;
        };
        let Some(device) = &current else { return };
        let mut meter = Meter::new(device, settings, &outbox);
        tokio::select! {
            () = meter.run(&client, &stop) => return,
            changed = devices.changed() => if changed.is_err() { return },
        }
        meter.finish(&stop).await;
    }
}

struct Meter<'a> {
    device: &'a Device,
    settings: &'a HttpSettings,
    outbox: &'a Outbox,
    pulse: Pulse,
    due: Instant,
    backoff: Backoff,
    /// Read and not stored yet.
    reading: Option<Reading>,
}

impl<'a> Meter<'a> {
    fn new(device: &'a Device, settings: &'a HttpSettings, outbox: &'a Outbox) -> Self {
        let spread = SPREAD.min(device.poll / 2).mul_f64(rand::rng().random());
        Self {
            device,
            settings,
            outbox,
            pulse: Pulse::new(device, outbox.health.clone()),
            due: Instant::now() + spread,
            backoff: Backoff::new(Duration::from_secs(2), Duration::from_mins(5)),
            reading: None,
        }
    }

    async fn run(&mut self, client: &Result<Client, String>, stop: &CancellationToken) {
        let client = match client {
            Ok(client) => client,
            Err(reason) => {
                self.pulse.fault(DeviceState::Error, reason.as_str()).await;
                return stop.cancelled().await;
            }
        };
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep_until(self.due.min(self.pulse.due())) => {}
            }
            self.pulse.beat(Instant::now()).await;
            if self.due <= Instant::now() {
                if stop.run_until_cancelled(self.poll(client)).await.is_none() {
                    return self.finish(stop).await;
                }
                self.finish(stop).await;
            }
        }
    }

    async fn poll(&mut self, client: &Client) {
        let begun = Instant::now();
        let outcome = fetch::fetch(client, self.settings).await;
        let now = Instant::now();
        self.due = next_due(self.due, self.device.poll, now);
        match outcome {
            Ok(sample) => {
                self.backoff.succeed();
                self.take(sample, begun.elapsed()).await;
            }
            Err(failure) => {
                let mut wait = self.backoff.fail();
                if let Some(asked) = failure.wait {
                    wait = wait.max(asked + SPREAD.mul_f64(rand::rng().random()));
                }
                self.due = self.due.max(now + wait);
                self.pulse.fault(failure.state, failure.reason).await;
            }
        }
    }

    async fn take(&mut self, sample: Sample, took: Duration) {
        self.pulse.answered(Some(took));
        match sample.reason() {
            Some(reason) => self.pulse.fault(DeviceState::Error, reason).await,
            None => self.pulse.online().await,
        }
        if !sample.is_empty() {
            self.reading = Some(Reading {
                meter: self.device.meter,
                at: sample.at.unwrap_or_else(|| Utc::now() - took / 2),
                quality: Quality::Good,
                source: Source::Http,
                values: sample.values,
            });
        }
    }

    /// Brings the reading to storage. The next fetch waits for it.
    async fn finish(&mut self, stop: &CancellationToken) {
        let Some(reading) = self.reading.clone() else { return };
        let outcome = self.outbox.deliver(vec![reading], stop).await;
        self.reading = None;
        if let Some(refusal) = outcome.iter().flat_map(|outcome| &outcome.refused).next() {
            let reason = format!("the reading was refused: {}", refusal.reason);
            self.pulse.fault(DeviceState::Error, reason).await;
        }
    }
}
