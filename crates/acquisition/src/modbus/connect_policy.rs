//! What a line may be: an address the outbound guard allows, or a serial port of the allow-list.

use std::sync::Arc;

use domain::devices::reason::unreached::Unreached;

use crate::Outbound;

/// Serial ports that may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialPorts(Arc<[String]>);

impl SerialPorts {
    /// Where Linux has serial ports, by kind of adapter.
    pub const USUAL: [&str; 4] =
        ["/dev/ttyUSB*", "/dev/ttyACM*", "/dev/ttyS*", "/dev/serial/by-id/*"];

    /// Ports by their paths; a `*` at the end stands for the rest of a name, not for folders.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self(patterns.into_iter().collect())
    }

    /// Whether a path is on the list.
    pub fn allow(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => path
                .strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty() && !rest.contains('/') && rest != ".."),
            None => path == pattern,
        })
    }

    /// Refuses a path that is not on the list.
    pub(super) fn check(&self, path: &str) -> Result<(), Unreached> {
        if self.allow(path) {
            return Ok(());
        }
        let allowed = self.0.join(", ");
        Err(Unreached::PortBarred { path: path.to_owned(), allowed })
    }
}

impl Default for SerialPorts {
    fn default() -> Self {
        Self::new(Self::USUAL.map(str::to_owned))
    }
}

/// Where connections of this driver may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectPolicy {
    /// Over TCP.
    pub outbound: Outbound,
    /// On this machine.
    pub serial_ports: SerialPorts,
}

impl From<Outbound> for ConnectPolicy {
    fn from(outbound: Outbound) -> Self {
        Self { outbound, serial_ports: SerialPorts::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_serial_ports_are_opened() {
        let ports = SerialPorts::default();
        for path in ["/dev/ttyUSB0", "/dev/ttyACM11", "/dev/serial/by-id/usb-FTDI_A6-if00-port0"] {
            assert!(ports.allow(path), "{path}");
        }
        for path in [
            "/etc/passwd",
            "/dev/ttyUSB",
            "/dev/ttyUSB/../mem",
            "/dev/serial/by-id/..",
            "/dev/serial/by-id/../../mem",
            "/dev/tty",
        ] {
            assert!(!ports.allow(path), "{path}");
        }
        let refusal = ports.check("/dev/mem").unwrap_err().to_string();
        assert!(refusal.contains("/dev/ttyUSB*"), "{refusal}");
    }

    #[test]
    fn a_port_can_be_named_alone() {
        let ports = SerialPorts::new(["/dev/ttymxc2".to_owned()]);
        assert!(ports.allow("/dev/ttymxc2"));
        assert!(!ports.allow("/dev/ttymxc21"));
    }
}
