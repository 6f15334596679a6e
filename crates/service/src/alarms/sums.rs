//! What is summed up of meters for their alarms: too much for every second, and slow to change.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::alarms::{Agreement, CostToday, Kind, Rule, RuleId, Tank, Terms};
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::{Meter, SourceKind};
use domain::sites::Site;
use tokio::sync::watch;
use tokio::time::Instant;

use super::{cost, present};
use crate::carbon::Ledger;
use crate::energy::window_energy::WindowEnergy;
use crate::operation::failures::caught;
use crate::registry::Known;
use crate::{Core, Error, instants};

/// How often the diesel of generators is summed up, which moves by the quarter-hour, and what could not
/// be compared is tried again.
const TICK: Duration = Duration::from_mins(1);
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
    /// Readings that are left out today, by meters of which that is known.
    outliers: HashMap<MeterId, u32>,
    costs: HashMap<MeterId, CostToday>,
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

    /// A meter's readings that are left out today.
    pub(super) fn outliers(&self, meter: MeterId) -> Option<u32> {
        self.outliers.get(&meter).copied()
    }

    /// The cost of a meter's energy today.
    pub(super) fn cost(&self, meter: MeterId) -> Option<CostToday> {
        self.costs.get(&meter).copied()
    }
}

/// Sums up whenever it is time, and again when rules were changed. It never ends. The diesel does not
/// wait for the registers, which take longer.
pub(super) async fn work(core: &Core, sums: &watch::Sender<Sums>) {
    let outliers = keep_up(
        core,
        sums,
        || outliers(core),
        |sums, outliers| sums.outliers = outliers,
        "outliers of today stay as they were counted last until they can be counted again",
    );
    let costs = keep_up(
        core,
        sums,
        || costs(core),
        |sums, costs| sums.costs = costs,
        "costs of today stay as they were summed up last until they can be summed up again",
    );
    tokio::join!(watch_tanks(core, sums), watch_registers(core, sums), outliers, costs);
}

/// Keeps what is read again and again; what the log says where it cannot be read is `stays`.
async fn keep_up<T, F: Future<Output = Result<T, Error>> + Send>(
    core: &Core,
    sums: &watch::Sender<Sums>,
    read: impl Fn() -> F,
    keep: fn(&mut Sums, T),
    stays: &str,
) {
    let mut changes = core.rule_changes();
    loop {
        match caught(read()).await {
            Ok(found) => sums.send_modify(|sums| keep(sums, found)),
            Err(error) => tracing::warn!("{stays}: {}", error.cause()),
        }
        wait(&mut changes).await;
    }
}

/// Ends when it is time to sum up again, or rules were changed.
async fn wait(changes: &mut watch::Receiver<u64>) {
    tokio::select! {
        () = tokio::time::sleep(TICK) => {}
        Ok(()) = changes.changed() => {}
    }
    changes.mark_unchanged();
}

/// How many readings are left out today of each meter whose site has a rule about it.
async fn outliers(core: &Core) -> Result<HashMap<MeterId, u32>, Error> {
    let rules = enabled(core, |terms| terms.kind == Kind::Outliers).await?;
    let known = core.registry().known();
    let mut found = HashMap::new();
    for (id, site) in &known.sites {
        let Some(tree) = known.trees.get(id) else { continue };
        let is_watched =
            |meter: &&Meter| rules.iter().any(|rule| rule.site == *id && rule.is_about(meter));
        let meters: Vec<_> =
            tree.meters().iter().filter(is_watched).map(|meter| meter.id).collect();
        if meters.is_empty() {
            continue;
        }
        let (from, to) = (site.today_start(present(core, site)), instants::FAR);
        let counts = storage::energy::outliers::counts(core.pool(), &meters, from, to).await?;
        let count = |meter: MeterId| (meter, counts.get(&meter).copied().unwrap_or_default());
        found.extend(meters.into_iter().map(count));
    }
    Ok(found)
}

/// The cost of today of each meter that has a rule about it.
async fn costs(core: &Core) -> Result<HashMap<MeterId, CostToday>, Error> {
    let rules = enabled(core, |terms| terms.kind == Kind::Cost).await?;
    let known = core.registry().known();
    let mut found = HashMap::new();
    for rule in rules {
        let site = known.sites.get(&rule.site);
        let meter = rule.meter.and_then(|id| known.trees.get(&rule.site)?.get(id));
        let Some((site, meter)) = site.zip(meter) else { continue };
        let cost = cost::today(core, site, meter, present(core, site)).await?;
        found.extend(cost.map(|cost| (meter.id, cost)));
    }
    Ok(found)
}

