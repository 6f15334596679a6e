//! Losses: of each node in a window of time, and known loads that no meter sees.

pub mod page;
pub mod power_loss;
pub mod unmetered;
