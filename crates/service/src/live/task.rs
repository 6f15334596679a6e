//! The task that keeps the live state: readings in, messages out.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use acquisition::Health;
use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::register_history::{HistorySample, QUARTERS, RECENT};
use domain::energy::staleness::FORGOTTEN_AFTER;
use domain::energy::{QUARTER, floor};
use domain::operation::task::Task;
use domain::{MeterId, Reading, SiteId};
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::committed::Committed;
use super::watch::Watch;
use super::{LiveState, SiteLive};
use crate::Error;
use crate::live::site::past::Past;
use crate::operation::clock::Simulated;
use crate::operation::supervision::{Pulse, Supervision, panic_message};
use crate::registry::{Known, Registry};

/// Four messages a second at most …
const PUBLISH: Duration = Duration::from_millis(250);
/// … and fewer where there is so much to look at that it would take more than a fifth of a processor: a hundred
/// thousand meters take most of a second.
const REST: u32 = 4;
/// Rows and meters written by plain SQL are looked for this often …
const SWEEP: Duration = Duration::from_secs(10);
/// … this far back, so that a transaction that took long is not missed.
const SWEEP_OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How far from a quarter-hour its neighbouring readings are looked for.
const REACH: TimeDelta = TimeDelta::hours(26);

/// Rows from which the newest value of each field is taken: a row on MQTT may have a part of them, and
/// a rate of change needs a few.
const KEPT_ROWS: u32 = 5;

/// Meters whose past is read at once: each has two hundred quarter-hours, with a reading before and after.
const AT_ONCE: usize = 500;

/// What came before this changes nothing that is shown.
const FORGOTTEN: TimeDelta = TimeDelta::hours(4 * 24);

/// What the task needs.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) pool: PgPool,
    pub(crate) registry: Registry,
    pub(crate) state: LiveState,
    pub(crate) devices: Watch,
    pub(crate) supervision: Supervision,
    pub(crate) stop: CancellationToken,
}

/// What comes in for the live state; it outlives a task that falls.
pub(crate) struct Inlets {
    pub(crate) committed: Committed,
    pub(crate) health: mpsc::Receiver<Health>,
}

/// Runs until the stop signal. What a task that fell left half done is read again.
pub(crate) async fn run(live: Live, inlets: Arc<Mutex<Inlets>>, pulse: Pulse) {
    let mut inlets = inlets.lock().await;
    let Inlets { committed, health } = &mut *inlets;
    if pulse.is_again()
        && let Err(error) = live.begin_again().await
    {
        tracing::warn!("the live state could not be read again: {error}");
        return;
    }
    let mut changes = live.registry.changes();
    let mut publish = interval(PUBLISH);
    let mut sweep = interval(SWEEP);
    publish.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = live.stop.cancelled() => return,
            Some(readings) = committed.readings.recv() => live.take(readings).await,
            Some(health) = health.recv() => live.take_health(health),
            _ = publish.tick() => {
                let began = Instant::now();
                live.publish();
                publish.reset_after(PUBLISH.max(began.elapsed() * REST));
                pulse.beat();
            }
            _ = sweep.tick() => {
                live.sweep().await;
                if committed.missed() {
                    live.read_again().await;
                }
            }
            Ok(()) = changes.changed() => live.restructure(&mut changes).await,
        }
    }
}

impl Live {
    /// Fills the state for the first time.
    pub(crate) async fn load(&self) -> Result<(), Error> {
        let known = self.registry.known();
        self.adopt(&known).await
    }

    /// Reads what did not come here although it was written.
    async fn read_again(&self) {
        let known = self.registry.known();
        let meters = known.trees.values().flat_map(|tree| tree.meters());
        let ids: Vec<_> = meters.map(|meter| meter.id).collect();
        if let Err(error) = self.load_past(&ids).await {
            tracing::warn!("what was written meanwhile could not be read: {error}");
        }
    }

    async fn begin_again(&self) -> Result<(), Error> {
        self.state.sites.write().clear();
        self.load().await
    }

    async fn restructure(&self, changes: &mut watch::Receiver<u64>) {
        changes.mark_unchanged();
        if let Err(error) = self.reload().await {
            tracing::warn!("the registry could not be read again: {error}");
        }
    }

    async fn reload(&self) -> Result<(), Error> {
        let known = self.registry.reload().await?;
        self.adopt(&known).await
    }

    async fn adopt(&self, known: &Known) -> Result<(), Error> {
        self.devices.keep(|meter| known.site_of(meter).is_some());
        let mut fresh = Vec::new();
        {
            let mut sites = self.state.sites.write();
            sites.retain(|id, _| known.sites.contains_key(id));
            for (&id, site) in &known.sites {
                let Some(tree) = known.trees.get(&id) else { continue };
                let now = self.registry.now(site);
                sites
                    .entry(id)
                    .or_insert_with(|| SiteLive::new(Arc::clone(site), Arc::default(), known, now));
                let restructured =
                    self.of_site(&mut sites, id, |live| live.restructure(site, tree, known, now));
                fresh.extend(restructured.into_iter().flatten());
            }
        }
        self.load_past(&fresh).await
    }

    /// Loads the past two days of meters from the database, by the clocks of their sites.
    async fn load_past(&self, ids: &[MeterId]) -> Result<(), Error> {
        let known = self.registry.known();
        for site in known.sites.values() {
            let of_site = |id: &MeterId| known.site_of(*id).is_some_and(|of| of.id == site.id);
            let ids: Vec<_> = ids.iter().copied().filter(of_site).collect();
            for some in ids.chunks(AT_ONCE) {
                self.load_past_of(some, self.registry.now(site), self.registry.latest(site))
                    .await?;
            }
        }
        Ok(())
    }

