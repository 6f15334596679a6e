//! The carbon of a period: grid plus diesel less the solar offset, each day by the factors in force on
//! it, and what would change it.

use domain::Kwh;
use domain::balance::{Energy, Verdict};
use domain::carbon::{FactorKind, Factors};
use domain::meter::Meter;
use domain::view::Shown;
use domain::view::carbon::{CarbonPage, Diesel, Emission, EmissionStep, FactorRow, Lever};
use domain::window::Window;

use super::losses::Losses;
use super::steps::{self, Bounds, Steps};
use super::{Query, shown};
use crate::carbon::{self, CarbonView, Kind, Ledger, of_step, sources};
use crate::{Error, Principal, Role, Service, factors, solar, visit};

/// The carbon of a period.
pub async fn carbon(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<CarbonPage, Error> {
    who.require(Role::Viewer)?;
    let shown = shown(service, query).await?;
    let losses = Losses::load(service, &shown, shown.window).await?;
    let figures = &losses.figures;
    let book = factors::book(service.pool(), &shown.site).await?;
    let ledger = Ledger::load(service, figures).await?;
    let sum = emission(&carbon::view(figures, &ledger, false));
    let meters = sources(figures.tree());
    let ids: Vec<_> = meters.iter().map(|(meter, _)| meter.id).collect();
    let now = Window { from: shown.whole.from, to: shown.window.to };
    let loaded = steps::load(service, &shown, &ids, now).await?;
    let bounds = steps::bounds(&shown, shown.whole);
    let steps = bounds.iter().map(|at| step(&shown, &meters, &ledger, &book, &loaded, *at));
    let steps: Vec<EmissionStep> = steps.collect();
    let (before, before_coverage) = if shown.period.compares() {
        let before = visit::figures(service, &shown.site, shown.before).await?;
        let ledger = Ledger::load(service, &before).await?;
        let sum = emission(&carbon::view(&before, &ledger, false));
        (Some(sum), before.boundary().coverage)
    } else {
        (None, 0.0)
    };
    let diesel = diesel(&ledger);
    let site = figures.boundary();
    let counted = || ids.iter().filter_map(|id| figures.counted(*id));
    let exports = ledger.of(Kind::Grid).filter_map(|entry| figures.known(entry.meter));
    Ok(CarbonPage {
        before,
        before_coverage,
        coverage: site.coverage,
        estimated_kwh: counted().map(|counted| counted.estimated.0).sum(),
        exported_kwh: solar::view(service, figures, &ledger, false).await?.total.exported_kwh,
        used_kwh: site.source.0 - exports.map(|known| known.energy.export.0).sum::<f64>(),
        levers: levers(&shown, &book, &losses, &sum, &diesel),
        factors: rows(&shown, &book),
        steps,
        diesel,
        sum,
        shown,
    })
}

pub(super) fn emission(carbon: &CarbonView) -> Emission {
    Emission {
        grid_kwh: carbon.grid_kwh,
        grid_kg: carbon.grid_kg,
        diesel_litres: carbon.diesel_l,
        diesel_kg: carbon.diesel_kg,
        solar_kwh: carbon.solar_kwh,
        offset_kg: carbon.offset_kg,
    }
}

fn step(
    shown: &Shown,
    meters: &[(&Meter, Kind)],
    ledger: &Ledger,
    book: &Factors,
    loaded: &Steps,
    (from, to): Bounds,
) -> EmissionStep {
    let day = shown.site.date_at(from);
    let mut emission = None;
    let mut least = 1.0_f64;
    for &(meter, kind) in meters {
        let Some(counted) = loaded.get(&(meter.id, from)) else {
            least = 0.0;
            continue;
        };
        let coverage = steps::coverage((from, to), shown.now, counted.covered_s);
        least = least.min(coverage);
        let energy = Energy {
            import: Kwh(counted.import_kwh),
            export: Kwh(counted.export_kwh),
            uncertain: Kwh::ZERO,
            coverage,
        };
        // A generator with a fuel counter burns what that says, in steps without a reading nothing.
        let metered = ledger.get(meter.id).is_some_and(|entry| entry.is_metered);
        let own = metered.then(|| counted.diesel_litres.unwrap_or(0.0));
        let entry = of_step(meter, kind, energy, own, book, day);
        let (kwh, kg) = (entry.kwh.unwrap_or(0.0), entry.kg.unwrap_or(0.0));
        let sum: &mut Emission = emission.get_or_insert_default();
        match kind {
            Kind::Grid => (sum.grid_kwh, sum.grid_kg) = (sum.grid_kwh + kwh, sum.grid_kg + kg),
            Kind::Solar => {
                (sum.solar_kwh, sum.offset_kg) = (sum.solar_kwh + kwh, sum.offset_kg + kg);
            }
            Kind::Diesel => {
                sum.diesel_litres += entry.litres.unwrap_or(0.0);
                sum.diesel_kg += kg;
            }
        }
    }
    EmissionStep { from, to, emission, coverage: least }
}

pub(super) fn diesel(ledger: &Ledger) -> Diesel {
    let generators = || ledger.of(Kind::Diesel);
    let hours = || generators().map(|entry| entry.runtime_hours.unwrap_or(0.0)).sum();
    Diesel {
        runtime_hours: generators().next().map(|_| hours()),
        starts: generators().map(|entry| entry.starts).sum(),
        kwh: generators().filter_map(|entry| entry.kwh).sum(),
        litres: generators().filter_map(|entry| entry.litres).sum(),
        kg: generators().filter_map(|entry| entry.kg).sum(),
        is_metered: generators().any(|entry| entry.is_metered),
    }
}

/// What would change the carbon, the largest first.
fn levers(
    shown: &Shown,
    book: &Factors,
    figures: &Losses,
    sum: &Emission,
    diesel: &Diesel,
) -> Vec<Lever> {
    let kwh = |value: f64| domain::figures::fixed(value, 1);
    let day = shown.site.date_at(shown.window.from);
    let grid = book.at(FactorKind::Grid, None, day).value;
    let mut levers = Vec::new();
    let lossy = figures.views.iter().filter(|view| view.verdict == Verdict::Loss);
    let lossy = lossy.filter_map(|view| Some((view, view.loss_kwh?)));
    if let Some((node, lost)) = lossy.max_by(|a, b| a.1.total_cmp(&b.1)) {
        levers.push(Lever {
            name: format!("Ending the loss at {}", node.parent_name),
            formula: format!("{} kWh lost × {grid:.3}", kwh(lost)),
            kg: -lost * grid,
        });
    }
    if diesel.kwh > 0.0 {
        let own = diesel.kg / diesel.kwh;
        levers.push(Lever {
            name: "Grid instead of DG".to_owned(),
            formula: format!(
                "{} kWh × ({own:.3} \u{2212} {grid:.3}) kg; not possible during an outage",
                kwh(diesel.kwh)
            ),
            kg: diesel.kwh * (grid - own),
        });
    }
    if sum.solar_kwh > 0.0 {
        let (more, factor) = (sum.solar_kwh * 0.1, sum.offset_kg / sum.solar_kwh);
        levers.push(Lever {
            name: "10 % more solar".to_owned(),
            formula: format!("{} kWh more × {factor:.3}", kwh(more)),
            kg: -more * factor,
        });
    }
    if diesel.kwh > 0.0 && !diesel.is_metered {
        let specific = diesel.litres / diesel.kwh;
        let more = diesel.kwh * 0.02;
        levers.push(Lever {
            name: format!("Specific fuel {:.2} instead of {specific:.2} L/kWh", specific + 0.02),
            formula: "if the DG runs at part load; a litre counter would tell".to_owned(),
            kg: more * book.at(FactorKind::Diesel, None, day).value,
        });
    }
    levers.sort_by(|a, b| a.kg.total_cmp(&b.kg));
    levers
}

/// Every version of every factor, the newest of a kind first.
pub(super) fn rows(shown: &Shown, book: &Factors) -> Vec<FactorRow> {
    let (first, last) = shown.period.days(shown.today());
    let name = |kind: FactorKind| match kind {
        FactorKind::Grid => "Grid electricity",
        FactorKind::Diesel => "Diesel, combustion",
        FactorKind::Sfc => "Diesel, specific fuel",
        FactorKind::Solar => "Solar offset",
    };
    let mut rows = Vec::new();
    for kind in [FactorKind::Grid, FactorKind::Diesel, FactorKind::Sfc, FactorKind::Solar] {
        let versions = book.versions(kind);
        let mut of_kind: Vec<FactorRow> = versions
            .iter()
            .enumerate()
            .map(|(i, factor)| {
                let next = versions.get(i + 1).and_then(|next| next.valid_from);
                let valid_to = next.and_then(|next| next.pred_opt());
                FactorRow {
                    kind,
                    name: name(kind).to_owned(),
                    value: factor.value,
                    unit: factor.unit().to_owned(),
                    source: factor.source.clone(),
                    valid_from: factor.valid_from,
                    valid_to,
                    version: i + 1,
                    is_in_force: factor.valid_from.is_none_or(|from| from <= last)
                        && valid_to.is_none_or(|to| to >= first),
                }
            })
            .collect();
        of_kind.reverse();
        rows.append(&mut of_kind);
    }
    rows
}
