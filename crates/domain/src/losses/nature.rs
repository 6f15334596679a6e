//! Whether a loss is probably one of energy, of which a part may be saved, or one of metering, which cannot be.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::losses::balance::Verdict;
use crate::losses::diagnosis::{Candidate, Findings};
use crate::stored::words;

words!(
    /// The probable nature of a loss.
    Nature {
        /// A meter reads wrong or hangs in the wrong place: nothing is lost that could be saved.
        Metering = "metering",
        /// Energy is lost in cables and transformers, or used where no meter sees it.
        Real = "real",
    }
);

impl Nature {
    /// The nature of a node's balance by its verdict and by what was found about it; none where there is
    /// no loss. More energy out than in is always metering, as is a loss that mending one meter, or either
    /// of several, would close.
    pub fn of(verdict: Verdict, found: Option<&Findings>) -> Option<Self> {
        let is_metering = found.is_some_and(|found| {
            found.named.is_some() || found.tested.iter().any(Candidate::explains)
        });
        match verdict {
            Verdict::Negative => Some(Self::Metering),
            Verdict::Loss if is_metering => Some(Self::Metering),
            Verdict::Loss => Some(Self::Real),
            Verdict::WithinError | Verdict::Incomplete => None,
        }
    }
}

/// Losses that are probably real: the most that can be saved. Cables and transformers always lose a part of it, which
/// no reading tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Saving {
    /// Energy, kWh.
    pub kwh: f64,
    /// Its cost at the price of its time, as a decimal string; none where there is no price.
    pub cost: Option<Decimal>,
    /// Its carbon if it came from the grid, kg CO2; none where there is no factor.
    pub co2_kg: Option<f64>,
}

impl Saving {
    /// The sum of savings; none without any. Its cost is none where that of one is.
    pub fn sum(savings: impl IntoIterator<Item = Self>) -> Option<Self> {
        savings.into_iter().reduce(|one, other| Self {
            kwh: one.kwh + other.kwh,
            cost: one.cost.zip(other.cost).and_then(|(a, b)| a.checked_add(b)),
            co2_kg: one.co2_kg.zip(other.co2_kg).map(|(a, b)| a + b),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MeterId;
    use crate::losses::diagnosis::{Band, Cause, Code, Fault};
    use crate::message::Message;

    fn tried(residual_kwh: f64) -> Findings {
        let fault = Fault::Tenth { meter: "M-1".to_owned() };
        let cause = Cause {
            code: Code::RatioATenth,
            meter_id: MeterId(1),
            meter_number: "M-1".to_owned(),
            moved_to: None,
            text: Message::from(fault).into(),
            residual_kwh,
        };
        let candidate = Candidate {
            cause,
            closed_share: 1.0,
            band: Some(Band { low_kwh: -1.3, high_kwh: 1.3 }),
            closes: Vec::new(),
            worsens: Vec::new(),
        };
        Findings { tested: vec![candidate], ..Findings::default() }
    }

    #[test]
    fn a_loss_that_a_meter_explains_is_no_saving() {
        let of = |verdict, found: Option<&Findings>| Nature::of(verdict, found);
        assert_eq!(of(Verdict::Loss, None), Some(Nature::Real));
        assert_eq!(of(Verdict::Loss, Some(&tried(4.9))), Some(Nature::Real), "it does not close");
        assert_eq!(of(Verdict::Loss, Some(&tried(1.2))), Some(Nature::Metering));
        assert_eq!(of(Verdict::Negative, None), Some(Nature::Metering));
        assert_eq!(of(Verdict::WithinError, Some(&tried(1.2))), None);
        assert_eq!(of(Verdict::Incomplete, None), None);
    }
}
