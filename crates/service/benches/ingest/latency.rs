//! From a reading to the live stream, at 10,000 readings a second.

use std::error::Error;
use std::time::Duration;

use chrono::Utc;
use domain::MeterId;
use domain::live::Delta;
use service::live::{EventKind, Followed};
use service::{Principal, Service, Tasks};

use crate::load::{Shape, reading};

/// Batches a second and how long.
const BATCHES_PER_SECOND: u32 = 50;
const SECONDS: u32 = 10;
const ROWS: usize = 200;

/// The 99th percentile in milliseconds.
pub(crate) async fn measure(
    service: &Service,
    tasks: &Tasks,
    meters: &[MeterId],
) -> Result<f64, Box<dyn Error>> {
    let mut place = service.follow(&Principal::Loopback, &Followed::Site(None), None).await?;
    let listener = tokio::spawn(async move {
        let mut delays = Vec::new();
        while let Ok(event) = place.next().await {
            let now = Utc::now();
            if event.kind == EventKind::Delta
                && let Ok(delta) = serde_json::from_slice::<Delta>(&event.json)
            {
                let shown = delta.values.iter().filter_map(|value| value.at);
                delays.extend(shown.map(|at| (now - at).as_seconds_f64() * 1000.0));
            }
            if delays.len() >= 20_000 {
                break;
            }
        }
        delays
    });
    let mut tick = tokio::time::interval(Duration::from_secs(1) / BATCHES_PER_SECOND);
    let mut step = 1_000_000.0;
    for meters in meters.chunks(ROWS).cycle().take((BATCHES_PER_SECOND * SECONDS) as usize) {
        tick.tick().await;
        step += 1.0;
        let now = Utc::now();
        let rows = meters.iter().map(|&meter| reading(meter, now, Shape::Wide, step)).collect();
        let outbox = tasks.outbox.clone();
        tokio::spawn(async move { outbox.submit(rows).await });
        if listener.is_finished() {
            break;
        }
    }
    listener.abort_handle().abort();
    let mut delays = listener.await.unwrap_or_default();
    delays.sort_by(f64::total_cmp);
    let place = delays.len().saturating_sub(1) * 99 / 100;
    delays.get(place).copied().ok_or_else(|| "nothing reached the live stream".into())
}
