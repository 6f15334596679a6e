//! The factors that diesel and carbon are counted with, by default the guide's.

mod factors;
pub mod lever;
pub mod refusal;
pub mod solar;
mod stored;
pub mod view;

pub use factors::{Factor, FactorId, FactorKind, FactorSource, Factors};
pub use stored::FactorStored;

/// Grid electricity, kg CO2 per kWh.
pub const GRID_KG_PER_KWH: f64 = 0.5;
/// Diesel, kg CO2 per litre.
pub const DIESEL_KG_PER_LITRE: f64 = 2.68;
/// Solar energy that replaces grid energy, kg CO2 saved per kWh.
pub const SOLAR_KG_PER_KWH: f64 = 0.5;
/// Specific fuel consumption of a generator without a fuel meter, litres per kWh.
pub const SPECIFIC_FUEL_LITRES_PER_KWH: f64 = 0.28;
