//! Pages of trades, and of a household's own energy.

pub mod my_energy;
pub mod trades;
