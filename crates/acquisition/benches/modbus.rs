//! What polling costs: 100 units with 25 values each, four times a second, from a real Modbus TCP
//! server in a process of its own, so that only the driver's own work is counted.
//!
//! Prints the rate, the processor time of this process as a share of one core, and how many
//! requests the block planner saved.

use std::error::Error;
use std::future::{Ready, ready};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use acquisition::{Outbound, Outbox, Outcome, SerialPorts, Settings, Supervisor};
use domain::devices::{Communication, Device, Protocol};
use domain::{DeviceId, MeterId, SiteId};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::{Server, accept_tcp_connection};
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

type Outcomes<T> = Result<T, Box<dyn Error>>;

const UNITS: u8 = 100;
const VALUES: u64 = 25;
const POLL: Duration = Duration::from_millis(250);
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(10);

/// As on a common three-phase meter: the counters in one place, the rest in another.
const COUNTERS: [&str; 5] = [
    "totalEnergyKwh",
    "energyImportKwh",
    "energyExportKwh",
    "reactiveEnergyImportKvarh",
    "reactiveEnergyExportKvarh",
];
const INSTANTANEOUS: [&str; 20] = [
    "voltageL1",
    "voltageL2",
    "voltageL3",
    "voltageL12",
    "voltageL23",
    "voltageL31",
    "currentL1",
    "currentL2",
    "currentL3",
    "activePowerKw",
    "activePowerL1Kw",
    "activePowerL2Kw",
    "activePowerL3Kw",
    "reactivePowerKvar",
    "reactivePowerL1Kvar",
    "reactivePowerL2Kvar",
    "reactivePowerL3Kvar",
    "apparentPowerKva",
    "powerFactor",
    "frequencyHz",
];

fn main() -> Outcomes<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::args().any(|argument| argument == "serve") {
        runtime.block_on(serve())
    } else {
        runtime.block_on(measure())
    }
}

/// Serves zeros to whoever asks, and at the end of its input says how often it was asked.
async fn serve() -> Outcomes<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    let zeros = Zeros::default();
    let requests = zeros.0.clone();
    tokio::spawn(async move {
        let accept = |stream, peer| {
            let zeros = zeros.clone();
            async move { accept_tcp_connection(stream, peer, |_| Ok(Some(zeros.clone()))) }
        };
        Server::new(listener).serve(&accept, |_| {}).await
    });
    let ask = || -> std::io::Result<usize> { std::io::stdin().read(&mut [0]) };
    while tokio::task::spawn_blocking(ask).await?? > 0 {
        println!("{}", requests.load(Ordering::Relaxed));
        std::io::stdout().flush()?;
    }
    Ok(())
}

#[derive(Clone, Default)]
struct Zeros(Arc<AtomicU64>);

impl Service for Zeros {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        self.0.fetch_add(1, Ordering::Relaxed);
        ready(match request.request {
            Request::ReadHoldingRegisters(_, count) => {
                Ok(Response::ReadHoldingRegisters(vec![0; usize::from(count)]))
            }
            _ => Err(ExceptionCode::IllegalFunction),
        })
    }
}

/// The server's process.
struct Peer {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Peer {
    fn start() -> Outcomes<(Self, u16)> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut peer = Self { child, answers };
        let port = u16::try_from(peer.number()?)?;
        Ok((peer, port))
    }

