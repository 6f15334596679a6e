//! Which meter hangs on which device.

use crate::plant::{PlantMeter, Shows};

/// The Modbus gateways, in the order of their ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gateway {
    /// The network analysers of the substation and the units' feeders.
    Substation,
    /// Machines of Unit A.
    UnitA,
    /// Machines of Unit B.
    UnitB,
    /// Machines of Unit C.
    UnitC,
    /// Packing and utilities.
    Utilities,
    Buildings,
}

impl Gateway {
    pub(super) const ALL: [Self; 6] =
        [Self::Substation, Self::UnitA, Self::UnitB, Self::UnitC, Self::Utilities, Self::Buildings];
}

/// How a meter is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// A unit behind a Modbus gateway.
    Modbus(Gateway),
    /// Publishes a plain number on a topic per value.
    MqttNumbers,
    /// Publishes a JSON object on one topic.
    MqttObject,
    /// Answers HTTP requests.
    Http,
}

pub(super) fn wire(meter: &PlantMeter) -> Wire {
    match (meter.number, meter.parent) {
        ("SOL-001" | "AD-004" | "OT-004", _) => Wire::Http,
        ("AD-001" | "AD-002" | "AD-003" | "AD-007", _) => Wire::MqttObject,
        (_, Some("LIGHTS-001")) => Wire::MqttNumbers,
        _ if meter.shows == Shows::Network => Wire::Modbus(Gateway::Substation),
        (_, Some("PA-001")) => Wire::Modbus(Gateway::UnitA),
        (_, Some("PB-001")) => Wire::Modbus(Gateway::UnitB),
        (_, Some("PC-001")) => Wire::Modbus(Gateway::UnitC),
        (_, Some("SMD-001")) => Wire::Modbus(Gateway::Utilities),
        _ => Wire::Modbus(Gateway::Buildings),
    }
}
