//! Power and energy as types, so that a kW never lands where a kWh belongs.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0.0);

            /// The size without the sign.
            #[must_use]
            pub fn abs(self) -> Self {
                Self(self.0.abs())
            }
        }
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }
    };
}

quantity!(
    /// Active power in kilowatts; import into the site is positive.
    Kw
);
quantity!(
    /// Energy in kilowatt-hours.
    Kwh
);

impl Mul<Duration> for Kw {
    type Output = Kwh;
    fn mul(self, time: Duration) -> Kwh {
        Kwh(self.0 * time.as_secs_f64() / 3600.0)
    }
}

/// Mean power over a time that is not zero.
impl Div<Duration> for Kwh {
    type Output = Kw;
    fn div(self, time: Duration) -> Kw {
        Kw(self.0 * 3600.0 / time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_hour_at_forty_kilowatts_is_ten_kilowatt_hours() {
        let quarter = Duration::from_mins(15);
        assert_eq!(Kw(40.0) * quarter, Kwh(10.0));
        assert_eq!(Kwh(10.0) / quarter, Kw(40.0));
    }
}
