//! Finds the rows that plain SQL wrote.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use storage::span::Key;
use tokio::time::Instant;

use crate::Error;
use crate::operation::pace::Pace;

/// How often it looks …
const EVERY: Duration = Duration::from_secs(10);
/// … and how far back, so that a transaction that took long is not missed.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// What was seen at the last look, so that only what is new is queued.
#[derive(Debug)]
pub(super) struct Sweep {
    every: Duration,
    last: Option<Instant>,
    seen: HashMap<Key, (i64, DateTime<Utc>, DateTime<Utc>)>,
}

impl Sweep {
    pub(super) fn new(pace: Pace) -> Self {
        Self { every: pace.of(EVERY), last: None, seen: HashMap::new() }
    }

    pub(super) async fn when_due(&mut self, pool: &PgPool) -> Result<(), Error> {
        if self.last.is_some_and(|last| last.elapsed() < self.every) {
            return Ok(());
        }
        let written = storage::rollup::written_by_sql(pool, Utc::now() - OVERLAP).await?;
        let fresh: Vec<Key> = written
            .iter()
            .filter(|written| self.seen.get(&written.key) != Some(&written.seen))
            .map(|written| written.key)
            .collect();
        if !fresh.is_empty() {
            let mut transaction = pool.begin().await.map_err(storage::Error::from)?;
            storage::rollup::queue(&mut transaction, &fresh).await?;
            transaction.commit().await.map_err(storage::Error::from)?;
        }
        self.seen = written.into_iter().map(|written| (written.key, written.seen)).collect();
        self.last = Some(Instant::now());
        Ok(())
    }
}
