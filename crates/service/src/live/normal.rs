//! What is normal at this time of day: the range of the week before.

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::site::Site;
use domain::trail::{QUARTER, floor};
use domain::window::{self, Bracket, Window};
use domain::{MeterId, SiteId};
use sqlx::PgPool;

use super::gauges::Figures;
use super::{status, task};
use crate::Error;
use crate::registry::Known;

/// Days before today that make the range.
const DAYS: u64 = 7;
/// Fewer known days than this give no range.
const FEWEST_DAYS: usize = 3;
/// How far from a day's ends a reading is looked for.
const REACH: TimeDelta = TimeDelta::hours(6);

/// The figures of the days before, each up to the present time of day.
#[derive(Debug, Clone, Default)]
pub(super) struct Normal {
    days: Vec<Figures>,
}

impl Normal {
    /// Whether there are too few days for a range.
    pub(super) fn is_unknown(&self) -> bool {
        self.range(|day| day.consumption_kwh).is_none()
    }

    /// Lowest and highest of a figure; none while too few days are known.
    pub(super) fn range(&self, figure: impl Fn(&Figures) -> Option<f64>) -> Option<(f64, f64)> {
        let known: Vec<_> = self.days.iter().filter_map(figure).collect();
        (known.len() >= FEWEST_DAYS).then(|| {
            known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
                (low.min(value), high.max(value))
            })
        })
    }
}

/// Works the days out from the readings at their ends.
pub(super) async fn read(
    pool: &PgPool,
    known: &Known,
    site: SiteId,
    now: DateTime<Utc>,
) -> Result<Normal, Error> {
    let (Some(tree), Some(site)) = (known.trees.get(&site), known.sites.get(&site)) else {
        return Ok(Normal::default());
    };
    let ids: Vec<_> = tree.meters().iter().map(|meter| meter.id).collect();
    let windows = days_before(site, now);
    let instants: Vec<_> = windows.iter().flat_map(|window| [window.from, window.to]).collect();
    if ids.is_empty() {
        return Ok(Normal::default());
    }
    let brackets: HashMap<(MeterId, DateTime<Utc>), Bracket> =
        storage::readings::brackets(pool, &ids, &instants, REACH)
            .await?
            .into_iter()
            .map(|row| {
                let before = row.before.as_ref().map(task::sample);
                let after = row.after.as_ref().map(task::sample);
                ((row.meter, row.instant), Bracket { before, after })
            })
            .collect();
    let days = windows.into_iter().map(|window| {
        let ends = |id| Some((brackets.get(&(id, window.from))?, brackets.get(&(id, window.to))?));
        let energy = |id| {
            let (start, end) = ends(id)?;
            let every = status::poll(&known.polls, id);
            let ends = window::ends(tree.get(id)?, every, window, start, end)?;
            let (import, export) = ends.difference?;
            Some(ends.with(import, export).energy).filter(|energy| energy.coverage > 0.99)
        };
        let runtime = |id| {
            let (start, end) = ends(id)?;
            let hours = |bracket: &Bracket| bracket.before.or(bracket.after)?.runtime_hours;
            Some(hours(end)? - hours(start)?).filter(|&hours| hours >= 0.0)
        };
        Figures::of(tree, energy, runtime)
    });
    Ok(Normal { days: days.collect() })
}

/// Each day before today, up to the present time of day.
fn days_before(site: &Site, now: DateTime<Utc>) -> Vec<Window> {
    let today = site.date_at(now);
    let passed = floor(now, QUARTER).unwrap_or(now) - site.day_start(today);
    (1..=DAYS)
        .filter_map(|days| today.checked_sub_days(Days::new(days)))
        .map(|date| site.day_start(date))
        .map(|from| Window { from, to: from + passed.max(TimeDelta::zero()) })
        .collect()
}
