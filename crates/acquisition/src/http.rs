//! HTTP: one task per request, which serves all meters that are read from its document.

mod fetch;
mod meter;

use std::time::Duration;

use domain::Reading;
use domain::devices::{Device, HttpRequest};
use domain::message::Message;
use rand::Rng;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use self::fetch::Failure;
pub(crate) use self::fetch::fetch;
pub(crate) use self::meter::read;
use self::meter::{Meter, follow};
use crate::Outbox;
use crate::backoff::Backoff;
use crate::outbound::Client;

/// Requests added together begin within this time, so that they do not all ask one server at once.
const SPREAD: Duration = Duration::from_millis(500);

/// Reads the meters of one request until `stop`.
pub(crate) async fn run(
    client: Result<Client, Message>,
    request: HttpRequest,
    mut devices: watch::Receiver<Vec<Device>>,
    outbox: Outbox,
    stop: CancellationToken,
) {
    let mut task = Task {
        client,
        request,
        meters: Vec::new(),
        backoff: Backoff::new(Duration::from_secs(2), Duration::from_mins(5)),
        resume: Instant::now(),
        readings: Vec::new(),
        outbox,
    };
    task.follow(&mut devices);
    loop {
        let ended = tokio::select! {
            () = stop.cancelled() => true,
            changed = devices.changed() => {
                task.follow(&mut devices);
                changed.is_err()
            }
            () = task.next() => false,
        };
        task.store(&stop).await;
        if ended {
            return;
        }
    }
}

struct Task {
    client: Result<Client, Message>,
    request: HttpRequest,
    meters: Vec<Meter>,
    backoff: Backoff,
    /// The server is not asked before.
    resume: Instant,
    /// Read and not stored yet.
    readings: Vec<Reading>,
    outbox: Outbox,
}

impl Task {
    /// Brings the meters in step with the devices.
    fn follow(&mut self, devices: &mut watch::Receiver<Vec<Device>>) {
        let current = devices.borrow_and_update().clone();
        follow(&mut self.meters, current, &self.outbox);
    }

    /// Waits until a meter is due, asks, and reads all meters that are due by then.
    async fn next(&mut self) {
        loop {
            let due = self.meters.iter().map(|meter| meter.due).min();
            let ask = due.map(|due| due.max(self.resume));
            let beat = self.meters.iter().map(|meter| meter.pulse.due()).min();
            let Some(wake) = ask.min(beat) else { return std::future::pending().await };
            sleep_until(wake).await;
            for meter in &mut self.meters {
                meter.pulse.beat(Instant::now()).await;
            }
            if ask.is_some_and(|ask| ask <= Instant::now()) {
                return self.ask().await;
            }
        }
    }

    async fn ask(&mut self) {
        let begun = Instant::now();
        let outcome = match &self.client {
            Ok(client) => fetch(client, &self.request).await,
            Err(reason) => Err(Failure::error(reason.clone())),
        };
        let took = begun.elapsed();
        match &outcome {
            Ok(_) => self.backoff.succeed(),
            Err(failure) => {
                let mut wait = self.backoff.fail();
                if let Some(asked) = failure.wait {
                    wait = wait.max(asked + SPREAD.mul_f64(rand::rng().random()));
                }
                self.resume = Instant::now() + wait;
            }
        }
        self.serve(&outcome, begun, took).await;
    }

    /// Gives the outcome to the meters that were due when the request began.
    async fn serve(&mut self, outcome: &Result<Value, Failure>, begun: Instant, took: Duration) {
        for meter in self.meters.iter_mut().filter(|meter| meter.due <= begun) {
            match outcome {
                Ok(document) => self.readings.extend(meter.take(document, took).await),
                Err(failure) => meter.pulse.fault(failure.state, failure.reason.clone()).await,
            }
            meter.wait();
        }
    }

    /// Brings readings to storage. The next request waits for it.
    async fn store(&mut self, stop: &CancellationToken) {
        let readings = std::mem::take(&mut self.readings);
        if readings.is_empty() {
            return;
        }
        let outcome = self.outbox.deliver(readings, stop).await;
        for refusal in outcome.iter().flat_map(|outcome| &outcome.refused) {
            let of = |meter: &&mut Meter| meter.device.meter == refusal.meter;
            if let Some(meter) = self.meters.iter_mut().find(of) {
                meter.refused(refusal.reason.clone()).await;
            }
        }
    }
}
