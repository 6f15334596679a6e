//! What use cases of the areas take: what all stand on, with what each area keeps for itself.
//!
//! An area's state knows nothing of use cases and stands below this file. What of it is for its area
//! alone is closed to the others.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use acquisition::{Figures, Health};
use domain::devices::DeviceState;
use domain::devices::mqtt::Broker;
use domain::message::Message;
use domain::operation::task::Task;
use domain::{DeviceId, MeterId};
use sqlx::PgPool;
use tokio::sync::mpsc;

use crate::alarms::open;
use crate::configuration::taken;
use crate::devices::acquisuite::gate::Gate;
use crate::devices::commissioning::trials::DeviceTrials;
use crate::devices::staged;
use crate::grid::copy::Grid;
use crate::live::streams::{self, Streams};
use crate::live::watch::Watch;
use crate::live::{self, LiveState};
use crate::operation::clock::Computer;
use crate::operation::disk::{self, Disk};
use crate::operation::supervision::{Condition, Report};
use crate::readings::arrived::Arrived;
use crate::readings::ingest::counters::{self, Counters};
use crate::request_cache::asked::RequestCache;
use crate::simulation::engine::state::Simulation;
use crate::{Core, Error, Principal, rollup};

/// A database that takes longer than this to say anything is not ready.
const READY_DEADLINE: Duration = Duration::from_secs(2);

/// What use cases stand on, with what areas keep for themselves; cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) core: Core,
    pub(crate) kept: Arc<Kept>,
    /// Where a page is drawn.
    visit: Option<Arc<RequestCache>>,
}

/// What areas keep for themselves in memory.
pub(crate) struct Kept {
    /// For readings that come in.
    pub(crate) stored: PgPool,
    pub(crate) live: LiveState,
    pub(crate) streams: Streams,
    pub(crate) alarms: open::Open,
    /// Whether there is a mail server, as of the start of the task that sends messages.
    pub(crate) has_mail: AtomicBool,
    pub(crate) arrived: Arc<Arrived>,
    pub(crate) counters: Arc<Counters>,
    /// How devices are doing.
    pub(crate) watch: Watch,
    /// Tables of devices that wait to be applied.
    pub(crate) tables: staged::Waiting,
    /// The default broker, for as long as nobody changed it.
    pub(crate) first_broker: OnceLock<Broker>,
    pub(crate) device_trials: DeviceTrials,
    pub(crate) health: mpsc::Sender<Health>,
    pub(crate) acquisuite: Gate,
    pub(crate) rollup: Arc<rollup::Progress>,
    pub(crate) grid: Grid,
    pub(crate) simulation: Arc<Simulation>,
    pub(crate) documents: taken::Waiting,
    pub(crate) disk: disk::Seen,
    pub(crate) computer: Arc<Computer>,
}

impl Deref for Service {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
}

impl Service {
    pub(crate) fn new(core: Core, kept: Kept) -> Self {
        Self { core, kept: Arc::new(kept), visit: None }
    }

    /// For one visit to a page, whose parts are drawn side by side: they share what each of them would
    /// work out. To be dropped with the page, since it learns of no change.
    #[must_use]
    pub fn visited(&self) -> Self {
        Self { visit: Some(Arc::default()), ..self.showing().for_one_answer() }
    }

    /// For one answer, such as a report: facts that many of its figures rest on are read once.
    pub(crate) fn for_one_answer(&self) -> Self {
        Self { core: self.core.for_one_answer(), ..self.clone() }
    }

    /// For what only shows something: it has database connections of its own, so that it holds up neither
    /// readings nor tasks, however many ask for however much, and what takes too long is stopped.
    #[must_use]
    pub fn showing(&self) -> Self {
        Self { core: self.core.showing(), ..self.clone() }
    }

    pub(crate) fn request_cache(&self) -> Option<&RequestCache> {
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
    pub(crate) fn computer(&self) -> &Arc<Computer> {
        &self.kept.computer
    }

    /// Opens a stream for somebody.
    ///
    /// # Errors
    /// `Busy` where that one has too many.
    pub fn open_stream(&self, who: &Principal) -> Result<streams::Open, Error> {
        self.kept.streams.open(who.clone())
    }

    /// Follows the live stream of a site or a meter from what is shown now, or from the message after `last_id`.
    ///
    /// # Errors
    /// The principal may not look, or the site or meter is not there.
    pub async fn follow(
        &self,
        who: &Principal,
        followed: &live::Followed,
        last_id: Option<u64>,
    ) -> Result<live::Subscription, Error> {
        live::follow(self, self.live(), who, followed, last_id).await
    }

    pub(crate) fn live(&self) -> &LiveState {
        &self.kept.live
    }

    pub(crate) fn alarms(&self) -> &open::Open {
        &self.kept.alarms
    }

    pub(crate) fn has_mail(&self) -> bool {
        self.kept.has_mail.load(Ordering::Relaxed)
    }

    /// How devices are doing.
    pub(crate) fn watch(&self) -> &Watch {
        &self.kept.watch
    }

    /// Tables of devices that wait to be applied.
    pub(crate) fn tables(&self) -> &staged::Waiting {
        &self.kept.tables
    }

    pub(crate) fn grid(&self) -> &Grid {
        &self.kept.grid
    }

    pub(crate) fn device_trials(&self) -> &DeviceTrials {
        &self.kept.device_trials
    }

    pub(crate) fn acquisuite(&self) -> &Gate {
        &self.kept.acquisuite
    }

    pub(crate) fn documents(&self) -> &taken::Waiting {
        &self.kept.documents
    }

    pub(crate) fn simulation(&self) -> &Simulation {
        &self.kept.simulation
    }

    pub(crate) fn first_broker(&self) -> &OnceLock<Broker> {
        &self.kept.first_broker
    }

    /// Says of a device that it cannot even be tried to read.
    pub(crate) async fn unreadable(&self, device: DeviceId, meter: MeterId, reason: Message) {
        let health = Health {
            device,
            meter,
            state: DeviceState::Error,
            reason: Some(reason),
            at: chrono::Utc::now(),
            figures: Figures::default(),
        };
        health.send(&self.kept.health).await;
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
    pub ingest: counters::Totals,
    /// Batches that wait to be written.
    pub queue_batches: usize,
    /// Open live streams.
    pub live_subscribers: usize,
    pub meters: Vec<(domain::live::Status, usize)>,
    /// How far readings are summed up.
    pub rollup: rollup::Totals,
    /// How the long-lived tasks are doing.
    pub tasks: Vec<Report>,
}
