//! Factors and the price of diesel by version: a day is counted with the version in force on it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

use crate::MeterId;
use crate::ids::id;
use crate::message::{Message, messages};
use crate::stored::words;

messages! {
    /// Where the built-in factors come from.
    pub enum FactorSource in "factor_source" {
        Guide => "default of the hierarchical metering guide",
    }
}

id!(
    /// A factor that somebody entered.
    FactorId(i64)
);

words!(
    /// What a factor is for.
    FactorKind {
        /// Carbon of grid electricity.
        Grid = "grid",
        /// Carbon of diesel.
        Diesel = "diesel",
        /// Carbon that solar energy avoids.
        Solar = "solar",
        /// Specific fuel consumption of a generator without a fuel meter.
        Sfc = "sfc",
        /// Price of diesel, in the site's currency.
        DieselPrice = "diesel_price",
    }
);

impl FactorKind {
    /// What its values are stated in.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Grid | Self::Solar => "kg/kWh",
            Self::Diesel => "kg/L",
            Self::Sfc => "L/kWh",
            Self::DieselPrice => "per L",
        }
    }

    /// The value that the guide states, in its unit; none of a price.
    const fn built_in(self) -> Option<f64> {
        match self {
            Self::Grid | Self::Solar => Some(0.5),
            Self::Diesel => Some(2.68),
            Self::Sfc => Some(0.28),
            Self::DieselPrice => None,
        }
    }
}

/// A factor with its validity.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Factor {
    /// What it is for.
    pub kind: FactorKind,
    /// The meter it is for; none for the whole site.
    pub meter: Option<MeterId>,
    /// Its value, in the unit of its kind.
    pub value: f64,
    /// Where the value comes from.
    pub source: String,
    /// First day, on the site's clock, until the next version; none for a built-in one, which holds
    /// before all others.
    pub valid_from: Option<NaiveDate>,
}

impl Factor {
    /// What its value is stated in.
    pub const fn unit(&self) -> &'static str {
        self.kind.unit()
    }
}

impl FactorSource {
    /// Where a factor comes from, by what is said of it and its first day: that of a built-in one is ours.
    pub fn told(source: &str, valid_from: Option<NaiveDate>) -> Message {
        match valid_from {
            None => Self::Guide.into(),
            Some(_) => Message::foreign(source),
        }
    }
}

/// The factors of a site, with the built-in ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    entered: Vec<Factor>,
    built_in: Vec<Factor>,
}

impl Factors {
    /// What was entered for a site.
    pub fn new(entered: Vec<Factor>) -> Self {
        let built_in = |kind: FactorKind| {
            let value = kind.built_in()?;
            let source = FactorSource::Guide.to_string();
            Some(Factor { kind, meter: None, value, source, valid_from: None })
        };
        Self { entered, built_in: FactorKind::ALL.into_iter().filter_map(built_in).collect() }
    }

    /// The factor in force on a day: the meter's own where it has one by then, else the site's, else
    /// the built-in one. A price of diesel is none where nobody stated one.
    pub fn at(&self, kind: FactorKind, meter: Option<MeterId>, date: NaiveDate) -> Option<&Factor> {
        let holds = |factor: &&Factor| {
            factor.kind == kind
                && (factor.meter.is_none() || factor.meter == meter)
                && factor.valid_from.is_none_or(|from| from <= date)
        };
        let newest = |factor: &&Factor| (factor.meter.is_some(), factor.valid_from);
        self.built_in.iter().chain(&self.entered).filter(holds).max_by_key(newest)
    }

    /// The value in force on a day, in the unit of its kind.
    pub fn value(&self, kind: FactorKind, meter: Option<MeterId>, date: NaiveDate) -> Option<f64> {
        self.at(kind, meter, date).map(|factor| factor.value)
    }

    /// The price of a litre of diesel on a day, in the site's currency; none where nobody stated it.
    pub fn diesel_price(&self, meter: MeterId, date: NaiveDate) -> Option<Decimal> {
        self.value(FactorKind::DieselPrice, Some(meter), date).and_then(Decimal::from_f64)
    }