    async fn load_past_of(
        &self,
        ids: &[MeterId],
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), Error> {
        let last = floor(now, QUARTER).unwrap_or(now);
        let count = QUARTERS.num_minutes() / QUARTER.num_minutes();
        let quarters: Vec<_> =
            (0..count).map(|i| last - QUARTER * i32::try_from(i).unwrap_or(0)).collect();
        let brackets = storage::readings::brackets(&self.pool, ids, &quarters, REACH).await?;
        let recent = storage::readings::recent(&self.pool, ids, now - RECENT).await?;
        let newest = storage::readings::last_of_each(&self.pool, ids, until, KEPT_ROWS).await?;
        let learned = storage::energy::registers::of(&self.pool, ids).await?;
        let since = now - FORGOTTEN_AFTER;
        let export_read = storage::energy::intervals::export_read(&self.pool, ids, since).await?;
        let mut anew = storage::energy::derived::begun_anew(&self.pool, ids).await?;
        let mut samples: HashMap<MeterId, Vec<HistorySample>> = HashMap::new();
        let ends =
            brackets.into_iter().flat_map(|bracket| [bracket.before, bracket.after]).flatten();
        for row in ends.chain(recent).filter(|row| row.at <= until) {
            samples.entry(row.meter).or_default().push(HistorySample::from(&row));
        }
        let mut rows: HashMap<MeterId, Vec<Reading>> = HashMap::new();
        for row in newest {
            rows.entry(row.meter).or_default().push(row);
        }
        let mut sites = self.state.sites.write();
        for &id in ids {
            let mut past = samples.remove(&id).unwrap_or_default();
            past.sort_by_key(|sample| sample.at);
            let rows = rows.remove(&id).unwrap_or_default();
            let of = sites.iter().find(|(_, site)| site.tree.get(id).is_some());
            if let Some(of) = of.map(|(of, _)| *of) {
                let learned = learned.get(&id).and_then(|learned| learned.import_register);
                let anew = anew.remove(&id).unwrap_or_default();
                let export_read = export_read.get(&id).copied();
                let past = Past { learned, export_read, samples: past, anew, rows };
                self.of_site(&mut sites, of, |site| site.set_past(id, past));
            }
        }
        Ok(())
    }

    async fn take(&self, readings: Vec<Reading>) {
        let late = self.take_in_order(readings);
        let late: Vec<_> = late.into_iter().collect();
        if let Err(error) = self.load_past(&late).await {
            tracing::warn!(
                "late readings of {} meters are stored but not shown yet: {error}",
                late.len()
            );
        }
    }

    fn take_in_order(&self, readings: Vec<Reading>) -> HashSet<MeterId> {
        let known = self.registry.known();
        let mut sites = self.state.sites.write();
        let mut late = HashSet::new();
        for reading in readings {
            let id = reading.meter;
            let Some(of) = known.site_of(id) else { continue };
            let oldest = self.registry.now(of) - FORGOTTEN;
            let is_late = |site: &mut SiteLive| {
                let forgotten = reading.at < oldest;
                site.take(reading).is_err() && !forgotten
            };
            if self.of_site(&mut sites, of.id, is_late) == Some(true) {
                late.insert(id);
            }
        }
        late
    }

    fn take_health(&self, health: Health) {
        self.devices.take(&health);
        let known = self.registry.known();
        if known.off.contains(&health.meter) {
            return;
        }
        if let Some(of) = known.site_of(health.meter) {
            self.of_site(&mut self.state.sites.write(), of.id, |site| site.take_health(health));
        }
    }

    fn publish(&self) {
        let mut sites = self.state.sites.write();
        let ids: Vec<SiteId> = sites.keys().copied().collect();
        for id in ids {
            self.of_site(&mut sites, id, |site| {
                let clock = self.registry.clocks().of(&site.site);
                site.publish(
                    clock.map_or_else(Utc::now, Simulated::shown),
                    clock.map(|clock| clock.goes),
                );
            });
        }
    }

    /// Finds what plain SQL wrote: meters, and readings of meters; and which derived meters began anew.
    async fn sweep(&self) {
        let since = Utc::now() - SWEEP_OVERLAP;
        let swept = async {
            self.reload().await?;
            let written = storage::readings::written_by_sql_since(&self.pool, since).await?;
            let mut ids: Vec<_> = written.into_iter().map(|(meter, _, _)| meter).collect();
            ids.extend(storage::energy::derived::noted_since(&self.pool, since).await?);
            ids.extend(self.ahead());
            self.load_past(&ids).await
        };
        if let Err(error) = swept.await {
            tracing::warn!("rows written by plain SQL could not be looked for: {error}");
        }
    }

    /// Meters whose newest reading lies ahead of their site's clock: it was dated before that clock was set back,
    /// and would hide all that comes until it is the present.
    fn ahead(&self) -> Vec<MeterId> {
        let sites = self.state.sites.read();
        let of_site = |site: &SiteLive| site.ahead_of(self.registry.latest(&site.site));
        sites.values().flat_map(of_site).collect()
    }

    /// Does something with the state of a site. Where that panics the state is dropped, and read anew at the
    /// next sweep: the other sites go on.
    fn of_site<T>(
        &self,
        sites: &mut HashMap<SiteId, SiteLive>,
        id: SiteId,
        act: impl FnOnce(&mut SiteLive) -> T,
    ) -> Option<T> {
        let site = sites.get_mut(&id)?;
        match catch_unwind(AssertUnwindSafe(|| act(site))) {
            Ok(done) => Some(done),
            Err(panic) => {
                let (slug, cause) = (&site.site.slug, panic_message(panic.as_ref()));
                tracing::error!("the live state of {slug} fell and is read again: {cause}");
                self.supervision.stumbled(Task::Live, cause);
                sites.remove(&id);
                None
            }
        }
    }
}
