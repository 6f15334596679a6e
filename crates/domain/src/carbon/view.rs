//! The page of carbon.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::carbon::FactorKind;
use crate::carbon::lever::{LeverFormula, LeverName};
use crate::period::Step;
use crate::view::PeriodContext;

/// The page of carbon.
#[derive(Debug, Clone, PartialEq)]
pub struct CarbonPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// The whole period, as far as it has come.
    pub sum: Emission,
    /// The period before, up to the same time, when that is compared with.
    pub before: Option<Emission>,
    /// Share of that period backed by readings, 0 to 1.
    pub before_coverage: f64,
    /// Share of the period backed by readings, 0 to 1.
    pub coverage: f64,
    /// Energy that is real but whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Solar energy that left the site, kWh.
    pub exported_kwh: f64,
    /// What was used on the site, kWh; none where a source is not known.
    pub used_kwh: Option<f64>,
    pub steps: Vec<EmissionStep>,
    /// The steps of the whole period before, when that is compared with.
    pub steps_before: Vec<EmissionStep>,
    /// Diesel of the period.
    pub diesel: Diesel,
    /// Diesel of the period before, up to the same time, when that is compared with.
    pub diesel_before: Option<Diesel>,
    /// What would change it.
    pub levers: Vec<Lever>,
    /// Factors with their versions, the newest of a kind first.
    pub factors: Vec<FactorRow>,
}

impl CarbonPage {
    /// Days of which carbon is known, as far as they have come: a mean per day is of these. A step of a month counts
    /// by the share of it that was read.
    pub fn known_days(&self) -> f64 {
        let is_of_months = self.shown.period.chart_step(self.shown.today()) == Step::Month;
        let known = self.steps.iter().filter(|step| step.emission.is_some());
        let days = |step: &EmissionStep| {
            let come = (step.to.min(self.shown.window.to) - step.from).as_seconds_f64().max(0.0);
            come / 86_400.0 * if is_of_months { step.coverage } else { 1.0 }
        };
        known.map(days).sum()
    }
}

/// Energy and the carbon it stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Emission {
    /// Energy from the grid, kWh.
    pub grid_kwh: f64,
    /// Its carbon, kg.
    pub grid_kg: f64,
    /// Diesel, litres.
    pub diesel_litres: f64,
    /// Its carbon, kg.
    pub diesel_kg: f64,
    /// Solar energy, kWh.
    pub solar_kwh: f64,
    /// Carbon it avoided, kg.
    pub offset_kg: f64,
}

impl Emission {
    /// Grid and diesel, kg.
    pub fn gross_kg(&self) -> f64 {
        self.grid_kg + self.diesel_kg
    }

    /// Gross less the offset, kg.
    pub fn net_kg(&self) -> f64 {
        self.gross_kg() - self.offset_kg
    }
}

/// Carbon of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmissionStep {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Its carbon; none where nothing is known.
    pub emission: Option<Emission>,
    /// Coverage, 0 to 1.
    pub coverage: f64,
}

/// Diesel of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Diesel {
    /// Running hours; none without a generator.
    pub runtime_hours: Option<f64>,
    /// Times a generator was started.
    pub starts: u32,
    /// Energy of the generators, kWh.
    pub kwh: f64,
    /// Litres.
    pub litres: f64,
    /// Their cost, in the site's currency; none where some of them have no price.
    pub cost: Option<Decimal>,
    /// Carbon, kg.
    pub kg: f64,
    /// Whether all litres were metered; else some are energy times specific fuel.
    pub is_metered: bool,
    /// Litres that the generators counted themselves.
    pub metered_litres: f64,
    /// Litres that follow from energy, in the time that the metered ones do not cover.
    pub estimated_litres: f64,
}

/// Something that would change the carbon, at the quantities of the period.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// What, such as `Ending the loss at Unit C`.
    pub name: LeverName,
    /// How it is counted.
    pub formula: LeverFormula,
    /// By how much, kg; less is negative.
    pub kg: f64,
}

/// A factor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FactorRow {
    /// What it is of, as a word of the API.
    pub kind: FactorKind,
    /// The same in words.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// First day it holds; none for the default that holds until someone sets one.
    pub valid_from: Option<NaiveDate>,
    /// Last day it holds; none while it does.
    pub valid_to: Option<NaiveDate>,
    /// Its version, from 1.
    pub version: usize,
    /// Whether it holds in the period.
    pub is_in_force: bool,
}