async fn watch_tanks(core: &Core, sums: &watch::Sender<Sums>) {
    let mut changes = core.rule_changes();
    loop {
        match enabled(core, |terms| terms.tank.is_some()).await {
            Ok(rules) => {
                let before = sums.borrow().clone();
                let diesel = diesel(core, &core.registry().known(), &rules, &before).await;
                sums.send_modify(|sums| sums.diesel = diesel);
            }
            Err(error) => tracing::warn!(
                "tanks are judged by older sums until they can be summed up again: {error}"
            ),
        }
        wait(&mut changes).await;
    }
}

async fn watch_registers(core: &Core, sums: &watch::Sender<Sums>) {
    let mut changes = core.rule_changes();
    let mut compared = None;
    loop {
        if let Err(error) = caught(compare(core, sums, &mut compared)).await {
            tracing::warn!(
                "registers are judged by older sums until they can be summed up again: {}",
                error.cause()
            );
        }
        wait(&mut changes).await;
    }
}

/// Holds registers against power where it is time, or where other rules ask for it than at `last`.
async fn compare(
    core: &Core,
    sums: &watch::Sender<Sums>,
    last: &mut Option<(Instant, Vec<Rule>)>,
) -> Result<(), Error> {
    let rules = enabled(core, |terms| terms.kind == Kind::DataQuality).await?;
    if last.as_ref().is_some_and(|(at, of)| at.elapsed() < AGREEMENT && *of == rules) {
        return Ok(());
    }
    let agreements = agreements(core, &core.registry().known(), &rules).await?;
    sums.send_modify(|sums| sums.agreements = agreements);
    *last = Some((Instant::now(), rules));
    Ok(())
}

/// The rules that are watched and of which this is true.
async fn enabled(core: &Core, is: fn(&Terms) -> bool) -> Result<Vec<Rule>, Error> {
    let mut rules = storage::alarms::rules::list(core.pool(), None).await?;
    rules.retain(|rule| rule.terms.enabled && is(&rule.terms));
    Ok(rules)
}

/// The agreement of every meter that one of these rules watches. One that speaks only when something
/// changes has no power between its readings that could be added up.
async fn agreements(
    core: &Core,
    known: &Known,
    rules: &[Rule],
) -> Result<HashMap<MeterId, Agreement>, Error> {
    let mut found = HashMap::new();
    for (id, site) in &known.sites {
        let Some(tree) = known.trees.get(id) else { continue };
        let is_watched = |meter: &&Meter| {
            let is_of = |rule: &Rule| rule.site == *id && rule.is_about(meter);
            !known.event_driven.contains(&meter.id) && rules.iter().any(is_of)
        };
        let meters: Vec<_> =
            tree.meters().iter().filter(is_watched).map(|meter| meter.id).collect();
        if meters.is_empty() {
            continue;
        }
        let now = present(core, site);
        let to = floor(now, QUARTER).unwrap_or(now);
        found.extend(storage::alarms::agreement::of(core.pool(), &meters, to - DAY, to).await?);
    }
    Ok(found)
}

/// What generators burnt since their tanks were filled, as the diesel of a window is summed: by their
/// fuel counters, else by their energy. What could not be read now stays as it was; what is not known
/// is left out.
async fn diesel(
    core: &Core,
    known: &Known,
    rules: &[Rule],
    before: &Sums,
) -> HashMap<RuleId, (Tank, f64)> {
    let mut found = HashMap::new();
    for rule in rules {
        let Some((tank, meter)) = rule.terms.tank.zip(rule.meter) else { continue };
        let Some(site) = known.sites.get(&rule.site) else { continue };
        let litres = match caught(burnt(core, site, meter, tank.filled_at)).await {
            Ok(litres) => litres,
            Err(error) => {
                tracing::warn!("what {meter} burnt could not be summed up: {}", error.cause());
                before.diesel(rule)
            }
        };
        found.extend(litres.map(|litres| (rule.id, (tank, litres))));
    }
    found
}

/// Litres that a generator burnt since its tank was filled; none where that is not known.
async fn burnt(
    core: &Core,
    site: &Site,
    meter: MeterId,
    filled_at: DateTime<Utc>,
) -> Result<Option<f64>, Error> {
    let to = present(core, site);
    if to <= filled_at {
        return Ok(Some(0.0));
    }
    let window = Window { from: filled_at, to };
    let figures = WindowEnergy::load(core, site.clone(), window, Some(meter)).await?;
    let ledger = Ledger::load(core, &figures).await?;
    let entry = ledger.of(SourceKind::Diesel).find(|entry| entry.meter == meter);
    let litres = entry.and_then(|entry| entry.litres);
    // Of a tank that was just filled nothing is known to be burnt yet.
    Ok(litres.or((to - filled_at < JUST_FILLED).then_some(0.0)))
}
