//! A quarter-hour as a tariff prices it.

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::decimal_kwh;

/// Energy of a quarter-hour, on the site's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quarter {
    /// When it begins.
    pub start: NaiveDateTime,
    /// Drawn, kWh.
    pub import: Decimal,
    /// Delivered, kWh.
    pub export: Decimal,
    /// Drawn through the meter, kWh, whoever sold it: what demand is taken of.
    pub metered: Decimal,
    /// Share of it backed by readings, 0 to 1.
    pub coverage: f64,
}

impl Quarter {
    /// A quarter-hour as it was metered; none where an energy is negative or no number.
    pub fn metered(
        start: NaiveDateTime,
        import_kwh: f64,
        export_kwh: f64,
        coverage: f64,
    ) -> Option<Self> {
        let import = decimal_kwh(import_kwh)?;
        Some(Self { start, import, export: decimal_kwh(export_kwh)?, metered: import, coverage })
    }
}
