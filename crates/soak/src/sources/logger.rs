//! Loggers that record each of their meters, and upload what was not acknowledged yet. Now and then one
//! uploads a file again, or a newer file before an older one.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{interval, sleep, timeout};

use crate::ledger::{Ledger, Told};
use crate::plan::{LOGGERS, Meter, RECORDED};

/// What each authenticates itself with.
const PASSWORD: &str = "upload-secret";
const BOUNDARY: &str = "MIME_BOUNDRY_MIME_BOUNDRY";
/// Seconds between two lines.
const STEP: i64 = 5;
/// Between two rounds of uploads of a logger.
const EVERY: Duration = Duration::from_secs(15);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// Of a hundred files, so many are uploaded again, and so many in two halves, the newer one first.
const AGAIN: u32 = 10;
const TURNED: u32 = 10;

/// Serial number of a logger.
pub(crate) fn serial(logger: usize) -> String {
    format!("001EC60A{logger:04}")
}

/// What adds a logger.
pub(crate) fn registration(logger: usize) -> Value {
    let columns: serde_json::Map<String, Value> =
        (1..=RECORDED).map(|n| (n.to_string(), json!({"totalEnergyKwh": 0}))).collect();
    json!({"serialNumber": serial(logger), "password": PASSWORD, "columns": columns})
}

/// A logger that is at work.
pub(crate) struct Logger {
    number: usize,
    port: u16,
    ledger: Ledger,
    random: StdRng,
    recorded: Vec<Vec<Told>>,
}

impl Logger {
    pub(crate) fn new(number: usize, port: u16, ledger: Ledger, seed: u64) -> Self {
        debug_assert!(number < LOGGERS, "loggers are counted from 0");
        let random = StdRng::seed_from_u64(seed ^ u64::try_from(number).unwrap_or_default());
        Self { number, port, ledger, random, recorded: vec![Vec::new(); RECORDED] }
    }

    /// Records and uploads until `stop`, and then until everything was acknowledged or `within` has passed;
    /// answers how many readings were not.
    pub(crate) async fn work(mut self, stop: Arc<AtomicBool>, within: Duration) -> usize {
        let mut second = interval(Duration::from_secs(1));
        let (mut newest, mut uploaded) = (0, tokio::time::Instant::now());
        while !stop.load(Ordering::Relaxed) {
            second.tick().await;
            let now = Utc::now().timestamp();
            if now / STEP > newest {
                newest = now / STEP;
                self.record(newest * STEP);
            }
            if uploaded.elapsed() >= EVERY {
                uploaded = tokio::time::Instant::now();
                self.upload().await;
            }
        }
        let rest = async {
            while self.recorded.iter().any(|lines| !lines.is_empty()) {
                self.upload().await;
                sleep(Duration::from_millis(500)).await;
            }
        };
        timeout(within, rest).await.ok();
        self.recorded.iter().map(Vec::len).sum()
    }

    fn record(&mut self, seconds: i64) {
        let Some(at) = DateTime::from_timestamp(seconds, 0) else { return };
        for (n, lines) in self.recorded.iter_mut().enumerate() {
            lines.extend(self.ledger.tell(Meter::recorded(self.number, n), at));
        }
    }

    async fn upload(&mut self) {
        for n in 0..RECORDED {
            let lines = self.recorded[n].clone();
            let (older, newer) = lines.split_at(lines.len() / 2);
            let pieces = if self.random.random_range(0..100) < TURNED {
                vec![newer.to_vec(), older.to_vec()]
            } else {
                vec![lines.clone()]
            };
            for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
                if self.send(n, piece).await.is_ok_and(|kept| kept) {
                    self.ledger.acknowledge(Meter::recorded(self.number, n), piece);
                    self.recorded[n].retain(|told| !piece.contains(told));
                    if self.random.random_range(0..100) < AGAIN {
                        self.send(n, piece).await.ok();
                    }
                }
            }
        }
    }

    /// Sends a log file of a meter, and answers whether it was taken.
    async fn send(&self, n: usize, lines: &[Told]) -> Result<bool> {
        let body = self.form(n, lines)?;
        let head = format!(
            "POST /acquisuite/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            anyhow::Ok(answer)
        };
        let answer = timeout(PATIENCE, answer).await??;
        Ok(answer.starts_with("HTTP/1.1 200") && answer.lines().any(|line| line == "SUCCESS"))
    }

    fn form(&self, n: usize, lines: &[Told]) -> Result<Vec<u8>> {
        let mut text = String::new();
        for told in lines {
            let at: DateTime<Utc> = told.at;
            let kwh = told.wh as f64 / 1_000.0;
            writeln!(text, "'{}',0,0x00,0x00,{kwh:.3}", at.format("%Y-%m-%d %H:%M:%S"))?;
        }
        let mut file = GzEncoder::new(Vec::new(), Compression::default());
        file.write_all(text.as_bytes())?;
        let (serial, address) = (serial(self.number), (n + 1).to_string());
        let fields = [
            ("MODE", "LOGFILEUPLOAD"),
            ("SERIALNUMBER", &serial),
            ("PASSWORD", PASSWORD),
            ("MODBUSDEVICE", &address),
        ];
        let mut body = Vec::new();
        for (name, value) in fields {
            write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )?;
        }
        write!(
            body,
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"LOGFILE\"; \
             filename=\"mb-{address:0>3}.{}.log.gz\"\r\n\r\n",
            lines.first().map_or(0, |told| told.at.timestamp())
        )?;
        body.extend(file.finish()?);
        write!(body, "\r\n--{BOUNDARY}--\r\n")?;
        Ok(body)
    }
}
