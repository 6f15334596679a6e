//! The use cases: what people and programs can do with Wattlens, each as one function.
//!
//! Every function takes the acting [`Principal`] and checks it there, once; REST handlers and server
//! functions only parse, call and answer. Here too: the one ingest path (validate, commit, then
//! acknowledge), the live state with its stream, the health of the devices and their secrets, the
//! engine of alarms.
//!
//! Each area has a folder; its `page` loads what pages show of it. The areas stand on floors
//! (`xtask/src/structure/areas.rs`), and each file uses what stands below its own: what all need, what
//! is computed from readings, what people do with it, what pages show. [`tasks::TABLE`] lists what runs
//! beside the use cases.
//!
//! Not here: SQL (that is `storage`), protocols (that is `acquisition`), formulas (those are
//! `domain`), HTTP and HTML. Of `acquisition` the types of a batch and of a device's health, the
//! reading of what loggers upload, and trials of a device are used; no driver is started here.

pub mod alarms;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub mod bills;
pub mod body;
pub mod carbon;
pub mod configuration;
pub mod devices;
pub mod energy;
pub mod error;
pub mod grid;
pub mod history;
mod instants;
pub mod json;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub mod live;
pub mod losses;
mod meanwhile;
pub mod meters;
pub mod operation;
pub mod overview;
pub mod pages;
pub mod people;
mod prices;
pub mod readings;
pub(crate) mod recount;
mod registry;
pub mod reports;
mod resolve;
pub mod retention;
pub mod rollup;
pub mod simulation;
pub mod sites;
pub mod tasks;
mod validity;
pub mod vault;
mod visit;
pub(crate) mod window;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use acquisition::{Figures, Health, Inlet, Outcome};
use domain::devices::DeviceState;
use domain::devices::mqtt::Broker;
use domain::live::MeterLive;
use domain::operation::task::Task;
use domain::{DeviceId, MeterId, Reading};
use sqlx::PgPool;
use tokio::sync::mpsc;

use crate::operation::supervision::{Condition, Report};
pub use crate::people::principal::Principal;
pub use crate::tasks::{Tasks, start, start_under};
pub use domain::people::Role;
pub use error::Error;
pub use vault::Vault;

/// A caller waits this long for its readings to be stored.
const STORE_DEADLINE: Duration = Duration::from_secs(5);

/// A database that takes longer than this to say anything is not ready.
const READY_DEADLINE: Duration = Duration::from_secs(2);

/// Everything the use cases need; cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
    /// Where a page is drawn.
    visit: Option<Arc<visit::Visit>>,
    /// Whether it is asked for what is shown only.
    shows: bool,
}

struct Inner {
    pool: PgPool,
    /// For what is shown.
    shown: PgPool,
    /// For readings that come in.
    stored: PgPool,
    registry: registry::Registry,
    batches: Inlet,
    live: live::LiveState,
    alarms: alarms::Open,
    devices: devices::Devices,
    counters: Arc<readings::ingest::Counters>,
    rollup: Arc<rollup::Progress>,
    grid: grid::Grid,
    world: simulation::World,
    /// The default broker, for as long as nobody changed it.
    first_broker: OnceLock<Broker>,
    vault: Vault,
    bench: devices::commissioning::Bench,
    health: mpsc::Sender<Health>,
    acquisuite: devices::acquisuite::Gate,
    documents: configuration::Waiting,
    supervision: operation::supervision::Supervision,
    streams: live::streams::Streams,
    disk: operation::disk::Seen,
    computer: Arc<operation::clock::Computer>,
}

impl Service {
    /// For one visit to a page, whose parts are drawn side by side: they share what each of them would
    /// work out. To be dropped with the page, since it learns of no change.
    #[must_use]
    pub fn visited(&self) -> Self {
        Self { visit: Some(Arc::default()), ..self.showing() }
    }

    /// For what only shows something: it has database connections of its own, so that it holds up neither
    /// readings nor tasks, however many ask for however much, and what takes too long is stopped.
    #[must_use]
    pub fn showing(&self) -> Self {
        Self { shows: true, ..self.clone() }
    }

    pub(crate) fn visit(&self) -> Option<&visit::Visit> {
        self.visit.as_deref()
    }

    pub(crate) fn pool(&self) -> &PgPool {
        if self.shows { &self.inner.shown } else { &self.inner.pool }
    }

    pub(crate) fn seen_disk(&self) -> &operation::disk::Seen {
        &self.inner.disk
    }

    /// What is known of the computer's clock.
    pub(crate) fn computer(&self) -> &Arc<operation::clock::Computer> {
        &self.inner.computer
    }

