//! The drivers against real peers: Modbus servers, an MQTT broker, HTTP servers.

#![expect(clippy::unwrap_used, reason = "what the tests share may panic as the tests do")]

mod broker;
mod bus;
mod collector;
mod http;
mod modbus;
mod modbus_faults;
mod modbus_first;
mod modbus_fleet;
mod modbus_lines;
mod modbus_probe;
mod modbus_sunspec;
mod mosquitto;
mod mqtt;
mod mqtt_crowd;
mod mqtt_devices;
mod mqtt_looks;
mod mqtt_outage;
mod mqtt_secure;
mod profiles;
mod stub;
