//! The cost of the check of permissions for each request, and the time to post readings while others guess passwords.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench people` provides one.

#[path = "../../../crates/service/benches/ground/database.rs"]
mod database;
#[path = "../ground/http.rs"]
mod http;

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use chrono::{NaiveTime, TimeDelta, Utc};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Requests for each way of saying who asks.
const CHECKS: usize = 2_000;
/// Requests with readings, and the readings in each.
const POSTS: u32 = 400;
const READINGS: u32 = 10;
/// Clients that guess passwords, and how long they do so before readings are sent.
const GUESSING: u8 = 32;
const WARM_UP: Duration = Duration::from_secs(1);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    // The HTTP client asks for it, though nothing here is TLS.
    rustls::crypto::ring::default_provider().install_default().ok();
    let server = Builder::new_multi_thread().enable_all().build()?;
    // With threads of their own, so that what is measured waits for the server and not for guesses.
    let guessing = Builder::new_multi_thread().enable_all().build()?;
    let measuring = Builder::new_current_thread().enable_all().build()?;
    let pool = server.block_on(database::fresh()).map_err(|error| error.to_string())?;
    let (service, tasks) = server.block_on(service::start(pool, service::Vault::random()))?;
    let stop = CancellationToken::new();
    let address = server.block_on(http::serve(&service, &stop))?;
    measuring.block_on(measure(address, guessing.handle()))?;
    stop.cancel();
    server.block_on(tasks.stop());
    Ok(())
}

async fn measure(address: SocketAddr, guessing: &Handle) -> Result<()> {
    println!("| what, one request after the other | median | p99 |");
    println!("|---|---|---|");
    let near = Asking::with(None, address)?;
    let meter = json!({"meterNumber": "M", "meterName": "M", "meterType": "Main"});
    let meter = data(near.post("/api/Energy/meters", &meter)).await?;
    near.check("at this machine, without users").await?;

    let credentials = json!({"name": "asha", "password": "turbine lamp 4 river"});
    let mut user = credentials.clone();
    user["roles"] = json!([{"role": "admin"}]);
    data(near.post("/api/users", &user)).await?;
    let signed_in = near.post("/api/session", &credentials).send().await?.error_for_status()?;
    let cookie = signed_in.headers().get(SET_COOKIE).ok_or("no session")?.to_str()?;
    let cookie = cookie.split_once(';').map_or(cookie, |(cookie, _)| cookie).parse()?;
    let user = Asking::with(Some((COOKIE, cookie)), address)?;
    user.check("by cookie").await?;

    let ends = Utc::now() + TimeDelta::days(1);
    let token = json!({"name": "bench", "actions": ["send_readings"], "expiresAt": ends});
    let token = data(user.post("/api/tokens", &token)).await?;
    let token = format!("Bearer {}", token["token"].as_str().ok_or("no token")?).parse()?;
    let program = Asking::with(Some((AUTHORIZATION, token)), address)?;
    program.check("by token").await?;

    let path = format!("/api/Energy/meters/{}/readings", meter["id"]);
    let post = |number| program.post(&path, &readings(number));
    print_line("ten readings posted, alone", &times((0..POSTS).map(post)).await?, 1e3, "ms");

    let (began, stop, mut clients) = (Instant::now(), CancellationToken::new(), JoinSet::new());
    let stranger = Asking::with(None, address)?;
    for number in 0..GUESSING {
        clients.spawn_on(guess(stranger.clone(), number, stop.clone()), guessing);
    }
    tokio::time::sleep(WARM_UP).await;
    let beside = times((POSTS..2 * POSTS).map(post)).await?;
    stop.cancel();
    let (mut wrong, mut too_many) = (0, 0);
    while let Some(guesses) = clients.join_next().await {
        let guesses = guesses??;
        (wrong, too_many) = (wrong + guesses.0, too_many + guesses.1);
    }
    let (what, took) = (format!("{GUESSING} clients guess passwords"), began.elapsed().as_secs());
    print_line(&format!("ten readings posted, while {what}"), &beside, 1e3, "ms");
    println!("guesses in {took} s: {wrong} answered with 401, {too_many} with 429");
    Ok(())
}

/// Somebody who asks the server, known by a header or by being at this machine.
#[derive(Clone)]
struct Asking(Client, SocketAddr);

impl Asking {
    fn with(header: Option<(HeaderName, HeaderValue)>, address: SocketAddr) -> Result<Self> {
        let client = Client::builder().default_headers(header.into_iter().collect());
        Ok(Self(client.no_proxy().build()?, address))
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.0.post(format!("http://{}{path}", self.1));
        request.header(CONTENT_TYPE, "application/json").body(body.to_string())
    }

    /// Measures the request that does nothing but say who asks.
    async fn check(&self, how: &str) -> Result<()> {
        let ask = || self.0.get(format!("http://{}/api/me", self.1));
        let me = data(ask()).await?;
        if me["actions"].as_array().is_none_or(Vec::is_empty) {
            return Err(format!("{how}: the server does not know who asks: {me}").into());
        }
        let times = times((0..CHECKS).map(|_| ask())).await?;
        print_line(&format!("`GET /api/me` {how}"), &times, 1e6, "µs");
        Ok(())
    }
}

/// Guesses until `stop`, each time for another user from another address: one alone would have to wait soon. The
/// server believes a proxy on this machine whom it names. Answers how many were answered with 401 and with 429.
async fn guess(stranger: Asking, number: u8, stop: CancellationToken) -> Result<(u64, u64)> {
    let (mut wrong, mut too_many) = (0, 0);
    for n in (0_u32..).take_while(|_| !stop.is_cancelled()) {
        let body = json!({"name": format!("n{number}-{n}"), "password": "wrong wrong wrong"});
        let from = format!("198.51.{number}.{}", n % 250);
        let request = stranger.post("/api/session", &body).header("X-Forwarded-For", from);
        let answer = request.send().await?;
        match answer.status().as_u16() {
            401 => wrong += 1,
            429 => too_many += 1,
            status => return Err(format!("a wrong password is answered with {status}").into()),
        }
        // Read, so that the connection is kept.
        answer.bytes().await?;
    }
    Ok((wrong, too_many))
}

/// The readings of a request, one a minute, from a month ago on.
fn readings(number: u32) -> Value {
    let begin = Utc::now().date_naive().and_time(NaiveTime::MIN).and_utc() - TimeDelta::days(30);
    let at = |minute: u32| begin + TimeDelta::minutes(minute.into());
    let reading = |n: u32| json!({"timestamp": at(n), "energyImportKwh": f64::from(n)});
    (number * READINGS..(number + 1) * READINGS).map(reading).collect()
}

async fn data(request: RequestBuilder) -> Result<Value> {
    let answer = request.send().await?.error_for_status()?.bytes().await?;
    Ok(serde_json::from_slice::<Value>(&answer)?["data"].take())
}

/// How long each took, the shortest first.
async fn times(requests: impl Iterator<Item = RequestBuilder>) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for request in requests {
        let began = Instant::now();
        request.send().await?.error_for_status()?.bytes().await?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    Ok(times)
}

fn print_line(what: &str, times: &[Duration], per_second: f64, unit: &str) {
    let at = |hundredths: usize| {
        let place = times.len().saturating_sub(1) * hundredths / 100;
        times.get(place).map_or(f64::NAN, Duration::as_secs_f64) * per_second
    };
    println!("| {what} | {:.1} {unit} | {:.1} {unit} |", at(50), at(99));
}
