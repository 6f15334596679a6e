//! The live state of one site.

pub(crate) mod balances;
mod card;
pub(crate) mod channels;
pub(crate) mod cost;
mod demand;
pub(crate) mod early;
pub(crate) mod gauges;
pub(crate) mod history;
pub(crate) mod normal;
pub(crate) mod past;
pub(crate) mod quarter;
pub(crate) mod ran;
pub(crate) mod status;
pub(crate) mod today;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use acquisition::Health;
use chrono::{DateTime, TimeDelta, Utc};
use domain::carbon::Factors;
use domain::energy::Energy;
use domain::energy::register_history::{HistorySample, Late, RegisterHistory};
use domain::energy::staleness::stale_after;
use domain::energy::window::Window;
use domain::figures::thousandths;
use domain::live::{
    BalanceLive, Counts, Delta, Gauges, MeterCard, MeterLive, NodeLive, SimulatedClock, SiteCard,
    Snapshot, Status,
};
use domain::losses::unmetered::Unmetered;
use domain::message::Message;
use domain::meters::hierarchy::Tree;
use domain::readings::channel::Latest;
use domain::sites::Site;
use domain::{Field, Kwh, MeterId, Quality, Reading};
use parking_lot::Mutex;

use super::alarm::AlarmLive;
use super::extent::Extent;
use super::stream::{Log, Subscription};
use crate::carbon::Directions;
use crate::energy::window_energy::unmetered_kwh;
use crate::losses::power_loss::Drawn;
use crate::prices::PriceBook;
use crate::registry::Known;
use card::{card, site_card};
use normal::Normal;
use ran::Ran;
use today::Today;

pub(crate) struct SiteLive {
    pub(super) site: Arc<Site>,
    pub(super) tree: Arc<Tree>,
    pub(super) trails: HashMap<MeterId, RegisterHistory>,
    pub(super) normal: Normal,
    pub(super) polls: HashMap<MeterId, TimeDelta>,
    pub(super) unmetered: Vec<Unmetered>,
    pub(super) prices: Option<Arc<PriceBook>>,
    pub(super) factors: Arc<Factors>,
    pub(super) ran: Vec<Ran>,
    pub(super) today: Option<Today>,
    /// Whether the registry has changed since these were read.
    pub(super) is_outdated: bool,
    pub(super) drawn: Drawn,
    /// Whether the site exported over the quarter-hour up to an instant, as far as it was asked since the last look.
    exported: Mutex<HashMap<DateTime<Utc>, bool>>,
    pub(super) directions: Directions,
    pub(super) latest: HashMap<MeterId, Latest>,
    pub(super) health: HashMap<MeterId, Health>,
    clock: Option<SimulatedClock>,
    alarms: Vec<AlarmLive>,
    shown: SiteState,
    log: Log,
}

/// What subscribers have been told.
struct SiteState {
    at: DateTime<Utc>,
    site: SiteCard,
    counts: Counts,
    /// In the order of the meters of the tree.
    values: Vec<MeterLive>,
    nodes: Vec<NodeLive>,
    whole: BalanceLive,
    counted_to: Option<DateTime<Utc>>,
    hotspots: Vec<MeterId>,
    gauges: Gauges,
    alarms: Vec<AlarmLive>,
}

impl SiteLive {
    pub(super) fn new(site: Arc<Site>, tree: Arc<Tree>, known: &Known, now: DateTime<Utc>) -> Self {
        let card = site_card(&site, (None, None), now);
        let mut live = Self {
            site,
            tree,
            clock: None,
            alarms: Vec::new(),
            trails: HashMap::new(),
            normal: Normal::default(),
            polls: known.polls.clone(),
            unmetered: Vec::new(),
            prices: None,
            factors: Arc::default(),
            ran: Vec::new(),
            today: None,
            is_outdated: false,
            drawn: Drawn::default(),
            exported: Mutex::default(),
            directions: Directions::default(),
            latest: HashMap::new(),
            health: HashMap::new(),
            shown: SiteState {
                at: now,
                site: card,
                counts: Counts::default(),
                values: Vec::new(),
                nodes: Vec::new(),
                whole: BalanceLive::nothing(),
                counted_to: None,
                hotspots: Vec::new(),
                gauges: Gauges::default(),
                alarms: Vec::new(),
            },
            log: Log::new(Utc::now()),
        };
        live.shown = live.look(now);
        live
    }

