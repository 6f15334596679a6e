//! Figures as `domain::figures` writes them, with the marks of the reader's language.

pub use domain::figures::{currency_sign, places};

use crate::language::now;

/// A number with a fixed count of decimal places.
pub fn fixed(value: f64, places: usize) -> String {
    now().marks(domain::figures::fixed(value, places))
}

/// A number alone, to about three significant digits.
pub fn about(value: f64) -> String {
    now().marks(domain::figures::about(value))
}
