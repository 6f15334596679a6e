//! Readings per second through the whole pipeline, beside InfluxDB 1.x where it is installed, and
//! the time from a reading to the live stream.
//!
//! `DATABASE_URL` names a server's database; `cargo xtask bench ingest` provides one.

mod influx;
mod latency;
mod load;
mod size;

use std::sync::Arc;
use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Row, Size, say};
use domain::MeterId;
use service::Tasks;
use tokio::task::JoinSet;

use crate::database;
use load::{METERS, Shape, Source};

/// Sources that hand over batches at the same time.
const SOURCES: usize = 4;

pub(crate) fn run(size: Size) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(size))
}

async fn measure(size: Size) -> Result<()> {
    let long = Duration::from_secs(size.pick(30, 1));
    let short = Duration::from_secs(size.pick(15, 1));
    let count = size.pick(METERS, 40);
    let pool = database::fresh("ingest").await?;
    let meters = load::register(&pool, count).await?;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;

    let wide = ingest(&tasks, &meters, Shape::Wide, long).await?;
    let wide_bytes = size::per_reading(&pool).await?;
    let memory = size::peak_memory_mb();
    let mut delays = latency::measure(&service, &tasks, &meters, size.pick(10, 1)).await?;
    say("stop");
    tasks.stop().await;
    let narrow_bytes = narrow(count, short).await?;
    let peer = influx::measure(short).inspect_err(|why| say(format!("without InfluxDB: {why}")));

    let committed = Row::higher("readings of 18 values committed", wide, "rows/s").target(85_000.0);
    Row { peer: peer.ok(), ..committed }.print();
    Row::lower("memory of the process, peak", memory, "MB").target(300.0).print();
    Row::lower("a reading of 18 values with indexes", wide_bytes, "bytes").target(250.0).print();
    Row::lower("a reading of 5 values with indexes", narrow_bytes, "bytes").target(150.0).print();
    let name = "reading to live stream at 10,000 rows/s, p99";
    Row::lower(name, delays.at(990) * 1e3, "ms").target(450.0).print();
    Ok(())
}

/// Hands over readings for so long. Answers rows per second, until the last one is acknowledged.
async fn ingest(tasks: &Tasks, meters: &[MeterId], shape: Shape, long: Duration) -> Result<f64> {
    let what = format!("readings of {} values for {} s", shape.values(), long.as_secs());
    let (began, progress) = (Instant::now(), Arc::new(Progress::new(what)));
    let mut sources = JoinSet::new();
    for own in meters.chunks(meters.len() / SOURCES) {
        let (outbox, progress) = (tasks.outbox.clone(), Arc::clone(&progress));
        let mut source = Source::new(own.to_vec(), shape);
        sources.spawn(async move {
            let (mut sent, mut stored) = (0, 0);
            while began.elapsed() < long {
                let batch = source.next_batch();
                sent += batch.len() as u64;
                let accepted = outbox.submit(batch).await.map_or(0, |outcome| outcome.accepted);
                progress.add(accepted);
                stored += accepted;
            }
            (sent, stored)
        });
    }
    let (mut sent, mut stored) = (0, 0);
    while let Some(source) = sources.join_next().await {
        let of_source = source?;
        (sent, stored) = (sent + of_source.0, stored + of_source.1);
    }
    if stored != sent {
        return Err(format!("{stored} of {sent} rows were stored").into());
    }
    Ok(stored as f64 / began.elapsed().as_secs_f64())
}

/// Bytes of a reading of few values. On new ground: behind the readings before, these would come late, and be so few
/// that pages which are not full yet count.
async fn narrow(count: usize, long: Duration) -> Result<f64> {
    let pool = database::fresh("ingest").await?;
    let meters = load::register(&pool, count).await?;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await?;
    ingest(&tasks, &meters, Shape::Narrow, long).await?;
    let bytes = size::per_reading(&pool).await?;
    say("stop");
    tasks.stop().await;
    Ok(bytes)
}
