//! How fast a place finds its transformer among a million, and how fast connections are reserved.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench feasibility` provides one.

mod client;
mod requests;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Row, Size, Times};
use service::{Principal, Service, Tasks};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{database, http};
use client::Client;

const WHO: Principal = Principal::Loopback;
const SEED: u64 = 37_774;
/// Rows of an INSERT.
const PART: usize = 10_000;
const SECONDS: u32 = 10;
/// Connections that requests are spread over.
const SOCKETS: u32 = 16;
/// Clients that reserve at the same time.
const RESERVING: usize = 4;

/// How much is done.
#[derive(Clone, Copy)]
struct Plan {
    transformers: usize,
    /// Requests that the index is asked in turn.
    looked_up: usize,
    /// Checks over HTTP.
    per_second: u32,
    /// Reservations of each client.
    reserved: usize,
    /// Clients that want the same transformer.
    on_one: usize,
}

const FULL: Plan = Plan {
    transformers: 1_000_000,
    looked_up: 50_000,
    per_second: 5_000,
    reserved: 500,
    on_one: 64,
};
const SMALL: Plan =
    Plan { transformers: 50_000, looked_up: 100, per_second: 20, reserved: 5, on_one: 8 };

pub(crate) fn run(size: Size) -> Result<()> {
    let plan = size.pick(FULL, SMALL);
    let server = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // The clients have a thread of their own, so that they wait for the server and not in it.
    let clients = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pool = server.block_on(filled(plan.transformers))?;
    let world = server.block_on(World::start(&pool))?;
    server.block_on(index(&world.service, plan))?;
    clients.block_on(checks(world.address, plan.per_second, size.pick(SECONDS, 1)))?;
    let before = server.block_on(connected(&pool))?;
    clients.block_on(distinct(world.address, plan.reserved))?;
    let place = server.block_on(roomy(&pool))?;
    clients.block_on(one(world.address, place, plan.on_one))?;
    server.block_on(truth(&pool, before))?;
    server.block_on(world.end());
    Ok(())
}

/// A database with that many transformers.
async fn filled(count: usize) -> Result<PgPool> {
    let progress = Progress::of("transformers filled in", count as u64);
    let pool = database::fresh("feasibility").await?;
    let mut all = simulator::transformers::transformers(SEED, count).map(requests::stored);
    loop {
        let part: Vec<_> = all.by_ref().take(PART).collect();
        if part.is_empty() {
            break;
        }
        storage::grid::transformers::insert(&pool, &part).await?;
        progress.add(part.len() as u64);
    }
    sqlx::query("VACUUM (ANALYZE) transformers").execute(&pool).await?;
    Ok(pool)
}

/// A row of durations: the 99th percentile, with what it should be at most, in units of which a second has so many.
fn print(what: &str, times: &mut Times, (unit, per_second): (&str, f64), target: Option<f64>) {
    let row = Row::lower(format!("{what}, p99"), times.at(990) * per_second, unit);
    Row { target, ..row }.print();
}

const MICROSECONDS: (&str, f64) = ("µs", 1e6);
const MILLISECONDS: (&str, f64) = ("ms", 1e3);

/// The running server.
struct World {
    service: Service,
    tasks: Tasks,
    address: SocketAddr,
    stop: CancellationToken,
}

