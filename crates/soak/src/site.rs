//! Everything that runs: the program with its database, the broker, the devices, and what stands between.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::broker::Broker;
use crate::clock::Clock;
use crate::disk::Disk;
use crate::ledger::Ledger;
use crate::memory::Watch;
use crate::plan::{FETCHED, Fault, GATEWAYS, LOGGERS, Meter, PUBLISHING, Plan, RECORDED, UNITS};
use crate::program::{Program, Settings};
use crate::proxy::{self, Target, Weather};
use crate::sources::logger::{self, Logger};
use crate::sources::publisher::{self, Publisher};
use crate::sources::{fetched, gateway};

/// How often meters are asked, in ms.
const OFTEN: u64 = 3_000;
const SELDOM: u64 = 5_000;
/// Until each meter was read once.
const SETTLED_WITHIN: Duration = Duration::from_mins(1);
/// Until what waits was taken, once nothing strikes any more.
const TAKEN_WITHIN: Duration = Duration::from_mins(1);

pub(crate) struct Site {
    pub(crate) settings: Settings,
    /// None only while a fault has taken it.
    pub(crate) program: Option<Program>,
    pub(crate) broker: Broker,
    /// None where only root could make one.
    pub(crate) disk: Option<Arc<Disk>>,
    pub(crate) weather: Weather,
    pub(crate) ledger: Ledger,
    pub(crate) url: String,
    pub(crate) begun: DateTime<Utc>,
    pub(crate) memory: Watch,
    /// What sources were still waiting for at the end.
    pub(crate) not_taken: usize,
    front: Target,
    publisher: Option<Publisher>,
    loggers: Vec<JoinHandle<usize>>,
    stop: Arc<AtomicBool>,
}

impl Site {
    /// Starts everything, and waits until each meter was read.
    pub(crate) async fn open(program: &Path, folder: &Path, plan: &Plan) -> Result<Self> {
        let (weather, ledger, begun) = (Weather::new(plan.seed), Ledger::new(), Utc::now());
        let broker = Broker::start(folder).await?;
        let to_broker = proxy::open(target(broker.port), weather.clone(), false).await?;
        let settings = Settings {
            program: program.canonicalize().context("no such program")?,
            folder: folder.to_owned(),
            broker: to_broker,
            clock: Clock::right(folder)?,
        };
        let disk = Disk::open(&settings.data_dir())?.map(Arc::new);
        let program = Program::start(&settings).await?;
        let memory = Watch::start();
        memory.follow(program.id());
        add_meters(&program, &ledger, &weather).await?;
        let front: Target = Arc::new(Mutex::new(program.address));
        let door = proxy::open(Arc::clone(&front), weather.clone(), false).await?;
        let stop = Arc::<AtomicBool>::default();
        let loggers = (0..LOGGERS).map(|n| {
            let logger = Logger::new(n, door, ledger.clone(), plan.seed);
            tokio::spawn(logger.work(Arc::clone(&stop), TAKEN_WITHIN))
        });
        let loggers = loggers.collect();
        let publisher = Publisher::start(broker.port, ledger.clone(), plan.seed);
        let url = settings.database_url().await?;
        let site = Self {
            settings,
            program: Some(program),
            broker,
            disk,
            weather,
            ledger,
            url,
            begun,
            memory,
            not_taken: 0,
            front,
            publisher: Some(publisher),
            loggers,
            stop,
        };
        site.settle().await?;
        Ok(site)
    }

