//! Devices and data loggers.

pub(super) mod loggers;
pub(super) mod looks;
pub(super) mod table;
pub(super) mod uploads;
