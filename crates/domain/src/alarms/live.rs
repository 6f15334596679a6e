//! The figures of now that no single reading tells: the loss of a node, the demand under way, the cost of today.

use crate::figures::thousandths;

/// The demand of the interval under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// Its mean power if the present power holds to its end, kW; that of the one before it where this ended since
    /// the last reading but one, and is higher.
    pub projected_kw: f64,
    /// The length of the interval.
    pub minutes: u16,
}

/// The cost of a meter's energy since the site's midnight, in the currency of the site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostToday {
    pub amount: f64,
    /// The highest of the days like today, up to the same time of day.
    pub usual: f64,
}

/// Steps of a suggested limit.
const STEPS: [f64; 9] = [0.01, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];

/// A limit to begin with, just above a figure of now: two significant digits. None where nothing flows.
pub fn suggested_limit(present: f64) -> Option<f64> {
    let step = STEPS.into_iter().find(|step| present <= 99.0 * step).filter(|_| present >= 0.01)?;
    Some(thousandths((present / step - 1e-9).ceil() * step))
}
