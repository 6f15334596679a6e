//! The carbon of a period: grid plus diesel less the solar offset, each day by the factors in force on
//! it, and what would change it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::carbon::lever::{LeverFormula, LeverName};
use domain::carbon::view::{CarbonPage, Diesel, Emission, EmissionStep, FactorRow, Lever};
use domain::carbon::{FactorKind, Factors};
use domain::energy::Energy;
use domain::energy::window::Window;
use domain::meters::SourceKind;
use domain::view::PeriodContext;
use domain::{Kwh, MeterId};

use crate::carbon::{
    self, CarbonView, Directions, Entry, Input, Ledger, Source, priced, solar, sources,
};
use crate::energy::steps::{self, Bounds, Steps};
use crate::energy::window_energy::{Span, WindowEnergy};
use crate::losses::page::Losses;
use crate::pages::{Query, shown};
use crate::{Action, Core, Error, Principal, Service, request_cache};

/// The carbon of a period.
pub async fn carbon(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<CarbonPage, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let figures = &request_cache::window_energy(service, &shown.site, shown.window).await?;
    let losses = Losses::over(service, Arc::clone(figures));
    let book = service.factors(&shown.site);
    let (losses, book, ledger) = tokio::try_join!(losses, book, Ledger::load(service, figures))?;
    let sum = emission(&carbon::view(figures, &ledger, false));
    let (steps, solar) = tokio::try_join!(
        emission_steps(service, &shown, (figures, &ledger), &book),
        solar::view(service, figures, &ledger, false),
    )?;
    let mut before = None;
    let mut diesel_before = None;
    let mut before_coverage = 0.0;
    let mut steps_before = Vec::new();
    if shown.period.compares() {
        let earlier = request_cache::window_energy(service, &shown.site, shown.before).await?;
        let ledger = Ledger::load(service, &earlier).await?;
        before = Some(emission(&carbon::view(&earlier, &ledger, false)));
        diesel_before = Some(diesel(&ledger));
        before_coverage = earlier.whole().balance.coverage;
        let whole = shown.previous();
        let earlier = request_cache::window_energy(service, &shown.site, whole.window).await?;
        let ledger = Ledger::load(service, &earlier).await?;
        steps_before = emission_steps(service, &whole, (&earlier, &ledger), &book).await?;
    }
    let diesel = diesel(&ledger);
    let returned: f64 = ledger.of(SourceKind::Grid).map(|entry| entry.returned_kwh).sum();
    Ok(CarbonPage {
        before,
        before_coverage,
        coverage: figures.whole().balance.coverage,
        estimated_kwh: ledger.entries().map(|entry| entry.misplaced_kwh).sum(),
        exported_kwh: solar.total.exported_kwh,
        used_kwh: Input::of(figures, &ledger.directions).kwh.map(|input| input - returned),
        levers: levers(&shown, &book, &losses, &sum, &diesel),
        factors: rows(&shown, &book),
        steps,
        steps_before,
        diesel,
        diesel_before,
        sum,
        shown,
    })
}

/// The steps of a period, as far as it has come, from what its sources counted.
async fn emission_steps(
    service: &Service,
    shown: &PeriodContext,
    (figures, ledger): (&WindowEnergy, &Ledger),
    book: &Factors,
) -> Result<Vec<EmissionStep>, Error> {
    let stretches = figures.spans_of_sources();
    let stretches =
        stretches.map(|Span { window, tree, .. }| Stretch { window, sources: sources(tree) });
    let ids: HashSet<MeterId> = ledger.entries().map(|entry| entry.meter).collect();
    let ids: Vec<MeterId> = ids.into_iter().collect();
    let now = Window { from: shown.whole.from, to: shown.window.to };
    let loaded = steps::load(service, shown, &ids, now).await?;
    let bounds = steps::bounds(shown, shown.whole);
    let rest = rest(ledger, figures, &loaded, &bounds);
    let directions = &ledger.directions;
    let stretches = stretches.collect();
    let drawn = Drawn { shown, stretches, book, loaded: &loaded, rest, directions };
    let mut steps: Vec<EmissionStep> = Vec::with_capacity(bounds.len());
    for at in bounds {
        steps.push(match drawn.stretch(at) {
            Some(stretch) => drawn.step(stretch, at),
            None => Box::pin(moved_within(service, shown, at)).await?,
        });
    }
    Ok(steps)
}

pub(crate) fn emission(carbon: &CarbonView) -> Emission {
    Emission {
        grid_kwh: carbon.grid_kwh,
        grid_kg: carbon.grid_kg,
        diesel_litres: carbon.diesel_l,
        diesel_kg: carbon.diesel_kg,
        solar_kwh: carbon.solar_kwh,
        offset_kg: carbon.offset_kg,
    }
}

