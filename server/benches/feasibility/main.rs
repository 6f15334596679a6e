//! How fast a place finds its transformer among a million, and how fast connections are reserved.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench feasibility` provides one.
//! `TRANSFORMERS` sets another number than a million.

mod client;
#[path = "../../../crates/service/benches/ground/database.rs"]
mod database;
mod figures;
#[path = "../ground/http.rs"]
mod http;
mod requests;

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use client::Client;
use figures::Took;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

const WHO: Principal = Principal::Loopback;
const TRANSFORMERS: usize = 1_000_000;
const SEED: u64 = 37_774;
/// Rows of an INSERT.
const PART: usize = 10_000;

/// Requests that the index is asked in turn.
const LOOKED_UP: usize = 50_000;
const PER_SECOND: u32 = 5_000;
const SECONDS: u32 = 10;
/// Connections that requests are spread over.
const SOCKETS: u32 = 16;
/// Clients that reserve at the same time.
const RESERVING: usize = 4;
const RESERVED_EACH: usize = 500;
const ON_ONE: usize = 64;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let server = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // The clients have a thread of their own, so that they wait for the server and not in it.
    let clients = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let count = std::env::var("TRANSFORMERS").ok().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(TRANSFORMERS);
    let pool = server.block_on(filled(count))?;
    println!("| what, {count} transformers | measured | target |");
    println!("|---|---|---|");
    let world = server.block_on(World::start(&pool))?;
    server.block_on(index(&world.service))?;
    clients.block_on(checks(world.address))?;
    let before = server.block_on(connected(&pool))?;
    clients.block_on(distinct(world.address))?;
    let place = server.block_on(roomy(&pool))?;
    clients.block_on(one(world.address, place))?;
    server.block_on(truth(&pool, before))?;
    server.block_on(world.end());
    Ok(())
}

/// A database with that many transformers.
async fn filled(count: usize) -> Result<PgPool> {
    let pool = database::fresh().await.map_err(|error| error.to_string())?;
    let mut all = simulator::transformers::transformers(SEED, count).map(requests::stored);
    loop {
        let part: Vec<_> = all.by_ref().take(PART).collect();
        if part.is_empty() {
            break;
        }
        storage::grid::transformers::insert(&pool, &part).await?;
    }
    sqlx::query("VACUUM (ANALYZE) transformers").execute(&pool).await?;
    Ok(pool)
}

/// The running server.
struct World {
    service: Service,
    tasks: Tasks,
    address: SocketAddr,
    stop: CancellationToken,
}

impl World {
    async fn start(pool: &PgPool) -> Result<Self> {
        let began = Instant::now();
        let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
        let first = requests::check(0);
        service::grid::feasibility(&service, &WHO, &first).await?;
        println!("| start to first answer | {:.1} s | |", began.elapsed().as_secs_f64());
        let stop = CancellationToken::new();
        let address = http::serve(&service, &stop).await?;
        Ok(Self { service, tasks, address, stop })
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.stop().await;
    }
}

/// The use case without HTTP: check, search, voltages, answer.
async fn index(service: &Service) -> Result<()> {
    let kinds = [
        ("as households ask", Some(50), requests::check as fn(usize) -> _),
        ("of 150 kW, which few can take", None, requests::large),
        ("of 2,000 kW, which none can take", None, requests::impossible),
    ];
    for (what, target, request) in kinds {
        let mut took = Took::default();
        for n in 0..LOOKED_UP {
            let request = request(n);
            let began = Instant::now();
            service::grid::feasibility(service, &WHO, &request).await?;
            took.add(began);
        }
        took.micros(&format!("index, {what}"), target);
    }
    Ok(())
}

/// Checks over HTTP at a steady rate. Each counts from when it was due.
async fn checks(address: SocketAddr) -> Result<()> {
    let start = Instant::now() + Duration::from_millis(100);
    let mut sockets = tokio::task::JoinSet::new();
    for socket in 0..SOCKETS {
        sockets.spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut took = Took::default();
            for n in (socket..PER_SECOND * SECONDS).step_by(SOCKETS as usize) {
                let due = start + Duration::from_secs(1) * n / PER_SECOND;
                tokio::time::sleep_until(due.into()).await;
                let body = serde_json::to_string(&requests::check(n as usize))?;
                let answer = client.post("/feasibility-check", &body).await?;
                if !answer.contains("feasible") {
                    return Err(answer.into());
                }
                took.add(due);
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(took)
        });
    }
    let took = figures::joined(sockets).await?;
    let rate = took.count() as f64 / start.elapsed().as_secs_f64();
    println!("| HTTP checks answered | {rate:.0}/s | {PER_SECOND} |");
    took.millis("HTTP check", Some(5));
    Ok(())
}

/// Reservations at places all over the city, committed before they are answered.
async fn distinct(address: SocketAddr) -> Result<()> {
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..RESERVING {
        clients.spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut took = Took::default();
            for n in 0..RESERVED_EACH {
                let body = serde_json::to_string(&requests::check(number * RESERVED_EACH + n))?;
                let began = Instant::now();
                let answer = client.post("/connection", &body).await?;
                if !answer.contains("approved") {
                    return Err(answer.into());
                }
                took.add(began);
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(took)
        });
    }
    let what = format!("reservation committed, {RESERVING} clients, distinct transformers");
    figures::joined(clients).await?.millis(&what, Some(10));
    Ok(())
}

/// Where a transformer stands that has room for everyone at once.
async fn roomy(pool: &PgPool) -> Result<(f64, f64)> {
    Ok(sqlx::query_as(
        "SELECT latitude, longitude FROM transformers \
         WHERE capacity_kva * 0.8 - connected_consumption_kw BETWEEN 8 AND 12 \
         ORDER BY n DESC LIMIT 1",
    )
    .fetch_one(pool)
    .await?)
}

/// Many clients that want the same transformer at the same time, for whom it has half the room.
async fn one(address: SocketAddr, place: (f64, f64)) -> Result<()> {
    let body = serde_json::to_string(&requests::at(place, 0.25))?;
    let mut sockets = Vec::new();
    for _ in 0..ON_ONE {
        sockets.push(Client::connect(address).await?);
    }
    let mut clients = tokio::task::JoinSet::new();
    let began = Instant::now();
    for mut client in sockets {
        let body = body.clone();
        clients.spawn(async move {
            let answer = client.post("/connection", &body).await?;
            let mut took = Took::default();
            took.add(began);
            if answer.contains("approved") { Ok(took) } else { Err(answer.into()) }
        });
    }
    let what = format!("reservation committed, {ON_ONE} clients on one transformer");
    figures::joined(clients).await?.millis(&what, Some(1000));
    Ok(())
}

/// What Postgres holds after all that.
async fn truth(pool: &PgPool, before: f64) -> Result<()> {
    let over: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM transformers WHERE connected_consumption_kw > capacity_kva * 0.8 \
             OR connected_production_kw > capacity_kva * 0.3",
    )
    .fetch_one(pool)
    .await?;
    let approved: f64 = sqlx::query_scalar(
        "SELECT sum(requested_consumption_kw)::float8 FROM connections WHERE status = 'approved'",
    )
    .fetch_one(pool)
    .await?;
    let more = connected(pool).await? - before;
    println!("| transformers past a limit | {over} | 0 |");
    println!("| kW connected, more than approved | {:.3} | 0 |", more - approved);
    Ok(())
}

/// kW of load at all transformers.
async fn connected(pool: &PgPool) -> Result<f64> {
    let sum = "SELECT sum(connected_consumption_kw)::float8 FROM transformers";
    Ok(sqlx::query_scalar(sum).fetch_one(pool).await?)
}
