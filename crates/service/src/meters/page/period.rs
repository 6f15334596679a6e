//! What a meter counted in the period, step by step.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::Energy;
use domain::energy::interval::Flags;
use domain::energy::window::Window;
use domain::meters::view::meter::{EnergyStep, MeterPeriod, ReportRow};
use domain::view::PeriodContext;

use super::{known, outliers};
use crate::alarms::page;
use crate::energy::{self, steps};
use crate::pages::{Query, shown_of};
use crate::{Action, Core, Error, Principal, Service};

/// What meters reported is shown up to so many.
const MOST_REPORTED: i64 = 50;
/// Readings that do not fit, up to so many.
const MOST_OUTLIERS: usize = 24;
/// What is marked in the chart.
const MARKED: [Flags; 5] =
    [Flags::RESET, Flags::ROLLOVER, Flags::EXCHANGE, Flags::QUARANTINED, Flags::CORRECTED];

/// The energy of a meter in the period; none where there is no such meter.
pub async fn period(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<MeterPeriod>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let shown = shown_of(service, &meter, query).await?;
    let (meters, ids) = ([&meter], [id]);
    let window = Window { from: shown.whole.from, to: shown.window.to };
    let before = async {
        if shown.period.compares() {
            before(service, &shown, id, &meter).await
        } else {
            Ok(Before::default())
        }
    };
    let (counted, loaded, before, mut outliers, events, alarms, reported) = tokio::try_join!(
        Box::pin(energy::counted(service, &shown.site, &meters, shown.window)),
        steps::load(service, &shown, &ids, window),
        Box::pin(before),
        outliers::of(service, shown.site.id, id, shown.window),
        events(service, &shown, id),
        page::of_meter(service, &meter),
        reported(service, &shown, id),
    )?;
    let counted = counted.get(&id);
    let energy = counted.and_then(|counted| counted.known).map(|known| known.energy);
    let bounds = steps::bounds(&shown, shown.whole);
    let Before { energy: known_before, steps: steps_before, peak: peak_before } = before;
    let peak = peak(&loaded);
    let more_outliers = outliers.len().saturating_sub(MOST_OUTLIERS);
    outliers.drain(..more_outliers);
    Ok(Some(MeterPeriod {
        id,
        name: meter.name.clone(),
        feeds_parent: meter.feeds_parent,
        step_kwh: meter.register_step_kwh,
        import_kwh: energy.map(|energy| energy.import.0),
        export_kwh: energy.map_or(0.0, |energy| energy.export.0),
        before_kwh: known_before.map(|energy| energy.import.0),
        export_before_kwh: known_before.map(|energy| energy.export.0),
        before_coverage: known_before.map_or(0.0, |energy| energy.coverage),
        coverage: energy.map_or(0.0, |energy| energy.coverage),
        estimated_kwh: counted.map_or(0.0, |counted| counted.estimated.0),
        steps: steps::of_meter(&shown, &loaded, &bounds, id),
        steps_before,
        events,
        outliers,
        more_outliers,
        peak,
        peak_before,
        alarms,
        reported,
        shown,
    }))
}

/// The period before: its energy and its peak up to the same time, and all its steps.
#[derive(Default)]
struct Before {
    energy: Option<Energy>,
    steps: Vec<EnergyStep>,
    peak: Option<(f64, DateTime<Utc>)>,
}

async fn before(
    core: &Core,
    shown: &PeriodContext,
    id: MeterId,
    meter: &domain::meters::Meter,
) -> Result<Before, Error> {
    let counted = energy::counted(core, &shown.site, &[meter], shown.before).await?;
    let energy = counted.get(&id).and_then(|counted| counted.known).map(|known| known.energy);
    let whole = shown.period.previous(shown.today()).whole(&shown.site, shown.now);
    let mut loaded = steps::load(core, shown, &[id], whole).await?;
    let steps = steps::of_meter(shown, &loaded, &steps::bounds(shown, whole), id);
    loaded.retain(|(_, at), _| *at < shown.before.to);
    Ok(Before { energy, steps, peak: peak(&loaded) })
}

/// The step with the highest quarter-hour.
fn peak(steps: &steps::Steps) -> Option<(f64, DateTime<Utc>)> {
    let peaks = steps.iter().filter_map(|((_, at), counted)| Some((counted.max_demand_kw?, *at)));
    peaks.max_by(|a, b| a.0.total_cmp(&b.0))
}

async fn events(
    core: &Core,
    shown: &PeriodContext,
    id: MeterId,
) -> Result<Vec<(DateTime<Utc>, Flags)>, Error> {
    let marked = MARKED.iter().fold(0, |all, flag| all | flag.0);
    let span = (shown.window.from, shown.window.to);
    let rows = storage::energy::events::list(core.pool(), &[id], span, marked).await?;
    let told = |row: storage::energy::events::Event| {
        let flags = Flags(row.flags);
        let flag = MARKED.into_iter().find(|flag| flags.has(*flag))?;
        Some((row.bucket_start, flag))
    };
    Ok(rows.into_iter().filter_map(told).collect())
}

/// What the meter and those below it reported of themselves, the newest first.
async fn reported(
    core: &Core,
    shown: &PeriodContext,
    id: MeterId,
) -> Result<Vec<ReportRow>, Error> {
    let span = (shown.whole.from, shown.whole.to);
    let events = storage::simulation::events::of_tree(core.pool(), id, span, MOST_REPORTED).await?;
    let row = |event: storage::simulation::events::MeterEvent| ReportRow {
        number: event.meter_number,
        at: event.at,
        kind: event.kind,
    };
    Ok(events.into_iter().rev().map(row).collect())
}