/// The sources while nothing was moved.
struct Stretch<'a> {
    window: Window,
    sources: Vec<Source<'a>>,
}

/// What the steps of the chart are drawn from.
struct Drawn<'a> {
    shown: &'a PeriodContext,
    stretches: Vec<Stretch<'a>>,
    directions: &'a Directions,
    book: &'a Factors,
    loaded: &'a Steps,
    rest: Rest,
}

/// By generator with litres of its own and step: what it produced in the time that these do not cover.
type Rest = HashMap<MeterId, HashMap<DateTime<Utc>, f64>>;

/// Shares each stretch without litres out over its steps, by what was produced in them.
fn rest(ledger: &Ledger, figures: &WindowEnergy, loaded: &Steps, bounds: &[Bounds]) -> Rest {
    let metered = ledger.of(SourceKind::Diesel).filter(|entry| entry.metered_litres.is_some());
    let of = |entry: &Entry| {
        let mut rest: HashMap<DateTime<Utc>, f64> = HashMap::new();
        let meter = figures.meter(entry.meter);
        for stretch in &entry.unmetered {
            let weight = |(from, to): &Bounds| {
                let counted = loaded.get(&(entry.meter, *from))?;
                let inside = (*to).min(stretch.window.to) - (*from).max(stretch.window.from);
                let share = inside.as_seconds_f64() / (*to - *from).as_seconds_f64();
                let source = (meter?, SourceKind::Diesel);
                let (kwh, _) = ledger.directions.delivered(source, &energy(counted, 0.0));
                (share > 0.0 && kwh > 0.0).then_some((*from, kwh * share))
            };
            let weights: Vec<_> = bounds.iter().filter_map(weight).collect();
            let whole: f64 = weights.iter().map(|(_, weight)| weight).sum();
            for (from, weight) in weights {
                *rest.entry(from).or_default() += stretch.kwh * weight / whole;
            }
        }
        (entry.meter, rest)
    };
    metered.map(of).collect()
}

fn energy(counted: &steps::Counted, coverage: f64) -> Energy {
    Energy::placed(Kwh(counted.import_kwh), Kwh(counted.export_kwh), coverage)
}

impl Drawn<'_> {
    /// The stretch that a step lies in; none where something was moved within it.
    fn stretch(&self, (from, to): Bounds) -> Option<&Stretch<'_>> {
        let last = self.stretches.last().filter(|last| last.window.from <= from);
        let holds = |stretch: &&Stretch<'_>| stretch.window.from <= from && to <= stretch.window.to;
        self.stretches.iter().find(holds).or(last)
    }

    fn step(&self, stretch: &Stretch<'_>, (from, to): Bounds) -> EmissionStep {
        let day = self.shown.site.date_at(from);
        let mut emission = None;
        let mut least = 1.0_f64;
        for &(meter, kind) in &stretch.sources {
            let Some(counted) = self.loaded.get(&(meter.id, from)) else {
                least = 0.0;
                continue;
            };
            let coverage = steps::coverage((from, to), self.shown.now, counted.covered_s);
            least = least.min(coverage);
            let rest = self.rest.get(&meter.id).map(|rest| rest.get(&from).copied());
            let own = rest.map(|kwh| (counted.diesel_litres.unwrap_or(0.0), kwh.unwrap_or(0.0)));
            let (kwh, _) = self.directions.delivered((meter, kind), &energy(counted, coverage));
            let entry = priced(meter.id, kind, Some(kwh), own, (self.book, day));
            add(emission.get_or_insert_default(), &entry);
        }
        EmissionStep { from, to, emission, coverage: least }
    }
}

/// A step within which something was moved.
async fn moved_within(
    core: &Core,
    shown: &PeriodContext,
    (from, to): Bounds,
) -> Result<EmissionStep, Error> {
    let window = Window { from, to: to.min(shown.window.to) };
    let figures = WindowEnergy::load(core, shown.site.clone(), window, None).await?;
    let view = carbon::view(&figures, &Ledger::load(core, &figures).await?, false);
    let emission = Some(emission(&view)).filter(|_| view.coverage > 0.0);
    Ok(EmissionStep { from, to, emission, coverage: view.coverage })
}