impl World {
    async fn start(pool: &PgPool) -> Result<Self> {
        let _progress = Progress::new("start");
        let began = Instant::now();
        let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
        let first = requests::check(0);
        service::grid::feasibility(&service, &WHO, &first).await?;
        Row::lower("start to first answer", began.elapsed().as_secs_f64(), "s").print();
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
async fn index(service: &Service, plan: Plan) -> Result<()> {
    let kinds = [
        ("as households ask", Some(50.0), requests::check as fn(usize) -> _),
        ("of 150 kW, which few can take", None, requests::large),
        ("of 2,000 kW, which none can take", None, requests::impossible),
    ];
    for (what, target, request) in kinds {
        let what = format!("index, {what}");
        let progress = Progress::of(&what, plan.looked_up as u64);
        let mut times = Times::default();
        for n in 0..plan.looked_up {
            let request = request(n);
            let began = Instant::now();
            service::grid::feasibility(service, &WHO, &request).await?;
            times.add(began);
            progress.add(1);
        }
        print(&what, &mut times, MICROSECONDS, target);
    }
    Ok(())
}

/// Checks over HTTP at a steady rate. Each counts from when it was due.
async fn checks(address: SocketAddr, per_second: u32, seconds: u32) -> Result<()> {
    let _progress = Progress::new(format!("checks over HTTP for {seconds} s"));
    let start = Instant::now() + Duration::from_millis(100);
    let mut sockets: JoinSet<Result<Times>> = JoinSet::new();
    for socket in 0..SOCKETS {
        sockets.spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut times = Times::default();
            for n in (socket..per_second * seconds).step_by(SOCKETS as usize) {
                let due = start + Duration::from_secs(1) * n / per_second;
                tokio::time::sleep_until(due.into()).await;
                let body = serde_json::to_string(&requests::check(n as usize))?;
                let answer = client.post("/feasibility-check", &body).await?;
                if !answer.contains("feasible") {
                    return Err(answer.into());
                }
                times.add(due);
            }
            Ok(times)
        });
    }
    let mut times = joined(sockets).await?;
    let rate = times.count() as f64 / start.elapsed().as_secs_f64();
    Row::higher("HTTP checks at 5,000 a second, answered", rate, "checks/s").print();
    print("HTTP check", &mut times, MILLISECONDS, Some(5.0));
    Ok(())
}

/// Reservations at places all over the city, committed before they are answered.
async fn distinct(address: SocketAddr, each: usize) -> Result<()> {
    let _progress = Progress::new(format!("{RESERVING} clients reserve {each} times"));
    let mut clients: JoinSet<Result<Times>> = JoinSet::new();
    for number in 0..RESERVING {
        clients.spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut times = Times::default();
            for n in 0..each {
                let body = serde_json::to_string(&requests::check(number * each + n))?;
                let began = Instant::now();
                let answer = client.post("/connection", &body).await?;
                if !answer.contains("approved") {
                    return Err(answer.into());
                }
                times.add(began);
            }
            Ok(times)
        });
    }
    let what = format!("reservation committed, {RESERVING} clients, distinct transformers");
    print(&what, &mut joined(clients).await?, MILLISECONDS, Some(10.0));
    Ok(())
}

/// All durations of tasks.
async fn joined(mut tasks: JoinSet<Result<Times>>) -> Result<Times> {
    let mut all = Times::default();
    while let Some(times) = tasks.join_next().await {
        all.append(times??);
    }
    Ok(all)
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
async fn one(address: SocketAddr, place: (f64, f64), count: usize) -> Result<()> {
    let _progress = Progress::new(format!("{count} clients want one transformer"));
    let body = serde_json::to_string(&requests::at(place, 0.25))?;
    let mut sockets = Vec::new();
    for _ in 0..count {
        sockets.push(Client::connect(address).await?);
    }
    let mut clients: JoinSet<Result<Times>> = JoinSet::new();
    let began = Instant::now();
    for mut client in sockets {
        let body = body.clone();
        clients.spawn(async move {
            let answer = client.post("/connection", &body).await?;
            let mut times = Times::default();
            times.add(began);
            if answer.contains("approved") { Ok(times) } else { Err(answer.into()) }
        });
    }
    let mut times = joined(clients).await?;
    let what = format!("reservation committed, {count} clients on one transformer, the slowest");
    Row::lower(what, times.longest() * 1e3, "ms").target(1_000.0).print();
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
    Row::lower("transformers past a limit", over as f64, "transformers").target(0.0).print();
    // Sums of floats, in whatever order the database adds them.
    if (more - approved).abs() > 0.001 {
        return Err(format!("{more} kW are connected, {approved} kW were approved").into());
    }
    Ok(())
}

/// kW of load at all transformers.
async fn connected(pool: &PgPool) -> Result<f64> {
    let sum = "SELECT sum(connected_consumption_kw)::float8 FROM transformers";
    Ok(sqlx::query_scalar(sum).fetch_one(pool).await?)
}
