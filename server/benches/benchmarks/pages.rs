//! How soon the pages of the demo plant begin to answer, once each was asked for a few times.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench pages` provides one. The finished program runs in a
//! process of its own, with the demo's drivers and devices at work. Small, it has no plant to show.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Row, Size, Times, say};
use reqwest::Client;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use sqlx::{ConnectOptions as _, PgPool};

use crate::database;

/// Pages of the rail, and views of them.
const PAGES: [&str; 20] = [
    "/",
    "/?period=month&compare=previous",
    "/meters",
    "/meters?view=map",
    "/losses",
    "/losses?by=area",
    "/carbon",
    "/history",
    "/alarms",
    "/reports",
    "/devices",
    "/loggers",
    "/sites",
    "/grid",
    "/connections",
    "/simulator",
    "/energy",
    "/bills",
    "/trades",
    "/settings",
];
/// The meter whose page is asked for, which only the plant has.
const METER: &str = "SELECT id FROM energy_meters WHERE meter_number = 'GRID-001'";

/// Headers of Chromium for an address that is typed.
const HEADERS: [(&str, &str); 8] = [
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    ),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.9"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "none"),
    ("sec-fetch-user", "?1"),
    ("upgrade-insecure-requests", "1"),
];

/// Requests that warm a page up.
const WARM: u32 = 10;
/// The start of the demo, with the hours before it.
const BEGINNING: Duration = Duration::from_secs(90);
/// The computing of those hours and the neighbourhood's past, beside which pages answer later.
const SETTLING: Duration = Duration::from_secs(90);
/// Whether the bills of the neighbourhood are made: the last of its past.
const FOUNDED: &str = "SELECT EXISTS (SELECT FROM bill_runs WHERE finished_at IS NOT NULL)";
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn run(size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(size))
}

async fn measure(size: Size) -> Result<()> {
    // The HTTP client asks for it, though nothing here is TLS.
    rustls::crypto::ring::default_provider().install_default().ok();
    let pool = database::fresh("pages").await?;
    let folder = tempfile::tempdir()?;
    let mut program = Program::start(&pool, folder.path(), size)?;
    let client = browser()?;
    program.ready(&client).await?;
    if let Size::Full = size {
        settled(&pool).await?;
    }
    let meter: Option<i64> = sqlx::query_scalar(METER).fetch_optional(&pool).await?;
    let own = meter.map(|meter| format!("/meters/{meter}"));
    let pages: Vec<String> = PAGES.map(str::to_owned).into_iter().chain(own).collect();
    let progress = Progress::of("pages", pages.len() as u64);
    let mut slowest: Vec<(f64, String)> = Vec::new();
    for page in pages {
        let mut times = first_bytes(&client, &program.url(&page), size.pick(100, 2)).await?;
        let name = format!("first byte of `{page}`");
        Row::lower(format!("{name}, p95"), times.at(950) * 1e3, "ms").target(30.0).print();
        slowest.push((times.longest(), page));
        progress.add(1);
    }
    slowest.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (seconds, page) = slowest.pop().ok_or("no page was asked for")?;
    say(format_args!("the slowest answer was one of {page}"));
    Row::lower("first byte of any page, the slowest", seconds * 1e3, "ms").target(60.0).print();
    Ok(())
}

/// A client that asks as a browser does.
fn browser() -> Result<Client> {
    let mut headers = HeaderMap::new();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let client = Client::builder().default_headers(headers).redirect(Policy::none()).no_proxy();
    Ok(client.timeout(Duration::from_secs(30)).build()?)
}

/// The time until the first byte of a page, so many times after those that warm it up.
async fn first_bytes(client: &Client, url: &str, count: u32) -> Result<Times> {
    let mut times = Times::default();
    for request in 0..WARM + count {
        let began = Instant::now();
        let answer = client.get(url).send().await?;
        if request >= WARM {
            times.add(began);
        }
        if answer.status() != 200 {
            return Err(format!("{url} is answered with {}", answer.status()).into());
        }
        // Read, so that the connection is kept.
        answer.bytes().await?;
    }
    Ok(times)
}

/// Waits until the plant's past is computed and the neighbourhood has its own, for a while.
async fn settled(pool: &PgPool) -> Result<()> {
    let _progress = Progress::new("compute the past of the plant and of the neighbourhood");
    let began = Instant::now();
    while !is_settled(pool).await? {
        if began.elapsed() > SETTLING {
            say("pages are asked for while the program still computes");
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

async fn is_settled(pool: &PgPool) -> Result<bool> {
    let founded: bool = sqlx::query_scalar(FOUNDED).fetch_one(pool).await?;
    Ok(founded && storage::rollup::is_idle(pool).await?)
}

/// The program, until it is dropped.
struct Program {
    address: SocketAddr,
    process: Child,
}

impl Program {
    fn start(pool: &PgPool, folder: &Path, size: Size) -> Result<Self> {
        // Of the assets pages have no more than the names.
        let site = folder.join("site");
        fs::create_dir_all(&site)?;
        fs::write(site.join("site.json"), r#"{"pkg":"pkg/none"}"#)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_wattlens"));
        command.args(["serve", "--listen", &address.to_string()]);
        command.arg("--data-dir").arg(folder.join("data")).arg("--site-root").arg(site);
        command.args(size.pick(&["--demo"][..], &[]));
        // Its hours before the start are made up; a slow disk would keep it waiting for most of them.
        command.env("PGOPTIONS", "-c synchronous_commit=off");
        command.env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str());
        command.stdout(Stdio::null());
        Ok(Self { address, process: command.spawn()? })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn ready(&mut self, client: &Client) -> Result<()> {
        let _progress = Progress::new("start the program");
        let (began, url) = (Instant::now(), self.url("/readyz"));
        while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("the program ended: {status}").into());
            }
            if began.elapsed() > BEGINNING {
                return Err(format!("it is not ready after {} s", BEGINNING.as_secs()).into());
            }
            tokio::time::sleep(LOOK).await;
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
