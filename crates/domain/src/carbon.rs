//! Diesel and carbon: the guide's formulas, and the factors they are counted with.

mod factors;

pub use factors::{Factor, FactorKind, Factors};

/// Grid electricity, kg CO2 per kWh.
pub const GRID_KG_PER_KWH: f64 = 0.5;
/// Diesel, kg CO2 per litre.
pub const DIESEL_KG_PER_LITRE: f64 = 2.68;
/// Solar energy that replaces grid energy, kg CO2 saved per kWh.
pub const SOLAR_KG_PER_KWH: f64 = 0.5;
/// Specific fuel consumption of a generator without a fuel meter, litres per kWh.
pub const SPECIFIC_FUEL_LITRES_PER_KWH: f64 = 0.28;

/// Diesel in litres for a generator's energy in kWh.
pub fn diesel_litres(kwh: f64) -> f64 {
    kwh * SPECIFIC_FUEL_LITRES_PER_KWH
}

/// Net carbon in kg: grid plus diesel, less what solar energy avoided.
pub fn net_kg(grid_kwh: f64, diesel_litres: f64, solar_kwh: f64) -> f64 {
    grid_kwh * GRID_KG_PER_KWH + diesel_litres * DIESEL_KG_PER_LITRE - solar_kwh * SOLAR_KG_PER_KWH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_example_before_its_rounding() {
        let litres = diesel_litres(1_000.0);
        assert!((litres - 280.0).abs() < 1e-9);
        assert!((net_kg(5_000.0, litres, 2_000.0) - 2_250.4).abs() < 1e-9);
    }
}
