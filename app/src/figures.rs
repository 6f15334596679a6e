//! Figures as `domain::figures` writes them, with the marks of the reader's language.

pub(crate) use domain::figures::{currency_sign, places};

use crate::language::now;

/// A number with a fixed count of decimal places.
pub(crate) fn fixed(value: f64, places: usize) -> String {
    now().marks(domain::figures::fixed(value, places))
}

/// A number alone, to about three significant digits.
pub(crate) fn about(value: f64) -> String {
    now().marks(domain::figures::about(value))
}
