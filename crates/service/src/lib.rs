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
mod core;
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

use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use acquisition::{Figures, Health};
use domain::devices::DeviceState;
use domain::devices::mqtt::Broker;
use domain::live::MeterLive;
use domain::operation::task::Task;
use domain::{DeviceId, MeterId};
use sqlx::PgPool;
use tokio::sync::mpsc;

pub use crate::core::Core;
use crate::operation::disk::Disk;
use crate::operation::supervision::{Condition, Report};
pub use crate::people::principal::Principal;
pub use crate::tasks::{Tasks, start, start_under};
pub use domain::people::Role;
pub use error::Error;
pub use vault::Vault;

/// A database that takes longer than this to say anything is not ready.
const READY_DEADLINE: Duration = Duration::from_secs(2);

/// What use cases stand on, with what areas keep for themselves; cheap to clone.
#[derive(Clone)]
pub struct Service {
    core: Core,
    kept: Arc<Kept>,
    /// Where a page is drawn.
    visit: Option<Arc<visit::Visit>>,
}

/// What areas keep for themselves in memory.
struct Kept {
    /// For readings that come in.
    stored: PgPool,
    live: live::LiveState,
    streams: live::streams::Streams,
    alarms: alarms::Open,
    arrived: Arc<readings::arrived::Arrived>,
    counters: Arc<readings::ingest::Counters>,
    devices: devices::Devices,
    /// The default broker, for as long as nobody changed it.
    first_broker: OnceLock<Broker>,
    bench: devices::commissioning::Bench,
    health: mpsc::Sender<Health>,
    acquisuite: devices::acquisuite::Gate,
    rollup: Arc<rollup::Progress>,
    grid: grid::Grid,
    world: simulation::World,
    documents: configuration::Waiting,
    disk: operation::disk::Seen,
    computer: Arc<operation::clock::Computer>,
}

impl Deref for Service {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
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
        Self { core: self.core.showing(), ..self.clone() }
    }

    pub(crate) fn visit(&self) -> Option<&visit::Visit> {
        self.visit.as_deref()
    }

    /// Notes how full the disk is.
    pub fn note_disk(&self, disk: Disk) {
        self.kept.disk.note(disk);
    }

    /// How full the disk is; none where the database lies elsewhere.
    pub fn disk(&self) -> Option<Disk> {
        self.kept.disk.last()
    }

    /// How full the disk is, while it is almost full.
    pub fn low_disk(&self) -> Option<Disk> {
        self.kept.disk.low()
    }

    /// What is known of the computer's clock.
    pub(crate) fn computer(&self) -> &Arc<operation::clock::Computer> {
        &self.kept.computer
    }

    /// Opens a stream for somebody.
    ///
    /// # Errors
    /// `Busy` where that one has too many.
    pub fn open_stream(&self, who: &Principal) -> Result<live::streams::Open, Error> {
        self.kept.streams.open(who)
    }

    /// Follows the live stream of a site (of the default site unless one is named) from what is shown now, or
    /// from the message after `last_id`.
    ///
    /// # Errors
    /// The principal may not look, or the site is not there.
    pub async fn follow(
        &self,
        who: &Principal,
        site: Option<&str>,
        last_id: Option<u64>,
    ) -> Result<live::Subscription, Error> {
        live::follow(self, self.live(), who, site, last_id).await
    }

    pub(crate) fn live(&self) -> &live::LiveState {
        &self.kept.live
    }

    pub(crate) fn alarms(&self) -> &alarms::Open {
        &self.kept.alarms
    }

    /// What was stored, for the rules of alarms to look at.
    pub(crate) fn arrived(&self) -> &Arc<readings::arrived::Arrived> {
        &self.kept.arrived
    }

    pub(crate) fn devices(&self) -> &devices::Devices {
        &self.kept.devices
    }

    pub(crate) fn grid(&self) -> &grid::Grid {
        &self.kept.grid
    }

    pub(crate) fn bench(&self) -> &devices::commissioning::Bench {
        &self.kept.bench
    }

    pub(crate) fn acquisuite(&self) -> &devices::acquisuite::Gate {
        &self.kept.acquisuite
    }

    pub(crate) fn documents(&self) -> &configuration::Waiting {
        &self.kept.documents
    }

    pub(crate) fn world(&self) -> &simulation::World {
        &self.kept.world
    }

    pub(crate) fn first_broker(&self) -> &OnceLock<Broker> {
        &self.kept.first_broker
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
        health.tell(&self.kept.health).await;
    }

    pub(crate) fn status_of(&self, id: MeterId) -> Option<MeterLive> {
        self.kept.live.meter(id)
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
        let answered = tokio::time::timeout(READY_DEADLINE, storage::ping(&self.kept.stored)).await;
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
            ingest: self.kept.counters.totals(),
            queue_batches: self.batches().waiting(),
            live_subscribers: self.kept.live.subscribers(),
            meters: self.kept.live.statuses(),
            rollup: self.kept.rollup.totals(),
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
