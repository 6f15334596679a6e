//! Starts and stops what runs beside the use cases. [`TABLE`] lists it all.

mod table;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use acquisition::{Batch, Outbox};
use domain::operation::task::Task;
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::alarms::open::Open;
use crate::configuration::taken;
use crate::devices::commissioning::trials::DeviceTrials;
use crate::devices::{acquisuite, staged};
use crate::energy::derive;
use crate::grid::copy::Grid;
use crate::live::streams::Streams;
use crate::live::watch::Watch;
use crate::live::{self, Live, LiveState};
use crate::meters::energy_meters::settings::secrets;
use crate::operation::clock;
use crate::operation::disk::Seen;
use crate::operation::pace::Pace;
use crate::operation::supervision::{Pulse, Supervision};
use crate::people::sessions::Sessions;
use crate::readings::ingest::{Ingest, Repeats};
use crate::readings::{ingest, months};
use crate::registry::Registry;
use crate::service::Kept;
use crate::simulation::engine::state::Simulation;
use crate::{Core, Error, Service, Vault, alarms, bills, grid, retention, rollup, simulation};

pub use table::{Background, Stops, TABLE};

/// Connections of what stores readings: two groups are written at once, each with a question before it.
const STORING: u32 = 4;
/// States of devices that may wait to be shown.
const WAITING_HEALTH: usize = 1_024;

/// The running tasks, and the way in for drivers.
pub struct Tasks {
    /// What drivers send to.
    pub outbox: Outbox,
    /// Those that stop first, and the writer last of them: they make readings.
    making: Vec<JoinHandle<()>>,
    /// Those that stop when nothing is written any more.
    showing: Vec<JoinHandle<()>>,
    stop: CancellationToken,
    stop_showing: CancellationToken,
}

/// Reads the registry and the past two days, and starts the tasks.
///
/// # Errors
/// The database cannot be read.
pub async fn start(pool: PgPool, vault: Vault) -> Result<(Service, Tasks), Error> {
    start_under(Supervision::default(), pool, vault).await
}

/// The same with tasks that look for work ten times as often: for tests, which wait for them.
///
/// # Errors
/// The database cannot be read.
pub async fn start_quick(pool: PgPool, vault: Vault) -> Result<(Service, Tasks), Error> {
    start_at(Pace::QUICK, Supervision::default(), pool, vault).await
}

/// The same under a supervision that knows of other tasks already.
///
/// # Errors
/// The database cannot be read.
pub async fn start_under(
    supervision: Supervision,
    pool: PgPool,
    vault: Vault,
) -> Result<(Service, Tasks), Error> {
    start_at(Pace::USUAL, supervision, pool, vault).await
}

async fn start_at(
    pace: Pace,
    supervision: Supervision,
    pool: PgPool,
    vault: Vault,
) -> Result<(Service, Tasks), Error> {
    secrets::seal_stored(&pool, &vault).await?;
    let registry = Registry::load(pool.clone()).await?;
    simulation::begin(&pool, &registry).await?;
    months::prepare(&pool, &registry).await?;
    let (batches, waiting) = ingest::channel();
    let (shown, committed) = live::committed::channel(supervision.clone());
    let (health, healths) = mpsc::channel(WAITING_HEALTH);
    let acquisuite = acquisuite::Gate::open(&pool).await?;
    let computer = clock::Computer::open(&pool).await?;
    let live = LiveState::default();
    let kept = Kept {
        stored: storage::beside(&pool, STORING),
        live: live.clone(),
        streams: Streams::default(),
        alarms: Open::default(),
        has_mail: AtomicBool::default(),
        arrived: Arc::default(),
        counters: Arc::default(),
        watch: Watch::default(),
        tables: staged::Waiting::default(),
        first_broker: OnceLock::new(),
        device_trials: DeviceTrials::new(),
        health: health.clone(),
        acquisuite,
        rollup: Arc::default(),
        grid: Grid::default(),
        simulation: Arc::new(Simulation::new(live)),
        documents: taken::Waiting::default(),
        disk: Seen::default(),
        computer: Arc::new(computer),
    };
    let sessions = Sessions::open(&pool).await?;
    let core = Core::new(pool, registry, batches.clone(), vault, supervision, sessions, pace);
    let service = Service::new(core, kept);
    let stop_showing = CancellationToken::new();
    let keeper = service.keeper(stop_showing.clone());
    keeper.load().await?;
    let begun = Begun {
        service: &service,
        keeper,
        inlets: Arc::new(Mutex::new(live::Inlets { committed, health: healths })),
        waiting: Arc::new(Mutex::new(waiting)),
        shown,
    };
    let stop = CancellationToken::new();
    let showing = begun.all(Stops::AfterTheWriter, &stop_showing);
    let making = begun.all(Stops::BeforeTheWriter, &stop);
    let outbox = Outbox { batches, health };
    Ok((service, Tasks { outbox, making, showing, stop, stop_showing }))
}

