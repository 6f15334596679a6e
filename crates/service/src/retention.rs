//! Dropping what is older than its site keeps.
//!
//! A month is dropped in one piece once it is older than the longest period of any site with rows in
//! it; sites that keep less delete their rows by meter before that. Nothing goes before it is rolled
//! up. What readings were dropped under is frozen: its energy stays as it is, and late readings for it
//! are refused.

pub mod clock;
mod period;

use std::time::Duration;

use chrono::{DateTime, Months, TimeDelta, Utc};
use domain::MeterId;
use domain::sites::Site;
use sqlx::PgPool;
use storage::operation::retention::{Monthly, Stored};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::operation::failures::caught;
use crate::operation::supervision::Pulse;
use crate::readings::months;
use crate::registry::Registry;
use crate::{Core, Error, simulation};
use clock::Measured;
use period::Kept;

/// How often it looks …
const EVERY: Duration = Duration::from_hours(1);
/// … and for the first time: a start has more urgent things to do.
const FIRST: Duration = Duration::from_mins(5);

/// How often it is looked whether another process is done with it.
const TURN: Duration = Duration::from_millis(20);

/// How long refused and differing readings are kept, and the addresses from which changes came.
const REFUSED: TimeDelta = TimeDelta::days(90);

/// What the task needs.
struct Keeper {
    pool: PgPool,
    registry: Registry,
}

/// Runs until the stop signal.
pub(crate) async fn run(core: Core, stop: CancellationToken, pulse: Pulse) {
    let (pool, registry) = (core.pool().clone(), core.registry().clone());
    let mut measured = Measured::new(pool.clone());
    let retention = Keeper { pool, registry };
    let mut look = interval_at(Instant::now() + FIRST, EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut changes = retention.registry.changes();
    // A leap while nothing ran is seen before anything goes by.
    if let Err(error) = measured.advance().await {
        tracing::warn!("the clock of old readings could not be read: {}", error.cause());
    }
    loop {
        let pass = async {
            // A site may be new, or keep more than before.
            let is_change = tokio::select! {
                _ = look.tick() => false,
                Ok(()) = changes.changed() => true,
            };
            months::prepare(&retention.pool, &retention.registry).await?;
            if is_change {
                return Ok(());
            }
            let now = measured.advance().await?;
            retention.pass(now).await.map(drop)
        };
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = pass => done,
        };
        match done {
            Ok(()) => pulse.beat(),
            Err(error) => {
                let cause = error.cause();
                tracing::warn!("what is too old could not be dropped, it is tried again: {cause}");
            }
        }
    }
}

/// What a pass took away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped {
    pub months_of_readings: u32,
    /// Months of quarter-hours.
    pub months_of_intervals: u32,
    /// Rows of sites that keep less than others.
    pub rows: u64,
    /// Alarms that were over before what their site keeps longest.
    pub alarms: u64,
}

/// Drops once what is too old at an instant; on a simulated site, at its own present. It waits for whoever is at it.
///
/// # Errors
/// The database fails; what was dropped by then stays so.
pub async fn once(pool: &PgPool, now: DateTime<Utc>) -> Result<Dropped, Error> {
    let registry = Registry::load(pool.clone()).await?;
    simulation::begin(pool, &registry).await?;
    let keeper = Keeper { pool: pool.clone(), registry };
    let _turn = loop {
        match storage::operation::retention::take_turn(pool).await? {
            Some(turn) => break turn,
            None => tokio::time::sleep(TURN).await,
        }
    };
    keeper.drop_old(now).await
}

impl Keeper {
    /// Drops what is too old at an instant; on a simulated site, at its own present.
    async fn pass(&self, now: DateTime<Utc>) -> Result<Dropped, Error> {
        let Some(_turn) = storage::operation::retention::take_turn(&self.pool).await? else {
            return Ok(Dropped::default());
        };
        self.drop_old(now).await
    }

