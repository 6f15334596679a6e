//! What is counted, step by step: energy, fuel, running time.

use chrono::TimeDelta;
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::history::view::{Counted, Line};
use domain::history::{Channel, Counter, Trouble};
use domain::period::Step;
use domain::sites::Site;

use super::{Chosen, Loading};
use crate::Error;
use crate::energy::series;

/// Rows of one series at most: ten years of days, and to spare.
const MOST: u32 = 4_000;
/// How long a chart is at most for its steps.
const OF_QUARTERS: TimeDelta = TimeDelta::hours(50);
const OF_HOURS: TimeDelta = TimeDelta::days(17);
const OF_DAYS: TimeDelta = TimeDelta::days(400);

/// The steps of a chart; none where nothing is counted in it.
pub(super) fn step(drawn: Window, chosen: &[Chosen]) -> Option<Step> {
    let counts = chosen.iter().any(|chosen| matches!(chosen.channel, Channel::Counted(_)));
    counts.then_some(match drawn.to - drawn.from {
        length if length <= OF_QUARTERS => Step::Quarter,
        length if length <= OF_HOURS => Step::Hour,
        length if length <= OF_DAYS => Step::Day,
        _ => Step::Month,
    })
}

/// The steps that a window touches, on the clock of the site.
pub(super) fn bounds(site: &Site, window: Window, step: Step) -> Vec<Window> {
    let mut found = Vec::new();
    let mut from = site.step_start(step, window.from);
    while from < window.to {
        let to = site.step_end(step, from).max(from + QUARTER);
        found.push(Window { from, to });
        from = to;
    }
    found
}

/// What of which meter is asked for.
#[derive(Clone, Copy)]
pub(super) struct ConsumptionQuery<'a> {
    pub(super) chosen: &'a Chosen,
    pub(super) counter: Counter,
    pub(super) step: Step,
    /// How much earlier it is looked.
    pub(super) earlier: Option<TimeDelta>,
}

/// What a meter counted in each row of the page.
pub(super) async fn load(
    page: &Loading<'_>,
    asked: ConsumptionQuery<'_>,
) -> Result<(Option<Line>, Option<Trouble>), Error> {
    let (site, now) = (&page.shown.site, page.now());
    let window = page.window(asked.earlier);
    let bounds = bounds(site, window, asked.step);
    let resolution = match asked.step {
        // A period of one's own may begin within a month.
        Step::Month => Step::Day,
        step => step,
    };
    let ends = bounds.first().zip(bounds.last()).map(|(first, last)| (first.from, last.to));
    let whole = ends.map_or(window, |(from, to)| Window { from, to });
    let id = asked.chosen.meter.id;
    let loaded = series::load(page.service, site, &[id], whole, resolution, MOST).await?;
    let mut steps: Vec<Counted> = page.rows.iter().map(|row| empty(*row)).collect();
    let mut seconds = vec![0.0; steps.len()];
    for row in &loaded {
        let at = bounds.partition_point(|bound| bound.to <= row.start);
        let (Some(step), Some(covered)) = (steps.get_mut(at), seconds.get_mut(at)) else {
            continue;
        };
        if let Some(value) = value(asked.counter, row) {
            *step.value.get_or_insert(0.0) += value;
        }
        *covered += row.coverage * (row.end - row.start).as_seconds_f64();
    }
    for ((step, covered), bound) in steps.iter_mut().zip(seconds).zip(&bounds) {
        step.is_under_way = bound.to > now;
        let come = (bound.to.min(now) - bound.from).as_seconds_f64();
        step.coverage = if come > 0.0 { (covered / come).clamp(0.0, 1.0) } else { 0.0 };
    }
    let is_of_fuel = asked.counter == Counter::Diesel;
    if is_of_fuel && !loaded.is_empty() && steps.iter().all(|step| step.value.is_none()) {
        let (meter, channel) = (asked.chosen.meter.name.clone(), asked.chosen.channel);
        return Ok((None, Some(Trouble::Lacks { meter, channel })));
    }
    // Of the period before all is known.
    steps.retain(|step| asked.earlier.is_some() || step.step.from < now);
    Ok((Some(Line::Counted(steps)), None))
}

const fn empty(step: Window) -> Counted {
    Counted { step, value: None, coverage: 0.0, is_under_way: false }
}

fn value(counter: Counter, row: &series::Step) -> Option<f64> {
    match counter {
        Counter::Energy => Some(row.counted.import_kwh),
        Counter::Returned => Some(row.counted.export_kwh),
        Counter::ReactiveEnergy => Some(row.counted.reactive_import_kvarh),
        Counter::ReactiveReturned => Some(row.counted.reactive_export_kvarh),
        Counter::Diesel => row.counted.diesel_l,
        Counter::Runtime => Some(row.counted.runtime_s / 3600.0),
    }
}
