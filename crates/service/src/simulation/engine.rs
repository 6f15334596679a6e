//! Moves the world's clock, and makes the records of its meters.
//!
//! The engine knows where the registers stand; it loads that from the newest stored readings, and
//! again whenever anything failed. Records of a time go in one batch, so that of a time all are stored
//! or none. A record that was stored before the process was killed is made again, the same, and
//! counts as a duplicate.

pub(crate) mod plan;
pub(crate) mod state;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::simulation::PausedBecause;
use domain::simulation::record::{Nature, Registers};
use domain::{MeterId, Quality, Reading, Source};
use futures::future::try_join_all;
use sqlx::PgPool;
use storage::simulation::clock::Clock;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::operation::supervision::Pulse;
use crate::registry::Registry;
use crate::simulation::engine::plan::Plan;
use crate::simulation::engine::state::{Simulation, no_world};
use crate::{Core, Error};

/// How often the clock moves.
const TICK: Duration = Duration::from_millis(200);
/// Real time that a tick may count: whoever was suspended does not come back days later.
const LONGEST_TICK: Duration = Duration::from_secs(2);
/// How often a clock that records nothing is stored.
const STORE: Duration = Duration::from_secs(5);
/// Readings of a batch, unless one time alone has more …
const BATCH: usize = 4_000;
/// … and of all that are under way at once.
const CHUNK: usize = 16_000;
/// A chunk has no more times than this, however few meters there are.
const MOST_TIMES: usize = 4_000;
/// A pause after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// What the engine knows; empty until it is loaded.
#[derive(Default)]
pub(crate) struct Engine {
    state: Option<State>,
}

struct State {
    clock: Clock,
    plan: Plan,
    /// Whether the plan is as the database has it.
    planned: bool,
    /// When each meter was read last, and where its registers stood.
    registers: HashMap<MeterId, (DateTime<Utc>, Registers)>,
    moved_at: Instant,
    stored_at: Instant,
    /// Whether records up to the present are still to be made.
    behind: bool,
}

/// The beginning of the stretch of this length that holds an instant.
pub(super) fn boundary(at: DateTime<Utc>, length: TimeDelta) -> DateTime<Utc> {
    let length = length.num_seconds().max(1);
    let seconds = at.timestamp().div_euclid(length) * length;
    DateTime::from_timestamp(seconds, 0).unwrap_or(at)
}

/// Shows the clock as it was stored last, before anything asks for the time.
pub(crate) async fn begin(pool: &PgPool, registry: &Registry) -> Result<(), Error> {
    if let Some(clock) = storage::simulation::clock::get(pool).await? {
        show(registry, &clock);
    }
    Ok(())
}

fn show(registry: &Registry, clock: &Clock) {
    registry.clocks().set(clock.site, clock.into());
}

