//! Tariffs: what energy costs, and what is paid for it.
//!
//! [`Terms`] are one version of a tariff. [`Terms::check`] holds its rules, [`Terms::price_at`] finds
//! the price of a moment, [`charge`] prices a series of quarter-hours, [`Versions`] finds the version
//! that is in force. Money is decimal; energy becomes decimal in [`decimal_kwh`] and nowhere else.

mod charge;
mod check;
mod days;
mod demand;
mod price;
mod quarter;
pub mod refusal;
#[cfg(test)]
mod tests;
mod times;
mod versions;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use serde::{Deserialize, Serialize};

pub use charge::{Charge, ChargeLine, MonthShare, Part, charge, parts, round, taxes};
pub(crate) use charge::{Share, spread};
pub use check::Invalid;
pub use days::Days;
pub use demand::DemandInterval;
pub(crate) use demand::demands;
pub use quarter::Quarter;
pub use times::ClockTime;
pub use versions::{Assignment, TariffId, Version, Versions};

use crate::stored::stored;

/// Which way energy goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Drawn: charged.
    Import,
    /// Delivered: credited.
    Export,
}

/// Whether a month's export is set against its import before anything is priced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Netting {
    /// Both are priced as they are.
    #[default]
    None,
    /// Only the month's difference is priced.
    Month,
}

/// How the blocks of a part of a month begin, where a version begins or ends within it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum AcrossVersions {
    /// Anew, with bounds in proportion of days.
    #[default]
    Prorate,
    /// After what the version before was charged for, with the bounds of a whole month.
    Continue,
}

/// Of which lines tax is a share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum TaxOn {
    /// Of what is supplied: everything but credits for energy.
    #[default]
    Supply,
    /// Of what is left after credits, if anything is.
    Balance,
}

/// A price of energy, and when it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnergyLine {
    /// Which way the energy goes.
    pub direction: Direction,
    /// Per kWh, in the site's currency, as a decimal string; may be negative.
    pub price: Decimal,
    /// Begin of the block: kWh of the month in this direction; 0 unless stated.
    #[serde(default, with = "kwh_as_number", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub from_kwh: Option<Decimal>,
    /// End of the block, itself not in it; without end unless stated.
    #[serde(default, with = "kwh_as_number", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub to_kwh: Option<Decimal>,
    /// On which days; every day unless stated.
    #[serde(default)]
    pub days: Days,
    /// Begin of the time of day, on a quarter-hour; midnight unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_time: Option<ClockTime>,
    /// End of the time of day, itself not in it; may lie beyond midnight; midnight unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_time: Option<ClockTime>,
    /// First month, 1 to 12; January unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_month: Option<u8>,
    /// Last month, itself in it; may lie in the next year; December unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_month: Option<u8>,
}

impl EnergyLine {
    /// Whether it is for some of a month's kWh only.
    pub fn is_block(&self) -> bool {
        self.to_kwh.is_some() || !self.from_kwh.unwrap_or_default().is_zero()
    }

    /// One price at all times and for any amount.
    pub fn flat(direction: Direction, price: Decimal) -> Self {
        Self {
            direction,
            price,
            from_kwh: None,
            to_kwh: None,
            days: Days::ALL,
            from_time: None,
            to_time: None,
            from_month: None,
            to_month: None,
        }
    }
}

/// What one version of a tariff says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// Per month, in the site's currency; a part of a month pays for its days.
    #[serde(default)]
    pub fixed_per_month: Decimal,
    /// Per day.
    #[serde(default)]
    pub fixed_per_day: Decimal,
    /// Days that count as holidays.
    #[serde(default)]
    pub holidays: BTreeSet<NaiveDate>,
    /// Prices of energy.
    #[serde(default)]
    pub energy: Vec<EnergyLine>,
    /// Per kW of the month's highest demand.
    #[serde(default)]
    pub demand_per_kw: Decimal,
    /// Minutes over which demand is the mean of power: 15, 30 or 60; 15 unless stated.
    #[serde(default, rename = "demandMinutes", skip_serializing_if = "super::is_usual")]
    pub demand_interval: DemandInterval,
    /// Per cent, on what `taxOn` says.
    #[serde(default)]
    pub tax_percent: Decimal,
    #[serde(default, skip_serializing_if = "super::is_usual")]
    pub tax_on: TaxOn,
    /// Whether export is set against import.
    #[serde(default)]
    pub netting: Netting,
    #[serde(default, skip_serializing_if = "super::is_usual")]
    pub across_versions: AcrossVersions,
}

stored!(json Terms);

impl Terms {
    /// The terms for a part of a month: the bounds of its blocks are those days' share of them.
    #[must_use]
    pub fn for_days(&self, days: impl Into<Decimal>, of: impl Into<Decimal>) -> Self {
        let (days, of) = (days.into(), of.into());
        if days == of {
            return self.clone();
        }
        let share = |kwh: Decimal| (kwh * days / of).round_dp(KWH_DIGITS).normalize();
        let line = |line: &EnergyLine| EnergyLine {
            from_kwh: line.from_kwh.map(share),
            to_kwh: line.to_kwh.map(share),
            ..line.clone()
        };
        Self { energy: self.energy.iter().map(line).collect(), ..self.clone() }
    }
}

/// Digits after the point of energy in a bill: a microwatt-hour.
const KWH_DIGITS: u32 = 9;
/// More than any meter counts.
const MOST_KWH: f64 = 1e12;

/// Energy as money is counted with it, to the microwatt-hour; none for what is no energy.
pub fn decimal_kwh(kwh: f64) -> Option<Decimal> {
    let counted = (0.0..=MOST_KWH).contains(&kwh);
    counted.then(|| Decimal::from_f64(kwh)).flatten().map(|kwh| kwh.round_dp(KWH_DIGITS))
}

mod kwh_as_number {
    use rust_decimal::prelude::ToPrimitive as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::refusal::TermsRefusal;
    use super::{Decimal, decimal_kwh};
    use crate::strict::Carried;

    #[expect(clippy::ref_option, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(
        kwh: &Option<Decimal>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        kwh.and_then(|kwh| kwh.to_f64()).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let Some(given) = Option::<f64>::deserialize(from)? else { return Ok(None) };
        let kwh = decimal_kwh(given);
        kwh.map(Some).ok_or_else(|| de::Error::custom(Carried::new(TermsRefusal::Kwh)))
    }
}
