//! Starts and stops what runs beside the use cases: the writer of readings and the live state.

use std::sync::{Arc, OnceLock};

use acquisition::Outbox;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::devices::Devices;
use crate::energy_meters::settings::secrets;
use crate::live::{Live, LiveState};
use crate::registry::Registry;
use crate::{
    Error, Inner, Service, Vault, acquisuite, alarms, bills, commissioning, configuration, derive,
    grid, ingest, live, retention, rollup, world,
};

/// States of devices that may wait to be shown.
const WAITING_HEALTH: usize = 1_024;

/// The running tasks, and the way in for drivers.
pub struct Tasks {
    /// What drivers send to.
    pub outbox: Outbox,
    writer: JoinHandle<()>,
    live: JoinHandle<()>,
    stored: JoinHandle<()>,
    rollup: JoinHandle<()>,
    retention: JoinHandle<()>,
    derive: JoinHandle<()>,
    bills: JoinHandle<()>,
    alarms: JoinHandle<()>,
    world: JoinHandle<()>,
    grid: JoinHandle<()>,
    stop: CancellationToken,
    stop_live: CancellationToken,
    stop_rollup: CancellationToken,
}

/// Reads the registry and the past two days, and starts the tasks.
///
/// # Errors
/// The database cannot be read.
pub async fn start(pool: PgPool, vault: Vault) -> Result<(Service, Tasks), Error> {
    secrets::seal_stored(&pool, &vault).await?;
    let registry = Registry::load(pool.clone()).await?;
    let (batches, waiting) = ingest::channel();
    let (committed, shown) = ingest::committed_channel();
    let (health, healths) = mpsc::channel(WAITING_HEALTH);
    let counters = Arc::new(ingest::Counters::default());
    let (stop, stop_live) = (CancellationToken::new(), CancellationToken::new());
    let state = LiveState::default();
    let devices = Devices::default();
    let keeper = Live {
        pool: pool.clone(),
        registry: registry.clone(),
        state: state.clone(),
        devices: devices.clone(),
        stop: stop_live.clone(),
    };
    world::begin(&pool, &registry).await?;
    keeper.load().await?;
    let writer = ingest::Ingest {
        pool: pool.clone(),
        registry: registry.clone(),
        counters: Arc::clone(&counters),
        committed,
        stop: stop.clone(),
    };
    let progress = Arc::new(rollup::Progress::default());
    let stop_rollup = CancellationToken::new();
    let worker = rollup::Rollup::new(
        pool.clone(),
        registry.clone(),
        Arc::clone(&progress),
        stop_rollup.clone(),
    );
    let dropper = retention::Keeper {
        pool: pool.clone(),
        registry: registry.clone(),
        stop: stop_rollup.clone(),
    };
    let deriver = derive::Deriver {
        pool: pool.clone(),
        registry: registry.clone(),
        batches: batches.clone(),
        stop: stop.clone(),
    };
    let (grid, follower) = grid::start(pool.clone(), stop.clone());
    let inner = Inner {
        pool,
        registry,
        batches: batches.clone(),
        live: state,
        alarms: alarms::Open::default(),
        devices,
        counters,
        rollup: progress,
        grid,
        world: world::World::new(),
        acquisuite: acquisuite::Gate::new(),
        documents: configuration::Waiting::default(),
        first_broker: OnceLock::new(),
        vault,
        bench: commissioning::Bench::new(),
        health: health.clone(),
    };
    let service = Service { inner: Arc::new(inner), visit: None };
    let tasks = Tasks {
        outbox: Outbox { batches, health },
        writer: tokio::spawn(ingest::run(writer, waiting)),
        live: tokio::spawn(live::run(keeper, shown, healths)),
        stored: tokio::spawn(live::follow_stored(service.clone(), stop_live.clone())),
        rollup: tokio::spawn(rollup::run(worker)),
        retention: tokio::spawn(retention::run(dropper)),
        derive: tokio::spawn(derive::run(deriver)),
        bills: tokio::spawn(bills::work(service.clone(), stop.clone())),
        alarms: tokio::spawn(alarms::work(service.clone(), stop.clone())),
        grid: follower,
        world: tokio::spawn(world::run(service.clone(), stop.clone())),
        stop,
        stop_live,
        stop_rollup,
    };
    Ok((service, tasks))
}

impl Tasks {
    /// Stops taking readings, finishes the writes under way, then stops.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.world.await {
            tracing::error!("the task of the simulated world ended badly: {error}");
        }
        if let Err(error) = self.alarms.await {
            tracing::error!("the task of alarms ended badly: {error}");
        }
        if let Err(error) = self.bills.await {
            tracing::error!("the task that bills whole sites ended badly: {error}");
        }
        if let Err(error) = self.derive.await {
            tracing::error!("the task of derived meters ended badly: {error}");
        }
        if let Err(error) = self.grid.await {
            tracing::error!("the task that follows transformers ended badly: {error}");
        }
        if let Err(error) = self.writer.await {
            tracing::error!("the writer of readings ended badly: {error}");
        }
        self.stop_rollup.cancel();
        self.stop_live.cancel();
        if let Err(error) = self.live.await {
            tracing::error!("the live state ended badly: {error}");
        }
        if let Err(error) = self.stored.await {
            tracing::error!("what the live state takes from stored figures ended badly: {error}");
        }
        if let Err(error) = self.rollup.await {
            tracing::error!("the rollup ended badly: {error}");
        }
        if let Err(error) = self.retention.await {
            tracing::error!("the task that drops what is too old ended badly: {error}");
        }
    }
}
