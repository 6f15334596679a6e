//! A thousand meters of all kinds, read and stored for a minute: 600 Modbus units behind 50 gateways,
//! 250 that publish to an MQTT broker, 100 that are asked over HTTP, and 50 that five loggers record.
//!
//! Prints what that takes of this process alone: the peers run in one of their own, and so does
//! Postgres. `DATABASE_URL` names a server's database; `cargo xtask bench mixed` provides one.
//! In less than a minute not every logger has its turn.

mod figures;
mod meter;
mod peers;
mod plant;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use acquisition::{Outbound, SerialPorts, Settings, Supervisor};
use benchmark::{Progress, Result, Row, Size};
use chrono::Utc;
use service::{Service, Tasks};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{database, http};
use peers::Peers;

/// The argument with which the process of the peers is started.
pub(crate) const PEERS: &str = "peers";

pub(crate) fn run(size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(size))
}

/// The process of the peers.
pub(crate) fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(peers::serve())
}

async fn measure(size: Size) -> Result<()> {
    // Until each device was read a few times, and connections stand.
    let warm_up = Duration::from_secs(size.pick(15, 1));
    let measured = Duration::from_secs(size.pick(60, 2));
    let mut peers = Peers::start()?;
    let pool = database::fresh("mixed").await?;
    plant::register(&pool, &peers.doors).await?;
    let program = Program::start(&pool).await?;
    plant::add_loggers(&program.service).await?;
    peers.upload_to(program.address)?;
    let _progress = Progress::new(format!("read and store for {} s", measured.as_secs()));
    tokio::time::sleep(warm_up).await;

    let errors = figures::errors(&program.service, &pool).await?;
    let (from, began) = (Utc::now(), Instant::now());
    let stored = program.service.metrics().ingest.accepted;
    let busy = figures::processor_seconds()?;
    tokio::time::sleep(measured).await;
    let busy = figures::processor_seconds()? - busy;
    let stored = program.service.metrics().ingest.accepted - stored;
    let took = began.elapsed().as_secs_f64();
    let (memory, most) = (figures::memory_mb("VmRSS")?, figures::memory_mb("VmHWM")?);
    let errors = figures::errors(&program.service, &pool).await? - errors;
    program.end().await;

    if stored == 0 {
        return Err("no reading was stored".into());
    }
    Row::higher("readings stored", stored as f64 / took, "readings/s").print();
    Row::lower("processor", 100.0 * busy / took, "% of a core").print();
    Row::lower("memory", memory, "MB").print();
    Row::lower("memory, peak", most, "MB").print();
    Row::lower("reading to its storing, p99", figures::delay_ms(&pool, from).await?, "ms").print();
    let late = figures::late(&pool, from).await?;
    let silent = figures::silent(&pool, from).await?;
    Row::lower("readings late or missing", late as f64, "readings").target(0.0).print();
    Row::lower("meters without a reading", silent as f64, "meters").target(0.0).print();
    Row::lower("errors", errors as f64, "errors").target(0.0).print();
    Ok(())
}

/// The program: its use cases, its drivers, its address.
struct Program {
    service: Service,
    tasks: Tasks,
    drivers: Supervisor,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Program {
    async fn start(pool: &PgPool) -> Result<Self> {
        let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
        let settings = Settings {
            client_name: service::devices::brokers::client_name(&service).await?,
            outbound: Outbound::new(true),
            serial_ports: SerialPorts::default(),
        };
        let mut drivers = Supervisor::new(tasks.outbox.clone(), settings);
        service::devices::follow_unreadable(&service, drivers.unreadable_log());
        drivers.apply(service::devices::to_read(&service).await?).await;
        let stop = CancellationToken::new();
        let address = http::serve(&service, &stop).await?;
        Ok(Self { service, tasks, drivers, address, stop })
    }

    async fn end(self) {
        self.stop.cancel();
        self.drivers.stop().await;
        self.tasks.stop().await;
    }
}
