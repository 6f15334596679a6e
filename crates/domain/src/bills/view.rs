//! What pages show of trades, and of what is a household's own.

pub mod my_energy;
pub mod trades;
