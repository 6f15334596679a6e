//! The days of months: what came in on each, and what was lost.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::meter::{Meter, SourceKind};
use domain::report::{Day, Inflow, Lost, Month, MonthTotal};
use domain::site::Site;
use domain::window::Window;
use storage::energy::DayLoss;

use super::sources::{delivered, inputs};
use crate::series::{self, Resolution};
use crate::{Error, Service, window};

/// Rows at most: five years of days of as many meters as a site has sources.
const MOST: u32 = 400_000;

/// Months, put together from their days.
pub(super) async fn months(
    service: &Service,
    site: &Site,
    months: (Month, Month),
    now: DateTime<Utc>,
) -> Result<Vec<MonthTotal>, Error> {
    let days = load(service, site, months, now).await?;
    Ok(MonthTotal::of(&days, Month::of(site.date_at(now))))
}

/// The days from one month to another, both included, as far as they have come.
pub(super) async fn load(
    service: &Service,
    site: &Site,
    (first, last): (Month, Month),
    now: DateTime<Utc>,
) -> Result<Vec<Day>, Error> {
    let whole = Window { from: site.day_start(first.first()), to: site.day_start(last.days().end) };
    let window = Window { from: whole.from, to: whole.to.min(now) };
    let tree = window::tree(service, site, window).await?;
    let inputs = inputs(&tree);
    let ids: Vec<MeterId> = inputs.iter().map(|(meter, _)| meter.id).collect();
    let steps = series::load(service, site, &ids, window, Resolution::Day, MOST).await?;
    let steps: HashMap<(MeterId, DateTime<Utc>), series::Step> =
        steps.into_iter().map(|step| ((step.meter, step.start), step)).collect();
    let nodes: Vec<MeterId> = tree.nodes().map(|node| node.id).collect();
    let pool = service.pool();
    let by_day = storage::energy::losses_by_day(pool, &nodes, window.from, window.to).await?;
    let by_day: HashMap<DateTime<Utc>, Lost> =
        by_day.iter().filter_map(|day| Some((day.start, of_nodes(day)?))).collect();
    let mut days = Vec::new();
    let mut date = first.first();
    while site.day_start(date) < window.to {
        let next = date.succ_opt().unwrap_or(NaiveDate::MAX);
        let (from, to) = (site.day_start(date), site.day_start(next));
        let of = |id| steps.get(&(id, from));
        days.push(Day {
            lost: by_day.get(&from).copied(),
            ..day(date, (from, to), now, &inputs, of)
        });
        date = next;
    }
    Ok(days)
}

fn of_nodes(day: &DayLoss) -> Option<Lost> {
    Some(Lost {
        kwh: day.loss_kwh?,
        error_kwh: day.error_kwh?,
        cost: day.cost,
        incomplete: day.incomplete,
    })
}

fn day<'a>(
    date: NaiveDate,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
    inputs: &[(&Meter, SourceKind)],
    step: impl Fn(MeterId) -> Option<&'a series::Step>,
) -> Day {
    let (length, seconds) = ((to - from).as_seconds_f64(), (to.min(now) - from).as_seconds_f64());
    let mut energy: Option<Inflow> = None;
    let mut coverage = if inputs.is_empty() { 0.0 } else { 1.0_f64 };
    for (meter, kind) in inputs {
        let Some(step) = step(meter.id) else {
            coverage = 0.0;
            continue;
        };
        let (kwh, _) = delivered(meter, *kind, (step.import_kwh, step.export_kwh));
        let sum = energy.get_or_insert_default();
        match kind {
            SourceKind::Solar => sum.solar_kwh += kwh,
            SourceKind::Diesel => sum.diesel_kwh += kwh,
            SourceKind::Battery => sum.battery_kwh += kwh,
            SourceKind::Grid | SourceKind::Load => sum.grid_kwh += kwh,
        }
        sum.estimated_kwh += step.estimated_kwh;
        coverage = coverage.min((step.coverage * length / seconds).clamp(0.0, 1.0));
    }
    Day { date, seconds, energy, coverage, lost: None }
}
