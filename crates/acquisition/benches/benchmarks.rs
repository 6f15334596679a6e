//! The cost of polling: 100 units with 25 values each, four times a second, from a real Modbus TCP
//! server in a process of its own, so that only the driver's own work is counted.

use std::future::{Ready, ready};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use acquisition::{Outbound, Outbox, Outcome, SerialPorts, Settings, Supervisor};
use benchmark::{Progress, Result, Row, Size};
use domain::devices::{Communication, Device, Protocol};
use domain::{DeviceId, MeterId, SiteId};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::{Server, accept_tcp_connection};
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

const UNITS: u8 = 100;
const VALUES: u64 = 25;
const POLL: Duration = Duration::from_millis(250);

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

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "serve") {
        return tokio::runtime::Runtime::new()?.block_on(serve());
    }
    benchmark::run(&[("modbus", run)])
}

fn run(size: Size) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure(size))
}

/// Serves zeros to whoever asks, and at the end of its input says how often it was asked.
async fn serve() -> Result<()> {
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
    type Future = Ready<std::result::Result<Response, ExceptionCode>>;

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
    fn start() -> Result<(Self, u16)> {
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

    fn number(&mut self) -> Result<u64> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().parse()?)
    }

    /// How many requests it has answered.
    fn requests(&mut self) -> Result<u64> {
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

async fn measure(size: Size) -> Result<()> {
    let (warm_up, measured) = size.pick((2_000, 10_000), (500, 1_000));
    let (warm_up, measured) = (Duration::from_millis(warm_up), Duration::from_millis(measured));
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
    supervisor.apply((1..=UNITS).map(|unit| device(unit, port)).collect::<Result<_>>()?).await;

    let _progress = Progress::new(format!("poll {UNITS} units of {VALUES} values"));
    tokio::time::sleep(warm_up).await;
    let (start, cpu) = (Instant::now(), cpu_time()?);
    let (values_before, requests_before) = (values.load(Ordering::Relaxed), peer.requests()?);
    tokio::time::sleep(measured).await;
    let (elapsed, cpu) = (start.elapsed(), cpu_time()?.saturating_sub(cpu));
    let values = values.load(Ordering::Relaxed) - values_before;
    let requests = peer.requests()? - requests_before;
    supervisor.stop().await;

    if values == 0 || requests == 0 {
        return Err("no unit was read".into());
    }
    let (seconds, values, requests) = (elapsed.as_secs_f64(), values as f64, requests as f64);
    let cpu = cpu.as_secs_f64();
    Row::higher("values per second", values / seconds, "values/s").target(10_000.0).print();
    Row::lower("processor", 100.0 * cpu / seconds, "% of a core").target(5.0).print();
    Row::lower("processor for a value", 1e6 * cpu / values, "µs").target(5.0).print();
    Row::lower("requests per second", requests / seconds, "requests/s").print();
    Row::higher("values by one request", values / requests, "values").target(10.0).print();
    Ok(())
}

fn device(unit: u8, port: u16) -> Result<Device> {
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
fn cpu_time() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let (user, system) = (usage.user_time(), usage.system_time());
    let microseconds = |time: nix::sys::time::TimeVal| {
        Ok::<_, std::num::TryFromIntError>(
            u64::try_from(time.tv_sec())? * 1_000_000 + u64::try_from(time.tv_usec())?,
        )
    };
    Ok(Duration::from_micros(microseconds(user)? + microseconds(system)?))
}
