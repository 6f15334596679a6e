//! The simulated world: its clock, its meters, and what is behind them.

pub mod clock;
pub mod events;
pub mod meters;
pub mod resources;
pub mod spikes;
