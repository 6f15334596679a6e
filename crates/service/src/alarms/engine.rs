//! The engine: once a second it holds what each meter shows against the rules of its site, and raises
//! and clears alarms. What is open survives a restart, since it is read from the database; a delay that
//! was under way begins anew.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::alarm::{Change, Measured, Phase, Rule, RuleId, Seen, about, measure, step};
use domain::channel::MeterChannels;
use domain::figures::thousandths;
use domain::hierarchy::Tree;
use domain::live::Status;
use domain::meter::Meter;
use domain::site::{Site, SiteKind};
use domain::window::Window;
use domain::{MeterId, SiteId};
use storage::alarms::{Alarm, NewAlarm};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::carbon::Ledger;
use crate::clock::Simulated;
use crate::figures::Figures;
use crate::registry::Known;
use crate::{Error, Service, channels, window};

/// How often every meter is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often rules and open alarms are read again, since SQL or another process may have changed them.
const RELOAD: Duration = Duration::from_secs(10);
/// How often the diesel of generators is summed up; it moves by the quarter-hour.
const SUM: Duration = Duration::from_mins(1);
/// Until then after the filling of a tank, its generator need not have burnt anything that is known.
const JUST_FILLED: TimeDelta = TimeDelta::minutes(30);

/// Polls after which a meter that was not read since the start is stale, and not merely not read yet.
const POLLS: i32 = 3;

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
    service: Service,
    rules: Vec<Rule>,
    phases: HashMap<Key, Phase>,
    /// Litres burnt since the tank of a rule was filled.
    diesel: HashMap<RuleId, f64>,
    changes: watch::Receiver<u64>,
    began: Instant,
    reloaded: Option<Instant>,
    summed: Option<Instant>,
}

/// Watches until it is told to stop.
pub(crate) async fn work(service: Service, stop: CancellationToken) {
    let mut engine = Engine {
        changes: service.alarms().rule_changes(),
        service,
        rules: Vec::new(),
        phases: HashMap::new(),
        diesel: HashMap::new(),
        began: Instant::now(),
        reloaded: None,
        summed: None,
    };
    let all = async {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut was_failing = false;
        loop {
            ticks.tick().await;
            let looked = engine.look().await;
            if let Err(error) = &looked
                && !was_failing
            {
                tracing::warn!(%error, "alarms are neither raised nor cleared until this works again");
            }
            was_failing = looked.is_err();
        }
    };
    stop.run_until_cancelled(all).await;
}

fn is_due(last: Option<Instant>, every: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() >= every)
}

impl Engine {
    async fn look(&mut self) -> Result<(), Error> {
        let known = self.service.registry().known();
        if self.changes.has_changed().unwrap_or(false) {
            self.changes.mark_unchanged();
            (self.reloaded, self.summed) = (None, None);
        }
        if is_due(self.reloaded, RELOAD) {
            self.reload(&known).await?;
            self.reloaded = Some(Instant::now());
        }
        if is_due(self.summed, SUM) {
            self.summed = Some(Instant::now());
            self.sum_diesel(&known).await;
        }
        let mut done = Ok(());
        for (id, site) in &known.sites {
            let Some(tree) = known.trees.get(id) else { continue };
            for due in self.judge(&known, site, tree) {
                // One alarm that cannot be stored holds up no other.
                done = done.and(self.apply(site, tree, due).await);
            }
            self.service.live().set_alarms(*id, self.service.alarms().live(*id));
        }
        done
    }

    /// Reads rules and open alarms. An alarm whose rule does not watch its meter any more is over.
    async fn reload(&mut self, known: &Known) -> Result<(), Error> {
        let pool = self.service.pool();
        self.rules = storage::alarm_rules::list(pool, None).await?;
        let mut open = Vec::new();
        for alarm in storage::alarms::open(pool).await? {
            if self.watches(known, &alarm) {
                open.push(alarm);
            } else {
                let now = present(&self.service, known, alarm.site);
                storage::alarms::clear(pool, alarm.id, now).await?;
            }
        }
        let keys: HashSet<Key> =
            open.iter().filter_map(|alarm| Some((alarm.rule?, alarm.meter))).collect();
        let is_watched: HashSet<RuleId> =
            self.rules.iter().filter(|rule| rule.terms.enabled).map(|rule| rule.id).collect();
        self.phases.retain(|key, phase| {
            is_watched.contains(&key.0) && (!phase.is_open() || keys.contains(key))
        });
        for key in keys {
            let phase = self.phases.entry(key).or_default();
            if !phase.is_open() {
                *phase = Phase::Raised;
            }
        }
        self.service.alarms().replace(open);
        Ok(())
    }

    fn watches(&self, known: &Known, alarm: &Alarm) -> bool {
        let rule = self.rules.iter().find(|rule| Some(rule.id) == alarm.rule && rule.terms.enabled);
        let meter = known.trees.get(&alarm.site).and_then(|tree| tree.get(alarm.meter));
        rule.zip(meter).is_some_and(|(rule, meter)| rule.is_about(meter))
    }

    /// Sums up what generators burnt since their tanks were filled, as the diesel of a window is summed:
    /// by their fuel counters, else by their energy.
    /// What could not be read now stays as it was; what is not known is left out.
    async fn sum_diesel(&mut self, known: &Known) {
        let before = std::mem::take(&mut self.diesel);
        for rule in self.rules.iter().filter(|rule| rule.terms.enabled) {
            let Some((tank, meter)) = rule.terms.tank.zip(rule.meter) else { continue };
            let Some(site) = known.sites.get(&rule.site) else { continue };
            let litres = match self.burnt(known, site, meter, tank.filled_at).await {
                Ok(litres) => litres,
                Err(error) => {
                    tracing::warn!("what {meter} burnt could not be summed up: {error}");
                    before.get(&rule.id).copied()
                }
            };
            if let Some(litres) = litres {
                self.diesel.insert(rule.id, litres);
            }
        }
    }

