//! The devices.

pub(crate) mod fetched;
pub(crate) mod gateway;
pub(crate) mod logger;
pub(crate) mod publisher;
