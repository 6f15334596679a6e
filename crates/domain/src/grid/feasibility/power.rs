//! Power in decimals, and the two limits of a transformer.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::grid::refusal::TransformerRefusal;
use crate::stored::stored;
use crate::strict::Carried;

/// Power factor of ordinary load, lagging.
pub(super) const GENERAL_POWER_FACTOR: f64 = 0.95;

/// Decimal places that are kept.
const PLACES: u32 = 6;
const PER_UNIT: f64 = 1e6;
/// Sums of any two stay far from overflow, ten times over.
const BELOW: i64 = 1_000_000_000_000_000;

/// A power in kW, or an apparent power in kVA, as a decimal with six places: a whole number of mW.
/// Its size is below 1,000,000,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Power(i64);

stored!(Power as Decimal, |power| power.decimal(), Self::of);

impl Power {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The nearest mW, so that 0.1 + 0.2 is 0.3; `None` where the number is too large.
    pub fn new(kilo: f64) -> Option<Self> {
        Self::of(Decimal::from_f64(kilo)?)
    }

    /// The nearest mW; `None` where the decimal is too large.
    pub fn of(kilo: Decimal) -> Option<Self> {
        let milli = kilo.checked_mul(Decimal::from(1_000_000))?.round().to_i64()?;
        (milli.abs() < BELOW).then_some(Self(milli))
    }

    /// As a decimal of kW or kVA.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, PLACES).normalize()
    }

    /// As a number of kW or kVA.
    pub fn kilo(self) -> f64 {
        self.0 as f64 / PER_UNIT
    }

    /// Whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl std::ops::Add for Power {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Power {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Serialize for Power {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.kilo())
    }
}

impl<'de> Deserialize<'de> for Power {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let kilo = f64::deserialize(from)?;
        let too_large = || Carried::new(TransformerRefusal::TooLarge { value: kilo });
        Self::new(kilo).ok_or_else(|| de::Error::custom(too_large()))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Power {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Power".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "description": "Rounded to six decimals."})
    }
}

/// What a transformer carries, and what is connected to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Loading {
    /// Rated capacity, kVA.
    #[serde(rename = "capacity_kVA")]
    pub capacity: Power,
    /// Connected load, kW.
    #[serde(rename = "connected_consumption_kW")]
    pub consumption: Power,
    /// Connected generation, kW.
    #[serde(rename = "connected_production_kW")]
    pub production: Power,
}

/// What a connection asks of a transformer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Load, kW.
    pub consumption: Power,
    /// Generation, kW; none for a consumer, whom the limit of production does not concern.
    pub production: Option<Power>,
}

/// What is left below both limits, in tenths of mW, so that 80 % and 30 % of any capacity are whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Below 80 % of the capacity; negative where connected load exceeds it.
    pub consumption: i64,
    /// Below 30 % of the capacity; negative where connected generation exceeds it.
    pub production: i64,
}

impl Room {
    /// No room at all, of no transformer.
    pub const NONE: Self = Self { consumption: i64::MIN, production: i64::MIN };

    /// The larger room of two, by either limit.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            consumption: self.consumption.max(other.consumption),
            production: self.production.max(other.production),
        }
    }

    /// Whether the load fits; the boundary itself does.
    pub fn takes_consumption(self, need: Need) -> bool {
        10 * need.consumption.0 <= self.consumption
    }

    /// Whether the generation fits; the boundary itself does.
    pub fn takes_production(self, need: Need) -> bool {
        need.production.is_none_or(|production| 10 * production.0 <= self.production)
    }

    /// Whether both fit.
    pub fn takes(self, need: Need) -> bool {
        self.takes_consumption(need) && self.takes_production(need)
    }
}

impl Loading {
    /// What is left below both limits.
    pub fn room(self) -> Room {
        Room {
            consumption: 8 * self.capacity.0 - 10 * self.consumption.0,
            production: 3 * self.capacity.0 - 10 * self.production.0,
        }
    }

    /// kW of load that may still be connected; negative where there is too much.
    pub fn spare_consumption(self) -> f64 {
        tenths(self.room().consumption)
    }

    /// kW of generation that may still be connected; negative where there is too much.
    pub fn spare_production(self) -> f64 {
        tenths(self.room().production)
    }

    /// kW of load that may be connected in all: 80 % of the capacity.
    pub fn consumption_limit(self) -> f64 {
        tenths(8 * self.capacity.0)
    }

    /// kW of generation that may be connected in all: 30 % of the capacity.
    pub fn production_limit(self) -> f64 {
        tenths(3 * self.capacity.0)
    }
}

fn tenths(of_milli: i64) -> f64 {
    of_milli as f64 / (10.0 * PER_UNIT)
}
