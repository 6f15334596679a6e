//! The plant's devices: Modbus TCP gateways, an MQTT broker with publishing meters and HTTP meters,
//! on loopback ports that are chosen at start.

use domain::device::Protocol;
use serde_json::Value;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::plant::Plant;

/// Why the devices could not be started.
#[derive(Debug, Error)]
pub enum StartError {
    /// A loopback port could not be opened.
    #[error("the demo plant cannot listen on a loopback port: {0}")]
    Listen(#[from] std::io::Error),
}

/// How one meter of the plant is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceBody {
    /// Index of the meter in [`Plant::meters`].
    pub meter: usize,
    /// How its device is spoken to.
    pub protocol: Protocol,
    /// How often it is to be read, in ms; none where it publishes by itself.
    pub poll_interval_ms: Option<u64>,
    /// Its settings, as `communication` of a device registration.
    pub communication: Value,
}

/// The running devices.
#[derive(Debug)]
pub struct Running {
    /// One body per meter, in the order of [`Plant::meters`].
    pub devices: Vec<DeviceBody>,
}

impl Running {
    /// Waits until every device has stopped, which the cancellation of the token given to [`start`]
    /// makes them do.
    pub async fn stopped(self) {}
}

/// Brings the plant up to the present and starts its devices. They run until `stop` is cancelled.
///
/// # Errors
/// A loopback port cannot be opened.
pub async fn start(_plant: &Plant, _stop: CancellationToken) -> Result<Running, StartError> {
    Ok(Running { devices: Vec::new() })
}
