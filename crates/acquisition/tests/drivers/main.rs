//! The drivers against real peers: Modbus TCP servers, an MQTT broker, HTTP servers.

#![expect(clippy::unwrap_used, reason = "what the tests share may panic as the tests do")]

mod broker;
mod collector;
mod http;
mod modbus;
mod modbus_faults;
mod mqtt;
mod mqtt_outage;
mod stub;
