//! The factors that diesel and carbon are counted with, by default the guide's.

mod factors;
pub mod lever;
pub mod refusal;
pub mod solar;
pub mod view;

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

pub use factors::{Factor, FactorId, FactorKind, FactorSource, Factors};
pub use refusal::FactorStored;

/// Cost of a kWh that a generator produced, to the ten-thousandth; none where it produced nothing.
pub fn cost_per_kwh(cost: Option<Decimal>, kwh: Option<f64>) -> Option<Decimal> {
    let produced = Decimal::from_f64(kwh?).filter(|kwh| *kwh > Decimal::ZERO)?;
    cost?.checked_div(produced).map(|cost| cost.round_dp(4))
}
