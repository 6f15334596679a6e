//! Carbon of a site: grid and diesel, and what solar energy avoided.

pub mod diesel;
mod direction;
pub mod factors;
mod fuel;
mod inflow;
mod input;
mod ledger;
pub mod page;
pub mod solar;

use chrono::{DateTime, Utc};
use domain::carbon::FactorKind;
use domain::meters::{Meter, SourceKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::energy::explain::{Explain, UsedFactor};
use crate::energy::window_energy::WindowEnergy;
use crate::operation::clock;
use crate::window::{SiteWindow, between};
use crate::{Action, Core, Error, Principal, sites};

pub(crate) use direction::Directions;
pub(crate) use fuel::load as fuel;
pub(crate) use inflow::Inflows;
pub(crate) use input::Input;
pub(crate) use ledger::{Entry, Ledger, both, priced, sources};

/// A meter that is counted, and as what.
pub(crate) type Source<'a> = (&'a Meter, SourceKind);

const FORMULA: &str = "net = grid kWh x grid factor + diesel L x diesel factor - solar kWh x solar \
    factor; scope 1 is the diesel, scope 2 the grid, both gross; net counts avoided emissions";

/// Carbon of a site over a window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CarbonView {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Import of the grid connections: `Grid` meters, but for one below another that does not feed its
    /// parent; where there is none, of the top meters other than generators, solar panels and batteries.
    pub grid_kwh: f64,
    /// Its carbon.
    pub grid_kg: f64,
    /// Diesel in litres.
    pub diesel_l: f64,
    /// Its carbon.
    pub diesel_kg: f64,
    /// Grid and diesel.
    pub total_kg: f64,
    /// Solar energy.
    pub solar_kwh: f64,
    /// Carbon that it avoided.
    pub offset_kg: f64,
    /// Total less offset: this counts avoided emissions, as an inventory does not.
    pub net_kg: f64,
    /// Direct emissions, gross: diesel.
    pub scope1_kg: f64,
    /// Emissions of bought electricity, gross: grid.
    pub scope2_kg: f64,
    /// Share of the window backed by readings, 0 to 1: the least of the meters that are counted.
    pub coverage: f64,
    /// Numbers of meters that should be counted and whose energy is not known.
    pub missing: Vec<String>,
    /// The factors in force in the window.
    pub factors: Vec<UsedFactor>,
    /// What it was computed from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
}

/// Carbon of a site.
pub async fn get(
    service: &Core,
    who: &Principal,
    asked: SiteWindow<'_>,
) -> Result<CarbonView, Error> {
    let (figures, ledger) = load(service, who, asked).await?;
    Ok(view(&figures, &ledger, asked.explain))
}

/// The figures and the ledger of a window.
pub(crate) async fn load(
    service: &Core,
    who: &Principal,
    asked: SiteWindow<'_>,
) -> Result<(WindowEnergy, Ledger), Error> {
    let site = sites::resolve(service, who, Action::See, asked.site).await?;
    let window = between(&site, asked.from, asked.to, clock::now(service, &site))?;
    let figures = WindowEnergy::load(service, site, window, None).await?;
    let ledger = Ledger::load(service, &figures).await?;
    Ok((figures, ledger))
}

/// Carbon over figures that are loaded already.
pub(crate) fn view(figures: &WindowEnergy, ledger: &Ledger, explain: bool) -> CarbonView {
    let sum = |kind: SourceKind, of: fn(&Entry) -> Option<f64>| -> f64 {
        ledger.of(kind).filter_map(of).sum()
    };
    let (grid_kg, diesel_kg) =
        (sum(SourceKind::Grid, |entry| entry.kg), sum(SourceKind::Diesel, |entry| entry.kg));
    let offset_kg = sum(SourceKind::Solar, |entry| entry.kg);
    let counted = ledger.entries().filter_map(|entry| figures.meter(entry.meter));
    let missing = ledger.entries().filter(|entry| entry.kwh.is_none());
    let number = |entry: &Entry| figures.meter(entry.meter).map(|m| m.number.clone());
    let is_used = |factor: &UsedFactor| match FactorKind::parse(&factor.kind) {
        Some(FactorKind::Sfc) => ledger.has_estimated_fuel(),
        Some(FactorKind::DieselPrice) => false,
        _ => true,
    };
    let factors: Vec<UsedFactor> = ledger.used().into_iter().filter(is_used).collect();
    let explain = explain.then(|| figures.explain(FORMULA, counted, factors.clone()));
    CarbonView {
        from: figures.window.from,
        to: figures.window.to,
        grid_kwh: sum(SourceKind::Grid, |entry| entry.kwh),
        grid_kg,
        diesel_l: sum(SourceKind::Diesel, |entry| entry.litres),
        diesel_kg,
        total_kg: grid_kg + diesel_kg,
        solar_kwh: sum(SourceKind::Solar, |entry| entry.kwh),
        offset_kg,
        net_kg: grid_kg + diesel_kg - offset_kg,
        scope1_kg: diesel_kg,
        scope2_kg: grid_kg,
        coverage: ledger.entries().map(|entry| entry.coverage).reduce(f64::min).unwrap_or(0.0),
        missing: missing.filter_map(number).collect(),
        factors,
        explain,
    }
}
