//! The carbon of a period: grid plus diesel less the solar offset, each day by the factors in force on
//! it, and what would change it.

use chrono::NaiveDate;
use domain::MeterId;
use domain::balance::Verdict;
use domain::carbon::{FactorKind, Factors};
use domain::hierarchy::Tree;
use domain::meter::{Meter, SourceKind};
use domain::view::Shown;
use domain::view::carbon::{CarbonPage, Diesel, Emission, EmissionStep, FactorRow, Lever};
use domain::window::Window;

use super::losses::Losses;
use super::steps::{self, Bounds, Counted, Steps};
use super::{Query, shown};
use crate::{Error, Principal, Role, Service, factors};

/// The carbon of a period.
pub async fn carbon(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<CarbonPage, Error> {
    who.require(Role::Viewer)?;
    let shown = shown(service, query).await?;
    let figures = Losses::load(service, &shown, shown.window).await?;
    let book = factors::book(service.pool(), &shown.site).await?;
    let sources = Sources::of(figures.figures.tree());
    let now = Window { from: shown.whole.from, to: shown.window.to };
    let loaded = steps::load(service, &shown, &sources.all(), now).await?;
    let bounds = steps::bounds(&shown, shown.whole);
    let steps: Vec<EmissionStep> =
        bounds.iter().map(|at| step(&shown, &sources, &book, &loaded, *at)).collect();
    let sum = sum_of(&shown, &sources, &book, &figures, &steps);
    let (before, before_coverage) = if shown.period.compares() {
        let before = Losses::load(service, &shown, shown.before).await?;
        let coverage = before.figures.whole().coverage;
        (Some(counted_by(&shown, &sources, &book, &before, shown.before)), coverage)
    } else {
        (None, 0.0)
    };
    let diesel = diesel(&sources, &figures, &sum);
    let site = figures.figures.whole();
    Ok(CarbonPage {
        before,
        before_coverage,
        coverage: site.coverage,
        estimated_kwh: sources
            .all()
            .iter()
            .map(|id| counted_of(&figures, *id, |c| c.estimated.0))
            .sum(),
        exported_kwh: exported(&sources, &figures, sum.solar_kwh),
        used_kwh: site.source.0 - sources.grid.iter().map(|id| export(&figures, *id)).sum::<f64>(),
        levers: levers(&shown, &book, &figures, &sum, &diesel),
        factors: rows(&shown, &book),
        steps,
        diesel,
        sum,
        shown,
    })
}

/// The meters that carbon is counted by.
struct Sources {
    grid: Vec<MeterId>,
    diesel: Vec<MeterId>,
    solar: Vec<MeterId>,
}

impl Sources {
    /// Grid meters, of which a parent counts and not its children too; the top meters that are no
    /// generators where there is no grid meter.
    fn of(tree: &Tree) -> Self {
        let kind = |meter: &Meter| meter.meter_type.source_kind();
        let of_kind = |wanted: SourceKind| {
            let meters = tree.meters().iter().filter(move |meter| kind(meter) == wanted);
            let outermost =
                |meter: &&Meter| !tree.ancestors(meter.id).any(|above| kind(above) == wanted);
            meters.filter(outermost).map(|meter| meter.id).collect::<Vec<_>>()
        };
        let mut grid = of_kind(SourceKind::Grid);
        if grid.is_empty() {
            let loads = tree.roots().filter(|meter| kind(meter) == SourceKind::Load);
            grid = loads.map(|meter| meter.id).collect();
        }
        Self { grid, diesel: of_kind(SourceKind::Diesel), solar: of_kind(SourceKind::Solar) }
    }

    fn all(&self) -> Vec<MeterId> {
        [&self.grid[..], &self.diesel, &self.solar].concat()
    }
}

/// What the meters counted on a day, as carbon.
fn emission(
    sources: &Sources,
    book: &Factors,
    day: NaiveDate,
    kwh: impl Fn(MeterId) -> f64,
    litres: impl Fn(MeterId) -> Option<f64>,
) -> Emission {
    let factor = |kind, id: MeterId| book.at(kind, Some(id), day).value;
    let mut sum = Emission::default();
    for &id in &sources.grid {
        sum.grid_kwh += kwh(id);
        sum.grid_kg += kwh(id) * factor(FactorKind::Grid, id);
    }
    for &id in &sources.diesel {
        let litres = litres(id).unwrap_or_else(|| kwh(id) * factor(FactorKind::Sfc, id));
        sum.diesel_litres += litres;
        sum.diesel_kg += litres * factor(FactorKind::Diesel, id);
    }
    for &id in &sources.solar {
        sum.solar_kwh += kwh(id);
        sum.offset_kg += kwh(id) * factor(FactorKind::Solar, id);
    }
    sum
}

fn step(
    shown: &Shown,
    sources: &Sources,
    book: &Factors,
    loaded: &Steps,
    (from, to): Bounds,
) -> EmissionStep {
    let of = |id: MeterId| loaded.get(&(id, from)).copied();
    let all = sources.all();
    let known = all.iter().any(|id| of(*id).is_some());
    let covered = |id: &MeterId| {
        of(*id).map_or(0.0, |c: Counted| steps::coverage((from, to), shown.now, c.covered_s))
    };
    let kwh = |id| of(id).map_or(0.0, |counted| counted.import_kwh);
    let litres = |id| of(id).and_then(|counted| counted.diesel_litres);
    let day = shown.site.date_at(from);
    EmissionStep {
        from,
        to,
        emission: known.then(|| emission(sources, book, day, kwh, litres)),
        coverage: all.iter().map(covered).fold(1.0, f64::min),
    }
}

/// The whole window by its registers. Where a factor changes within it, its carbon is shared as the
/// steps have it.
fn sum_of(
    shown: &Shown,
    sources: &Sources,
    book: &Factors,
    figures: &Losses,
    steps: &[EmissionStep],
) -> Emission {
    let (first, last) =
        (shown.site.date_at(shown.window.from), shown.site.date_at(shown.window.to));
    let mut sum = counted_by(shown, sources, book, figures, shown.window);
    if book.changes().into_iter().any(|day| day > first && day <= last) {
        let total = |of: fn(&Emission) -> f64| {
            steps.iter().filter_map(|step| step.emission).map(|emission| of(&emission)).sum::<f64>()
        };
        let share = |kg: f64, quantity: f64, now: f64| {
            if quantity > 0.0 { now * kg / quantity } else { 0.0 }
        };
        sum.grid_kg = share(total(|e| e.grid_kg), total(|e| e.grid_kwh), sum.grid_kwh);
        sum.diesel_kg =
            share(total(|e| e.diesel_kg), total(|e| e.diesel_litres), sum.diesel_litres);
        sum.offset_kg = share(total(|e| e.offset_kg), total(|e| e.solar_kwh), sum.solar_kwh);
    }
    sum
}

fn counted_by(
    shown: &Shown,
    sources: &Sources,
    book: &Factors,
    figures: &Losses,
    window: Window,
) -> Emission {
    let day = shown.site.date_at(window.from);
    emission(sources, book, day, |id| import(figures, id), |id| litres_of(figures, id))
}

fn exported(sources: &Sources, figures: &Losses, solar_kwh: f64) -> f64 {
    let exported: f64 = sources.grid.iter().map(|id| export(figures, *id)).sum();
    exported.min(solar_kwh)
}

fn diesel(sources: &Sources, figures: &Losses, sum: &Emission) -> Diesel {
    let all = &sources.diesel;
    Diesel {
        runtime_hours: (!all.is_empty())
            .then(|| all.iter().map(|id| counted_of(figures, *id, |c| c.runtime_hours)).sum()),
        starts: all.iter().filter_map(|id| figures.figures.counted(*id)).map(|c| c.starts).sum(),
        kwh: all.iter().map(|id| import(figures, *id)).sum(),
        litres: sum.diesel_litres,
        kg: sum.diesel_kg,
        is_metered: all.iter().any(|id| litres_of(figures, *id).is_some()),
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
    if let Some(node) = lossy.max_by(|a, b| a.loss_kwh.total_cmp(&b.loss_kwh)) {
        levers.push(Lever {
            name: format!("Ending the loss at {}", node.parent_name),
            formula: format!("{} kWh lost × {grid:.3}", kwh(node.loss_kwh)),
            kg: -node.loss_kwh * grid,
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
fn rows(shown: &Shown, book: &Factors) -> Vec<FactorRow> {
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

fn counted_of(losses: &Losses, id: MeterId, of: fn(&crate::energy::Counted) -> f64) -> f64 {
    losses.figures.counted(id).map_or(0.0, of)
}

fn import(losses: &Losses, id: MeterId) -> f64 {
    losses.figures.known(id).map_or(0.0, |known| known.energy.import.0)
}

fn export(losses: &Losses, id: MeterId) -> f64 {
    losses.figures.known(id).map_or(0.0, |known| known.energy.export.0)
}

/// Litres by the meter's own fuel counter.
fn litres_of(losses: &Losses, id: MeterId) -> Option<f64> {
    losses.figures.counted(id)?.diesel_litres
}