    async fn drop_old(&self, now: DateTime<Utc>) -> Result<Dropped, Error> {
        let mut dropped = Dropped::default();
        let mut failed = None;
        let clocks = self.registry.clocks();
        let present = |site: &Site| clocks.of(site).map_or(now, |clock| clock.at);
        let kept = period::all(&self.pool, present).await?;
        for month in storage::operation::retention::months(&self.pool, Monthly::Readings).await? {
            let done = caught(self.readings(&kept, month, &mut dropped)).await;
            note(&mut failed, done)?;
        }
        for month in storage::operation::retention::months(&self.pool, Monthly::Intervals).await? {
            let done = caught(self.intervals(&kept, month, &mut dropped)).await;
            note(&mut failed, done)?;
        }
        for site in &kept {
            let done = caught(self.older(site, &mut dropped)).await;
            note(&mut failed, done)?;
        }
        note(&mut failed, caught(self.refused(&kept, now)).await)?;
        if dropped != Dropped::default() {
            tracing::info!(
                "dropped {} months of readings, {} months of quarter-hours, {} single rows, and {} \
                 alarms",
                dropped.months_of_readings,
                dropped.months_of_intervals,
                dropped.rows,
                dropped.alarms
            );
        }
        failed.map_or(Ok(dropped), Err)
    }

    async fn older(&self, site: &Kept, dropped: &mut Dropped) -> Result<(), Error> {
        storage::operation::retention::delete_hours(&self.pool, &site.meters, site.quarters)
            .await?;
        storage::energy::outliers::delete_frozen(&self.pool, &site.meters).await?;
        let (day, begins) = site.days;
        storage::operation::retention::delete_days(&self.pool, &site.meters, day, begins).await?;
        dropped.alarms += storage::alarms::delete_over(&self.pool, site.id, begins).await?;
        storage::simulation::events::delete_seen(&self.pool, site.id, begins).await?;
        Ok(())
    }

    /// What was not stored as it came in is kept for a while, to see what is wrong: by when it arrived.
    async fn refused(&self, kept: &[Kept], now: DateTime<Utc>) -> Result<(), Error> {
        let before = now - REFUSED;
        storage::people::audit::forget_addresses(&self.pool, before).await?;
        storage::readings::refused::delete_before(&self.pool, before).await?;
        for site in kept {
            storage::readings::conflicts::delete_before(&self.pool, &site.meters, before).await?;
        }
        Ok(())
    }

    async fn readings(
        &self,
        kept: &[Kept],
        month: Stored,
        dropped: &mut Dropped,
    ) -> Result<(), Error> {
        let table = Monthly::Readings;
        if self.drop_if_empty(kept, table, month, |site| site.readings).await? {
            return Ok(());
        }
        let Some(old) = self.old(kept, table, month.begins, |site| site.readings).await? else {
            return Ok(());
        };
        if old.whole && month.has_partition {
            let mut all_ready = true;
            for (_, meters) in &old.sites {
                all_ready &= self.freeze(meters, old.end).await?.is_empty();
            }
            if all_ready && self.drop_month(table, month.begins).await? {
                dropped.months_of_readings += 1;
            }
            return Ok(());
        }
        for (before, meters) in old.to_delete() {
            let late = self.freeze(meters, before).await?;
            for meter in meters.iter().filter(|meter| !late.contains(meter)) {
                dropped.rows +=
                    storage::operation::retention::delete(&self.pool, table, *meter, before)
                        .await?;
            }
        }
        Ok(())
    }

    /// Drops the partition of a month that no site keeps and in which nothing is stored; whether it did.
    async fn drop_if_empty(
        &self,
        kept: &[Kept],
        table: Monthly,
        month: Stored,
        since: fn(&Kept) -> DateTime<Utc>,
    ) -> Result<bool, Error> {
        let end = month.begins.checked_add_months(Months::new(1)).unwrap_or(month.begins);
        if !month.has_partition || kept.iter().any(|site| since(site) < end) {
            return Ok(false);
        }
        match storage::operation::retention::drop_empty_month(&self.pool, table, month.begins).await
        {
            // Others use the table: there is time.
            Err(error) if error.is_transient() => Ok(false),
            done => Ok(done?),
        }
    }

    /// Drops a month; whether it is gone. One that others use all the time holds up no others.
    async fn drop_month(&self, table: Monthly, month: DateTime<Utc>) -> Result<bool, Error> {
        match storage::operation::retention::drop_month(&self.pool, table, month).await {
            Err(error) if error.is_transient() => {
                let month = month.format("%Y-%m");
                tracing::warn!("{month} could not be dropped, it is tried again: {error}");
                Ok(false)
            }
            done => Ok(done?),
        }
    }

