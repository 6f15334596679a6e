//! The other end of the outbox: keeps what comes, or refuses to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use acquisition::{
    Brokers, Health, NotStored, Outbound, Outbox, Outcome, SerialPorts, Settings, Supervisor,
};
use domain::devices::mqtt::Broker;
use domain::devices::{Communication, Device, DeviceState, POLL_RANGE, Protocol};
use domain::{DeviceId, Field, MeterId, Reading, SiteId};
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// What has come so far.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) readings: Vec<Reading>,
    /// Readings offered while nothing was stored.
    pub(crate) turned_away: Vec<Reading>,
    pub(crate) health: Vec<Health>,
}

impl Seen {
    pub(crate) fn of(&self, meter: i64) -> impl Iterator<Item = &Reading> {
        self.readings.iter().filter(move |reading| reading.meter == MeterId(meter))
    }

    pub(crate) fn count(&self, meter: i64) -> usize {
        self.of(meter).count()
    }

    /// Whether a meter once gave this value.
    pub(crate) fn has(&self, meter: i64, field: Field, value: f64) -> bool {
        let near = |got: f64| (got - value).abs() <= 1e-9 * value.abs().max(1.0);
        self.of(meter).any(|reading| reading.values.get(field).is_some_and(near))
    }

    /// The state last told of a device.
    pub(crate) fn state(&self, device: i64) -> Option<DeviceState> {
        let last = self.health.iter().rev().find(|health| health.device == DeviceId(device));
        last.map(|health| health.state)
    }

    /// How often the broker of a device was lost.
    pub(crate) fn losses(&self, device: i64) -> usize {
        let lost = |health: &&Health| {
            health.device == DeviceId(device)
                && health.reason.as_ref().is_some_and(|it| it.message.contains("cannot be reached"))
        };
        self.health.iter().filter(lost).count()
    }

    /// Whether a device was once in this state with these words.
    pub(crate) fn told(&self, device: i64, state: DeviceState, words: &str) -> bool {
        self.health.iter().any(|health| {
            health.device == DeviceId(device)
                && health.state == state
                && health.reason.as_ref().is_some_and(|it| it.message.contains(words))
        })
    }
}

/// The other end of the outbox.
pub(crate) struct Collector {
    seen: watch::Receiver<Seen>,
    storing: Arc<AtomicBool>,
    outbox: Outbox,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let (batches, mut incoming) = acquisition::inlet(64, 1_000_000);
        let (health, mut states) = mpsc::channel(64);
        let (keep, seen) = watch::channel(Seen::default());
        let storing = Arc::new(AtomicBool::new(true));
        let stores = storing.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(batch) = incoming.recv() => {
                        let (readings, reply, _room) = batch.open();
                        let outcome = if stores.load(Ordering::SeqCst) {
                            let accepted = readings.len() as u64;
                            keep.send_modify(|seen| seen.readings.extend(readings));
                            Ok(Outcome { accepted, ..Outcome::default() })
                        } else {
                            keep.send_modify(|seen| seen.turned_away.extend(readings));
                            Err(NotStored)
                        };
                        reply.send(outcome).ok();
                    }
                    Some(health) = states.recv() => {
                        keep.send_modify(|seen| seen.health.push(health));
                    }
                    else => break,
                }
            }
        });
        Self { seen, storing, outbox: Outbox { batches, health } }
    }

    /// Whether storage works.
    pub(crate) fn stores(&self, works: bool) {
        self.storing.store(works, Ordering::SeqCst);
    }

    /// The way here.
    pub(crate) fn outbox(&self) -> Outbox {
        self.outbox.clone()
    }

    /// A supervisor whose default broker is on `port`.
    pub(crate) fn supervisor(&self, broker_port: u16, client_name: &str) -> Supervisor {
        let settings = Settings {
            client_name: client_name.to_owned(),
            outbound: Outbound::new(true),
            serial_ports: SerialPorts::default(),
        };
        let mut supervisor = Supervisor::new(self.outbox.clone(), settings);
        let broker = Broker { port: broker_port, ..Broker::local() };
        supervisor.know(Brokers::from([("default".to_owned(), Ok(broker))]));
        supervisor
    }

    /// Starts a supervisor with these devices.
    pub(crate) async fn run(&self, devices: Vec<Device>) -> Supervisor {
        let mut supervisor = self.supervisor(1, "test");
        supervisor.apply(devices).await;
        supervisor
    }

    /// Waits until something has come, far longer than it can take.
    pub(crate) async fn until(&self, what: &str, come: impl Fn(&Seen) -> bool) {
        let mut seen = self.seen.clone();
        let outcome = timeout(Duration::from_mins(1), seen.wait_for(|seen| come(seen))).await;
        if outcome.is_ok() {
            return;
        }
        let seen = self.seen.borrow();
        panic!("{what} did not come; last {:#?} of {}", seen.health.last(), seen.readings.len());
    }

    pub(crate) fn look<T>(&self, at: impl FnOnce(&Seen) -> T) -> T {
        at(&self.seen.borrow())
    }
}

/// A device with the settings as the API takes them, polled as often as may be. Its meter has the
/// same number.
pub(crate) fn device(id: i64, protocol: Protocol, settings: &Value) -> Device {
    Device {
        id: DeviceId(id),
        site: SiteId(1),
        zone: chrono_tz::UTC,
        meter: MeterId(id),
        meter_name: format!("Meter {id}"),
        poll: POLL_RANGE.0,
        communication: Communication::parse(protocol, settings).unwrap(),
    }
}
