//! What is summed up of meters for their alarms: too much for every second, and slow to change.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::alarm::{Agreement, Kind, Rule, RuleId, Tank};
use domain::meter::Meter;
use domain::site::Site;
use domain::trail::{QUARTER, floor};
use domain::window::Window;
use tokio::sync::watch;
use tokio::time::Instant;

use super::present;
use crate::carbon::Ledger;
use crate::figures::Figures;
use crate::registry::Known;
use crate::{Error, Service};

/// How often the diesel of generators is summed up; it moves by the quarter-hour.
const DIESEL: Duration = Duration::from_mins(1);
/// How often registers are held against power, by the quarter-hours of the last day.
const AGREEMENT: Duration = Duration::from_mins(15);
const DAY: TimeDelta = TimeDelta::hours(24);
/// Until then after the filling of a tank, its generator need not have burnt anything that is known.
const JUST_FILLED: TimeDelta = TimeDelta::minutes(30);

/// What was summed up last.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// Litres burnt since the tank of a rule was filled, with the filling that they are of.
    diesel: HashMap<RuleId, (Tank, f64)>,
    agreements: HashMap<MeterId, Agreement>,
}

impl Sums {
    /// Litres burnt since the tank of a rule was filled.
    pub(super) fn diesel(&self, rule: &Rule) -> Option<f64> {
        let (tank, litres) = self.diesel.get(&rule.id)?;
        (rule.terms.tank == Some(*tank)).then_some(*litres)
    }

    /// A meter's energy by its register and by its power.
    pub(super) fn agreement(&self, meter: MeterId) -> Option<Agreement> {
        self.agreements.get(&meter).copied()
    }
}

/// Sums up whenever it is time, and at once when rules were changed. It never ends.
pub(super) async fn work(service: &Service, sums: &watch::Sender<Sums>) {
    let mut changes = service.alarms().rule_changes();
    let mut compared: Option<Instant> = None;
    loop {
        changes.mark_unchanged();
        let is_time = compared.is_none_or(|at| at.elapsed() >= AGREEMENT);
        let before = sums.borrow().clone();
        match sum(service, &before, is_time).await {
            Ok(now) => {
                sums.send_replace(now);
                if is_time {
                    compared = Some(Instant::now());
                }
            }
            Err(error) => tracing::warn!(
                "registers and tanks are judged by older sums until they can be summed up again: {error}"
            ),
        }
        tokio::select! {
            () = tokio::time::sleep(DIESEL) => {}
            Ok(()) = changes.changed() => compared = None,
        }
    }
}

async fn sum(service: &Service, before: &Sums, compares: bool) -> Result<Sums, Error> {
    let known = service.registry().known();
    let mut rules = storage::alarm_rules::list(service.pool(), None).await?;
    rules.retain(|rule| rule.terms.enabled);
    let agreements = if compares {
        agreements(service, &known, &rules).await?
    } else {
        before.agreements.clone()
    };
    Ok(Sums { diesel: diesel(service, &known, &rules, before).await, agreements })
}

/// The agreement of every meter that a rule watches. One that speaks only when something changes has
/// no power between its readings that could be added up.
async fn agreements(
    service: &Service,
    known: &Known,
    rules: &[Rule],
) -> Result<HashMap<MeterId, Agreement>, Error> {
    let mut found = HashMap::new();
    for (id, site) in &known.sites {
        let Some(tree) = known.trees.get(id) else { continue };
        let is_watched = |meter: &&Meter| {
            let is_of = |rule: &Rule| {
                rule.terms.kind == Kind::DataQuality && rule.site == *id && rule.is_about(meter)
            };
            !known.event_driven.contains(&meter.id) && rules.iter().any(is_of)
        };
        let meters: Vec<_> =
            tree.meters().iter().filter(is_watched).map(|meter| meter.id).collect();
        if meters.is_empty() {
            continue;
        }
        let now = present(service, site);
        let to = floor(now, QUARTER).unwrap_or(now);
        found.extend(storage::alarm_agreement::of(service.pool(), &meters, to - DAY, to).await?);
    }
    Ok(found)
}

/// What generators burnt since their tanks were filled, as the diesel of a window is summed: by their
/// fuel counters, else by their energy. What could not be read now stays as it was; what is not known
/// is left out.
async fn diesel(
    service: &Service,
    known: &Known,
    rules: &[Rule],
    before: &Sums,
) -> HashMap<RuleId, (Tank, f64)> {
    let mut found = HashMap::new();
    for rule in rules {
        let Some((tank, meter)) = rule.terms.tank.zip(rule.meter) else { continue };
        let Some(site) = known.sites.get(&rule.site) else { continue };
        let litres = match burnt(service, site, meter, tank.filled_at).await {
            Ok(litres) => litres,
            Err(error) => {
                tracing::warn!("what {meter} burnt could not be summed up: {error}");
                before.diesel(rule)
            }
        };
        found.extend(litres.map(|litres| (rule.id, (tank, litres))));
    }
    found
}

/// Litres that a generator burnt since its tank was filled; none where that is not known.
async fn burnt(
    service: &Service,
    site: &Site,
    meter: MeterId,
    filled_at: DateTime<Utc>,
) -> Result<Option<f64>, Error> {
    let to = present(service, site);
    if to <= filled_at {
        return Ok(Some(0.0));
    }
    let window = Window { from: filled_at, to };
    let figures = Figures::load(service, site.clone(), window, Some(meter)).await?;
    let ledger = Ledger::load(service, &figures).await?;
    let litres = ledger.get(meter).and_then(|entry| entry.litres);
    // Of a tank that was just filled nothing is known to be burnt yet.
    Ok(litres.or((to - filled_at < JUST_FILLED).then_some(0.0)))
}
