//! Writes the readings of derived meters, each minute, once all of their inputs have passed it.
//!
//! The points go the one way in that every reading goes. Where inputs change behind what is written,
//! the later points are taken back and written again, and the registers go on from the last one left.

mod inputs;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use acquisition::Batch;
use chrono::{DateTime, TimeDelta, Utc};
use domain::derive::{self, Point, Registers, STEP};
use domain::trail::{QUARTER, floor};
use domain::{Kwh, MeterId, Reading, Source};
use sqlx::PgPool;
use storage::virtual_meters::Derived;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::Error;
use crate::registry::Registry;
use inputs::Inputs;

/// How often inputs are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// The longest stretch that is computed at once.
const CHUNK: TimeDelta = TimeDelta::days(1);
/// A meter whose inputs gave no point is tried again after this.
const PAUSE: Duration = Duration::from_mins(5);

/// What the task needs.
pub(crate) struct Deriver {
    pub(crate) pool: PgPool,
    pub(crate) registry: Registry,
    pub(crate) batches: mpsc::Sender<Batch>,
    pub(crate) stop: CancellationToken,
}

/// Runs until the stop signal.
pub(crate) async fn run(deriver: Deriver) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut resting: HashMap<MeterId, Instant> = HashMap::new();
    loop {
        let pass = async {
            look.tick().await;
            deriver.pass(&mut resting).await
        };
        let done = tokio::select! {
            () = deriver.stop.cancelled() => return,
            done = pass => done,
        };
        if let Err(error) = done {
            tracing::warn!("derived meters could not be written, it is tried again: {error}");
        }
    }
}

impl Deriver {
    async fn pass(&self, resting: &mut HashMap<MeterId, Instant>) -> Result<(), Error> {
        resting.retain(|_, since| since.elapsed() < PAUSE);
        let derived = storage::virtual_meters::terms(&self.pool).await?;
        for (meter, terms) in inputs_first(derived) {
            if !resting.contains_key(&meter) && !self.bring_up_to_date(meter, &terms).await? {
                resting.insert(meter, Instant::now());
            }
        }
        Ok(())
    }

    /// Whether there is hope for more points soon.
    async fn bring_up_to_date(
        &self,
        meter: MeterId,
        terms: &[(MeterId, f64)],
    ) -> Result<bool, Error> {
        let ids: Vec<MeterId> = terms.iter().map(|(input, _)| *input).collect();
        let Some(reach) = self.reach(&ids).await? else { return Ok(true) };
        let cursors = storage::derived::cursors(&self.pool, &[meter]).await?;
        let cursor = cursors.get(&meter).copied().unwrap_or_default();
        // A quarter-hour is looked at again when it is over, and late readings with it.
        let changed = cursor.changed_from.filter(|from| *from + QUARTER + STEP <= reach);
        let back_to = changed.or(cursor.to);
        if changed.is_none() && cursor.to.is_some_and(|to| reach <= to) {
            return Ok(true);
        }
        let frozen = self.registry.known().frozen.get(&meter).copied();
        let last = match back_to.max(frozen.filter(|_| back_to.is_some())) {
            Some(to) => storage::derived::take_back(&self.pool, meter, to).await?,
            None => None,
        };
        self.write(meter, terms, last, reach).await
    }

    /// The last whole minute that all inputs have passed; none while one has no reading at all.
    async fn reach(&self, inputs: &[MeterId]) -> Result<Option<DateTime<Utc>>, Error> {
        let newest = storage::readings::newest(&self.pool, inputs).await?;
        if newest.len() < inputs.len() {
            return Ok(None);
        }
        Ok(newest.iter().map(|reading| reading.at).min().and_then(|at| floor(at, STEP)))
    }

    /// Writes the points after the last one, or from the beginning; whether there were any, or
    /// nothing was to be done.
    async fn write(
        &self,
        meter: MeterId,
        terms: &[(MeterId, f64)],
        last: Option<(DateTime<Utc>, f64, f64)>,
        reach: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let ids: Vec<MeterId> = terms.iter().map(|(input, _)| *input).collect();
        let (mut from, mut registers) = match last {
            Some((at, import, export)) => {
                let registers =
                    Registers { import: Kwh(import), export: Kwh(export), owed: Kwh::ZERO };
                (at, registers)
            }
            None => match self.beginning(&ids).await? {
                Some(from) => (from, Registers::default()),
                None => return Ok(true),
            },
        };
        let mut begins = last.is_none();
        let mut wrote = from >= reach;
        while from < reach {
            let to = reach.min(from + CHUNK);
            let inputs = Inputs::load(&self.pool, &self.registry.known(), terms, from, to).await?;
            let of_inputs = inputs.all();
            let mut points = Vec::new();
            if begins {
                points.push(derive::first(from, &of_inputs));
                begins = false;
            }
            points.extend(derive::points(&of_inputs, &mut registers));
            if let Some(at) = points.last().map(|point| point.at) {
                self.submit(meter, points).await?;
                storage::derived::advance(&self.pool, meter, at).await?;
                wrote = true;
            }
            from = to;
        }
        Ok(wrote)
    }

    /// The first whole minute at which all inputs have been read.
    async fn beginning(&self, inputs: &[MeterId]) -> Result<Option<DateTime<Utc>>, Error> {
        let firsts = storage::derived::first_readings(&self.pool, inputs).await?;
        let latest = firsts.iter().map(|(_, at)| *at).max();
        Ok(latest.and_then(|at| {
            let minute = floor(at, STEP)?;
            Some(if minute < at { minute + STEP } else { minute })
        }))
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
        let (reply, answer) = oneshot::channel();
        self.batches.send(Batch { readings, reply }).await.map_err(|_| Error::Unavailable)?;
        let outcome = answer.await.map_err(|_| Error::Unavailable)?;
        let outcome = outcome.map_err(|_| Error::Unavailable)?;
        if let Some(refused) = outcome.refused.first() {
            tracing::warn!(%meter, "points of a derived meter were refused: {}", refused.reason);
        }
        Ok(())
    }
}

/// Derived meters in an order in which each comes after those that it is computed from.
fn inputs_first(mut derived: Vec<Derived>) -> Vec<Derived> {
    let mut open: HashSet<MeterId> = derived.iter().map(|(meter, _)| *meter).collect();
    let mut ordered = Vec::with_capacity(derived.len());
    while !derived.is_empty() {
        let waits = |(_, terms): &Derived| terms.iter().any(|(input, _)| open.contains(input));
        let (rest, ready): (Vec<_>, Vec<_>) = derived.into_iter().partition(waits);
        if ready.is_empty() {
            // Terms that plain SQL closed to a cycle: there is nothing to compute them from.
            break;
        }
        for (meter, _) in &ready {
            open.remove(meter);
        }
        ordered.extend(ready);
        derived = rest;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_are_computed_from_comes_first_and_cycles_are_left_out() {
        let id = MeterId;
        let derived = vec![
            (id(1), vec![(id(2), 1.0), (id(9), 1.0)]),
            (id(2), vec![(id(8), 1.0)]),
            (id(3), vec![(id(4), 1.0)]),
            (id(4), vec![(id(3), 1.0)]),
        ];
        let order: Vec<_> = inputs_first(derived).into_iter().map(|(meter, _)| meter.0).collect();
        assert_eq!(order, [2, 1]);
    }
}
