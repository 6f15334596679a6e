//! The engine: once a second it holds what is known of each meter against the rules of its site, and raises and
//! clears alarms. What readings tell is judged by their own times ([`super::readings`]), all else by the clock.
//! What is open survives a restart, since it is read from the database.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::alarms::{
    Alarm, Change, Kind, Measured, Phase, Rule, RuleId, Seen, held, measure, step,
};
use domain::energy::staleness::patience;
use domain::live::Status;
use domain::message::Message;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::simulation::EventKind;
use domain::sites::{Site, SiteKind};
use sqlx::PgPool;
use storage::alarms::Deed;
use storage::energy::quarantine::Held;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::live_figures::LiveFigures;
use super::present;
use super::readings::Readings;
use super::settle::{alarm, settle};
use super::sums::{self, Sums};
use crate::alarms::open::Open;
use crate::live::LiveState;
use crate::operation::failures::caught;
use crate::operation::supervision::Pulse;
use crate::readings::arrived::Arrived;
use crate::registry::Known;
use crate::{Core, Error};

/// How often every meter is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often rules and open alarms are read again, since SQL or another process may have changed them.
const RELOAD: Duration = Duration::from_secs(10);

type Key = (RuleId, MeterId);

/// An alarm that is to be raised or cleared.
struct Due {
    key: Key,
    next: Phase,
    change: Change,
    measured: Measured,
    at: DateTime<Utc>,
}

struct Engine {
    core: Core,
    live: LiveState,
    open: Open,
    rules: Vec<Rule>,
    readings: Readings,
    /// How far the alarms are that are judged by the clock.
    phases: HashMap<Key, Phase>,
    /// What meters reported and nobody has acknowledged.
    reported: HashMap<MeterId, Vec<EventKind>>,
    /// What waits for somebody's decision.
    held: HashMap<MeterId, Message>,
    /// What is summed up beside it.
    sums: watch::Receiver<Sums>,
    changes: watch::Receiver<u64>,
    /// Open alarms that this program cannot read.
    unreadable: Vec<i64>,
    began: Instant,
    reloaded: Option<Instant>,
}

/// Watches until it is told to stop.
pub(crate) async fn work(
    core: Core,
    (live, open, arrived): (LiveState, Open, Arc<Arrived>),
    stop: CancellationToken,
    pulse: Pulse,
) {
    let (sender, sums) = watch::channel(Sums::default());
    let engine = Engine {
        changes: core.rule_changes(),
        core: core.clone(),
        live: live.clone(),
        open: open.clone(),
        rules: Vec::new(),
        readings: Readings::new(core.clone(), live, open, Arc::clone(&arrived)),
        phases: HashMap::new(),
        reported: HashMap::new(),
        held: HashMap::new(),
        sums,
        unreadable: Vec::new(),
        began: Instant::now(),
        reloaded: None,
    };
    let all =
        Box::pin(futures::future::join(engine.run(arrived, &pulse), sums::work(&core, &sender)));
    stop.run_until_cancelled(all).await;
}