    fn number(&mut self) -> Outcomes<u64> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().parse()?)
    }

    /// How many requests it has answered.
    fn requests(&mut self) -> Outcomes<u64> {
        self.child.stdin.as_mut().ok_or("no input")?.write_all(b"?")?;
        self.number()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn measure() -> Outcomes<()> {
    let (mut peer, port) = Peer::start()?;
    let (batches, mut incoming) = acquisition::inlet(64, 1_000_000);
    let (health, mut states) = mpsc::channel(256);
    let values = Arc::new(AtomicU64::new(0));
    let received = values.clone();
    tokio::spawn(async move {
        while let Some(batch) = incoming.recv().await {
            let (readings, reply, _room) = batch.open();
            let count: usize = readings.iter().map(|of| of.values.present().count()).sum();
            received.fetch_add(count as u64, Ordering::Relaxed);
            let accepted = readings.len() as u64;
            reply.send(Ok(Outcome { accepted, ..Outcome::default() })).ok();
        }
    });
    tokio::spawn(async move { while states.recv().await.is_some() {} });
    let settings = Settings {
        client_name: "bench".to_owned(),
        outbound: Outbound::new(true),
        serial_ports: SerialPorts::default(),
    };
    let mut supervisor = Supervisor::new(Outbox { batches, health }, settings);
    supervisor.apply((1..=UNITS).map(|unit| device(unit, port)).collect::<Outcomes<_>>()?).await;

    tokio::time::sleep(WARM_UP).await;
    let (start, cpu) = (Instant::now(), cpu_time()?);
    let (values_before, requests_before) = (values.load(Ordering::Relaxed), peer.requests()?);
    tokio::time::sleep(MEASURED).await;
    let (elapsed, cpu) = (start.elapsed(), cpu_time()?.saturating_sub(cpu));
    let values = values.load(Ordering::Relaxed) - values_before;
    let requests = peer.requests()? - requests_before;
    supervisor.stop().await;

    report(elapsed, cpu, values, requests)
}

fn report(elapsed: Duration, cpu: Duration, values: u64, requests: u64) -> Outcomes<()> {
    let cores = std::thread::available_parallelism()?;
    let seconds = elapsed.as_secs_f64();
    let (rate, asked) = (values as f64 / seconds, requests as f64 / seconds);
    let share = 100.0 * cpu.as_secs_f64() / seconds;
    let ratio = values as f64 / requests as f64;
    println!("Modbus TCP, {UNITS} units of {VALUES} values, {cores} cores");
    println!("{:<34}{:>12}{:>14}", "", "measured", "target");
    println!("{:<34}{rate:>12.0}{:>14}", "values per second", "10000");
    println!("{:<34}{share:>12.1}{:>14}", "processor, % of one core", "<= 5");
    println!("{:<34}{:>12.1}{:>14}", "processor, µs per value", share * 1e4 / rate, "<= 5");
    println!("{:<34}{asked:>12.0}{:>14}", "requests per second", "");
    println!("{:<34}{ratio:>12.1}{:>14}", "fewer than one per value, times", ">= 10");
    Ok(())
}

fn device(unit: u8, port: u16) -> Outcomes<Device> {
    let point = |(place, name): (usize, &&str), base: usize| {
        ((*name).to_owned(), json!({"address": base + 2 * place, "type": "i32", "scale": 0.01}))
    };
    let counters = COUNTERS.iter().enumerate().map(|entry| point(entry, 0x5000));
    let instantaneous = INSTANTANEOUS.iter().enumerate().map(|entry| point(entry, 0x5B00));
    let registers: Map<String, Value> = counters.chain(instantaneous).collect();
    let settings =
        json!({"host": "127.0.0.1", "port": port, "unitId": unit, "registers": registers});
    let id = i64::from(unit);
    Ok(Device {
        id: DeviceId(id),
        site: SiteId(1),
        zone: chrono_tz::UTC,
        meter: MeterId(id),
        meter_name: format!("Unit {unit}"),
        poll: POLL,
        communication: Communication::parse(Protocol::Modbus, &settings)?,
    })
}

/// Processor time of this process so far, its own and the system's on its behalf.
fn cpu_time() -> Outcomes<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let (user, system) = (usage.user_time(), usage.system_time());
    let microseconds = |time: nix::sys::time::TimeVal| {
        Ok::<_, std::num::TryFromIntError>(
            u64::try_from(time.tv_sec())? * 1_000_000 + u64::try_from(time.tv_usec())?,
        )
    };
    Ok(Duration::from_micros(microseconds(user)? + microseconds(system)?))
}
