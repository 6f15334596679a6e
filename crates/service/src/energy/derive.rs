//! Writes the readings of derived meters, each minute, once all of their inputs have passed it.
//!
//! The points go the one way in that every reading goes. Where inputs change behind what is written,
//! the later points are taken back and written again, and the registers go on from the last one left.

mod course;
mod inputs;
mod order;

use std::collections::HashMap;
use std::time::Duration;

use acquisition::Inlet;
use chrono::{DateTime, Utc};
use domain::energy::derive::{Point, STEP};
use domain::energy::interval::Read;
use domain::energy::{QUARTER, floor};
use domain::operation::task::Work;
use domain::{Field, Kwh, MeterId, Reading, Source};
use sqlx::PgPool;
use storage::energy::derived::Stand;
use storage::meters::virtual_meters::Version;
use storage::operation::set_aside::{Part, Subject};
use storage::readings;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::operation::failures::{Failures, caught};
use crate::operation::supervision::Pulse;
use crate::recount::Reader;
use crate::registry::Registry;
use crate::{Core, Error, instants};
use course::{Progress, Span, Step, UnderWay};
use inputs::PAGE;
use order::inputs_first;

/// How often inputs are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// A meter that has more to be written than this takes lets the others have their turn.
const TURN: Duration = Duration::from_secs(1);
/// A meter whose inputs gave no point is tried again after this, or once more is known of them.
const PAUSE: Duration = Duration::from_mins(5);
/// It rests for as many times as long as that took in any case: there may be weeks to go through each time.
const TIMES: u32 = 200;

/// Share of a value by which two that are the same may differ: they were added up in another order.
const SAME: f64 = 1e-9;

/// What the task needs.
struct Deriver {
    pool: PgPool,
    registry: Registry,
    batches: Inlet,
    failures: Failures,
    pulse: Pulse,
    pause: Duration,
}

/// What is remembered of derived meters from one look to the next; it can do without.
#[derive(Default)]
struct Memory {
    /// Those that gave no point.
    resting: HashMap<MeterId, Rest>,
    /// Those that were left in the middle.
    under_way: HashMap<MeterId, UnderWay>,
}

/// The rest of a meter that gave no point.
#[derive(Clone, Copy)]
struct Rest {
    since: Instant,
    /// How long it lasts whatever comes.
    least: Duration,
    /// How far its inputs were read when it began.
    reach: DateTime<Utc>,
}

/// How a meter's turn ended.
enum Turn {
    /// There is hope for more points soon.
    Hopeful,
    /// There were none, though there was time for some up to an instant.
    Silent(DateTime<Utc>),
    /// No more is known of the inputs than before its rest.
    Resting,
    /// There is more to be written.
    Open(Progress),
}

/// Runs until the stop signal.
pub(crate) async fn run(core: Core, stop: CancellationToken, pulse: Pulse) {
    let deriver = Deriver {
        pool: core.pool().clone(),
        registry: core.registry().clone(),
        batches: core.batches().clone(),
        failures: Failures::default(),
        pulse,
        pause: core.pace().of(PAUSE),
    };
    let mut look = interval(core.pace().of(LOOK));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut memory = Memory::default();
    loop {
        let pass = async {
            if memory.under_way.is_empty() {
                look.tick().await;
            }
            deriver.pass(&mut memory).await
        };
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = pass => done,
        };
        if let Err(error) = done {
            let cause = error.cause();
            tracing::warn!("derived meters could not be written, it is tried again: {cause}");
        }
    }
}

impl Deriver {
    async fn pass(&self, memory: &mut Memory) -> Result<(), Error> {
        memory.resting.retain(|_, rest| rest.since.elapsed() < self.pause);
        let mut before = std::mem::take(&mut memory.under_way);
        let mut derived = storage::meters::virtual_meters::all(&self.pool).await?;
        let aside = storage::operation::set_aside::derived(&self.pool).await?;
        derived.retain(|(meter, _)| !aside.contains(meter));
        for (meter, versions) in inputs_first(derived) {
            let rest = memory.resting.get(&meter).copied();
            if rest.is_some_and(|rest| rest.since.elapsed() < rest.least) {
                continue;
            }
            let (begun, left) = (Instant::now(), before.remove(&meter));
            let was_open = left.is_some();
            let turn = self.written(meter, &versions, left, rest).await?;
            if !matches!(turn, Turn::Resting) {
                memory.resting.remove(&meter);
            }
            match turn {
                Turn::Hopeful | Turn::Resting => {}
                Turn::Silent(reach) => {
                    let least = if was_open { self.pause } else { begun.elapsed() * TIMES };
                    memory.resting.insert(meter, Rest { since: Instant::now(), least, reach });
                }
                Turn::Open(progress) => {
                    memory.under_way.insert(meter, UnderWay { versions, progress });
                }
            }
            self.pulse.beat();
        }
        self.pulse.beat();
        Ok(())
    }