    /// Waits until each meter was read; from then on what is published is expected.
    async fn settle(&self) -> Result<()> {
        let pool = PgPool::connect(&self.url).await?;
        let settled = async {
            loop {
                let (read,): (i64,) =
                    sqlx::query_as("SELECT count(DISTINCT meter_id) FROM meter_readings")
                        .fetch_one(&pool)
                        .await?;
                if usize::try_from(read)? == crate::plan::METERS {
                    return anyhow::Ok(());
                }
                sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(SETTLED_WITHIN, settled).await.context("not every meter was read")??;
        pool.close().await;
        if let Some(publisher) = &self.publisher {
            publisher.count_from_now();
        }
        Ok(())
    }

    /// Whether a fault can be played here.
    pub(crate) fn can(&self, fault: Fault) -> bool {
        fault != Fault::FullDisk || self.disk.is_some()
    }

    /// A program takes the place of another.
    pub(crate) fn put(&mut self, program: Program) {
        *self.front.lock() = program.address;
        self.memory.follow(program.id());
        self.program = Some(program);
    }

    pub(crate) fn take(&mut self) -> Result<Program> {
        self.memory.follow(None);
        self.program.take().context("the program is not there")
    }

    pub(crate) fn running(&self) -> Result<&Program> {
        self.program.as_ref().context("the program is not there")
    }

    /// The devices count no more; what was not acknowledged is sent until it is.
    pub(crate) async fn end_sources(&mut self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        self.ledger.close();
        for logger in self.loggers.drain(..) {
            self.not_taken += logger.await?;
        }
        if let Some(publisher) = self.publisher.take() {
            self.not_taken += publisher.end(TAKEN_WITHIN).await;
        }
        Ok(())
    }

    /// The meters by what the program calls them.
    pub(crate) async fn meters(&self, pool: &PgPool) -> Result<BTreeMap<Meter, i64>> {
        let named: Vec<(i64, String)> =
            sqlx::query_as("SELECT id, meter_name FROM energy_meters").fetch_all(pool).await?;
        let of_number = |name: &str| Some(Meter(name.strip_prefix("S-")?.parse().ok()?));
        let mut meters: BTreeMap<Meter, i64> =
            named.iter().filter_map(|(id, name)| Some((of_number(name)?, *id))).collect();
        let recorded: Vec<(String, i32, i64)> = sqlx::query_as(
            "SELECT serial_number, address::integer, meter_id FROM acquisuite_devices",
        )
        .fetch_all(pool)
        .await?;
        for (serial, address, id) in recorded {
            let number = (0..LOGGERS).find(|n| logger::serial(*n) == serial);
            let number = number.context("a logger that is not there")?;
            meters.insert(Meter::recorded(number, usize::try_from(address)? - 1), id);
        }
        ensure!(meters.len() == crate::plan::METERS, "{} meters", meters.len());
        Ok(meters)
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        self.take()?.stop().await
    }
}

fn target(port: u16) -> Target {
    Arc::new(Mutex::new(SocketAddr::from((Ipv4Addr::LOCALHOST, port))))
}

async fn add_meters(program: &Program, ledger: &Ledger, weather: &Weather) -> Result<()> {
    for number in 0..GATEWAYS {
        let address = gateway::start(number, ledger.clone()).await?;
        let port = proxy::open(target(address.port()), weather.clone(), true).await?;
        for unit in 0..UNITS {
            let settings = gateway::communication(port, unit);
            add(program, Meter::of_unit(number, unit), "modbus", OFTEN, settings).await?;
        }
    }
    let address = fetched::start(ledger.clone()).await?;
    let port = proxy::open(target(address.port()), weather.clone(), true).await?;
    for n in 0..FETCHED {
        let settings = fetched::communication(port, n);
        let id = add(program, Meter::fetched(n), "http", SELDOM, settings).await?;
        if n < fetched::WATCHED {
            program.post("/api/alarm-rules", &fetched::rule(id)).await?;
        }
    }
    for n in 0..PUBLISHING {
        add(program, Meter::publishing(n), "mqtt", SELDOM, publisher::communication(n)).await?;
    }
    for number in 0..LOGGERS {
        program.post("/api/acquisuite/loggers", &logger::registration(number)).await?;
    }
    ensure!(RECORDED < 250, "a logger has no more addresses");
    Ok(())
}

async fn add(
    program: &Program,
    meter: Meter,
    protocol: &str,
    every: u64,
    communication: Value,
) -> Result<i64> {
    let body = json!({"name": format!("S-{}", meter.0), "meterType": "zone", "protocol": protocol,
        "pollInterval": every, "communication": communication});
    let made = program.post("/api/energy-meters", &body).await?;
    let number = made["id"].as_str().and_then(|id| id.strip_prefix("meter_"));
    Ok(number.context("a meter without an id")?.parse()?)
}
