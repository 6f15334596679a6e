//! How often meters without a device are read, learned from when their readings were taken.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::readings::cadence::{Cadences, Learned, REACH, Taken};
use storage::span::Span;
use tokio::time::Instant;

use super::Rollup;
use super::claims::Run;
use crate::Error;

/// How long what was learned of a meter is left alone while it is read as it goes.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// The time in which readings change at once while a meter is read as it goes.
const AS_IT_GOES: TimeDelta = TimeDelta::minutes(30);

/// Readings behind a span that are looked at, and how many times more each time they do not tell yet.
const BEHIND: usize = 4 * REACH;
const MORE: usize = 16;

/// When the cadence of a meter was last learned, and the time of the readings that came since.
#[derive(Debug)]
pub(super) struct Looked {
    at: Instant,
    left: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Rollup {
    /// Learns it of meters whose readings are about to be computed. The time for which it is another than was
    /// thought is computed again, and no other: what is a gap depends on it.
    pub(super) async fn learn_cadences(&self, runs: &[Run]) -> Result<(), Error> {
        let due = self.due(runs);
        if due.is_empty() {
            return Ok(());
        }
        let meters: Vec<_> = due.iter().map(|span| span.meter).collect();
        let known = storage::readings::cadences::of(&self.pool, &meters).await?;
        let mut learned = self.learn(&known, due).await?;
        // In the order in which ingest queues, and all in one transaction: the first readings of many meters come
        // together.
        learned.sort_by_key(|(meter, _)| *meter);
        let is_other = |(meter, learned): &&(MeterId, Learned)| {
            known.get(meter).unwrap_or(&Cadences::default()) != &learned.cadences
        };
        let others = learned.iter().filter(is_other).map(|(meter, learned)| (*meter, learned));
        let others: Vec<(MeterId, &Learned)> = others.collect();
        if !others.is_empty() {
            let mut transaction = self.pool.begin().await.map_err(storage::Error::from)?;
            storage::readings::cadences::keep(&mut transaction, &others).await?;
            transaction.commit().await.map_err(storage::Error::from)?;
            let cadences = others.iter().map(|(meter, learned)| (*meter, learned.cadences.clone()));
            self.registry.learn(cadences.collect()).await;
            self.memory.goes_on.store(true, Relaxed);
            self.memory.has_learned.store(true, Relaxed);
        }
        let looked =
            |(meter, _): &(MeterId, Learned)| (*meter, Looked { at: Instant::now(), left: None });
        self.memory.cadences.lock().extend(learned.iter().map(looked));
        Ok(())
    }

    /// The meters that are to be looked at now, each with the time in which readings may be new. One that
    /// nothing was learned of is looked at each time.
    fn due(&self, runs: &[Run]) -> Vec<Span> {
        let known = self.registry.known();
        let mut looked = self.memory.cadences.lock();
        let mut due = Vec::new();
        for run in runs.iter().filter(|run| !known.devices.contains(&run.meter())) {
            let span = run.span;
            let before = looked.get_mut(&span.meter);
            let before = before.filter(|_| known.cadences.contains_key(&span.meter));
            let Some(before) = before else {
                due.push(span);
                continue;
            };
            let left = before.left.unwrap_or((span.from, span.to));
            let (from, to) = (left.0.min(span.from), left.1.max(span.to));
            if to - from > AS_IT_GOES || before.at.elapsed() >= LOOK_AGAIN {
                due.push(Span { from, to, ..span });
            } else {
                before.left = Some((from, to));
            }
        }
        due
    }

    /// Learns from the times of readings; of meters where they do not tell yet, more of them are looked at.
    async fn learn(
        &self,
        known: &HashMap<MeterId, Cadences>,
        mut open: Vec<Span>,
    ) -> Result<Vec<(MeterId, Learned)>, Error> {
        let registry = self.registry.known();
        let mut done = Vec::with_capacity(open.len());
        let mut behind = BEHIND;
        while !open.is_empty() {
            let found = storage::readings::cadences::times(&self.pool, &open, behind).await?;
            let asked = std::mem::take(&mut open);
            for (span, found) in asked.into_iter().zip(found) {
                let taken = Taken {
                    times: &found.times,
                    new_to: span.to,
                    begins: found.begins,
                    ends: found.ends,
                    stated: registry.stated.get(&span.meter).copied(),
                };
                match known.get(&span.meter).unwrap_or(&Cadences::default()).learn(taken) {
                    Some(learned) => done.push((span.meter, learned)),
                    None => open.push(span),
                }
            }
            behind = behind.saturating_mul(MORE);
        }
        Ok(done)
    }
}
