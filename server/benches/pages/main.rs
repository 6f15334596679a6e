//! How soon the pages of the demo plant begin to answer, once each was asked for a few times.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench pages` provides one. The finished program runs in a
//! process of its own, with the demo's drivers and devices at work.

#[path = "../../../crates/service/benches/ground/database.rs"]
mod database;

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Client;
use sqlx::{ConnectOptions as _, PgPool};

const PAGES: [&str; 7] = ["/", "/meters", "/losses", "/carbon", "/alarms", "/devices", "/sites"];
/// Requests that are timed, after those that warm a page up.
const TIMED: usize = 200;
const WARM: usize = 10;
/// Milliseconds until the first byte, for 95 of 100.
const TARGET: u32 = 30;
/// Until the demo has the hours before its start, and its devices were read.
const BEGINNING: Duration = Duration::from_mins(3);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<()> {
    // The HTTP client asks for it, though nothing here is TLS.
    rustls::crypto::ring::default_provider().install_default().ok();
    let pool = database::fresh().await.map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir()?;
    let program = Program::start(&pool, folder.path())?;
    let client = Client::new();
    program.ready(&client).await?;
    println!("| first byte of a page of the demo, warm | p50 | p95 | target |");
    println!("|---|---|---|---|");
    for page in PAGES {
        let url = format!("http://{}{page}", program.address);
        let mut times = Vec::with_capacity(TIMED);
        for request in 0..WARM + TIMED {
            let took = first_byte(&client, &url).await?;
            if request >= WARM {
                times.push(took);
            }
        }
        times.sort_unstable();
        let of = |hundredths: usize| times[TIMED * hundredths / 100 - 1].as_secs_f64() * 1_000.0;
        println!("| {page} | {:.1} ms | {:.1} ms | {TARGET} ms |", of(50), of(95));
    }
    Ok(())
}

async fn first_byte(client: &Client, url: &str) -> Result<Duration> {
    let began = Instant::now();
    let answer = client.get(url).send().await?.error_for_status()?;
    let took = began.elapsed();
    answer.bytes().await?;
    Ok(took)
}

/// The program with the demo plant, until it is dropped.
struct Program {
    address: SocketAddr,
    process: Child,
}

impl Program {
    fn start(pool: &PgPool, folder: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_wattlens"));
        command
            .args(["serve", "--demo", "--listen", &address.to_string(), "--data-dir"])
            .arg(folder);
        command.env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str());
        command.stdout(Stdio::null());
        Ok(Self { address, process: command.spawn()? })
    }

    async fn ready(&self, client: &Client) -> Result<()> {
        let began = Instant::now();
        let url = format!("http://{}/readyz", self.address);
        while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            if began.elapsed() > BEGINNING {
                return Err("the demo is not ready after three minutes".into());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has nothing to keep.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