fn add(sum: &mut Emission, entry: &Entry) {
    let (kwh, kg) = (entry.kwh.unwrap_or(0.0), entry.kg.unwrap_or(0.0));
    match entry.kind {
        SourceKind::Grid => (sum.grid_kwh, sum.grid_kg) = (sum.grid_kwh + kwh, sum.grid_kg + kg),
        SourceKind::Solar => {
            (sum.solar_kwh, sum.offset_kg) = (sum.solar_kwh + kwh, sum.offset_kg + kg);
        }
        SourceKind::Diesel => {
            sum.diesel_litres += entry.litres.unwrap_or(0.0);
            sum.diesel_kg += kg;
        }
        SourceKind::Battery | SourceKind::Load => {}
    }
}

pub(crate) fn diesel(ledger: &Ledger) -> Diesel {
    let generators = || ledger.of(SourceKind::Diesel);
    let hours = || generators().map(|entry| entry.runtime_hours.unwrap_or(0.0)).sum();
    Diesel {
        runtime_hours: generators().next().map(|_| hours()),
        starts: generators().map(|entry| entry.starts).sum(),
        kwh: generators().filter_map(|entry| entry.kwh).sum(),
        litres: generators().filter_map(|entry| entry.litres).sum(),
        cost: ledger.fuel_cost(),
        kg: generators().filter_map(|entry| entry.kg).sum(),
        is_metered: generators().next().is_some() && generators().all(Entry::is_metered),
        metered_litres: generators().filter_map(|entry| entry.metered_litres).sum(),
        estimated_litres: generators().filter_map(|entry| entry.estimated_litres).sum(),
    }
}

/// What would change the carbon, the largest first.
fn levers(
    shown: &PeriodContext,
    book: &Factors,
    figures: &Losses,
    sum: &Emission,
    diesel: &Diesel,
) -> Vec<Lever> {
    let kwh = |value: f64| domain::figures::fixed(value, 1);
    let three = |factor: f64| format!("{factor:.3}");
    let day = shown.site.date_at(shown.window.from);
    let mut levers = Vec::new();
    let Some(grid) = book.value(FactorKind::Grid, None, day) else { return levers };
    let real = figures.views.iter().filter_map(|view| {
        let saving = view.saving?;
        Some((&view.parent_name, saving.kwh, saving.co2_kg?))
    });
    if let Some((node, lost, kg)) = real.max_by(|a, b| a.1.total_cmp(&b.1)) {
        levers.push(Lever {
            name: LeverName::EndLoss { node: node.clone() },
            formula: LeverFormula::Lost { kwh: kwh(lost), factor: three(kg / lost) },
            kg: -kg,
        });
    }
    if diesel.kwh > 0.0 {
        let own = diesel.kg / diesel.kwh;
        levers.push(Lever {
            name: LeverName::GridForDiesel,
            formula: LeverFormula::Replaced {
                kwh: kwh(diesel.kwh),
                diesel: three(own),
                grid: three(grid),
            },
            kg: diesel.kwh * (grid - own),
        });
    }
    if sum.solar_kwh > 0.0 {
        let (more, factor) = (sum.solar_kwh * 0.1, sum.offset_kg / sum.solar_kwh);
        levers.push(Lever {
            name: LeverName::MoreSolar,
            formula: LeverFormula::More { kwh: kwh(more), factor: three(factor) },
            kg: -more * factor,
        });
    }
    if diesel.kwh > 0.0
        && !diesel.is_metered
        && let Some(factor) = book.value(FactorKind::Diesel, None, day)
    {
        let specific = diesel.litres / diesel.kwh;
        let more = diesel.kwh * 0.02;
        levers.push(Lever {
            name: LeverName::SpecificFuel {
                more: format!("{:.2}", specific + 0.02),
                now: format!("{specific:.2}"),
            },
            formula: LeverFormula::PartLoad,
            kg: more * factor,
        });
    }
    levers.sort_by(|a, b| a.kg.total_cmp(&b.kg));
    levers
}

/// The order in which factors are shown.
const SHOWN: [FactorKind; 5] = [
    FactorKind::Grid,
    FactorKind::Diesel,
    FactorKind::Sfc,
    FactorKind::Solar,
    FactorKind::DieselPrice,
];

/// Every version of every factor, the newest of a kind first.
pub(crate) fn rows(shown: &PeriodContext, book: &Factors) -> Vec<FactorRow> {
    let (first, last) = shown.period.days(shown.today());
    let name = |kind: FactorKind| match kind {
        FactorKind::Grid => "Grid electricity",
        FactorKind::Diesel => "Diesel, combustion",
        FactorKind::Sfc => "Diesel, specific fuel",
        FactorKind::Solar => "Solar offset",
        FactorKind::DieselPrice => "Price of diesel",
    };
    let mut rows = Vec::new();
    for kind in SHOWN {
        let versions = book.versions(kind);
        rows.extend(versions.iter().enumerate().rev().map(|(i, factor)| {
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
        }));
    }
    rows
}
