//! The days of months: what came in on each, and what was lost.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::hierarchy::Tree;
use domain::meters::{Meter, SourceKind};
use domain::reports::{Day, Inflow, Lost, Month, MonthTotal};
use domain::sites::Site;
use storage::losses::summed::DayLoss;

use crate::carbon::Directions;
use crate::energy::series::{self, Resolution};
use crate::{Core, Error, window};

/// Rows at most: five years of days of as many meters as a site has sources.
const MOST: u32 = 400_000;

/// Months, put together from their days.
pub(super) async fn months(
    core: &Core,
    site: &Site,
    months: (Month, Month),
    now: DateTime<Utc>,
) -> Result<Vec<MonthTotal>, Error> {
    let days = load(core, site, months, now).await?;
    Ok(MonthTotal::of(&days, Month::of(site.date_at(now))))
}

/// The days from one month to another, both included, as far as they have come.
pub(super) async fn load(
    core: &Core,
    site: &Site,
    (first, last): (Month, Month),
    now: DateTime<Utc>,
) -> Result<Vec<Day>, Error> {
    let whole = Window { from: site.day_start(first.first()), to: site.day_start(last.days().end) };
    let window = Window { from: whole.from, to: whole.to.min(now) };
    let stood = window::stood(core.pool(), site, window).await?;
    let nodes = stood.iter().flat_map(|(_, tree)| tree.nodes()).map(|node| node.id);
    let nodes: HashSet<MeterId> = nodes.collect();
    let nodes: Vec<MeterId> = nodes.into_iter().collect();
    let came_in = came_in(core, site, &stood).await?;
    let pool = core.pool();
    let by_day =
        storage::losses::summed::losses_by_day(pool, &nodes, window.from, window.to).await?;
    let by_day: HashMap<DateTime<Utc>, Lost> =
        by_day.iter().filter_map(|day| Some((day.start, of_nodes(day)?))).collect();
    let mut days = Vec::new();
    let come = |(_, day): &(NaiveDate, Window)| day.from < window.to;
    for (date, Window { from, to }) in site.days(first.first()..last.days().end).take_while(come) {
        let day = Window { from, to: to.min(now) };
        let (energy, coverage) = on_day(day, &stood, came_in.get(&date));
        let seconds = (day.to - day.from).as_seconds_f64();
        days.push(Day { date, seconds, energy, coverage, lost: by_day.get(&from).copied() });
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

/// What came in through the sources, by day, in the time in which they were some.
async fn came_in(
    core: &Core,
    site: &Site,
    stood: &[(Window, Tree)],
) -> Result<HashMap<NaiveDate, Vec<CameIn>>, Error> {
    let directions = Directions::load(core.pool(), site).await?;
    let mut by_day: HashMap<NaiveDate, Vec<CameIn>> = HashMap::new();
    for (stretch, tree) in stood {
        let inputs = tree.sources();
        let meters: Vec<&Meter> = inputs.iter().map(|(meter, _)| *meter).collect();
        let by = Resolution::Day;
        for step in series::pieces(core, site, &meters, *stretch, by, MOST).await? {
            let of = inputs.iter().find(|(meter, _)| meter.id == step.meter);
            let Some(&(meter, kind)) = of else { continue };
            let (kwh, _) = directions.delivered((meter, kind), &step.energy());
            by_day.entry(site.date_at(step.start)).or_default().push(CameIn { kind, kwh, step });
        }
    }
    Ok(by_day)
}

/// What came in on a day as far as it has come, and the least share of it for which a source is known.
fn on_day(
    day: Window,
    stood: &[(Window, Tree)],
    came_in: Option<&Vec<CameIn>>,
) -> (Option<Inflow>, f64) {
    let came_in = came_in.map(Vec::as_slice).unwrap_or_default();
    let mut energy: Option<Inflow> = None;
    for CameIn { kind, kwh, step } in came_in {
        let sum = energy.get_or_insert_default();
        match kind {
            SourceKind::Solar => sum.solar_kwh += kwh,
            SourceKind::Diesel => sum.diesel_kwh += kwh,
            SourceKind::Battery => sum.battery_kwh += kwh,
            SourceKind::Grid | SourceKind::Load => sum.grid_kwh += kwh,
        }
        sum.estimated_kwh += step.estimated_kwh;
    }
    let mut time: HashMap<MeterId, f64> = HashMap::new();
    for (stretch, tree) in stood {
        let inside = stretch.to.min(day.to) - stretch.from.max(day.from);
        for (meter, _) in tree.sources().into_iter().filter(|_| inside > TimeDelta::zero()) {
            *time.entry(meter.id).or_default() += inside.as_seconds_f64();
        }
    }
    let covered = |(id, seconds): (MeterId, f64)| {
        let steps = came_in.iter().map(|it| &it.step).filter(|step| step.meter == id);
        let covered: f64 = steps.map(|step| step.coverage * step.seconds()).sum();
        (covered / seconds).clamp(0.0, 1.0)
    };
    (energy, time.into_iter().map(covered).reduce(f64::min).unwrap_or(0.0))
}

/// What came in through a source on a day, or in a part of it.
struct CameIn {
    kind: SourceKind,
    kwh: f64,
    step: series::Piece,
}
