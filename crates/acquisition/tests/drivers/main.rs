//! The drivers against real peers: Modbus TCP servers, an MQTT broker, HTTP servers.

mod broker;
mod collector;
mod http;
mod modbus;
mod modbus_faults;
mod mqtt;
mod mqtt_outage;
mod stub;
