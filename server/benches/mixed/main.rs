//! A thousand meters of all kinds, read and stored for a minute: 600 Modbus units behind 50 gateways,
//! 250 that publish to an MQTT broker, 100 that are asked over HTTP, and 50 that five loggers record.
//!
//! Prints what that takes of this process alone: the peers run in one of their own, and so does
//! Postgres. `DATABASE_URL` names a server's database; `cargo xtask bench mixed` provides one.
//! `SECONDS` sets another time than a minute; in a shorter one not every logger has its turn.

#[path = "../../../crates/service/benches/ground/database.rs"]
mod database;
mod figures;
#[path = "../ground/http.rs"]
mod http;
mod meter;
mod peers;
mod plant;

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use acquisition::{Outbound, SerialPorts, Settings, Supervisor};
use chrono::Utc;
use peers::Peers;
use service::{Service, Tasks};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

const SECONDS: u64 = 60;
/// Until each device was read a few times, and connections stand.
const WARM_UP: Duration = Duration::from_secs(15);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if std::env::args().any(|argument| argument == peers::ARGUMENT) {
        runtime.block_on(peers::serve())
    } else {
        runtime.block_on(measure())
    }
}

async fn measure() -> Result<()> {
    let seconds = std::env::var("SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let measured = Duration::from_secs(seconds.unwrap_or(SECONDS));
    let mut peers = Peers::start()?;
    let pool = database::fresh().await.map_err(|error| error.to_string())?;
    plant::register(&pool, &peers.doors).await?;
    let program = Program::start(&pool).await?;
    plant::add_loggers(&program.service).await?;
    peers.upload_to(program.address)?;
    tokio::time::sleep(WARM_UP).await;

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

    println!("| what, 1,000 meters, {took:.0} s | measured | target |");
    println!("|---|---|---|");
    println!("| readings stored | {:.0}/s | |", stored as f64 / took);
    println!("| processor | {:.1} % of one core | |", 100.0 * busy / took);
    println!("| memory / at most | {memory:.0} / {most:.0} MB | |");
    println!("| reading to its storing, p99 | {:.0} ms | |", figures::delay_ms(&pool, from).await?);
    println!("| readings late or missing | {} | 0 |", figures::late(&pool, from).await?);
    println!("| meters without a reading | {} | 0 |", figures::silent(&pool, from).await?);
    println!("| errors | {errors} | 0 |");
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
