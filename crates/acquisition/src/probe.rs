//! Looking at a device before it becomes a meter, or to see why it does not read: one look, when
//! somebody asks for it. Nothing is stored.

pub mod http;
pub mod modbus;
pub mod mqtt;
