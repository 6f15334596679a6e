//! Solar energy of a site: what was produced, what of it was used here, and the carbon it avoided.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::carbon::solar::split;
use domain::meters::{Meter, SourceKind};
use domain::sites::Site;
use domain::{Kwh, MeterId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::carbon::{self, Ledger};
use crate::energy::explain::{Explain, UsedFactor};
use crate::energy::series::{self, Resolution};
use crate::energy::window_energy::{Span, WindowEnergy};
use crate::window::SiteWindow;
use crate::{Core, Error, Principal};

const FORMULA: &str = "in each quarter-hour exported solar = lesser of solar production and export of \
    the grid meters, shared by production; self-consumed = production - exported; offset = kWh x \
    solar factor";

/// A solar meter over a window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Its id.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// What it produced; null where it is not known.
    pub kwh: Option<f64>,
    /// Carbon it avoided.
    pub offset_kg: Option<f64>,
    /// What of it was used on the site.
    pub self_consumed_kwh: Option<f64>,
    /// What of it was exported.
    pub exported_kwh: Option<f64>,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
}

/// All solar meters of a site together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SolarTotal {
    /// What they produced.
    pub kwh: f64,
    /// Carbon they avoided.
    pub offset_kg: f64,
    /// What was used on the site.
    pub self_consumed_kwh: f64,
    /// What was exported.
    pub exported_kwh: f64,
}

/// Solar energy of a site over a window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SolarView {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Each solar meter.
    pub sources: Vec<Source>,
    /// All of them.
    pub total: SolarTotal,
    /// The factors in force in the window.
    pub factors: Vec<UsedFactor>,
    /// What it was computed from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
}

/// Solar energy of a site over a window.
pub async fn get(
    service: &Core,
    who: &Principal,
    asked: SiteWindow<'_>,
) -> Result<SolarView, Error> {
    let (figures, ledger) = carbon::load(service, who, asked).await?;
    view(service, &figures, &ledger, asked.explain).await
}

/// Solar energy over figures that are loaded already.
pub(crate) async fn view(
    service: &Core,
    figures: &WindowEnergy,
    ledger: &Ledger,
    explain: bool,
) -> Result<SolarView, Error> {
    let meters_of = |kind| -> Vec<&Meter> {
        ledger.of(kind).filter_map(|entry| figures.meter(entry.meter)).collect()
    };
    let (solar, grid) = (meters_of(SourceKind::Solar), meters_of(SourceKind::Grid));
    let mut exported: HashMap<MeterId, f64> = HashMap::new();
    for span in figures.spans_of_sources() {
        for (meter, kwh) in exported_in(service, &figures.site, ledger, span).await? {
            *exported.entry(meter).or_default() += kwh;
        }
    }
    let source = |meter: &&Meter| {
        let entry = ledger.of(SourceKind::Solar).find(|entry| entry.meter == meter.id)?;
        // Of the quarter-hour under way the export may be counted a moment before the production.
        let exported =
            entry.kwh.map(|kwh| exported.get(&meter.id).copied().unwrap_or(0.0).min(kwh));
        Some(Source {
            meter_id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            kwh: entry.kwh,
            offset_kg: entry.kg,
            self_consumed_kwh: entry.kwh.zip(exported).map(|(kwh, exported)| kwh - exported),
            exported_kwh: exported,
            coverage: entry.coverage,
        })
    };
    let sources: Vec<Source> = solar.iter().filter_map(source).collect();
    let sum = |of: fn(&Source) -> Option<f64>| sources.iter().filter_map(of).sum::<f64>();
    let total = SolarTotal {
        kwh: sum(|source| source.kwh),
        offset_kg: sum(|source| source.offset_kg),
        self_consumed_kwh: sum(|source| source.self_consumed_kwh),
        exported_kwh: sum(|source| source.exported_kwh),
    };
    let factors: Vec<_> =
        ledger.used().into_iter().filter(|factor| factor.kind == "solar").collect();
    let meters = solar.iter().chain(&grid).copied();
    let explain = explain.then(|| figures.explain(FORMULA, meters, factors.clone()));
    let (from, to) = (figures.window.from, figures.window.to);
    Ok(SolarView { from, to, sources, total, factors, explain })
}

/// What of each meter's energy was exported in a stretch in which nothing was moved, quarter-hour by
/// quarter-hour.
async fn exported_in(
    service: &Core,
    site: &Site,
    ledger: &Ledger,
    span: Span<'_>,
) -> Result<HashMap<MeterId, f64>, Error> {
    let sources = carbon::sources(span.tree);
    let of = |kind| sources.iter().filter(move |(_, it)| *it == kind).map(|(meter, _)| *meter);
    let exports = |meter: &&Meter| {
        let known = span.counted.get(&meter.id).and_then(|counted| counted.known);
        known.is_some_and(|known| known.energy.export > Kwh::ZERO)
    };
    let grid: Vec<&Meter> = of(SourceKind::Grid).filter(exports).collect();
    let solar: Vec<&Meter> = of(SourceKind::Solar).collect();
    if grid.is_empty() || solar.is_empty() {
        return Ok(HashMap::new());
    }
    let meters: Vec<&Meter> = solar.iter().chain(&grid).copied().collect();
    let (window, by) = (span.window, Resolution::Quarter);
    let pieces = series::pieces(service, site, &meters, window, by, u32::MAX).await?;
    let mut quarters: BTreeMap<DateTime<Utc>, (Vec<Kwh>, Kwh)> = BTreeMap::new();
    for piece in pieces {
        let (production, export) = quarters
            .entry(piece.start)
            .or_insert_with(|| (vec![Kwh::ZERO; solar.len()], Kwh::ZERO));
        if let Some(i) = solar.iter().position(|meter| meter.id == piece.meter) {
            let source = (solar[i], SourceKind::Solar);
            let (produced, _) = ledger.directions.delivered(source, &piece.energy());
            production[i] += Kwh(produced);
        } else {
            *export += Kwh(piece.export_kwh);
        }
    }
    let mut exported: HashMap<MeterId, f64> = HashMap::new();
    for (production, export) in quarters.into_values() {
        for (part, meter) in split(&production, export).iter().zip(&solar) {
            *exported.entry(meter.id).or_default() += part.exported.0;
        }
    }
    Ok(exported)
}