    /// Freezes meters' time; from then on late readings are refused. Answers which are not rolled up.
    async fn freeze(
        &self,
        meters: &[MeterId],
        before: DateTime<Utc>,
    ) -> Result<Vec<MeterId>, Error> {
        let late = storage::operation::retention::freeze(&self.pool, meters, before).await?;
        if let Some(first) = late.first() {
            tracing::warn!(
                "{} meters, such as meter {first}, have readings before {before} that are not rolled \
                 up yet: these are kept",
                late.len()
            );
        }
        self.registry.reload().await?;
        Ok(late)
    }

    async fn intervals(
        &self,
        kept: &[Kept],
        month: Stored,
        dropped: &mut Dropped,
    ) -> Result<(), Error> {
        let table = Monthly::Intervals;
        if self.drop_if_empty(kept, table, month, |site| site.quarters).await? {
            return Ok(());
        }
        let Some(old) = self.old(kept, table, month.begins, |site| site.quarters).await? else {
            return Ok(());
        };
        // Quarter-hours outlive their readings: what can still be computed again is not dropped.
        let readings = |meters, to| {
            storage::operation::retention::present(
                &self.pool,
                Monthly::Readings,
                meters,
                month.begins,
                to,
            )
        };
        if old.whole && month.has_partition {
            for (_, meters) in &old.sites {
                if !readings(meters, old.end).await?.is_empty() {
                    return Ok(());
                }
            }
            if self.drop_month(table, month.begins).await? {
                dropped.months_of_intervals += 1;
            }
            return Ok(());
        }
        for (before, meters) in old.to_delete() {
            let computable = readings(meters, before).await?;
            for meter in meters.iter().filter(|meter| !computable.contains(meter)) {
                dropped.rows +=
                    storage::operation::retention::delete(&self.pool, table, *meter, before)
                        .await?;
            }
        }
        Ok(())
    }

    /// What of a month is too old; none where nothing is, or where nothing is stored.
    async fn old(
        &self,
        kept: &[Kept],
        table: Monthly,
        month: DateTime<Utc>,
        since: fn(&Kept) -> DateTime<Utc>,
    ) -> Result<Option<Old>, Error> {
        let end = month.checked_add_months(Months::new(1)).unwrap_or(month);
        if kept.iter().all(|site| since(site) <= month) {
            return Ok(None);
        }
        let mut sites = Vec::new();
        for site in kept {
            let meters =
                storage::operation::retention::present(&self.pool, table, &site.meters, month, end)
                    .await?;
            if !meters.is_empty() {
                sites.push((since(site), meters));
            }
        }
        let longest = sites.iter().map(|(since, _)| *since).min();
        Ok(longest.map(|longest| Old { end, whole: longest >= end, longest, sites }))
    }
}

/// What fails of a month or of a site holds up no other, and is answered in the end; without a database
/// nothing can be done.
fn note(failed: &mut Option<Error>, done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(error) if !error.is_passing() => {
            failed.get_or_insert(error);
            Ok(())
        }
        done => done,
    }
}

/// What of a month is too old.
struct Old {
    /// The first instant after the month.
    end: DateTime<Utc>,
    /// Whether all of it is.
    whole: bool,
    /// From when on the site that keeps most keeps it.
    longest: DateTime<Utc>,
    /// The sites with rows in it: from when on they keep them, and the meters.
    sites: Vec<(DateTime<Utc>, Vec<MeterId>)>,
}

impl Old {
    /// The sites that keep less than the one that keeps most, or all where nobody keeps any of it, with the
    /// instant before which they keep nothing.
    fn to_delete(&self) -> impl Iterator<Item = (DateTime<Utc>, &[MeterId])> {
        let too_old = |since: DateTime<Utc>| self.whole || since > self.longest;
        let sites = self.sites.iter().filter(move |(since, _)| too_old(*since));
        sites.map(|(since, meters)| ((*since).min(self.end), meters.as_slice()))
    }
}
