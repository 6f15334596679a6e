//! The days of months: what came in on each, and what was lost.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::reports::{Day, Lost, Month};
use domain::sites::Site;
use storage::losses::summed::DayLoss;

use crate::carbon::Inflows;
use crate::energy::series::Resolution;
use crate::{Core, Error};

/// The days from one month to another, both included, as far as they have come.
pub(super) async fn load(
    core: &Core,
    site: &Site,
    (first, last): (Month, Month),
    now: DateTime<Utc>,
) -> Result<Vec<Day>, Error> {
    dated(core, site, first.first()..last.days().end, now).await
}

/// The days of some dates, as far as they have come.
pub(crate) async fn dated(
    core: &Core,
    site: &Site,
    dates: Range<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<Vec<Day>, Error> {
    let window =
        Window { from: site.day_start(dates.start), to: site.day_start(dates.end).min(now) };
    if window.from >= window.to {
        return Ok(Vec::new());
    }
    let stood = core.trees(site).await?.stood(window);
    let nodes = stood.iter().flat_map(|(_, tree)| tree.nodes()).map(|node| node.id);
    let nodes: HashSet<MeterId> = nodes.collect();
    let nodes: Vec<MeterId> = nodes.into_iter().collect();
    let inflows = Inflows::load(core, site, &stood, Resolution::Day).await?;
    let pool = core.pool();
    let by_day =
        storage::losses::summed::losses_by_day(pool, &nodes, window.from, window.to).await?;
    let by_day: HashMap<DateTime<Utc>, Lost> =
        by_day.iter().filter_map(|day| Some((day.start, of_nodes(day)?))).collect();
    let mut days = Vec::new();
    let come = |(_, day): &(NaiveDate, Window)| day.from < window.to;
    for (date, Window { from, to }) in site.days(dates).take_while(come) {
        let day = Window { from, to: to.min(now) };
        let (energy, coverage) = inflows.within(day);
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