    pub(crate) fn streams(&self) -> &live::streams::Streams {
        &self.inner.streams
    }

    pub(crate) fn registry(&self) -> &registry::Registry {
        &self.inner.registry
    }

    pub(crate) fn live(&self) -> &live::LiveState {
        &self.inner.live
    }

    pub(crate) fn alarms(&self) -> &alarms::Open {
        &self.inner.alarms
    }

    pub(crate) fn devices(&self) -> &devices::Devices {
        &self.inner.devices
    }

    pub(crate) fn grid(&self) -> &grid::Grid {
        &self.inner.grid
    }

    pub(crate) fn bench(&self) -> &devices::commissioning::Bench {
        &self.inner.bench
    }

    /// Seals and opens secrets.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(crate) fn acquisuite(&self) -> &devices::acquisuite::Gate {
        &self.inner.acquisuite
    }

    pub(crate) fn documents(&self) -> &configuration::Waiting {
        &self.inner.documents
    }

    /// Knows how the long-lived tasks are doing.
    pub fn supervision(&self) -> &operation::supervision::Supervision {
        &self.inner.supervision
    }

    pub(crate) fn world(&self) -> &simulation::World {
        &self.inner.world
    }

    pub(crate) fn first_broker(&self) -> &OnceLock<Broker> {
        &self.inner.first_broker
    }

    /// Stores readings through the one way in, and waits for the commit.
    pub(crate) async fn submit(&self, readings: Vec<Reading>) -> Result<Outcome, Error> {
        let stored = self.inner.batches.submit(readings);
        let outcome = tokio::time::timeout(STORE_DEADLINE, stored).await;
        outcome.ok().and_then(Result::ok).ok_or(Error::Unavailable)
    }

    /// Says of a device that it cannot even be tried to read.
    pub(crate) async fn unreadable(&self, device: DeviceId, meter: MeterId, reason: String) {
        let health = Health {
            device,
            meter,
            state: DeviceState::Error,
            reason: Some(reason),
            at: chrono::Utc::now(),
            figures: Figures::default(),
        };
        health.tell(&self.inner.health).await;
    }

    /// To be called after any change of sites, meters or devices.
    pub(crate) fn registry_changed(&self) {
        self.inner.registry.changed();
    }

    /// Reads the registry again at once, for what follows to find it.
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        self.inner.registry.reload().await?;
        self.registry_changed();
        Ok(())
    }

    pub(crate) fn status_of(&self, id: MeterId) -> Option<MeterLive> {
        self.inner.live.meter(id)
    }

    /// Makes sure that the database answers and that what is vital goes on, for whoever asks whether this
    /// process can serve; answers the other tasks that are down or late.
    ///
    /// # Errors
    /// The database is away, or a vital task is down or late.
    pub async fn ready(&self) -> Result<Vec<Report>, Error> {
        let behind = self.supervision().behind();
        let is_vital =
            |report: &&Report| report.task.is_vital() && report.condition != Condition::Partly;
        let vital = behind.iter().filter(is_vital);
        let named: Vec<_> =
            vital.map(|report| format!("{} is {}", report.task.as_str(), report.word())).collect();
        if !named.is_empty() {
            return Err(Error::NotKept(named.join(", ")));
        }
        let answered =
            tokio::time::timeout(READY_DEADLINE, storage::ping(&self.inner.stored)).await;
        match answered.map(|answered| answered.map_err(Error::from)) {
            Ok(Ok(())) => Ok(behind),
            Ok(Err(error)) if !error.is_passing() => Err(error),
            Ok(Err(_)) | Err(_) => {
                Err(Error::NotKept(format!("{} does not answer", Task::Postgres.as_str())))
            }
        }
    }

    /// What came in, what did not, and who listens; for the metrics.
    pub fn metrics(&self) -> Metrics {
        Metrics {
            ingest: self.inner.counters.totals(),
            queue_batches: self.inner.batches.waiting(),
            live_subscribers: self.inner.live.subscribers(),
            meters: self.inner.live.statuses(),
            rollup: self.inner.rollup.totals(),
            tasks: self.supervision().reports(),
        }
    }
}

/// Figures of the process, for the metrics.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Readings in and refused.
    pub ingest: readings::ingest::Totals,
    /// Batches that wait to be written.
    pub queue_batches: usize,
    /// Open live streams.
    pub live_subscribers: usize,
    /// Meters by status.
    pub meters: Vec<(domain::live::Status, usize)>,
    /// How far readings are summed up.
    pub rollup: rollup::Totals,
    /// How the long-lived tasks are doing.
    pub tasks: Vec<Report>,
}
