//! Diesel of a site's generators.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::tariff::round;
use domain::carbon::cost_per_kwh;
use domain::meters::SourceKind;
use domain::sites::minor_digits;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::carbon::{self, Entry, Ledger};
use crate::energy::explain::{Explain, UsedFactor};
use crate::energy::window_energy::WindowEnergy;
use crate::window::SiteWindow;
use crate::{Core, Error, Principal};

const FORMULA: &str = "litres = the generator's own + kWh x specific fuel consumption in the time that \
    its own do not cover (an increment covers the time since the reading with litres before it, the \
    first of a day since midnight); kg = litres x diesel factor; cost = litres x price of diesel";

/// A generator over a window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Generator {
    /// Its id.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// What it produced; null where it is not known.
    pub kwh: Option<f64>,
    /// Diesel in litres, metered and estimated.
    pub litres: Option<f64>,
    /// Litres that it counted itself; null where it counted none.
    pub metered_litres: Option<f64>,
    /// Litres that follow from its energy in the time that its own do not cover; null where they cover
    /// all of it, or where its energy is not known.
    pub estimated_litres: Option<f64>,
    /// Whether all the litres are its own.
    pub litres_metered: bool,
    /// Specific fuel consumption; null where it produced nothing.
    pub litres_per_kwh: Option<f64>,
    /// Running hours by its counter, or else the time its power was above idling; null where it stood
    /// still.
    pub runtime_hours: Option<f64>,
    /// How often it was started.
    pub starts: u32,
    /// Carbon.
    pub carbon_kg: Option<f64>,
    /// Cost of the litres, in the site's currency; null where some of them have no price.
    pub cost: Option<Decimal>,
    /// The same per kWh that it produced.
    pub cost_per_kwh: Option<Decimal>,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
}

/// All generators of a site together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DieselTotal {
    /// What they produced.
    pub kwh: f64,
    /// Diesel in litres, metered and estimated.
    pub litres: f64,
    /// What of it they counted themselves.
    pub metered_litres: f64,
    /// What of it follows from their energy.
    pub estimated_litres: f64,
    /// Specific fuel consumption; null where they produced nothing.
    pub litres_per_kwh: Option<f64>,
    /// Their running hours, added.
    pub runtime_hours: f64,
    /// How often one was started.
    pub starts: u32,
    /// Carbon.
    pub carbon_kg: f64,
    /// Cost of the litres, in the site's currency; null where some of them have no price.
    pub cost: Option<Decimal>,
    /// The same per kWh that they produced.
    pub cost_per_kwh: Option<Decimal>,
}

/// Diesel of a site over a window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DieselView {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// ISO 4217 code of the site's currency.
    pub currency: String,
    /// Each generator.
    pub generators: Vec<Generator>,
    /// All of them.
    pub total: DieselTotal,
    /// The factors in force in the window.
    pub factors: Vec<UsedFactor>,
    /// What it was computed from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
}

/// Diesel of a site's generators over a window.
pub async fn get(
    service: &Core,
    who: &Principal,
    asked: SiteWindow<'_>,
) -> Result<DieselView, Error> {
    let (figures, ledger) = carbon::load(service, who, asked).await?;
    Ok(view(&figures, &ledger, asked.explain))
}

/// Diesel over figures that are loaded already.
pub(crate) fn view(figures: &WindowEnergy, ledger: &Ledger, explain: bool) -> DieselView {
    let amount = |cost| round(cost, minor_digits(&figures.site.currency));
    let generators: Vec<Generator> = ledger
        .of(SourceKind::Diesel)
        .filter_map(|entry| {
            let meter = figures.meter(entry.meter)?;
            Some(Generator {
                meter_id: meter.id,
                meter_number: meter.number.clone(),
                meter_name: meter.name.clone(),
                kwh: entry.kwh,
                litres: entry.litres,
                metered_litres: entry.metered_litres,
                estimated_litres: entry.estimated_litres,
                litres_metered: entry.is_metered(),
                litres_per_kwh: per(entry.litres.unwrap_or(0.0), entry.kwh.unwrap_or(0.0)),
                runtime_hours: entry.runtime_hours,
                starts: entry.starts,
                carbon_kg: entry.kg,
                cost: entry.fuel_cost.map(amount),
                cost_per_kwh: cost_per_kwh(entry.fuel_cost, entry.kwh),
                coverage: entry.coverage,
            })
        })
        .collect();
    let sum = |of: fn(&Entry) -> Option<f64>| -> f64 {
        ledger.of(SourceKind::Diesel).filter_map(of).sum()
    };
    let (kwh, litres) = (sum(|entry| entry.kwh), sum(|entry| entry.litres));
    let factors: Vec<_> = ledger
        .used()
        .into_iter()
        .filter(|factor| ["diesel", "sfc", "diesel_price"].contains(&factor.kind.as_str()))
        .collect();
    let meters = ledger.of(SourceKind::Diesel).filter_map(|entry| figures.meter(entry.meter));
    let explain = explain.then(|| figures.explain(FORMULA, meters, factors.clone()));
    DieselView {
        from: figures.window.from,
        to: figures.window.to,
        total: DieselTotal {
            kwh,
            litres,
            metered_litres: sum(|entry| entry.metered_litres),
            estimated_litres: sum(|entry| entry.estimated_litres),
            litres_per_kwh: per(litres, kwh),
            runtime_hours: sum(|entry| entry.runtime_hours),
            starts: generators.iter().map(|generator| generator.starts).sum(),
            carbon_kg: sum(|entry| entry.kg),
            cost: ledger.fuel_cost().map(amount),
            cost_per_kwh: cost_per_kwh(ledger.fuel_cost(), Some(kwh)),
        },
        currency: figures.site.currency.clone(),
        generators,
        factors,
        explain,
    }
}

fn per(litres: f64, kwh: f64) -> Option<f64> {
    (kwh > 0.0).then(|| litres / kwh)
}
