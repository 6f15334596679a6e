//! What the registers of a meter show of the energy that passed it.

/// How a meter shows what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Dial {
    /// As it is.
    Straight,
    /// From zero again after `at_kwh`.
    Reset { at_kwh: f64 },
    /// Wrapped at `modulus_kwh`, with a zero at `at_kwh`.
    Rollover { at_kwh: f64, modulus_kwh: f64 },
    /// Between the two as export.
    Reversed { from_kwh: f64, to_kwh: f64 },
}

impl Dial {
    /// Import and export register, when `counted_kwh` have passed in all.
    pub(super) fn registers(self, counted_kwh: f64) -> (f64, f64) {
        match self {
            Self::Reset { at_kwh } if counted_kwh > at_kwh => (counted_kwh - at_kwh, 0.0),
            Self::Straight | Self::Reset { .. } => (counted_kwh, 0.0),
            Self::Rollover { at_kwh, modulus_kwh } => {
                ((counted_kwh - at_kwh).rem_euclid(modulus_kwh), 0.0)
            }
            Self::Reversed { from_kwh, to_kwh } => {
                let export = (counted_kwh.min(to_kwh) - from_kwh).max(0.0);
                (counted_kwh - export, export)
            }
        }
    }

    /// The sign with which it shows power.
    pub(super) fn sign(self, counted_kwh: f64) -> f64 {
        match self {
            Self::Reversed { from_kwh, to_kwh } if (from_kwh..to_kwh).contains(&counted_kwh) => {
                -1.0
            }
            _ => 1.0,
        }
    }
}
