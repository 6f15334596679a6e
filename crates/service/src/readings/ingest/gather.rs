//! Gathers batches into groups worth a transaction.

use std::time::Duration;

use acquisition::Batch;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// A group waits for no further batch from this many rows on …
const ROWS: usize = 1_000;
/// … or when its first batch has waited this long.
const WAIT: Duration = Duration::from_millis(8);
/// It takes no further one that waits already from this many rows on.
const MANY: usize = 3_000;

/// The next group; none when every source is gone. What is gathered stands in `gathered` until then:
/// whoever stops waiting goes on from there, and loses no batch.
pub(super) async fn group(
    batches: &mut mpsc::Receiver<Batch>,
    gathered: &mut Vec<Batch>,
) -> Option<Vec<Batch>> {
    if gathered.is_empty() {
        gathered.push(batches.recv().await?);
    }
    let mut rows: usize = gathered.iter().map(|batch| batch.readings.len()).sum();
    let close = Instant::now() + WAIT;
    while rows < MANY {
        // What already waits is taken without a pause, the rest within the time that is left.
        let next = match batches.try_recv() {
            Ok(batch) => Some(batch),
            Err(_) if rows >= ROWS => None,
            Err(_) => timeout_at(close, batches.recv()).await.unwrap_or(None),
        };
        let Some(batch) = next else { break };
        rows += batch.readings.len();
        gathered.push(batch);
    }
    Some(std::mem::take(gathered))
}
