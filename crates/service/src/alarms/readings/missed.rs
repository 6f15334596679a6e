//! Readings that were stored and did not come here: before a start, or by plain SQL.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::QUARTER;
use storage::span::Key;

use super::subject::Rules;
use super::{NEXT, Span};
use crate::alarms::present;
use crate::operation::pace::Pace;
use crate::registry::Known;
use crate::{Core, Error};

/// Of what was stored just before the program fell, what is older than this is not looked for.
const REACH: TimeDelta = TimeDelta::hours(1);
/// How often rows of plain SQL are looked for …
const SWEEP: Duration = Duration::from_secs(10);
/// … and how far back, so that a transaction that took long is not missed.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How often it is noted up to when all was looked at.
const NOTE: Duration = Duration::from_secs(10);

pub(super) struct Missed {
    pace: Pace,
    /// Whether something was stored that nobody told of.
    is_lacking: bool,
    swept: Option<Instant>,
    /// What was seen at the last sweep, so that only what is new is looked at.
    seen: HashMap<Key, (i64, DateTime<Utc>, DateTime<Utc>)>,
    noted: Option<Instant>,
}

impl Missed {
    /// Just after the start nobody told of anything yet.
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, is_lacking: true, swept: None, seen: HashMap::new(), noted: None }
    }

    pub(super) fn lacking(&mut self, is_lacking: bool) {
        self.is_lacking |= is_lacking;
    }

    /// Where there is something to be looked at. What cannot be found is looked for again.
    pub(super) async fn find(
        &mut self,
        core: &Core,
        known: &Known,
        rules: &Rules,
    ) -> Result<Vec<(MeterId, Span)>, Error> {
        let mut found = Vec::new();
        if self.is_lacking {
            found.extend(untold(core, known, rules).await?);
        }
        if self.swept.is_none_or(|swept| swept.elapsed() >= self.pace.of(SWEEP)) {
            let since = Utc::now() - OVERLAP;
            let written = storage::rollup::written_by_sql(core.pool(), since).await?;
            let fresh = written.iter().filter(|of| self.seen.get(&of.key) != Some(&of.seen));
            found.extend(fresh.map(|of| {
                let (meter, from) = of.key;
                (meter, Span { from, to: from + QUARTER - NEXT })
            }));
            self.seen = written.iter().map(|of| (of.key, of.seen)).collect();
            self.swept = Some(Instant::now());
        }
        self.is_lacking = false;
        Ok(found)
    }

    /// Notes that all was looked at that was stored before.
    pub(super) async fn note(&mut self, core: &Core, since: Instant) -> Result<(), Error> {
        let every = self.pace.of(NOTE);
        if self.is_lacking || self.noted.is_some_and(|noted| noted.elapsed() < every) {
            return Ok(());
        }
        storage::alarms::looks::set(core.pool(), since.elapsed()).await?;
        self.noted = Some(Instant::now());
        Ok(())
    }
}

/// What was stored since all was looked at that was stored before.
async fn untold(core: &Core, known: &Known, rules: &Rules) -> Result<Vec<(MeterId, Span)>, Error> {
    let pool = core.pool();
    let Some(looked_at) = storage::alarms::looks::get(pool).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (id, site) in &known.sites {
        let meters = known.trees.get(id).into_iter().flat_map(|tree| tree.meters());
        let meters: Vec<_> =
            meters.filter(|meter| rules.look_at(meter)).map(|meter| meter.id).collect();
        if meters.is_empty() {
            continue;
        }
        let within = (present(core, site) - REACH, core.registry().latest(site) + NEXT);
        let stored = storage::readings::stored_since(pool, &meters, looked_at, within).await?;
        found.extend(stored.into_iter().map(|(meter, from, to)| (meter, Span { from, to })));
    }
    Ok(found)
}