    /// The turn of a meter that may fail: then it is tried again, and stands aside in the end.
    async fn written(
        &self,
        meter: MeterId,
        versions: &[Version],
        before: Option<UnderWay>,
        rest: Option<Rest>,
    ) -> Result<Turn, Error> {
        let error = match caught(self.bring_up_to_date(meter, versions, before, rest)).await {
            Ok(turn) => {
                self.failures.forget(|known| known.of == Subject::Meter(meter));
                return Ok(turn);
            }
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => error,
        };
        let cursors = storage::energy::derived::cursors(&self.pool, &[meter]).await?;
        let lacks = cursors.get(&meter).and_then(|cursor| cursor.to);
        let mut connection = self.pool.acquire().await.map_err(storage::Error::from)?;
        let start = lacks.unwrap_or(instants::EARLIEST);
        let part = Part::of_meter(Work::Derived, meter, start);
        self.failures.note(&mut connection, part, &error).await?;
        Ok(Turn::Hopeful)
    }

    async fn bring_up_to_date(
        &self,
        meter: MeterId,
        versions: &[Version],
        before: Option<UnderWay>,
        rest: Option<Rest>,
    ) -> Result<Turn, Error> {
        let mut spans = Vec::with_capacity(versions.len());
        for version in versions {
            spans.extend(self.span(version, self.registry.latest_of(meter)).await?);
        }
        let Some(reach) = spans.iter().map(|span| span.reach).max() else {
            return Ok(Turn::Hopeful);
        };
        let cursors = storage::energy::derived::cursors(&self.pool, &[meter]).await?;
        let cursor = cursors.get(&meter).copied().unwrap_or_default();
        if let Some(progress) = before.and_then(|it| it.resumed(versions, cursor.changed_from)) {
            return self.write(meter, &spans, progress).await;
        }
        // A quarter-hour is written again when it is over, and late readings with it; before that
        // only where it turns out otherwise, for every reading changes the one that runs.
        let behind = cursor.changed_from.filter(|from| *from + QUARTER + STEP <= reach);
        if behind.is_none() && rest.is_some_and(|rest| rest.reach == reach) {
            return Ok(Turn::Resting);
        }
        let is_done = cursor.to.is_some_and(|to| reach <= to);
        let changed = match cursor.changed_from {
            Some(_) if behind.is_some() => behind,
            Some(_) if is_done => self.look_again(meter, &spans).await?,
            _ => None,
        };
        let back_to = changed.or(cursor.to);
        if changed.is_none() && is_done {
            return Ok(Turn::Hopeful);
        }
        let last = match back_to {
            Some(to) => {
                let to = self.at_most_back(meter, to).await?;
                storage::energy::derived::take_back(&self.pool, meter, to).await?
            }
            None => None,
        };
        self.write(meter, &spans, Progress::after(last)).await
    }

