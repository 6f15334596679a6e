//! Writes a group in one transaction, and answers its batches after the commit.

use std::collections::HashSet;
use std::time::Duration;

use acquisition::{Batch, NotStored, Outcome, Refusal, RefusalReason};
use chrono::Utc;
use domain::site::Site;
use domain::{Reading, Source};
use storage::intervals::Key;
use storage::readings::Inserted;
use tokio::sync::oneshot;

use super::{Ingest, validate};
use crate::registry::Known;
use crate::retention;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A batch whose rows stand in the group from `start` on.
struct Part {
    reply: oneshot::Sender<Result<Outcome, NotStored>>,
    start: usize,
    rows: usize,
    refused: Vec<Refusal>,
}

/// What became of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Accepted,
    Duplicate,
    Conflict,
}

/// Writes a group and answers with the readings that are new in the database.
pub(super) async fn write(ingest: &Ingest, group: Vec<Batch>) -> Vec<Reading> {
    let (mut rows, parts) = assemble(ingest, group).await;
    let Some(fates) = insert(ingest, &rows).await else {
        for part in parts {
            part.reply.send(Err(NotStored)).ok();
        }
        return Vec::new();
    };
    for part in parts {
        let own = &fates[part.start..part.start + part.rows];
        let count = |wanted| own.iter().filter(|&&fate| fate == wanted).count() as u64;
        let outcome = Outcome {
            accepted: count(Fate::Accepted),
            duplicates: count(Fate::Duplicate),
            conflicts: count(Fate::Conflict),
            refused: part.refused,
        };
        ingest.counters.count(&outcome);
        // A source that went away does not need the answer; the rows are stored.
        part.reply.send(Ok(outcome)).ok();
    }
    let mut fates = fates.iter();
    rows.retain(|_| fates.next() == Some(&Fate::Accepted));
    rows
}

fn fates(rows: usize, inserted: &Inserted) -> Vec<Fate> {
    let mut fates = vec![Fate::Duplicate; rows];
    for &index in &inserted.accepted {
        fates[index] = Fate::Accepted;
    }
    for &index in &inserted.conflicts {
        fates[index] = Fate::Conflict;
    }
    fates
}

async fn assemble(ingest: &Ingest, group: Vec<Batch>) -> (Vec<Reading>, Vec<Part>) {
    let known = known_to(ingest, &group).await;
    let frozen = frozen_in(ingest, &known, &group).await;
    let present = |site: &Site| ingest.registry.now(site);
    let mut rows = Vec::new();
    let mut parts = Vec::with_capacity(group.len());
    let mut noted = Vec::new();
    for batch in group {
        let start = rows.len();
        let mut refused = Vec::new();
        for (index, reading) in batch.readings.into_iter().enumerate() {
            match validate::refusal(&known, &frozen, &reading, present) {
                None => rows.push(reading),
                Some(reason) => {
                    let refusal = Refusal { index, meter: reading.meter, at: reading.at, reason };
                    noted.push((reading.source, refusal.clone()));
                    refused.push(refusal);
                }
            }
        }
        parts.push(Part { reply: batch.reply, start, rows: rows.len() - start, refused });
    }
    note(ingest, noted).await;
    (rows, parts)
}

/// The registry, read again when a meter is missing: it may have been added by plain SQL.
async fn known_to(ingest: &Ingest, group: &[Batch]) -> std::sync::Arc<Known> {
    let known = ingest.registry.known();
    let all_known = group
        .iter()
        .flat_map(|batch| &batch.readings)
        .all(|reading| known.site_of(reading.meter).is_some());
    if all_known { known } else { ingest.registry.reload().await.unwrap_or(known) }
}

/// The quarter-hours of the group whose readings are dropped. While the database is away the group
/// waits, as it would to be written.
async fn frozen_in(ingest: &Ingest, known: &Known, group: &[Batch]) -> HashSet<Key> {
    let mut pause = FIRST_PAUSE;
    loop {
        let instants = group.iter().flat_map(|batch| &batch.readings);
        let instants = instants.map(|reading| (reading.meter, reading.at));
        match retention::frozen_among(&ingest.pool, known, instants).await {
            Ok(frozen) => return frozen,
            Err(error) => tracing::warn!("the database is away, readings wait: {error}"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = ingest.stop.cancelled() => return HashSet::new(),
        }
    }
}

/// A refused reading is counted, logged and kept where people can see it.
async fn note(ingest: &Ingest, refused: Vec<(Source, Refusal)>) {
    for (_, refusal) in &refused {
        ingest.counters.refuse(refusal.reason);
    }
    let Some((source, last)) = refused.last() else { return };
    tracing::warn!(
        meter = %last.meter, source = source.as_str(),
        "{} readings refused, the last one of {}: {}", refused.len(), last.at, last.reason
    );
    let rows: Vec<_> = refused.iter().map(|(source, refusal)| row(*source, refusal)).collect();
    if let Err(error) = storage::refusals::add(&ingest.pool, &rows).await {
        tracing::warn!("{} refused readings could not be recorded: {error}", rows.len());
    }
}

fn row(source: Source, refusal: &Refusal) -> storage::refusals::Refusal {
    let known = refusal.reason != RefusalReason::UnknownMeter;
    storage::refusals::Refusal {
        meter: known.then_some(refusal.meter),
        at: Utc::now(),
        source,
        reason: refusal.reason.as_str().to_owned(),
        detail: refusal.reason.to_string(),
        count: 1,
    }
}

/// What became of each row; none when the database refuses the group for good or the process stops.
async fn insert(ingest: &Ingest, rows: &[Reading]) -> Option<Vec<Fate>> {
    if rows.is_empty() {
        return Some(Vec::new());
    }
    let mut pause = FIRST_PAUSE;
    loop {
        match storage::readings::insert(&ingest.pool, rows).await {
            Ok(inserted) => return Some(fates(rows.len(), &inserted)),
            Err(error) => {
                ingest.counters.write_failed();
                if !error.is_transient() {
                    tracing::error!("{} readings could not be stored: {error}", rows.len());
                    return None;
                }
                tracing::warn!("the database is away, {} readings wait: {error}", rows.len());
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = ingest.stop.cancelled() => return None,
        }
    }
}