/// Runs until the stop signal.
pub(crate) async fn run(core: Core, world: Arc<Simulation>, stop: CancellationToken, pulse: Pulse) {
    if pulse.is_again() {
        world.engine.lock().await.state = None;
    }
    let mut registry = core.registry().changes();
    loop {
        let pass = async {
            let changed = registry.has_changed().unwrap_or(false);
            registry.mark_unchanged();
            let mut engine = world.engine.lock().await;
            if changed {
                engine.plan_again();
            }
            engine.tick(&core, &world).await
        };
        let done = tokio::select! {
            () = stop.cancelled() => break,
            done = pass => done,
        };
        if done.is_ok() {
            pulse.beat();
        }
        let pause = match done {
            Ok(true) => Duration::ZERO,
            Ok(false) => TICK,
            Err(error) => {
                tracing::warn!("the world could not record, it is tried again: {error}");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = world.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    let engine = world.engine.lock().await;
    if let Some(state) = &engine.state
        && let Err(error) = storage::simulation::clock::put(core.pool(), &state.clock).await
    {
        tracing::warn!("the world's clock could not be stored: {error}");
    }
}

impl Engine {
    /// The clock as it stands.
    pub(super) fn clock(&self) -> Result<&Clock, Error> {
        self.state.as_ref().map(|state| &state.clock).ok_or_else(no_world)
    }

    /// Whether any meter of the world was ever recorded.
    pub(super) fn has_records(&self) -> bool {
        self.state.as_ref().is_some_and(|state| !state.registers.is_empty())
    }

    /// How many meters record.
    pub(super) async fn meters(&mut self, core: &Core) -> Result<usize, Error> {
        Ok(self.planned(core).await?.plan.len())
    }

    /// Continues with a clock that the caller has stored.
    pub(super) async fn follow_clock(&mut self, core: &Core, clock: Clock) -> Result<(), Error> {
        let state = self.loaded(core).await?;
        state.moved_at = Instant::now();
        state.behind = true;
        state.clock = clock;
        show(core.registry(), &state.clock);
        Ok(())
    }

    /// Reads what the meters are and what is behind them before the next record.
    pub(super) fn plan_again(&mut self) {
        if let Some(state) = &mut self.state {
            state.planned = false;
        }
    }

    /// Writes a first reading of meters that were never read, with their registers as they are.
    pub(super) async fn base(&mut self, core: &Core, meters: &[MeterId]) -> Result<(), Error> {
        let state = self.planned(core).await?;
        let at = state.clock.recorded_to;
        let new: Vec<_> = meters
            .iter()
            .filter(|meter| !state.registers.contains_key(meter))
            .map(|&meter| (meter, state.plan.fresh(meter)))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let readings = new.iter().map(|(meter, registers)| reading(*meter, at, registers.values()));
        submit(core, readings.collect()).await?;
        state.registers.extend(new.into_iter().map(|(meter, registers)| (meter, (at, registers))));
        Ok(())
    }

    /// Moves the clock by the time that passed, and records. Whether more is to be recorded at once.
    async fn tick(&mut self, core: &Core, world: &Simulation) -> Result<bool, Error> {
        let watched = watched(world, self.loaded(core).await?.clock.site);
        let state = self.loaded(core).await?;
        let paused = state.clock.paused_because;
        match paused {
            None if !watched => state.clock.paused_because = Some(PausedBecause::Unwatched),
            Some(PausedBecause::Unwatched) if watched => state.clock.paused_because = None,
            _ => {}
        }
        let real = state.moved_at.elapsed().min(LONGEST_TICK);
        state.moved_at = Instant::now();
        if state.clock.paused_because.is_none() && !state.behind {
            // A simulated day in a minute is 1,440 times as fast as real time.
            let simulated = real.as_secs_f64() * state.clock.days_per_minute * 1_440.0 * 1e6;
            #[expect(clippy::cast_possible_truncation, reason = "two seconds are some days")]
            let step = TimeDelta::microseconds(simulated as i64);
            state.clock.current += step;
        }
        show(core.registry(), &state.clock);
        if paused != state.clock.paused_because || state.stored_at.elapsed() > STORE {
            storage::simulation::clock::put(core.pool(), &state.clock).await?;
            state.stored_at = Instant::now();
        }
        self.advance(core, world).await
    }

    /// Makes a chunk of the records up to the present. Whether more are to be made.
    pub(super) async fn advance(&mut self, core: &Core, world: &Simulation) -> Result<bool, Error> {
        let done = self.record(core, world).await;
        if done.is_err() {
            // What was stored of it is found when it is loaded again.
            self.state = None;
        }
        done
    }

    async fn record(&mut self, core: &Core, world: &Simulation) -> Result<bool, Error> {
        let state = self.loaded(core).await?;
        let length = TimeDelta::minutes(state.clock.record_minutes.into());
        let until = boundary(state.clock.current, length);
        if state.clock.recorded_to >= until {
            state.behind = false;
            return Ok(false);
        }
        let state = self.planned(core).await?;
        let from = state.clock.recorded_to;
        let (batches, registers, recorded_to) = state.make(length, until);
        // Its clock may leap far beyond the months that were made ahead.
        storage::readings::partitions::ensure(core.pool(), [from, recorded_to]).await?;
        storage::readings::partitions::ensure_intervals(core.pool(), [from, recorded_to]).await?;
        try_join_all(batches.into_iter().map(|readings| submit(core, readings))).await?;
        state.registers = registers;
        state.clock.recorded_to = recorded_to;
        storage::simulation::clock::put(core.pool(), &state.clock).await?;
        state.stored_at = Instant::now();
        state.behind = recorded_to < until;
        world.recorded.send_replace(recorded_to);
        Ok(state.behind)
    }

    async fn loaded(&mut self, core: &Core) -> Result<&mut State, Error> {
        if self.state.is_none() {
            self.state = Some(load(core).await?);
        }
        self.state.as_mut().ok_or_else(no_world)
    }

    async fn planned(&mut self, core: &Core) -> Result<&mut State, Error> {
        let state = self.loaded(core).await?;
        if !state.planned {
            state.plan = Plan::load(core, &state.clock).await?;
            let mut unread = state.plan.meters();
            unread.retain(|meter| !state.registers.contains_key(meter));
            state.registers.extend(registers(core.pool(), &unread, &state.clock).await?);
            state.planned = true;
        }
        Ok(state)
    }
}

/// Whether someone looks, or it does not matter.
fn watched(world: &Simulation, site: domain::SiteId) -> bool {
    let Some(after) = *world.pause_after.lock() else { return true };
    let listening = world.live.with(site, crate::live::SiteLive::subscribers).unwrap_or(0);
    if listening > 0 {
        *world.looked.lock() = Instant::now();
    }
    world.looked.lock().elapsed() < after
}

async fn load(core: &Core) -> Result<State, Error> {
    let pool = core.pool();
    let mut clock = storage::simulation::clock::get(pool).await?.ok_or_else(no_world)?;
    let plan = Plan::load(core, &clock).await?;
    let meters = plan.meters();
    // What a killed process stored beyond its note is made again before anything can change.
    let stored_until = storage::readings::simulated_until(pool, &meters).await?;
    clock.current = clock.current.max(stored_until.unwrap_or(clock.recorded_to));
    let registers = registers(pool, &meters, &clock).await?;
    let now = Instant::now();
    Ok(State { clock, plan, planned: true, registers, moved_at: now, stored_at: now, behind: true })
}

/// Where the registers of meters stand by their newest readings.
async fn registers(
    pool: &PgPool,
    meters: &[MeterId],
    clock: &Clock,
) -> Result<HashMap<MeterId, (DateTime<Utc>, Registers)>, Error> {
    let newest = storage::readings::newest_simulated(pool, meters, clock.recorded_to).await?;
    let stood = |read: Reading| Some((read.meter, (read.at, Registers::of(&read.values)?)));
    Ok(newest.into_iter().filter_map(stood).collect())
}

impl State {
    /// The next batches, and where the registers and the time stand after them.
    #[expect(clippy::type_complexity, reason = "three parts of one step, named where it is called")]
    fn make(
        &self,
        length: TimeDelta,
        until: DateTime<Utc>,
    ) -> (Vec<Vec<Reading>>, HashMap<MeterId, (DateTime<Utc>, Registers)>, DateTime<Utc>) {
        let nature = Nature { seed: self.clock.seed, clouds: self.clock.clouds };
        let mut registers = self.registers.clone();
        let mut batches = Vec::new();
        let mut batch = Vec::new();
        let (mut made, mut times) = (0, 0);
        let mut start = self.clock.recorded_to;
        while start < until && made < CHUNK && times < MOST_TIMES {
            let end = boundary(start, length) + length;
            let before = batch.len();
            self.plan.record(nature, start, end, &mut registers, &mut batch);
            made += batch.len() - before;
            times += 1;
            start = end;
            if batch.len() >= BATCH {
                batches.push(std::mem::take(&mut batch));
            }
        }
        if !batch.is_empty() {
            batches.push(batch);
        }
        (batches, registers, start)
    }
}

pub(super) fn reading(meter: MeterId, at: DateTime<Utc>, values: domain::Values) -> Reading {
    Reading { meter, at, quality: Quality::Good, source: Source::Simulator, values }
}

/// Hands readings to ingest and waits for their commit, however long its queue is.
async fn submit(core: &Core, readings: Vec<Reading>) -> Result<(), Error> {
    let stored = core.batches().submit(readings).await;
    let outcome = stored.map_err(|_| Error::Unavailable)?;
    if let Some(refused) = outcome.refused.first() {
        tracing::warn!(
            "{} records of the world were refused, the first: {}",
            outcome.refused.len(),
            refused.reason
        );
    }
    if outcome.conflicts > 0 {
        tracing::warn!("{} records of the world differ from stored ones", outcome.conflicts);
    }
    Ok(())
}
