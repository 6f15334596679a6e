//! The cost of the check of permissions for each request, and the time to post readings while others guess passwords.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench people` provides one.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Row, Size, Times, say};
use chrono::{NaiveTime, TimeDelta, Utc};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{database, http};

/// Readings of a request.
const READINGS: u32 = 10;
/// Guessers of passwords do so for so long before readings are sent.
const WARM_UP: Duration = Duration::from_secs(1);

/// How much is done.
#[derive(Clone, Copy)]
struct Plan {
    /// Requests for each way of saying who asks.
    checks: u32,
    /// Requests with readings.
    posts: u32,
    /// Clients that guess passwords.
    guessing: u8,
}

const FULL: Plan = Plan { checks: 2_000, posts: 400, guessing: 32 };
const SMALL: Plan = Plan { checks: 20, posts: 5, guessing: 2 };

pub(crate) fn run(size: Size) -> Result<()> {
    // The HTTP client asks for it, though nothing here is TLS.
    rustls::crypto::ring::default_provider().install_default().ok();
    let server = Builder::new_multi_thread().enable_all().build()?;
    // With threads of their own, so that what is measured waits for the server and not for guesses.
    let guessing = Builder::new_multi_thread().enable_all().build()?;
    let measuring = Builder::new_current_thread().enable_all().build()?;
    let pool = server.block_on(database::fresh("people"))?;
    let (service, tasks) = server.block_on(service::start(pool, service::Vault::random()))?;
    let stop = CancellationToken::new();
    let address = server.block_on(http::serve(&service, &stop))?;
    measuring.block_on(measure(address, size.pick(FULL, SMALL), guessing.handle()))?;
    stop.cancel();
    server.block_on(tasks.stop());
    Ok(())
}

async fn measure(address: SocketAddr, plan: Plan, guessing: &Handle) -> Result<()> {
    let near = Asking::with(None, address)?;
    let meter = json!({"meterNumber": "M", "meterName": "M", "meterType": "Main"});
    let meter = data(near.post("/api/Energy/meters", &meter)).await?;
    near.check("at this machine, without users", plan.checks).await?;

    let credentials = json!({"name": "asha", "password": "turbine lamp 4 river"});
    let mut user = credentials.clone();
    user["roles"] = json!([{"role": "admin"}]);
    data(near.post("/api/users", &user)).await?;
    let signed_in = near.post("/api/session", &credentials).send().await?.error_for_status()?;
    let cookie = signed_in.headers().get(SET_COOKIE).ok_or("no session")?.to_str()?;
    let cookie = cookie.split_once(';').map_or(cookie, |(cookie, _)| cookie).parse()?;
    let user = Asking::with(Some((COOKIE, cookie)), address)?;
    user.check("by cookie", plan.checks).await?;

    let ends = Utc::now() + TimeDelta::days(1);
    let token = json!({"name": "bench", "actions": ["send_readings"], "expiresAt": ends});
    let token = data(user.post("/api/tokens", &token)).await?;
    let token = format!("Bearer {}", token["token"].as_str().ok_or("no token")?).parse()?;
    let program = Asking::with(Some((AUTHORIZATION, token)), address)?;
    program.check("by token", plan.checks).await?;

    let path = format!("/api/Energy/meters/{}/readings", meter["id"]);
    let post = |number| program.post(&path, &readings(number));
    let posted = "ten readings posted";
    print(&format!("{posted}, alone"), (0..plan.posts).map(post), ("ms", 1e3)).await?;

    let (stop, mut clients) = (CancellationToken::new(), JoinSet::new());
    let stranger = Asking::with(None, address)?;
    for number in 0..plan.guessing {
        clients.spawn_on(guess(stranger.clone(), number, stop.clone()), guessing);
    }
    tokio::time::sleep(WARM_UP).await;
    let what = format!("{posted}, while {} clients guess passwords", plan.guessing);
    print(&what, (plan.posts..2 * plan.posts).map(post), ("ms", 1e3)).await?;
    stop.cancel();
    let (mut wrong, mut too_many) = (0, 0);
    while let Some(guesses) = clients.join_next().await {
        let guesses = guesses??;
        (wrong, too_many) = (wrong + guesses.0, too_many + guesses.1);
    }
    say(format_args!("guesses: {wrong} answered with 401, {too_many} with 429"));
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
    async fn check(&self, how: &str, count: u32) -> Result<()> {
        let ask = || self.0.get(format!("http://{}/api/me", self.1));
        let me = data(ask()).await?;
        if me["actions"].as_array().is_none_or(Vec::is_empty) {
            return Err(format!("{how}: the server does not know who asks: {me}").into());
        }
        print(&format!("`GET /api/me` {how}"), (0..count).map(|_| ask()), ("µs", 1e6)).await
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

/// Sends one request after the other and prints how long they take, in units of which a second has so many.
async fn print(
    what: &str,
    requests: impl Iterator<Item = RequestBuilder>,
    (unit, per_second): (&str, f64),
) -> Result<()> {
    let progress = Progress::new(what);
    let mut times = Times::default();
    for request in requests {
        let began = Instant::now();
        request.send().await?.error_for_status()?.bytes().await?;
        times.add(began);
        progress.add(1);
    }
    for (name, thousandths) in [("p50", 500), ("p99", 990)] {
        Row::lower(format!("{what}, {name}"), times.at(thousandths) * per_second, unit).print();
    }
    Ok(())
}
