//! The overview of a period, beside the period before.

use std::sync::Arc;

use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::SourceKind;
use domain::overview::comparison::{InputStep, PeriodFigures, PeriodOverview};
use domain::period::Step;
use domain::view::PeriodContext;

use crate::carbon::{self, Entry, Inflows, Input, Ledger};
use crate::energy::steps::{self, Bounds};
use crate::losses::page::Losses;
use crate::pages::{Query, shown};
use crate::reports::page::days;
use crate::{Action, Error, Principal, Service, request_cache};

/// The figures of the period, and of the one before where that is compared with.
pub async fn of_period(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<PeriodOverview, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let previous = async {
        if shown.period.compares() {
            let whole = shown.previous().whole;
            let before = figures(service, &shown, shown.before);
            let (before, steps) = tokio::try_join!(before, input_steps(service, &shown, whole))?;
            Ok::<_, Error>((Some(before), steps))
        } else {
            Ok((None, Vec::new()))
        }
    };
    let (now, steps, (before, steps_before)) = tokio::try_join!(
        figures(service, &shown, shown.window),
        input_steps(service, &shown, shown.whole),
        Box::pin(previous),
    )?;
    Ok(PeriodOverview { now, before, steps, steps_before, shown })
}

async fn figures(
    service: &Service,
    shown: &PeriodContext,
    window: Window,
) -> Result<PeriodFigures, Error> {
    let site = &shown.site;
    let energy = &request_cache::window_energy(service, site, window).await?;
    let dates = site.date_at(window.from)..site.date_at(window.to);
    let (losses, ledger, days) = tokio::try_join!(
        Losses::over(service, Arc::clone(energy)),
        Ledger::load(service, energy),
        days::dated(service, site, dates, shown.now),
    )?;
    let emitted = carbon::view(energy, &ledger, false);
    let diesel = carbon::page::diesel(&ledger);
    let is_known = |kind| {
        let mut of_kind = ledger.of(kind).peekable();
        of_kind.peek().is_some() && of_kind.all(|entry| entry.kwh.is_some())
    };
    let has_generator = is_known(SourceKind::Diesel);
    // A generator that ran without a counter of its hours has none that are known.
    let is_counted = |hours: &f64| *hours > 0.0 || diesel.kwh <= 0.0;
    let Input { kwh: input_kwh, missing: mut unread } = Input::of(energy, &ledger.directions);
    unread.extend(ledger.entries().filter(|entry| entry.kwh.is_none()).map(|entry| entry.meter));
    unread.sort_unstable();
    unread.dedup();
    let name = |id: &MeterId| energy.meter(*id).map(|meter| meter.name.clone());
    Ok(PeriodFigures {
        is_read: energy.all().values().any(|counted| counted.known.is_some()),
        input_kwh,
        diesel_hours: diesel.runtime_hours.filter(|_| has_generator).filter(is_counted),
        diesel_kwh: has_generator.then_some(diesel.kwh),
        diesel_litres: has_generator.then_some(diesel.litres),
        diesel_cost: diesel.cost.filter(|_| has_generator),
        solar_kwh: is_known(SourceKind::Solar).then_some(emitted.solar_kwh),
        net_kg: is_complete(&ledger).then_some(emitted.net_kg),
        coverage: emitted.coverage,
        unread: unread.iter().filter_map(name).collect(),
        loss: losses.whole(),
        nodes: losses.nodes(),
        days,
    })
}

/// Whether the carbon of each source is known, and there is any.
fn is_complete(ledger: &Ledger) -> bool {
    let is_known = |entry: &Entry| entry.kwh.is_some() && entry.kg.is_some();
    ledger.entries().next().is_some() && ledger.entries().all(is_known)
}

/// Energy into the site by step of the period's chart.
async fn input_steps(
    service: &Service,
    shown: &PeriodContext,
    whole: Window,
) -> Result<Vec<InputStep>, Error> {
    let (site, now) = (&shown.site, shown.now);
    let by = match shown.period.chart_step(shown.today()) {
        // A period of one's own may begin within a month.
        Step::Month => Step::Day,
        step => step,
    };
    let come = Window { from: whole.from, to: whole.to.min(now) };
    let stood = service.trees(site).await?.stood(come);
    let inflows = Inflows::load(service, site, &stood, by).await?;
    let step = |(from, to): Bounds| {
        if from >= now {
            return InputStep { from, to, kwh: None, coverage: 0.0 };
        }
        let (energy, coverage) = inflows.within(Window { from, to: to.min(now) });
        InputStep { from, to, kwh: energy.map(|energy| energy.kwh()), coverage }
    };
    Ok(steps::bounds(shown, whole).into_iter().map(step).collect())
}