    /// Takes over a changed registry; answers the meters whose trails must be loaded.
    pub(super) fn restructure(
        &mut self,
        site: &Arc<Site>,
        tree: &Arc<Tree>,
        known: &Known,
        now: DateTime<Utc>,
    ) -> Vec<MeterId> {
        let removed = |id: &MeterId| !known.devices.contains(id);
        self.health.retain(|id, _| !known.off.contains(id) && !removed(id));
        self.unmetered = known.unmetered.get(&site.id).cloned().unwrap_or_default();
        self.prices = known.prices.get(&site.id).cloned();
        self.factors = known.factors.get(&site.id).cloned().unwrap_or_default();
        let polls_changed = self.polls != known.polls;
        if self.site == *site && self.tree.meters() == tree.meters() && !polls_changed {
            return Vec::new();
        }
        self.site = Arc::clone(site);
        self.tree = Arc::clone(tree);
        self.is_outdated = true;
        self.polls.clone_from(&known.polls);
        self.trails.retain(|&id, _| tree.get(id).is_some());
        self.latest.retain(|&id, _| tree.get(id).is_some());
        self.show_anew(now);
        tree.meters().iter().map(|m| m.id).filter(|id| !self.trails.contains_key(id)).collect()
    }

    /// Takes a committed reading.
    ///
    /// # Errors
    /// [`Late`] when the meter's past must be loaded again.
    pub(super) fn take(&mut self, mut reading: Reading) -> Result<(), Late> {
        let id = reading.meter;
        let Some(meter) = self.tree.get(id) else { return Ok(()) };
        let poll = status::poll(&self.polls, id);
        let trail = self.trails.entry(id).or_insert_with(|| RegisterHistory::new(meter, poll));
        // An estimate is no figure of now.
        let sample = HistorySample::of(reading.at, reading.quality, &reading.values);
        let pushed = if reading.is_estimate() { Ok(()) } else { trail.push(&sample) };
        if pushed.is_ok() && trail.leaves_out_power() {
            reading.values.active_power_kw = None;
        }
        Latest::take_into(&mut self.latest, reading);
        pushed
    }

    pub(super) fn take_health(&mut self, health: Health) {
        self.health.insert(health.meter, health);
    }

    /// Takes over the open alarms, for the next look.
    pub(super) fn set_alarms(&mut self, alarms: Vec<AlarmLive>) {
        self.alarms = alarms;
    }

    /// Works out what changed since the last look and tells the subscribers. `clock` is how the
    /// site's clock goes, where it is simulated.
    pub(super) fn publish(&mut self, now: DateTime<Utc>, clock: Option<SimulatedClock>) {
        self.clock = clock;
        let next = self.look(now);
        let old = &self.shown;
        let delta = Delta {
            id: self.log.last_id() + 1,
            at: now,
            site: (next.site != old.site).then(|| next.site.clone()),
            counts: (next.counts != old.counts).then_some(next.counts),
            values: changed(&next.values, &old.values),
            nodes: changed(&next.nodes, &old.nodes),
            whole: (next.whole != old.whole).then(|| next.whole.clone()),
            hotspots: (next.hotspots != old.hotspots).then(|| next.hotspots.clone()),
            gauges: (next.gauges != old.gauges).then(|| next.gauges.clone()),
        };
        let alarms = (next.alarms != old.alarms).then(|| next.alarms.clone());
        let quiet = alarms.is_none()
            && delta.site.is_none()
            && delta.counts.is_none()
            && delta.values.is_empty()
            && delta.nodes.is_empty()
            && delta.whole.is_none()
            && delta.hotspots.is_none()
            && delta.gauges.is_none();
        self.shown = next;
        if !quiet {
            self.log.delta(&delta, alarms.as_deref());
        }
    }

    /// Begins the stream anew: the set of meters changed, and every screen needs it whole.
    fn show_anew(&mut self, now: DateTime<Utc>) {
        self.shown = self.look(now);
        let id = self.log.next_id();
        self.log.snapshot(Snapshot { id, ..self.snapshot() }, &self.shown.alarms);
    }

    fn look(&self, now: DateTime<Utc>) -> SiteState {
        let meters = self.tree.meters();
        self.exported.lock().clear();
        let silent = status::silent(self, now);
        let balances = balances::Balances::of(self, &silent, now);
        let values: Vec<_> = meters
            .iter()
            .map(|meter| {
                let flow = balances.flow(meter.id);
                MeterLive {
                    mean_kw: flow.map(|flow| flow.net),
                    returned_kw: flow.map(|flow| flow.returned).filter(|&kw| kw > 0.0),
                    ..self.live_of(meter.id, now)
                }
            })
            .collect();
        SiteState {
            at: now,
            site: site_card(&self.site, (self.price(None, now), self.clock), now),
            counts: Counts::of(&values),
            values,
            hotspots: balances.hotspots(),
            gauges: gauges::gauges(self, &balances),
            alarms: self.alarms.clone(),
            nodes: balances.nodes,
            whole: balances.whole,
            counted_to: balances.counted_to,
        }
    }

