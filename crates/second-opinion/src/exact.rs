//! Rational numbers: nothing is rounded before a figure is compared.

use chrono::{DateTime, TimeDelta, Utc};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive as _, Zero as _};

/// An exact number.
pub type Exact = BigRational;

/// The very number that a floating-point value stands for.
///
/// # Panics
/// If it is not finite: scenarios hold numbers alone.
pub fn exact(value: f64) -> Exact {
    BigRational::from_float(value).unwrap_or_else(|| panic!("{value} is no number"))
}

/// A fraction of whole numbers.
pub fn ratio(numerator: i64, denominator: i64) -> Exact {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

/// Nothing.
pub fn zero() -> Exact {
    Exact::zero()
}

/// Hours, exactly.
pub fn hours(length: TimeDelta) -> Exact {
    ratio(microseconds(length), 3_600_000_000)
}

/// The share that `part` is of `whole`, which is longer than nothing.
pub fn share(part: TimeDelta, whole: TimeDelta) -> Exact {
    ratio(microseconds(part), microseconds(whole))
}

fn microseconds(length: TimeDelta) -> i64 {
    length.num_microseconds().unwrap_or_else(|| panic!("{length} is longer than any scenario"))
}

/// The nearest floating-point value.
pub fn float(value: &Exact) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}

/// The time that two stretches have in common; nothing where they do not meet.
pub fn overlap(a: (DateTime<Utc>, DateTime<Utc>), b: (DateTime<Utc>, DateTime<Utc>)) -> TimeDelta {
    (a.1.min(b.1) - a.0.max(b.0)).max(TimeDelta::zero())
}
