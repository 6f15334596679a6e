//! Losses: of each node in a window of time, and known loads that no meter sees.

pub(crate) mod judged;
pub mod page;
pub(crate) mod past;
pub mod power_loss;
pub mod unmetered;