    /// The mean of a site's factor over days, the last one included; that of the first day where the last
    /// one is not after it. None where there is none on one of them.
    pub fn mean(&self, kind: FactorKind, first: NaiveDate, last: NaiveDate) -> Option<f64> {
        let days = first.iter_days().take_while(|day| *day <= last);
        let values: Vec<f64> =
            days.map(|day| self.value(kind, None, day)).collect::<Option<_>>()?;
        if values.is_empty() {
            return self.value(kind, None, first);
        }
        Some(values.iter().sum::<f64>() / values.len() as f64)
    }

    /// The versions for a whole site, in the order in which they hold, the built-in one first.
    pub fn versions(&self, kind: FactorKind) -> Vec<&Factor> {
        let all = self.built_in.iter().chain(&self.entered);
        let mut versions: Vec<_> = all.filter(|f| f.kind == kind && f.meter.is_none()).collect();
        versions.sort_by_key(|factor| factor.valid_from);
        versions
    }

    /// Days on which another version begins to hold, ascending.
    pub fn changes(&self) -> BTreeSet<NaiveDate> {
        self.entered.iter().filter_map(|factor| factor.valid_from).collect()
    }

    /// The built-in factors.
    pub fn built_in(&self) -> &[Factor] {
        &self.built_in
    }
}

impl Default for Factors {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn grid(meter: Option<i64>, value: f64, from: &str) -> Factor {
        Factor {
            kind: FactorKind::Grid,
            meter: meter.map(MeterId),
            value,
            source: "grid operator".to_owned(),
            valid_from: Some(day(from)),
        }
    }

    #[test]
    fn a_past_day_keeps_its_own_version() {
        let factors = Factors::new(vec![
            grid(None, 0.7, "2026-01-01"),
            grid(None, 0.6, "2026-06-01"),
            grid(Some(5), 0.1, "2026-03-01"),
        ]);
        let at = |meter: Option<i64>, date| {
            factors.value(FactorKind::Grid, meter.map(MeterId), day(date)).unwrap().to_string()
        };
        assert_eq!(at(None, "2025-12-31"), "0.5");
        assert_eq!(at(None, "2026-05-31"), "0.7");
        assert_eq!(at(None, "2026-06-01"), "0.6");
        assert_eq!(at(Some(5), "2026-02-28"), "0.7");
        assert_eq!(at(Some(5), "2026-12-31"), "0.1");
        assert_eq!(at(Some(6), "2026-12-31"), "0.6");
    }

    #[test]
    fn each_kind_but_a_price_has_a_built_in_factor_in_its_unit() {
        let factors = Factors::default();
        let shown = FactorKind::ALL.map(|kind| {
            let factor = factors.at(kind, None, day("2026-01-01"))?;
            Some((factor.kind, factor.value, factor.unit()))
        });
        let expected = [
            Some((FactorKind::Grid, 0.5, "kg/kWh")),
            Some((FactorKind::Diesel, 2.68, "kg/L")),
            Some((FactorKind::Solar, 0.5, "kg/kWh")),
            Some((FactorKind::Sfc, 0.28, "L/kWh")),
            None,
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_price_holds_from_its_first_day_to_the_cent_that_was_typed() {
        let price = |value, from| Factor {
            kind: FactorKind::DieselPrice,
            meter: None,
            value,
            source: "depot".to_owned(),
            valid_from: Some(day(from)),
        };
        let factors = Factors::new(vec![price(92.15, "2026-06-01"), price(94.7, "2026-07-01")]);
        let at = |date| factors.diesel_price(MeterId(1), day(date)).map(|price| price.to_string());
        assert_eq!(at("2026-05-31"), None);
        assert_eq!(at("2026-06-30"), Some("92.15".to_owned()));
        assert_eq!(at("2026-07-01"), Some("94.7".to_owned()));
    }
}