    fn live_of(&self, id: MeterId, now: DateTime<Utc>) -> MeterLive {
        let newest = self.newest(id);
        let (status, reason) = self.status(id, now);
        let today = self.site.today_start(now);
        let energy = self.since_midnight(id, today);
        let counted =
            |of: fn(&Energy) -> Kwh| energy.as_ref().map(|energy| thousandths(of(energy).0));
        MeterLive {
            id,
            power_kw: self.power(id).map(thousandths),
            mean_kw: None,
            returned_kw: None,
            today_kwh: counted(|energy| energy.import),
            today_returned_kwh: counted(|energy| energy.export).filter(|kwh| *kwh > 0.0),
            at: newest.map(|reading| reading.at),
            quality: status::quality(newest, status),
            status,
            reason,
        }
    }

    fn status(&self, id: MeterId, now: DateTime<Utc>) -> (Status, Option<Message>) {
        status::of(self.newest(id), self.health.get(&id), self.polls.get(&id), now)
    }

    /// How far what a meter said last can be trusted at an instant, which may be after what is shown.
    pub(super) fn quality(&self, id: MeterId, now: DateTime<Utc>) -> Quality {
        status::quality(self.newest(id), self.status(id, now).0)
    }

    pub(crate) fn cards(&self) -> Vec<MeterCard> {
        self.tree.meters().iter().map(|meter| card(&self.tree, meter)).collect()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let SiteState { values, nodes, whole, hotspots, gauges, .. } = &self.shown;
        Snapshot {
            meters: self.cards(),
            values: values.clone(),
            nodes: nodes.clone(),
            whole: whole.clone(),
            hotspots: hotspots.clone(),
            gauges: gauges.clone(),
            ..self.site_status()
        }
    }

    /// The same without its meters.
    pub(crate) fn site_status(&self) -> Snapshot {
        let SiteState { at, site, counts, .. } = &self.shown;
        Snapshot::without_meters(self.log.last_id(), *at, site.clone(), *counts)
    }

    pub(super) fn subscribe(&self, told: Extent, last_id: Option<u64>) -> Subscription {
        self.log.subscribe(told, last_id, |told| match told {
            Extent::Status => (self.site_status(), None),
            Extent::All | Extent::Meter(_) => (self.snapshot(), Some(&self.shown.alarms)),
        })
    }

    pub(crate) fn subscribers(&self) -> usize {
        self.log.subscribers()
    }

    pub(crate) fn value(&self, id: MeterId) -> Option<&MeterLive> {
        self.shown.values.get(self.tree.position(id)?)
    }

    pub(crate) fn values(&self) -> &[MeterLive] {
        &self.shown.values
    }

    pub(crate) fn latest(&self, id: MeterId) -> Option<&Latest> {
        self.latest.get(&id)
    }

    /// The newest power. The newest reading may have other values alone, as of a meter that sends them
    /// one by one; what it left out for too long is not known any more.
    fn power(&self, id: MeterId) -> Option<f64> {
        let latest = self.latest.get(&id)?;
        let power = latest.get(Field::ActivePowerKw)?;
        (latest.newest().at - power.at <= self.stale_after(id)).then_some(power.value)
    }

    pub(crate) fn stale_after(&self, id: MeterId) -> TimeDelta {
        stale_after(self.polls.get(&id).copied())
    }

    /// Declared load below a node that no meter sees.
    pub(super) fn unmetered(&self, node: MeterId, from: DateTime<Utc>, to: DateTime<Utc>) -> Kwh {
        unmetered_kwh(&self.unmetered, node, Window { from, to }, None)
    }

    pub(super) fn newest(&self, id: MeterId) -> Option<&Reading> {
        self.latest.get(&id).map(Latest::newest)
    }

    /// Up to when the day that is shown is counted.
    pub(super) fn reached(&self) -> Option<DateTime<Utc>> {
        self.shown.counted_to
    }

    /// Nodes with the meters that their balances lack.
    pub(super) fn lacking(&self) -> impl Iterator<Item = (MeterId, MeterId)> {
        let nodes = self.shown.nodes.iter();
        nodes.flat_map(|node| node.balance.missing.iter().map(|missing| (node.id, *missing)))
    }

    pub(super) fn whole(&self) -> &BalanceLive {
        &self.shown.whole
    }

    pub(super) fn last_at(&self, id: MeterId) -> Option<DateTime<Utc>> {
        self.trails.get(&id).and_then(RegisterHistory::last_at)
    }

    /// Up to when balances can count a meter.
    pub(super) fn told_at(&self, id: MeterId) -> Option<DateTime<Utc>> {
        self.trails.get(&id).and_then(RegisterHistory::told_at)
    }

    pub(super) fn poll(&self, id: MeterId) -> TimeDelta {
        status::poll(&self.polls, id)
    }

    /// Meters that are part of today's plant: retired ones keep their history but balance nothing.
    pub(super) fn ids(&self) -> HashSet<MeterId> {
        self.tree.meters().iter().map(|meter| meter.id).collect()
    }
}

fn changed<T: Clone + PartialEq>(next: &[T], old: &[T]) -> Vec<T> {
    if next.len() != old.len() {
        return next.to_vec();
    }
    next.iter().zip(old).filter(|(next, old)| next != old).map(|(next, _)| next.clone()).collect()
}