impl Service {
    fn keeper(&self, stop: CancellationToken) -> Live {
        Live {
            pool: self.pool().clone(),
            registry: self.registry().clone(),
            state: self.live().clone(),
            devices: self.watch().clone(),
            supervision: self.supervision().clone(),
            stop,
        }
    }

    fn writer(&self, shown: live::committed::CommittedState, stop: CancellationToken) -> Ingest {
        Ingest {
            pool: self.kept.stored.clone(),
            registry: self.registry().clone(),
            computer: Arc::clone(&self.kept.computer),
            counters: Arc::clone(&self.kept.counters),
            repeats: Repeats::default(),
            shown,
            arrived: Arc::clone(&self.kept.arrived),
            stop,
        }
    }

    /// Keeps a task of the service going until the stop signal.
    pub fn keep<F: Future<Output = ()> + Send + 'static>(
        &self,
        task: Task,
        stop: &CancellationToken,
        run: impl Fn(Service, CancellationToken, Pulse) -> F + Send + 'static,
    ) -> JoinHandle<()> {
        let (service, until) = (self.clone(), stop.clone());
        let run = move |pulse| run(service.clone(), until.clone(), pulse);
        tokio::spawn(self.supervision().clone().keep(task, stop.clone(), run))
    }
}

/// What the tasks are begun with.
struct Begun<'a> {
    service: &'a Service,
    keeper: Live,
    inlets: Arc<Mutex<live::Inlets>>,
    waiting: Arc<Mutex<mpsc::Receiver<Batch>>>,
    shown: live::committed::CommittedState,
}

impl Begun<'_> {
    /// Begins the tasks that stop at a time, in the order in which they do.
    fn all(&self, stops: Stops, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
        let tasks = TABLE.iter().filter(|entry| entry.stops == stops);
        tasks.filter_map(|entry| self.begin(entry.task, stop)).collect()
    }

    /// Begins a task, where it is not the program that does.
    fn begin(&self, task: Task, stop: &CancellationToken) -> Option<JoinHandle<()>> {
        let service = self.service;
        Some(match task {
            Task::World => service.keep(task, stop, |service, stop, pulse| {
                simulation::run(service.core, Arc::clone(&service.kept.simulation), stop, pulse)
            }),
            Task::Alarms => service.keep(task, stop, |service, stop, pulse| {
                let Kept { live, alarms, arrived, .. } = &*service.kept;
                let (live, open, arrived) = (live.clone(), alarms.clone(), Arc::clone(arrived));
                alarms::work(service.core, (live, open, arrived), stop, pulse)
            }),
            Task::Bills => service
                .keep(task, stop, |service, stop, pulse| bills::work(service.core, stop, pulse)),
            Task::Derive => service
                .keep(task, stop, |service, stop, pulse| derive::run(service.core, stop, pulse)),
            Task::Transformers => service.keep(task, stop, |service, stop, pulse| {
                grid::run(service.pool().clone(), service.grid().clone(), stop, pulse)
            }),
            Task::Writer => {
                let (waiting, shown) = (Arc::clone(&self.waiting), self.shown.clone());
                service.keep(task, stop, move |service, stop, pulse| {
                    let writer = service.writer(shown.clone(), stop);
                    ingest::run(writer, Arc::clone(&waiting), pulse)
                })
            }
            Task::Live => {
                let (keeper, inlets) = (self.keeper.clone(), Arc::clone(&self.inlets));
                service.keep(task, stop, move |_, _, pulse| {
                    live::run(keeper.clone(), Arc::clone(&inlets), pulse)
                })
            }
            Task::Today => service.keep(task, stop, |service, stop, pulse| {
                live::follow_stored(service.core, service.kept.live.clone(), stop, pulse)
            }),
            Task::Rollup => service.keep(task, stop, |service, stop, pulse| {
                rollup::run(service.core, Arc::clone(&service.kept.rollup), stop, pulse)
            }),
            Task::Retention => service
                .keep(task, stop, |service, stop, pulse| retention::run(service.core, stop, pulse)),
            Task::Clock => service.keep(task, stop, |service, stop, pulse| {
                clock::run(service.core, Arc::clone(&service.kept.computer), stop, pulse)
            }),
            Task::Postgres | Task::Drivers | Task::Messages | Task::Reports | Task::Disk => {
                return None;
            }
        })
    }
}

impl Tasks {
    /// Stops taking readings, finishes the writes under way, then stops.
    pub async fn stop(self) {
        self.stop.cancel();
        ended(self.making).await;
        self.stop_showing.cancel();
        ended(self.showing).await;
    }
}

async fn ended(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!("a task ended badly: {error}");
        }
    }
}
