//! The steps that the chart of a period shows, and what meters counted in each.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::Flags;
use domain::energy::window::Window;
use domain::meters::view::meter::EnergyStep;
use domain::period::Step;
use domain::view::PeriodContext;

use crate::energy::series;
use crate::{Core, Error};

/// Rows of a chart at most: ten years of days of as many meters as a site has sources.
const MOST: u32 = 400_000;

/// A step, from its first instant to the first after it.
pub(crate) type Bounds = (DateTime<Utc>, DateTime<Utc>);

/// What a meter counted in a step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) import_kwh: f64,
    pub(crate) export_kwh: f64,
    pub(crate) estimated_kwh: f64,
    pub(crate) diesel_litres: Option<f64>,
    pub(crate) covered_s: f64,
    pub(crate) flags: i32,
    pub(crate) max_demand_kw: Option<f64>,
}

/// What meters counted, by meter and the beginning of the step.
pub(crate) type Steps = HashMap<(MeterId, DateTime<Utc>), Counted>;

/// The steps of a window as long as those of the period's chart.
pub(crate) fn bounds(shown: &PeriodContext, window: Window) -> Vec<Bounds> {
    let step = shown.period.chart_step(shown.today());
    let mut found = Vec::new();
    let mut at = window.from;
    while at < window.to {
        let end = shown.site.step_end(step, at).min(window.to);
        found.push((at, end));
        at = end;
    }
    found
}

/// What the meters counted in the steps of a window.
pub(crate) async fn load(
    service: &Core,
    shown: &PeriodContext,
    meters: &[MeterId],
    window: Window,
) -> Result<Steps, Error> {
    let resolution = match shown.period.chart_step(shown.today()) {
        // A period of one's own may begin within a month.
        Step::Month => Step::Day,
        step => step,
    };
    let bounds = bounds(shown, window);
    let rows = series::load(service, &shown.site, meters, window, resolution, MOST).await?;
    let mut found = Steps::new();
    for row in rows {
        let at = bounds.partition_point(|(from, _)| *from <= row.start);
        let Some((from, _)) = at.checked_sub(1).and_then(|at| bounds.get(at)) else { continue };
        found.entry((row.counted.meter, *from)).or_default().add(&row);
    }
    Ok(found)
}

impl Counted {
    fn add(&mut self, row: &series::Step) {
        self.import_kwh += row.counted.import_kwh;
        self.export_kwh += row.counted.export_kwh;
        self.estimated_kwh += row.counted.estimated_kwh;
        if let Some(litres) = row.counted.diesel_l {
            *self.diesel_litres.get_or_insert(0.0) += litres;
        }
        self.covered_s += row.coverage * (row.end - row.start).as_seconds_f64();
        self.flags |= row.counted.flags.0;
        let demand = self.max_demand_kw.into_iter().chain(row.counted.max_demand_kw);
        self.max_demand_kw = demand.reduce(f64::max);
    }
}

/// Share of a step, as far as it has come, that is backed by readings.
pub(crate) fn coverage((from, to): Bounds, now: DateTime<Utc>, covered_s: f64) -> f64 {
    let seconds = (to.min(now) - from).as_seconds_f64();
    if seconds <= 0.0 { 0.0 } else { (covered_s / seconds).clamp(0.0, 1.0) }
}

/// The steps of one meter.
pub(crate) fn of_meter(
    shown: &PeriodContext,
    steps: &Steps,
    bounds: &[Bounds],
    meter: MeterId,
) -> Vec<EnergyStep> {
    let step = |&(from, to): &Bounds| {
        let counted = steps.get(&(meter, from));
        EnergyStep {
            from,
            to,
            kwh: counted.map(|counted| counted.import_kwh),
            estimated_kwh: counted.map_or(0.0, |counted| counted.estimated_kwh),
            coverage: counted
                .map_or(0.0, |counted| coverage((from, to), shown.now, counted.covered_s)),
            flags: Flags(counted.map_or(0, |counted| counted.flags)),
        }
    };
    bounds.iter().map(step).collect()
}