    /// Litres that a generator burnt since its tank was filled; none where that is not known.
    async fn burnt(
        &self,
        known: &Known,
        site: &Arc<Site>,
        meter: MeterId,
        filled_at: DateTime<Utc>,
    ) -> Result<Option<f64>, Error> {
        let to = present(&self.service, known, site.id);
        if to <= filled_at {
            return Ok(Some(0.0));
        }
        let window = Window { from: filled_at, to };
        let figures = Figures::load(&self.service, Site::clone(site), window, Some(meter)).await?;
        let ledger = Ledger::load(&self.service, &figures).await?;
        let litres = ledger.get(meter).and_then(|entry| entry.litres);
        // Of a tank that was just filled nothing is known to be burnt yet.
        Ok(litres.or((to - filled_at < JUST_FILLED).then_some(0.0)))
    }

    /// Holds what the meters of a site show against its rules: what is to be raised and cleared.
    fn judge(&mut self, known: &Known, site: &Site, tree: &Tree) -> Vec<Due> {
        let rules: Vec<&Rule> =
            self.rules.iter().filter(|rule| rule.site == site.id && rule.terms.enabled).collect();
        if rules.is_empty() {
            return Vec::new();
        }
        let at = present(&self.service, known, site.id);
        let has_figures = rules.iter().any(|rule| !rule.terms.kind.is_of_connection());
        let shown =
            if has_figures { channels::snapshot(&self.service, site.id) } else { Vec::new() };
        let shown: HashMap<MeterId, &MeterChannels> =
            shown.iter().map(|channels| (channels.meter, channels)).collect();
        let connections = self.connections(known, site);
        let mut due = Vec::new();
        for rule in rules {
            let meters: Vec<&Meter> = match rule.meter {
                Some(id) => tree.get(id).into_iter().collect(),
                None => tree.meters().iter().filter(|meter| rule.is_about(meter)).collect(),
            };
            for meter in meters {
                let (status, reason) = connections
                    .get(&meter.id)
                    .map_or((Status::None, None), |(status, reason)| (*status, reason.as_deref()));
                let seen = Seen {
                    meter,
                    status,
                    reason,
                    channels: shown.get(&meter.id).copied(),
                    diesel_used_l: self.diesel.get(&rule.id).copied(),
                };
                let measured = measure(rule, &seen);
                let key = (rule.id, meter.id);
                let phase = self.phases.get(&key).copied().unwrap_or_default();
                let delays = (rule.terms.delay(), rule.terms.clear_delay());
                let (next, change) = step(phase, measured.position, at, delays);
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
    ) -> HashMap<MeterId, (Status, Option<String>)> {
        let is_new = |meter: MeterId| {
            let patience = (known.poll(meter) * POLLS).to_std().unwrap_or_default();
            site.kind == SiteKind::Live && self.began.elapsed() < patience
        };
        let look = |live: &crate::live::SiteLive| {
            let state = |value: &domain::live::MeterLive| {
                let is_early = value.status == Status::Stale && is_new(value.id);
                let status = if is_early { Status::None } else { value.status };
                (value.id, (status, value.reason.clone()))
            };
            live.values().iter().map(state).collect()
        };
        self.service.live().with(site.id, look).unwrap_or_default()
    }

    /// Stores a change; only then it counts, so that one that cannot be stored is tried again.
    async fn apply(&mut self, site: &Site, tree: &Tree, due: Due) -> Result<(), Error> {
        let (rule_id, meter_id) = due.key;
        let Some(rule) = self.rules.iter().find(|rule| rule.id == rule_id) else { return Ok(()) };
        let (pool, open) = (self.service.pool(), self.service.alarms());
        let name = tree.get(meter_id).map_or("", |meter| meter.number.as_str());
        match due.change {
            Change::Raised => {
                let raised = storage::alarms::raise(pool, &new_alarm(site, rule, &due)).await?;
                let Some((alarm, is_new)) = raised else { return Ok(()) };
                open.change(&alarm);
                if is_new {
                    tracing::warn!(site = %site.slug, meter = name, "alarm: {}", alarm.about);
                }
            }
            Change::Cleared => {
                if let Some(id) = open.find(rule_id, meter_id) {
                    storage::alarms::clear(pool, id, due.at).await?;
                    open.remove(id);
                    let kind = rule.terms.kind.as_str();
                    tracing::info!(site = %site.slug, meter = name, "the alarm {kind} is over");
                }
            }
        }
        keep(&mut self.phases, due.key, due.next);
        Ok(())
    }
}

/// Keeps a phase; what is quiet needs no place.
fn keep(phases: &mut HashMap<Key, Phase>, key: Key, phase: Phase) {
    if phase == Phase::Quiet {
        phases.remove(&key);
    } else {
        phases.insert(key, phase);
    }
}

fn new_alarm(site: &Site, rule: &Rule, due: &Due) -> NewAlarm {
    NewAlarm {
        site: site.id,
        rule: rule.id,
        meter: due.key.1,
        kind: rule.terms.kind,
        severity: rule.terms.severity,
        about: about(&rule.terms, &due.measured),
        value: due.measured.value.map(thousandths),
        unit: rule.terms.unit(),
        at: due.at,
    }
}

/// The instant that the live screens of a site show.
fn present(service: &Service, known: &Known, site: SiteId) -> DateTime<Utc> {
    let clock = known.sites.get(&site).and_then(|site| service.registry().clocks().of(site));
    window::stored(clock.map_or_else(Utc::now, Simulated::shown))
}
