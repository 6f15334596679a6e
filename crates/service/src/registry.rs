//! What the process knows of sites, meters and devices, read again whenever they change.

pub(crate) mod clocks;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::carbon::Factors;
use domain::devices::Protocol;
use domain::energy::staleness::POLL_WITHOUT_DEVICE;
use domain::losses::unmetered::Unmetered;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::readings::cadence::Cadences;
use domain::sites::{Site, SiteKind};
use domain::{MeterId, SiteId};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use parking_lot::RwLock;
use sqlx::PgPool;
use tokio::sync::{Mutex, watch};

use crate::Error;
use crate::instants::{AHEAD, FAR};
use crate::prices::PriceBook;
use clocks::Clocks;

/// So many sites are read side by side, each over four connections at most.
const SITES_AT_ONCE: usize = 2;

/// One state of the registry.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) sites: HashMap<SiteId, Arc<Site>>,
    pub(crate) trees: HashMap<SiteId, Arc<Tree>>,
    /// How often a meter is read: by its device, as its logger writes it down, as a simulated one is
    /// recorded, or as others were seen to be; absent where nothing is known of that.
    pub(crate) polls: HashMap<MeterId, TimeDelta>,
    /// How often meters without a device were read when.
    pub(crate) cadences: HashMap<MeterId, Cadences>,
    /// How often loggers say that they write down what meters show.
    pub(crate) stated: HashMap<MeterId, TimeDelta>,
    /// Meters that have a device, or are simulated.
    pub(crate) devices: HashSet<MeterId>,
    /// Meters whose device is switched off.
    pub(crate) off: HashSet<MeterId>,
    /// Meters whose device speaks when something changes.
    pub(crate) event_driven: HashSet<MeterId>,
    /// Readings of a meter before this are dropped; absent where none ever were.
    pub(crate) frozen: HashMap<MeterId, DateTime<Utc>>,
    /// From when on a site keeps what is computed, by the clock by which it is dropped; as it was when this was
    /// read, so that none of it is taken for dropped.
    pub(crate) kept_from: HashMap<SiteId, DateTime<Utc>>,
    /// Declared loads that no meter sees, by node and time.
    pub(crate) unmetered: HashMap<SiteId, Vec<Unmetered>>,
    /// What a kWh costs when.
    pub(crate) prices: HashMap<SiteId, Arc<PriceBook>>,
    /// Emission factors by version.
    pub(crate) factors: HashMap<SiteId, Arc<Factors>>,
    meters: HashMap<MeterId, Arc<Site>>,
}

impl Known {
    /// How often a meter is read; a guess where nothing is known of it yet.
    pub(crate) fn poll(&self, meter: MeterId) -> TimeDelta {
        self.polls.get(&meter).copied().unwrap_or(POLL_WITHOUT_DEVICE)
    }

    /// How often a meter was read in a time; where that changed, the longer of both.
    pub(crate) fn poll_within(
        &self,
        meter: MeterId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> TimeDelta {
        let cadences = self.cadences.get(&meter);
        let learned = [from, to].map(|at| cadences.and_then(|cadences| cadences.at(at)));
        learned.into_iter().max().flatten().unwrap_or_else(|| self.poll(meter))
    }

    /// Every meter whose site has real time.
    pub(crate) fn real_meters(&self) -> Vec<MeterId> {
        let is_real =
            |(meter, site): (&MeterId, &Arc<Site>)| (site.kind == SiteKind::Live).then_some(*meter);
        self.meters.iter().filter_map(is_real).collect()
    }

    pub(crate) fn site_of(&self, meter: MeterId) -> Option<&Arc<Site>> {
        self.meters.get(&meter)
    }

    /// Takes over how often a meter without a device was seen to be read.
    fn learn(&mut self, meter: MeterId, cadences: Cadences) {
        if self.devices.contains(&meter) {
            return;
        }
        let now = cadences.now();
        // Whichever is longer is waited for, as where all of it is read.
        match now.max(self.stated.get(&meter).copied()) {
            Some(every) => self.polls.insert(meter, every),
            None => self.polls.remove(&meter),
        };
        match now {
            Some(_) => self.cadences.insert(meter, cadences),
            None => self.cadences.remove(&meter),
        };
    }
}

/// The newest state, shared.
#[derive(Clone)]
pub(crate) struct Registry {
    pool: PgPool,
    known: Arc<RwLock<Arc<Known>>>,
    /// Held while it is read: of two readings the later one stays, although it may be the quicker.
    reading: Arc<Mutex<()>>,
    /// Counts changes that were asked for through this process.
    changes: Arc<watch::Sender<u64>>,
    clocks: Clocks,
}

impl Registry {
    /// Reads the registry for the first time.
    pub(crate) async fn load(pool: PgPool) -> Result<Self, Error> {
        let known = read(&pool).await?;
        Ok(Self {
            pool,
            known: Arc::new(RwLock::new(Arc::new(known))),
            reading: Arc::default(),
            changes: Arc::new(watch::Sender::new(0)),
            clocks: Clocks::default(),
        })
    }

