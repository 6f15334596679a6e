//! One round: claim, compute, write.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use domain::readings::refusal::RefusalReason;
use domain::{MeterId, Source};
use storage::readings::refused::RefusedReading;
use storage::rollup::{Live, Turn};
use storage::span::Key;
use tokio::task::JoinSet;

use super::claims::{Run, batches, divided, passes, runs};
use super::load::Computed;
use super::{Rollup, load, write};
use crate::Error;
use crate::recount::{Subject, subjects};
use crate::registry::Known;

/// Quarter-hours of the past that a round takes at most: as many as may be done in its time.
const ROUND: u32 = 8_000;
/// After so long a round begins no further batch of the past: what is live is looked at anew then.
const LONGEST_ROUND: Duration = Duration::from_secs(1);
/// What is as close to the present of a site is live.
const LIVE: TimeDelta = TimeDelta::minutes(30);
/// How long ago plain SQL may have written what the sweep finds.
const SWEPT: TimeDelta = TimeDelta::hours(1);
/// Batches under way at once: one is read, one folded, one written.
const AT_ONCE: usize = 3;

/// The interval at which the meter of a run was read in it.
fn poll(known: &Known, run: &Run) -> TimeDelta {
    known.poll_within(run.meter(), run.span.from, run.span.to)
}

impl Rollup {
    /// Does a part of what waits; whether more was waiting, or is now. What came in meanwhile waits for
    /// the next look: a meter that is read ten times a second is not computed ten times.
    pub(super) async fn round(self: &Arc<Self>, turn: &Arc<Turn>) -> Result<bool, Error> {
        let known = self.registry.known();
        let presents = known.sites.values().map(|site| self.registry.now(site));
        let live = Live::about(presents, LIVE);
        let resting =
            |waiting: &[Key]| self.memory.filling.lock().resting(waiting, &live, Instant::now());
        let claims = storage::rollup::claim(&self.pool, &live, ROUND, resting).await?;
        if claims.is_empty() {
            return Ok(false);
        }
        let more = claims.len() >= usize::try_from(ROUND).unwrap_or(usize::MAX);
        let claims = self.without_frozen(claims).await?;
        self.memory.failed.store(0, Relaxed);
        let begun = Instant::now();
        let runs = divided(runs(&claims), |run| run.weight(poll(&known, run)));
        for pass in passes(runs, &live) {
            // All that is live has its turn in each round.
            let is_live = pass.first().is_some_and(|run| live.holds(run.span.from));
            let has_time = move || is_live || begun.elapsed() < LONGEST_ROUND;
            let (share, since) = (self.memory.filling.lock().share(&pass), Instant::now());
            let is_done = self.pass(turn, pass, has_time).await?;
            let took = self.pace.of(since.elapsed().mul_f64(share));
            self.memory.filling.lock().took(took, Instant::now());
            if !is_done {
                return Ok(true);
            }
        }
        let goes_on = self.memory.goes_on.swap(false, Relaxed);
        Ok(more || goes_on)
    }

    /// Does the runs of a pass while there is time; whether there was for all of them. Batches are tasks, so that each
    /// processor folds one, and hold the turn for as long as they may write.
    async fn pass(
        self: &Arc<Self>,
        turn: &Arc<Turn>,
        pass: Vec<Run>,
        has_time: impl Fn() -> bool,
    ) -> Result<bool, Error> {
        let known = self.registry.known();
        let mut batches = batches(pass, |run| run.weight(poll(&known, run))).into_iter();
        let mut under_way = JoinSet::new();
        loop {
            while under_way.len() < AT_ONCE
                && has_time()
                && let Some(batch) = batches.next()
            {
                let (rollup, turn) = (Arc::clone(self), Arc::clone(turn));
                under_way.spawn(async move {
                    let done = rollup.batch_or_parts(batch).await;
                    drop(turn);
                    done
                });
            }
            match under_way.join_next().await {
                Some(done) => done.map_err(Error::of_ended)??,
                None => return Ok(batches.as_slice().is_empty()),
            }
        }
    }

