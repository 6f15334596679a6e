//! The plant's devices: Modbus TCP gateways, an MQTT broker with publishing meters and HTTP meters,
//! on loopback ports that are chosen at start.
//!
//! Which meter hangs on which device stands in `wiring`, the Modbus register maps in `map`.

pub mod broker;
mod document;
mod encode;
mod gateway;
mod http;
mod live;
mod map;
mod publisher;
mod wiring;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::devices::Protocol;
use serde_json::{Value, json};
use thiserror::Error;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::plant::Plant;
use gateway::Units;
use http::HttpMeters;
use live::Live;
use map::RegisterMap;
use publisher::{Payload, Publisher};
use wiring::{Gateway, Wire, wire};

/// Why the devices could not be started.
#[derive(Debug, Error)]
pub enum StartError {
    /// A loopback port could not be opened.
    #[error("the demo plant cannot listen on a loopback port: {0}")]
    Listen(#[from] std::io::Error),
    /// The broker does not answer its own meters.
    #[error("the demo plant's MQTT broker does not answer: {0}")]
    Broker(#[from] rumqttc::ConnectionError),
    /// The plant could not be brought up to the present.
    #[error("the demo plant stopped while it was brought up to the present: {0}")]
    Plant(#[from] tokio::task::JoinError),
}

/// How one meter of the plant is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceBody {
    /// Index of the meter in [`Plant::meters`].
    pub meter: usize,
    /// How its device is spoken to.
    pub protocol: Protocol,
    /// How often it is to be read, in ms; none where it publishes by itself, every 5 s.
    pub poll_interval_ms: Option<u64>,
    /// Its settings, as `communication` of a device registration.
    pub communication: Value,
}

/// The running devices. Dropping this does not stop them.
#[derive(Debug)]
pub struct Running {
    /// One body per meter, in the order of [`Plant::meters`].
    pub devices: Vec<DeviceBody>,
    /// Where the MQTT broker listens.
    pub broker: Option<SocketAddr>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Waits until every device has stopped, which the cancellation of the token given to [`start`]
    /// makes them do.
    pub async fn stopped(self) {
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a demo device did not stop by itself");
            }
        }
    }
}

const MODBUS_POLL_MS: u64 = 5_000;
const HTTP_POLL_MS: u64 = 4_000;

/// Brings the plant up to the present and starts its devices. They run until `stop` is cancelled.
///
/// # Errors
/// A loopback port cannot be opened.
pub async fn start(plant: &Plant, stop: CancellationToken) -> Result<Running, StartError> {
    let walked = plant.clone();
    let live = tokio::task::spawn_blocking(move || Arc::new(Live::new(&walked))).await?;
    let mut running = Running { devices: Vec::new(), broker: None, tasks: Vec::new() };
    for gateway in Gateway::ALL {
        running.start_gateway(plant, &live, gateway, stop.clone()).await?;
    }
    running.start_publishers(plant, &live, &stop).await?;
    running.start_http(plant, &live, stop).await?;
    running.devices.sort_by_key(|device| device.meter);
    Ok(running)
}

/// Meters on one kind of wire, with their index.
fn on_wire(plant: &Plant, wanted: Wire) -> impl Iterator<Item = (usize, &'static str)> {
    let meters = plant.meters().iter().enumerate();
    meters.filter(move |(_, meter)| wire(meter) == wanted).map(|(i, meter)| (i, meter.number))
}

impl Running {
    async fn start_gateway(
        &mut self,
        plant: &Plant,
        live: &Arc<Live>,
        gateway: Gateway,
        stop: CancellationToken,
    ) -> Result<(), StartError> {
        let meters: BTreeMap<u8, (usize, RegisterMap)> = (1..)
            .zip(on_wire(plant, Wire::Modbus(gateway)))
            .map(|(unit, (meter, _))| {
                let shown = live.values(meter);
                let map = RegisterMap::of(gateway).with_only(|field| shown.get(field).is_some());
                (unit, (meter, map))
            })
            .collect();
        let registers: Vec<_> =
            meters.iter().map(|(unit, (meter, map))| (*unit, *meter, map.registers())).collect();
        let units = Units { live: Arc::clone(live), meters };
        let (address, task) = gateway::start(units, stop).await?;
        self.tasks.push(task);
        self.devices.extend(registers.into_iter().map(|(unit, meter, registers)| DeviceBody {
            meter,
            protocol: Protocol::Modbus,
            poll_interval_ms: Some(MODBUS_POLL_MS),
            communication: json!({
                "host": address.ip().to_string(),
                "port": address.port(),
                "unitId": unit,
                "registers": registers,
            }),
        }));
        Ok(())
    }

    async fn start_publishers(
        &mut self,
        plant: &Plant,
        live: &Arc<Live>,
        stop: &CancellationToken,
    ) -> Result<(), StartError> {
        let (broker, task) = broker::start(stop.clone()).await?;
        self.broker = Some(broker);
        self.tasks.push(task);
        for (wire, payload) in
            [(Wire::MqttNumbers, Payload::Numbers), (Wire::MqttObject, Payload::Object)]
        {
            for (meter, number) in on_wire(plant, wire) {
                let publisher = Publisher { live: Arc::clone(live), meter, number, payload };
                self.devices.push(DeviceBody {
                    meter,
                    protocol: Protocol::Mqtt,
                    poll_interval_ms: None,
                    communication: publisher.communication(broker),
                });
                self.tasks.push(publisher.start(broker, stop.clone()).await?);
            }
        }
        Ok(())
    }

    async fn start_http(
        &mut self,
        plant: &Plant,
        live: &Arc<Live>,
        stop: CancellationToken,
    ) -> Result<(), StartError> {
        let token = |number: &str| format!("token-of-{number}");
        let meters: BTreeMap<_, _> = on_wire(plant, Wire::Http)
            .map(|(meter, number)| (number, (meter, token(number))))
            .collect();
        let bodies: Vec<_> =
            meters.iter().map(|(n, (meter, token))| (*n, *meter, token.clone())).collect();
        let meters = HttpMeters { live: Arc::clone(live), meters };
        let (address, task) = http::start(meters, stop).await?;
        self.tasks.push(task);
        self.devices.extend(bodies.into_iter().map(|(number, meter, token)| DeviceBody {
            meter,
            protocol: Protocol::Http,
            poll_interval_ms: Some(HTTP_POLL_MS),
            communication: json!({
                "url": format!("http://{address}{}", http::path(number)),
                "method": "GET",
                "headers": {"Accept": "application/json"},
                "authToken": token,
            }),
        }));
        Ok(())
    }
}
