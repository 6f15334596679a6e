//! Keeps the running tasks in step with the registry of devices.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use domain::DeviceId;
use domain::devices::mqtt::{Broker, BrokerRef};
use domain::devices::refusal::mqtt::BrokerRefusal;
use domain::devices::{Communication, Device, HttpRequest};
use domain::message::Message;
use futures::FutureExt as _;
use futures::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::mqtt::{Caller, Unreadable, UnreadableLog};
use crate::outbound::Client;
use crate::{ConnectPolicy, Outbound, Outbox, SerialPorts, http, modbus, mqtt};

/// Settings that hold for all devices.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of this installation, by which brokers know its sessions.
    pub client_name: String,
    /// Where connections may go.
    pub outbound: Outbound,
    /// Serial ports that may be opened.
    pub serial_ports: SerialPorts,
}

/// Brokers by their names; one that cannot be used says why.
pub type Brokers = HashMap<String, Result<Broker, Message>>;

/// What a task speaks to.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Peer {
    /// A Modbus gateway or serial port, by its name.
    Line(String),
    Broker(Broker),
    /// MQTT meters whose broker is not known, by the reason.
    NoBroker(Message),
    Http(HttpRequest),
}

struct Task {
    devices: watch::Sender<Vec<Device>>,
    stop: CancellationToken,
    handle: JoinHandle<()>,
}

/// A task ends within this time, or is ended.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Falls that nobody has asked for yet; of more the cause is in the log alone.
const FALLS: usize = 16;

/// Keeps one task per gateway, broker and HTTP document.
pub struct Supervisor {
    outbox: Outbox,
    settings: Settings,
    tasks: HashMap<Peer, Task>,
    brokers: Brokers,
    unreadable: UnreadableLog,
    falls: (mpsc::Sender<String>, mpsc::Receiver<String>),
    /// Shared by all HTTP meters, or why there is none.
    client: Result<Client, Message>,
}

impl Supervisor {
    /// A supervisor without devices.
    pub fn new(outbox: Outbox, settings: Settings) -> Self {
        let client = Client::new(settings.outbound);
        Self {
            outbox,
            settings,
            tasks: HashMap::new(),
            brokers: Brokers::new(),
            unreadable: UnreadableLog::default(),
            falls: mpsc::channel(FALLS),
            client,
        }
    }

    /// Says which brokers there are. Meters follow it at the next [`apply`](Self::apply).
    pub fn know(&mut self, brokers: Brokers) {
        self.brokers = brokers;
    }

    /// Starts, changes and stops tasks so that they match `devices`. What did not change goes on
    /// undisturbed, and no reading is lost; returns when what is gone has ended.
    pub async fn apply(&mut self, devices: Vec<Device>) {
        self.unreadable.keep(|id| devices.iter().any(|device| device.id == id));
        let mut wanted: HashMap<Peer, Vec<Device>> = HashMap::new();
        for device in devices {
            wanted.entry(self.peer(&device)).or_default().push(device);
        }
        let gone = self
            .tasks
            .extract_if(|peer, task| !wanted.contains_key(peer) || task.handle.is_finished());
        stop(gone.map(|(_, task)| task).collect()).await;
        for (peer, mut devices) in wanted {
            devices.sort_by_key(|device| device.id);
            if let Some(task) = self.tasks.get(&peer) {
                task.devices.send_if_modified(|current| {
                    let changed = *current != devices;
                    *current = devices;
                    changed
                });
            } else {
                let task = self.start(&peer, devices);
                self.tasks.insert(peer, task);
            }
        }
    }

    /// Waits until a task panics, and answers what that said; the next [`apply`](Self::apply) begins it again.
    pub async fn fell(&mut self) -> String {
        match self.falls.1.recv().await {
            Some(cause) => cause,
            // A sender is kept here.
            None => std::future::pending().await,
        }
    }

    /// Stops all tasks; they end within a few seconds, with what they have read stored if storage
    /// takes it.
    pub async fn stop(self) {
        stop(self.tasks.into_values().collect()).await;
    }

    /// The messages of a device that could not be read.
    pub fn unreadable(&self, device: DeviceId) -> Unreadable {
        self.unreadable.of(device)
    }

    /// The same of all devices, for whoever shows them.
    pub fn unreadable_log(&self) -> UnreadableLog {
        self.unreadable.clone()
    }

    fn peer(&self, device: &Device) -> Peer {
        match &device.communication {
            Communication::Modbus(settings) => Peer::Line(settings.station.line.name()),
            Communication::Mqtt(settings) => match self.broker(&settings.broker) {
                Ok(broker) => Peer::Broker(broker),
                Err(reason) => Peer::NoBroker(reason),
            },
            Communication::Http(settings) => Peer::Http(settings.request.clone()),
        }
    }

    fn broker(&self, named: &BrokerRef) -> Result<Broker, Message> {
        match named {
            BrokerRef::Direct(broker) => Ok(broker.clone()),
            BrokerRef::Named(name) => self
                .brokers
                .get(name)
                .cloned()
                .unwrap_or_else(|| Err(BrokerRefusal::Unknown { name: name.clone() }.into())),
        }
    }

    fn start(&self, peer: &Peer, devices: Vec<Device>) -> Task {
        let (sender, devices) = watch::channel(devices);
        let (outbox, stop) = (self.outbox.clone(), CancellationToken::new());
        let (until, falls) = (stop.clone(), self.falls.0.clone());
        let handle = match peer.clone() {
            Peer::Line(_) => {
                let (outbound, serial_ports) =
                    (self.settings.outbound, self.settings.serial_ports.clone());
                let reach = ConnectPolicy { outbound, serial_ports };
                tokio::spawn(watched(modbus::run(reach, devices, outbox, until), falls))
            }
            Peer::Broker(broker) => {
                let log = self.unreadable.clone();
                let (name, outbound) = (&self.settings.client_name, self.settings.outbound);
                let caller = Caller::installation(name, &broker, outbound);
                tokio::spawn(watched(mqtt::run(broker, caller, devices, outbox, log, until), falls))
            }
            Peer::NoBroker(reason) => tokio::spawn(watched(
                mqtt::report_unknown_broker(reason, devices, outbox, until),
                falls,
            )),
            Peer::Http(request) => {
                let client = self.client.clone();
                tokio::spawn(watched(http::run(client, request, devices, outbox, until), falls))
            }
        };
        Task { devices: sender, stop, handle }
    }
}

/// Runs a task, and says so when it panics.
async fn watched(task: impl Future<Output = ()>, falls: mpsc::Sender<String>) {
    if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
        let cause = panic_message(panic.as_ref());
        tracing::error!("a driver fell and begins again: {cause}");
        falls.try_send(cause).ok();
    }
}

/// What a panic said.
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("it panicked: {}", text.as_deref().unwrap_or("without a word"))
}

/// Ends tasks, all at the same time.
async fn stop(tasks: Vec<Task>) {
    for task in &tasks {
        task.stop.cancel();
    }
    join_all(tasks.into_iter().map(|mut task| async move {
        match timeout(STOP_LIMIT, &mut task.handle).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "a driver task failed"),
            Err(_) => task.handle.abort(),
        }
    }))
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_driver_that_panics_is_told_of_with_its_cause() {
        let (falls, mut heard) = mpsc::channel(FALLS);
        tokio::spawn(watched(async { panic!("register 7") }, falls.clone())).await.unwrap();
        assert_eq!(heard.recv().await.as_deref(), Some("it panicked: register 7"));
        tokio::spawn(watched(async {}, falls)).await.unwrap();
        assert_eq!(heard.recv().await, None, "one that ends as it should is no fall");
    }
}