    pub(crate) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read())
    }

    /// The present on a site's clock.
    pub(crate) fn now(&self, site: &Site) -> DateTime<Utc> {
        self.clocks.now(site)
    }

    /// The time up to which readings of a site can be of its present or past. What is stored of later was dated
    /// by a clock that has been set back since. A simulated site has no such clock.
    pub(crate) fn latest(&self, site: &Site) -> DateTime<Utc> {
        match site.kind {
            SiteKind::Live => self.now(site) + AHEAD,
            SiteKind::Simulated => FAR,
        }
    }

    /// The same of a meter's site.
    pub(crate) fn latest_of(&self, meter: MeterId) -> DateTime<Utc> {
        self.known().site_of(meter).map_or(FAR, |site| self.latest(site))
    }

    /// The present on the clock of a meter's site.
    pub(crate) fn now_of(&self, meter: MeterId) -> DateTime<Utc> {
        self.known().site_of(meter).map_or_else(Utc::now, |site| self.now(site))
    }

    pub(crate) fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    /// Reads it again; rows written by plain SQL are found so too.
    pub(crate) async fn reload(&self) -> Result<Arc<Known>, Error> {
        let _reading = self.reading.lock().await;
        let fresh = Arc::new(read(&self.pool).await?);
        *self.known.write() = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// Takes over how often meters were seen to be read, once that is stored: all else stays as it is known.
    pub(crate) async fn learn(&self, learned: Vec<(MeterId, Cadences)>) {
        let _reading = self.reading.lock().await;
        let mut known = Known::clone(&self.known());
        for (meter, cadences) in learned {
            known.learn(meter, cadences);
        }
        *self.known.write() = Arc::new(known);
    }

    /// Says that something was changed through this process.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// What is read of one site.
struct OfSite {
    site: Arc<Site>,
    meters: Vec<Meter>,
    unmetered: Vec<Unmetered>,
    factors: Factors,
    prices: PriceBook,
}

impl OfSite {
    async fn read(pool: &PgPool, site: Site) -> Result<Self, Error> {
        let (meters, unmetered, factors, prices) = futures::try_join!(
            storage::meters::list(pool, site.id, true),
            storage::losses::unmetered::of(pool, site.id),
            factors(pool, &site),
            PriceBook::load(pool, &site),
        )?;
        Ok(Self { site: Arc::new(site), meters, unmetered, factors, prices })
    }
}

/// The factors of a site: what was entered for it, and the built-in ones before and beside that.
pub(crate) async fn factors(pool: &PgPool, site: &Site) -> Result<Factors, storage::Error> {
    let entered = storage::carbon::factors::list(pool, site.id).await?;
    Ok(Factors::new(entered.into_iter().map(|entered| entered.factor).collect()))
}

async fn read(pool: &PgPool) -> Result<Known, Error> {
    let mut known = Known::default();
    let sites = storage::sites::list(pool).await?;
    let sites = stream::iter(sites).map(|site| OfSite::read(pool, site));
    let mut sites = sites.buffered(SITES_AT_ONCE);
    while let Some(OfSite { site, meters, unmetered, factors, prices }) = sites.try_next().await? {
        known.meters.extend(meters.iter().map(|meter| (meter.id, Arc::clone(&site))));
        known.trees.insert(site.id, Arc::new(Tree::new(meters)));
        known.unmetered.insert(site.id, unmetered);
        known.factors.insert(site.id, Arc::new(factors));
        known.prices.insert(site.id, Arc::new(prices));
        known.sites.insert(site.id, site);
    }
    known.frozen = storage::operation::retention::frozen(pool).await?;
    known.cadences = storage::readings::cadences::all(pool).await?;
    for device in storage::devices::list(pool).await? {
        let interval = TimeDelta::from_std(device.poll).unwrap_or(TimeDelta::MAX);
        known.polls.insert(device.meter, interval);
        known.devices.insert(device.meter);
        known.cadences.remove(&device.meter);
        if !device.enabled {
            known.off.insert(device.meter);
        }
        if device.protocol == Protocol::Mqtt {
            known.event_driven.insert(device.meter);
        }
    }
    for (meter, cadences) in &known.cadences {
        known.polls.extend(cadences.now().map(|every| (*meter, every)));
    }
    for (meter, period) in storage::devices::loggers::activity::log_periods(pool).await? {
        // Whichever is longer is waited for: it may have changed a moment ago.
        let poll = known.polls.entry(meter).or_insert(period);
        *poll = (*poll).max(period);
        known.stated.insert(meter, period);
    }
    let simulated = storage::simulation::clock::get(pool).await?;
    let present = storage::operation::retention_clock::shown(pool).await?.unwrap_or_else(Utc::now);
    for site in known.sites.values() {
        let simulated = simulated.as_ref().filter(|clock| clock.site == site.id);
        let present = simulated.map_or(present, |clock| clock.current);
        let kept = site.retention.kept(site.date_at(present));
        known.kept_from.insert(site.id, site.day_start(kept.days));
    }
    if let Some(clock) = simulated {
        let record = TimeDelta::minutes(clock.record_minutes.into());
        let trees = known.trees.get(&clock.site);
        for meter in trees.iter().flat_map(|tree| tree.meters()) {
            known.polls.insert(meter.id, record);
            known.cadences.remove(&meter.id);
            known.devices.insert(meter.id);
        }
    }
    Ok(known)
}