impl Engine {
    async fn run(mut self, arrived: Arc<Arrived>, pulse: &Pulse) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut was_failing = false;
        loop {
            let looked = tokio::select! {
                biased;
                _ = ticks.tick() => self.look().await,
                // Without the rules nothing could be judged; after a failure the next tick tries again.
                () = arrived.many(), if self.reloaded.is_some() && !was_failing => {
                    let known = self.core.registry().known();
                    self.readings.look(&known).await
                }
            };
            if let Err(error) = &looked
                && !was_failing
            {
                let cause = error.cause();
                tracing::warn!(
                    "some alarms are neither raised nor cleared until this works again: {cause}"
                );
            }
            was_failing = looked.is_err();
            if !was_failing {
                pulse.beat();
            }
        }
    }

    async fn look(&mut self) -> Result<(), Error> {
        let known = self.core.registry().known();
        if self.changes.has_changed().unwrap_or(false) {
            self.changes.mark_unchanged();
            self.reloaded = None;
        }
        if self.reloaded.is_none_or(|last| last.elapsed() >= RELOAD) {
            self.reload(&known).await?;
            self.reloaded = Some(Instant::now());
        }
        let mut done = Ok(());
        for (id, site) in &known.sites {
            let Some(tree) = known.trees.get(id) else { continue };
            // One site that cannot be judged holds up no other, and one alarm that cannot be stored neither.
            match caught(async { Ok(self.judge(&known, site, tree)) }).await {
                Ok(all) => {
                    for due in all {
                        done = done.and(caught(self.apply(site, tree, due)).await);
                    }
                }
                Err(error) => done = done.and(Err(error)),
            }
        }
        done = done.and(self.readings.look(&known).await);
        for id in known.sites.keys() {
            self.live.set_alarms(*id, self.open.live(*id));
        }
        done
    }

    /// What cannot be read is named once, and stays as it is.
    fn name_unreadable(&mut self, found: &[(i64, storage::Error)]) {
        let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
        for (id, error) in found.iter().filter(|(id, _)| !self.unreadable.contains(id)) {
            tracing::error!(alarm = id, "an alarm is neither shown nor cleared: {error}");
        }
        self.unreadable = ids;
    }

    /// Reads rules and open alarms. An alarm whose rule does not watch its meter any more is over.
    async fn reload(&mut self, known: &Known) -> Result<(), Error> {
        let pool = self.core.pool();
        self.rules = storage::alarms::rules::list(pool, None).await?;
        self.reported = storage::simulation::events::unseen(pool).await?;
        self.held = waiting(pool, known).await?;
        let mut open = Vec::new();
        let stored = storage::alarms::open(pool).await?;
        for mut alarm in stored.alarms {
            let Some(site) = known.sites.get(&alarm.site_id) else { continue };
            if self.watches(known, &alarm) {
                // It stays one alarm of the meter, whichever step is the first that waits.
                let held = self.held.get(&alarm.meter_id).filter(|held| **held != alarm.about);
                if let Some(held) = held.filter(|_| alarm.kind == Kind::Quarantine) {
                    storage::alarms::reword(pool, alarm.id, held).await?;
                    alarm.about.clone_from(held);
                }
                open.push(alarm);
            } else {
                storage::alarms::clear(pool, alarm.id, present(&self.core, site)).await?;
            }
        }
        self.name_unreadable(&stored.unreadable);
        let keys: HashSet<Key> =
            open.iter().filter_map(|alarm| Some((alarm.rule_id?, alarm.meter_id))).collect();
        self.open.replace(open);
        self.readings.adopt(known, &self.rules);
        let is_watched: HashSet<RuleId> = self.by_clock().map(|rule| rule.id).collect();
        self.phases.retain(|key, phase| {
            is_watched.contains(&key.0) && (!phase.is_open() || keys.contains(key))
        });
        for key in keys.into_iter().filter(|key| is_watched.contains(&key.0)) {
            let phase = self.phases.entry(key).or_default();
            if !phase.is_open() {
                *phase = Phase::Raised;
            }
        }
        Ok(())
    }

    /// The rules that look at what no reading tells.
    fn by_clock(&self) -> impl Iterator<Item = &Rule> {
        let is_it = |rule: &&Rule| rule.terms.enabled && !rule.terms.kind.is_told_by_readings();
        self.rules.iter().filter(is_it)
    }

    fn watches(&self, known: &Known, alarm: &Alarm) -> bool {
        let rule =
            self.rules.iter().find(|rule| Some(rule.id) == alarm.rule_id && rule.terms.enabled);
        let meter = known.trees.get(&alarm.site_id).and_then(|tree| tree.get(alarm.meter_id));
        rule.zip(meter).is_some_and(|(rule, meter)| rule.is_about(meter))
    }

    /// Holds what is known of the meters of a site now against its rules: what is to be raised and cleared.
    fn judge(&mut self, known: &Known, site: &Site, tree: &Tree) -> Vec<Due> {
        let rules: Vec<Rule> =
            self.by_clock().filter(|rule| rule.site == site.id).cloned().collect();
        if rules.is_empty() {
            return Vec::new();
        }
        let at = present(&self.core, site);
        let connections = self.connections(known, site);
        let figures =
            self.live.with(site.id, |live| LiveFigures::of(live, &rules)).unwrap_or_default();
        let sums = self.sums.borrow();
        let mut due = Vec::new();
        for rule in &rules {
            let meters: Vec<&Meter> = match rule.meter {
                Some(id) => tree.get(id).into_iter().collect(),
                None => tree.meters().iter().filter(|meter| rule.is_about(meter)).collect(),
            };
            for meter in meters {
                let (status, reason) = connections
                    .get(&meter.id)
                    .map_or((Status::None, None), |(status, reason)| (*status, reason.as_ref()));
                let seen = Seen {
                    status,
                    reason,
                    diesel_used_l: sums.diesel(rule),
                    agreement: sums.agreement(meter.id),
                    reported: self.reported.get(&meter.id).map_or(&[], Vec::as_slice),
                    held: self.held.get(&meter.id),
                    outliers: sums.outliers(meter.id),
                    balance: figures.balances.get(&meter.id),
                    demand: figures.demands.get(&meter.id).copied(),
                    cost: sums.cost(meter.id),
                    ..Seen::nothing(meter)
                };
                let measured = measure(rule, &seen);
                let key = (rule.id, meter.id);
                let phase = self.phases.get(&key).copied().unwrap_or_default();
                let (next, change) = step(phase, measured.position, at, rule.terms.delays());
                match change {
                    Some(change) => due.push(Due { key, next, change, measured, at }),
                    None => keep(&mut self.phases, key, next),
                }
            }
        }
        due
    }

    /// The connections of a site's meters. Just after the start a meter is not taken for stale: its
    /// polls have hardly begun.
    fn connections(
        &self,
        known: &Known,
        site: &Site,
    ) -> HashMap<MeterId, (Status, Option<Message>)> {
        let is_new = |meter: MeterId| {
            let first = patience(known.poll(meter)).to_std().unwrap_or_default();
            site.kind == SiteKind::Live && self.began.elapsed() < first
        };
        let look = |live: &crate::live::SiteLive| {
            let state = |value: &domain::live::MeterLive| {
                let is_early = value.status == Status::Stale && is_new(value.id);
                let status = if is_early { Status::None } else { value.status };
                (value.id, (status, value.reason.clone()))
            };
            live.values().iter().map(state).collect()
        };
        self.live.with(site.id, look).unwrap_or_default()
    }

    /// Stores a change; only then it counts, so that one that cannot be stored is tried again.
    async fn apply(&mut self, site: &Site, tree: &Tree, due: Due) -> Result<(), Error> {
        let (rule_id, meter_id) = due.key;
        let Some(rule) = self.rules.iter().find(|rule| rule.id == rule_id) else { return Ok(()) };
        let Some(meter) = tree.get(meter_id) else { return Ok(()) };
        let deed = match due.change {
            Change::Raised => Some(Deed::Raise(alarm((site, rule), meter, &due.measured, due.at))),
            Change::Cleared => {
                let open = self.open.find(rule_id, meter_id);
                open.map(|open| Deed::Clear(open.id, due.at))
            }
        };
        settle(&self.core, &self.open, site, meter, deed.as_slice()).await?;
        keep(&mut self.phases, due.key, due.next);
        Ok(())
    }
}

/// What of each meter waits for a decision, on the clock of its site.
async fn waiting(pool: &PgPool, known: &Known) -> Result<HashMap<MeterId, Message>, Error> {
    let first = |(first, others): (Held, usize)| {
        let zone = known.site_of(first.meter)?.zone;
        Some((first.meter, held(&first.step, others, zone)))
    };
    let waiting = storage::energy::quarantine::waiting(pool).await?;
    Ok(waiting.into_iter().filter_map(first).collect())
}

/// Keeps a phase; what is quiet needs no place.
fn keep(phases: &mut HashMap<Key, Phase>, key: Key, phase: Phase) {
    if phase == Phase::Quiet {
        phases.remove(&key);
    } else {
        phases.insert(key, phase);
    }
}
