//! The same readings into InfluxDB 1.x over its line protocol, the way its users write them.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use benchmark::{Peer, Progress};
use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;

use crate::ingest::load::{METERS, Shape, reading};

/// Writers at the same time.
const WORKERS: usize = 4;

/// Rows per second over so long, or why they were not measured.
pub(crate) fn measure(long: Duration) -> Result<Peer, String> {
    let name = version()?;
    let server = Server::start()?;
    let (first, began) = (Utc::now() - TimeDelta::hours(2), Instant::now());
    let progress = Progress::new(format!("the same into {name} for {} s", long.as_secs()));
    let write = |worker: i32| -> Result<usize, String> {
        let mut connection = connect(server.port)?;
        let mut sent = 0;
        for second in (worker..).step_by(WORKERS) {
            if began.elapsed() >= long {
                break;
            }
            let body = lines(first + TimeDelta::seconds(1) * second, f64::from(second));
            post(&mut connection, "/write?db=bench&precision=s", &body)?;
            sent += METERS;
            progress.add(METERS as u64);
        }
        Ok(sent)
    };
    let sent: usize = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..).take(WORKERS).map(|worker| scope.spawn(move || write(worker))).collect();
        let sent = workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| "a writer panicked".to_owned())?);
        sent.sum::<Result<_, String>>()
    })?;
    Ok(Peer { name, value: sent as f64 / began.elapsed().as_secs_f64() })
}

/// Its name with its version, out of "InfluxDB v1.6.7~rc0 (git: …)".
fn version() -> Result<String, String> {
    let output = Command::new("influxd").arg("version").stderr(Stdio::null()).output();
    let output = output.map_err(|error| format!("influxd cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().nth(1).ok_or("influxd does not say its version")?;
    Ok(format!("InfluxDB {}", version.trim_start_matches('v')))
}

/// All meters at one time.
fn lines(at: DateTime<Utc>, step: f64) -> String {
    let mut text = String::with_capacity(METERS * 400);
    for meter in 0..METERS {
        let id = i64::try_from(meter).unwrap_or(0);
        let row = reading(MeterId(id), at, Shape::Wide, step);
        write!(text, "readings,meter={meter} ").ok();
        for (i, (field, value)) in row.values.present().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(text, "{comma}{}={value}", field.column()).ok();
        }
        writeln!(text, " {}", at.timestamp()).ok();
    }
    text
}

struct Server {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Server {
    fn start() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (port, backup) = (free_port()?, free_port()?);
        let at = folder.path().display();
        let config = format!(
            "reporting-disabled = true\nbind-address = \"127.0.0.1:{backup}\"\n\
             [meta]\ndir = \"{at}/meta\"\n[data]\ndir = \"{at}/data\"\nwal-dir = \"{at}/wal\"\n\
             [http]\nbind-address = \"127.0.0.1:{port}\"\nlog-enabled = false\n"
        );
        let file = folder.path().join("influxdb.conf");
        std::fs::write(&file, config).map_err(|error| error.to_string())?;
        let process = Command::new("influxd")
            .arg("-config")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("influxd cannot be started: {error}"))?;
        let server = Self { process, port, _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let made = connect(port).and_then(|mut connection| {
                post(&mut connection, "/query?q=CREATE+DATABASE+bench", "")
            });
            match made {
                Ok(()) => return Ok(server),
                Err(error) if Instant::now() > deadline => return Err(error),
                Err(_) => thread::sleep(Duration::from_millis(100)),
            }
        }
    }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

fn connect(port: u16) -> Result<TcpStream, String> {
    let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    Ok(stream)
}

/// Sends one request on a kept connection and reads its answer.
fn post(stream: &mut TcpStream, path: &str, body: &str) -> Result<(), String> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let exchange = |stream: &mut TcpStream| -> std::io::Result<String> {
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut answer = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let count = stream.read(&mut piece)?;
            answer.extend_from_slice(&piece[..count]);
            let text = String::from_utf8_lossy(&answer);
            let Some((head, rest)) = text.split_once("\r\n\r\n") else {
                if count == 0 {
                    return Ok(text.into_owned());
                }
                continue;
            };
            let complete = head.contains(" 204 ") || rest.ends_with("0\r\n\r\n") || {
                let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
                length.and_then(|n| n.parse().ok()).is_some_and(|n: usize| rest.len() >= n)
            };
            if complete || count == 0 {
                return Ok(head.to_owned());
            }
        }
    };
    let answer = exchange(stream).map_err(|error| error.to_string())?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if status.starts_with('2') { Ok(()) } else { Err(format!("influxd answers {status}")) }
}