    /// Strikes off the claims of quarter-hours whose readings are dropped.
    async fn without_frozen(&self, mut claims: Vec<Key>) -> Result<Vec<Key>, Error> {
        let known = self.registry.known();
        let frozen =
            crate::recount::frozen_among(&self.pool, &known, claims.iter().copied()).await?;
        if frozen.is_empty() {
            return Ok(claims);
        }
        tracing::warn!(
            "{} quarter-hours stay as they are: the readings behind them are dropped",
            frozen.len()
        );
        claims.retain(|claim| !frozen.contains(claim));
        let frozen: Vec<Key> = frozen.into_iter().collect();
        self.note_late(&frozen).await?;
        let mut connection = self.pool.acquire().await.map_err(storage::Error::from)?;
        storage::rollup::finish(&mut connection, &frozen).await?;
        Ok(claims)
    }

    /// Readings that plain SQL wrote for time that stays as it is passed nobody who could refuse them:
    /// they count for nothing, and are noted where refused ones are.
    async fn note_late(&self, frozen: &[Key]) -> Result<(), Error> {
        let now = Utc::now();
        let late =
            storage::readings::refused::written_by_sql(&self.pool, frozen, now - SWEPT).await?;
        let refusal = |(meter, count)| RefusedReading {
            meter: Some(meter),
            at: now,
            source: Source::Sql,
            reason: RefusalReason::Frozen.as_str().to_owned(),
            detail: RefusalReason::Frozen.into(),
            count,
        };
        let refusals: Vec<RefusedReading> = late.into_iter().map(refusal).collect();
        Ok(storage::readings::refused::add(&self.pool, &refusals).await?)
    }

    pub(super) async fn batch(&self, runs: Vec<Run>) -> Result<(), Error> {
        // First, so that what is computed now is not computed again for it.
        self.learn_cadences(&runs).await?;
        let meters: Vec<MeterId> = runs.iter().map(Run::meter).collect();
        let subjects = subjects(&self.pool, &self.registry.known(), &meters).await?;
        self.forget_strangers(&runs, &subjects).await?;
        let known: Vec<(&Run, &Subject)> =
            runs.iter().filter_map(|run| Some((run, subjects.get(&run.meter())?))).collect();
        let mut computed = load::compute(&self.pool, &known, &self.memory.settled).await?;
        self.leave_frozen(&known, &mut computed).await?;
        let batch: Vec<_> = known
            .into_iter()
            .zip(computed)
            .map(|((run, subject), computed)| (run, subject, computed))
            .collect();
        let written = write::write(&self.pool, &batch).await?;
        self.memory.filling.lock().computed(&runs, Instant::now());
        let heads = batch.into_iter().map(|(_, _, computed)| computed.head).collect();
        self.memory.settled.lock().note(heads);
        self.progress.wrote(written.changed);
        self.memory.goes_on.fetch_or(written.goes_on, Relaxed);
        Ok(())
    }

    /// A step across time that stays as it is writes nothing into it.
    async fn leave_frozen(
        &self,
        runs: &[(&Run, &Subject)],
        computed: &mut [Computed],
    ) -> Result<(), Error> {
        let mut starts: Vec<Key> = Vec::new();
        for ((run, _), computed) in runs.iter().zip(computed.iter()) {
            let intervals = &computed.folded.intervals;
            starts.extend(intervals.iter().map(|interval| (run.meter(), interval.start)));
        }
        let frozen =
            crate::recount::frozen_among(&self.pool, &self.registry.known(), starts).await?;
        if !frozen.is_empty() {
            for ((run, _), computed) in runs.iter().zip(computed) {
                let intervals = &mut computed.folded.intervals;
                intervals.retain(|interval| !frozen.contains(&(run.meter(), interval.start)));
            }
        }
        Ok(())
    }

    /// Strikes off the claims of meters that there are not: plain SQL may write anything, and a reading may have been on
    /// its way while its meter was deleted, with which it goes.
    async fn forget_strangers(
        &self,
        runs: &[Run],
        subjects: &HashMap<MeterId, Subject>,
    ) -> Result<(), Error> {
        let strangers = runs.iter().filter(|run| !subjects.contains_key(&run.meter()));
        let claims: Vec<_> = strangers.flat_map(|run| run.claims.clone()).collect();
        if let Some((meter, _)) = claims.first() {
            tracing::info!(
                "{} quarter-hours belong to no meter, such as meter {meter}: they are left out",
                claims.len()
            );
            let mut transaction = self.pool.begin().await.map_err(storage::Error::from)?;
            storage::meters::removal::erase_late(&mut transaction, &claims).await?;
            storage::rollup::finish(&mut transaction, &claims).await?;
            transaction.commit().await.map_err(storage::Error::from)?;
        }
        Ok(())
    }
}