    /// How far back the points before an instant may be taken: what is frozen of the meter stays.
    async fn at_most_back(
        &self,
        meter: MeterId,
        to: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, Error> {
        let Some(&dropped_to) = self.registry.known().frozen.get(&meter) else { return Ok(to) };
        let stays_to = storage::energy::derived::stays_to(&self.pool, meter, dropped_to).await?;
        Ok(stays_to.map_or(to, |stays_to| stays_to.max(to)))
    }

    /// How far a version can be written: to the last whole minute that all its inputs have passed and
    /// in which it holds, and to `latest` at most; none while an input has no reading at all.
    async fn span<'a>(
        &self,
        version: &'a Version,
        latest: DateTime<Utc>,
    ) -> Result<Option<Span<'a>>, Error> {
        let inputs = version.inputs();
        let newest = readings::last_of_each(&self.pool, &inputs, latest, 1).await?;
        if newest.len() < inputs.len() {
            return Ok(None);
        }
        let minute = |at: DateTime<Utc>| floor(at, STEP);
        let passed = newest.iter().map(|reading| reading.at).min().and_then(minute);
        let to = version.to.and_then(minute);
        let reach = passed.map(|passed| to.map_or(passed, |to| to.min(passed)));
        let from = version.from.and_then(minute);
        Ok(reach.map(|reach| Span { terms: &version.terms, inputs, from, reach }))
    }

    /// Since when what is written is not what the inputs say now; where all of it still stands, their
    /// changes are done with.
    async fn look_again(
        &self,
        meter: MeterId,
        spans: &[Span<'_>],
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let mut look = storage::energy::derived::Look::begin(&self.pool, meter).await?;
        let Some(since) = look.since else { return Ok(None) };
        let last = look.last_point(meter, self.at_most_back(meter, since).await?).await?;
        let mut progress = Progress::after(last);
        let mut points = Vec::new();
        let begun = Instant::now();
        loop {
            match self.next(spans, &mut progress).await? {
                Step::Points(more) => points.extend(more),
                Step::Wait => return Ok(None),
                Step::End => break,
            }
            if begun.elapsed() >= TURN {
                return Ok(Some(since));
            }
        }
        let Some(to) = points.last().map(|point| point.at + STEP) else { return Ok(Some(since)) };
        let from = last.map_or(instants::EARLIEST, |last| last.at + STEP);
        let span = storage::span::Span { meter, from, to };
        let reader = Reader::open(&self.pool, &[meter]).await?;
        let written = reader.whole(span, PAGE, 0).await?;
        let mut anew = storage::energy::derived::begun_anew(&self.pool, &[meter]).await?;
        let anew = anew.remove(&meter).unwrap_or_default();
        let same = written.len() == points.len()
            && anew.range(from..to).copied().eq(begun_anew(&points))
            && written.iter().zip(&points).all(|(read, point)| is_same(read, point));
        if !same {
            return Ok(Some(since));
        }
        look.stands().await?;
        Ok(None)
    }

    /// Writes the points that follow, as many as a turn has time for.
    async fn write(
        &self,
        meter: MeterId,
        spans: &[Span<'_>],
        mut progress: Progress,
    ) -> Result<Turn, Error> {
        let Some(reach) = spans.iter().map(|span| span.reach).max() else {
            return Ok(Turn::Hopeful);
        };
        storage::energy::derived::begin_until(&self.pool, meter, reach).await?;
        let begun = Instant::now();
        let mut tried = false;
        loop {
            let points = match self.next(spans, &mut progress).await? {
                Step::Points(points) => points,
                Step::Wait => return Ok(Turn::Hopeful),
                Step::End => break,
            };
            tried = true;
            self.pulse.beat();
            if let Some(last) = points.last().map(stand) {
                // Whoever adds the points up knows of these by then.
                storage::energy::derived::begin_anew(&self.pool, meter, &begun_anew(&points))
                    .await?;
                self.submit(meter, points).await?;
                storage::energy::derived::advance(&self.pool, meter, last).await?;
            }
            if begun.elapsed() >= TURN {
                return Ok(Turn::Open(progress));
            }
        }
        Ok(if progress.wrote || !tried { Turn::Hopeful } else { Turn::Silent(reach) })
    }

    async fn submit(&self, meter: MeterId, points: Vec<Point>) -> Result<(), Error> {
        let reading = |point: Point| Reading {
            meter,
            at: point.at,
            quality: point.quality,
            source: Source::Derived,
            values: point.values,
        };
        let readings = points.into_iter().map(reading).collect();
        let outcome = self.batches.submit(readings).await.map_err(|_| Error::Unavailable)?;
        if let Some(refused) = outcome.refused.first() {
            tracing::warn!(%meter, "points of a derived meter were refused: {}", refused.reason);
        }
        Ok(())
    }
}

fn stand(point: &Point) -> Stand {
    let kwh = |field| Kwh(point.values.get(field).unwrap_or_default());
    let (import, export) = (kwh(Field::EnergyImportKwh), kwh(Field::EnergyExportKwh));
    Stand { at: point.at, import, export }
}

/// The points since whose point before nothing is known.
fn begun_anew(points: &[Point]) -> Vec<DateTime<Utc>> {
    points.iter().filter(|point| point.is_anew).map(|point| point.at).collect()
}

/// Whether a reading says what a point says.
fn is_same(read: &Read, point: &Point) -> bool {
    let same = |field: &Field| match (read.values.get(*field), point.values.get(*field)) {
        (Some(one), Some(other)) => (one - other).abs() <= SAME * one.abs().max(1.0),
        (one, other) => one.is_none() && other.is_none(),
    };
    read.at == point.at && Field::ALL.iter().all(same)
}
