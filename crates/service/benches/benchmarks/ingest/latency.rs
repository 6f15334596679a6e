//! From a reading to the live stream, at 10,000 readings a second.

use std::time::Duration;

use benchmark::{Progress, Result, Times};
use chrono::Utc;
use domain::MeterId;
use domain::live::Delta;
use service::live::{EventKind, Followed};
use service::{Principal, Service, Tasks};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::ingest::load::{Shape, reading};

/// Batches a second, and the readings in each.
const BATCHES_PER_SECOND: u32 = 50;
const ROWS: usize = 200;
/// The last readings reach the stream within this time.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// The delay of each value that the stream shows while readings come for so many seconds.
pub(crate) async fn measure(
    service: &Service,
    tasks: &Tasks,
    meters: &[MeterId],
    seconds: u32,
) -> Result<Times> {
    let batches = BATCHES_PER_SECOND * seconds;
    let progress =
        Progress::of("batches of readings, while the live stream is heard", batches.into());
    let mut place = service.follow(&Principal::Loopback, &Followed::Site(None), None).await?;
    let (stop, mut delays) = (CancellationToken::new(), Times::default());
    let stopped = stop.clone();
    let listener = tokio::spawn(async move {
        while let Some(Ok(event)) = stopped.run_until_cancelled(place.next()).await {
            let now = Utc::now();
            if event.kind == EventKind::Delta
                && let Ok(delta) = serde_json::from_slice::<Delta>(&event.json)
            {
                for at in delta.values.iter().filter_map(|value| value.at) {
                    delays.add_seconds((now - at).as_seconds_f64());
                }
            }
        }
        delays
    });
    let mut tick = tokio::time::interval(Duration::from_secs(1) / BATCHES_PER_SECOND);
    let mut sent = JoinSet::new();
    let groups = meters.chunks(ROWS).cycle();
    for (meters, step) in groups.zip(1..=batches) {
        tick.tick().await;
        let (now, step) = (Utc::now(), 1_000_000.0 + f64::from(step));
        let rows = meters.iter().map(|&meter| reading(meter, now, Shape::Wide, step)).collect();
        let outbox = tasks.outbox.clone();
        sent.spawn(async move { outbox.submit(rows).await });
        progress.add(1);
    }
    while let Some(outcome) = sent.join_next().await {
        outcome?.map_err(|_| "readings were not stored")?;
    }
    tokio::time::sleep(AFTERWARDS).await;
    stop.cancel();
    let delays = listener.await?;
    if delays.count() == 0 {
        return Err("nothing reached the live stream".into());
    }
    Ok(delays)
}
