//! Writes a group in one transaction, and answers its batches after the commit.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use acquisition::{Batch, NotStored, Outcome, RefusedReading, Room};
use chrono::Utc;
use domain::readings::refusal::RefusalReason;
use domain::sites::Site;
use domain::{Reading, Source};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::PgPool;
use storage::readings::Inserted;
use storage::span::Key;
use tokio::sync::oneshot;

use super::{Counters, Ingest, validate};
use crate::operation::supervision::panic_message;
use crate::readings::arrived::Mark;
use crate::recount;
use crate::registry::Known;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A batch whose rows stand in the group from `start` on.
struct Part {
    reply: oneshot::Sender<Result<Outcome, NotStored>>,
    start: usize,
    /// Of each of its rows the place in the batch.
    places: Vec<usize>,
    refused: Vec<RefusedReading>,
    /// Taken until the part is done with.
    _room: Room,
}

impl Part {
    fn end(&self) -> usize {
        self.start + self.places.len()
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Accepted,
    Duplicate,
    Conflict,
    Refused,
}

/// Writes a group and answers with the readings that are new in the database, for whoever follows them.
pub(super) async fn write(ingest: &Ingest, group: Vec<Batch>) -> (Vec<Reading>, Mark) {
    let mut mark = ingest.arrived.begin();
    let stored = store(ingest, group, &mut mark).await;
    (stored, mark)
}

async fn store(ingest: &Ingest, group: Vec<Batch>, mark: &mut Mark) -> Vec<Reading> {
    let (mut rows, mut parts) = assemble(ingest, group).await;
    let Some(fates) = insert(ingest, &mut rows, &mut parts, mark).await else {
        for part in parts {
            part.reply.send(Err(NotStored)).ok();
        }
        return Vec::new();
    };
    let (mut noted, mut answers) = (Vec::new(), Vec::with_capacity(parts.len()));
    for mut part in parts {
        let own = fates.get(part.start..part.end()).unwrap_or_default();
        let count = |wanted| own.iter().filter(|&&fate| fate == wanted).count() as u64;
        let (accepted, duplicates, conflicts) =
            (count(Fate::Accepted), count(Fate::Duplicate), count(Fate::Conflict));
        let rows = rows.iter().skip(part.start).zip(own).zip(&part.places);
        for ((row, _), place) in rows.filter(|((_, fate), _)| **fate == Fate::Refused) {
            let reason = RefusalReason::NotStorable;
            let refusal = RefusedReading { index: *place, meter: row.meter, at: row.at, reason };
            noted.push((row.source, refusal.clone()));
            part.refused.push(refusal);
        }
        part.refused.sort_by_key(|refusal| refusal.index);
        let outcome = Outcome { accepted, duplicates, conflicts, refused: part.refused };
        ingest.counters.count(&outcome);
        answers.push((part.reply, outcome));
    }
    note(&ingest.pool, &ingest.counters, noted).await;
    for (reply, outcome) in answers {
        // A source that went away does not need the answer; the rows are stored.
        reply.send(Ok(outcome)).ok();
    }
    let mut fates = fates.iter();
    rows.retain(|_| fates.next() == Some(&Fate::Accepted));
    rows
}

fn fates(rows: usize, inserted: &Inserted) -> Vec<Fate> {
    let mut fates = vec![Fate::Duplicate; rows];
    for (indices, fate) in
        [(&inserted.accepted, Fate::Accepted), (&inserted.conflicts, Fate::Conflict)]
    {
        for &index in indices {
            if let Some(of_row) = fates.get_mut(index) {
                *of_row = fate;
            }
        }
    }
    fates
}

async fn assemble(ingest: &Ingest, group: Vec<Batch>) -> (Vec<Reading>, Vec<Part>) {
    let known = known_to(ingest, &group).await;
    let frozen = frozen_in(ingest, &known, &group).await;
    let present = |site: &Site| ingest.registry.now(site);
    let mut rows = Vec::with_capacity(group.iter().map(|batch| batch.readings.len()).sum());
    let mut parts = Vec::with_capacity(group.len());
    let mut noted = Vec::new();
    // Whoever was told that nothing is stored has nothing left here.
    for batch in group.into_iter().filter(|batch| !batch.reply.is_closed()) {
        let (readings, reply, room) = batch.open();
        let start = rows.len();
        let (mut places, mut refused) = (Vec::with_capacity(readings.len()), Vec::new());
        for (index, mut reading) in readings.into_iter().enumerate() {
            reading.at = ingest.computer.rightly(&reading);
            match validate::refusal(&known, &frozen, &reading, present) {
                None => {
                    places.push(index);
                    rows.push(reading);
                }
                Some(reason) => {
                    let refusal =
                        RefusedReading { index, meter: reading.meter, at: reading.at, reason };
                    noted.push((reading.source, refusal.clone()));
                    refused.push(refusal);
                }
            }
        }
        parts.push(Part { reply, start, places, refused, _room: room });
    }
    note(&ingest.pool, &ingest.counters, noted).await;
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
        match recount::frozen_among(&ingest.pool, known, instants).await {
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
pub(super) async fn note(
    pool: &PgPool,
    counters: &Counters,
    refused: Vec<(Source, RefusedReading)>,
) {
    for (_, refusal) in &refused {
        counters.refuse(&refusal.reason);
    }
    let Some((source, last)) = refused.last() else { return };
    tracing::warn!(
        meter = %last.meter, source = source.as_str(),
        "{} readings refused, the last one of {}: {}", refused.len(), last.at, last.reason
    );
    let rows: Vec<_> = refused.iter().map(|(source, refusal)| row(*source, refusal)).collect();
    if let Err(error) = storage::readings::refused::add(pool, &rows).await {
        tracing::warn!("{} refused readings could not be recorded: {error}", rows.len());
    }
}

fn row(source: Source, refusal: &RefusedReading) -> storage::readings::refused::RefusedReading {
    let known = refusal.reason != RefusalReason::UnknownMeter;
    storage::readings::refused::RefusedReading {
        meter: known.then_some(refusal.meter),
        at: Utc::now(),
        source,
        reason: refusal.reason.as_str().to_owned(),
        detail: refusal.reason.clone().into(),
        count: 1,
    }
}

/// What became of each row; none when the database refuses the group for good or the process stops. While
/// the database is away it is tried again, without what nobody waits for any more.
async fn insert(
    ingest: &Ingest,
    rows: &mut Vec<Reading>,
    parts: &mut Vec<Part>,
    mark: &mut Mark,
) -> Option<Vec<Fate>> {
    let mut pause = FIRST_PAUSE;
    loop {
        match stored(ingest, rows).await {
            Ok(fates) => return Some(fates),
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
        // An attempt that failed may have been stored all the same: then what follows are repeats of it.
        mark.doubt();
        forget_closed(rows, parts);
    }
}

/// Takes the rows of those out who were told that nothing is stored.
fn forget_closed(rows: &mut Vec<Reading>, parts: &mut Vec<Part>) {
    if !parts.iter().any(|part| part.reply.is_closed()) {
        return;
    }
    for mut part in std::mem::take(parts) {
        let (start, count) = (parts.last().map_or(0, Part::end), part.places.len());
        if part.reply.is_closed() {
            rows.drain(start..start + count);
        } else {
            part.start = start;
            parts.push(part);
        }
    }
}

/// Stores rows. Where one of them is at fault, it is found and left out, and the others are stored.
fn stored<'a>(
    ingest: &'a Ingest,
    rows: &'a [Reading],
) -> BoxFuture<'a, Result<Vec<Fate>, storage::Error>> {
    async move {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let done = AssertUnwindSafe(insert_or_copy(ingest, rows)).catch_unwind().await;
        let cause = match done {
            Ok(Ok(fates)) => return Ok(fates),
            Ok(Err(error)) if error.is_of_data() => error.to_string(),
            Ok(Err(error)) => return Err(error),
            Err(panic) => panic_message(panic.as_ref()),
        };
        if let [row] = rows {
            tracing::error!(meter = %row.meter, at = %row.at, "a reading cannot be stored: {cause}");
            return Ok(vec![Fate::Refused]);
        }
        let (one, other) = rows.split_at(rows.len() / 2);
        let mut fates = stored(ingest, one).await?;
        fates.extend(stored(ingest, other).await?);
        Ok(fates)
    }
    .boxed()
}

/// Copies rows that are likely to be new; inserts them where they are few or not new, or turn out not to be.
async fn insert_or_copy(ingest: &Ingest, rows: &[Reading]) -> Result<Vec<Fate>, storage::Error> {
    let are_many = rows.len() >= storage::readings::fewest_copied(&ingest.pool);
    if are_many && !ingest.repeats.are_likely() {
        if storage::readings::insert_new(&ingest.pool, rows).await? {
            return Ok(vec![Fate::Accepted; rows.len()]);
        }
        ingest.repeats.note(true);
    }
    let inserted = storage::readings::insert(&ingest.pool, rows).await?;
    ingest.repeats.note(inserted.accepted.len() < rows.len());
    Ok(fates(rows.len(), &inserted))
}
