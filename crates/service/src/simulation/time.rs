//! The world's clock: seen and set.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use domain::simulation::PausedBecause;
use domain::simulation::refusal::WorldRefusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::simulation::clock::Clock;

use super::engine::boundary;
use crate::{Action, Error, Principal, Service, resolve, validity};

/// The fastest clock, in simulated days a minute.
const FASTEST: f64 = 100.0;
/// A jump records no more readings than this.
const MOST_READINGS: i64 = 5_000_000;

/// The world's clock.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SimulationTime {
    /// The world's present, to the second.
    pub current_datetime: DateTime<Utc>,
    /// Whether it stands still.
    pub paused: bool,
    /// Why it does: someone asked for it, or nobody looked for a while.
    pub paused_because: Option<PausedBecause>,
    /// Simulated days in a real minute.
    pub days_per_minute: f64,
    /// Simulated minutes of a record.
    pub record_minutes: u32,
    /// End of the newest records; behind the present only while a jump is made up for.
    pub recorded_to: DateTime<Utc>,
}

impl From<&Clock> for SimulationTime {
    fn from(clock: &Clock) -> Self {
        Self {
            current_datetime: clock.current.trunc_subsecs(0),
            paused: clock.paused_because.is_some(),
            paused_because: clock.paused_because,
            days_per_minute: clock.days_per_minute,
            record_minutes: clock.record_minutes,
            recorded_to: clock.recorded_to,
        }
    }
}

/// What is asked of the clock; what is left out stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeChange {
    /// Whether it stands still.
    pub paused: Option<bool>,
    /// Simulated days in a real minute, above 0 and at most 100.
    pub days_per_minute: Option<f64>,
    /// The new present. Forward, all that lies between is recorded; back only while nothing is.
    pub current_datetime: Option<DateTime<Utc>>,
    /// Simulated minutes of a record, 1 to 60.
    pub record_minutes: Option<u32>,
}

/// The world at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct WorldStatus {
    /// Its clock.
    pub clock: SimulationTime,
    /// Meters that still measure.
    pub meters: usize,
    /// Of these, those that are linked to a resource.
    pub linked: usize,
    /// Energy resources.
    pub resources: usize,
}

/// The world at a glance.
pub async fn status(service: &Service, who: &Principal) -> Result<WorldStatus, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    let clock = storage::simulation::clock::get(service.pool()).await?;
    let mut clock = clock.ok_or_else(crate::simulation::engine::state::no_world)?;
    let meters = storage::simulation::meters::list(service.pool(), clock.site).await?;
    let resources = storage::simulation::resources::list(service.pool(), clock.site).await?;
    // What is stored lags behind the hand by the time between two records.
    if let Some(site) = storage::sites::by_id(service.pool(), clock.site).await? {
        clock.current = crate::operation::clock::now(service, &site);
    }
    Ok(WorldStatus {
        clock: SimulationTime::from(&clock),
        linked: meters.iter().filter(|meter| meter.er.is_some()).count(),
        meters: meters.len(),
        resources: resources.len(),
    })
}

/// Sets the clock, and answers when everything up to its new present is recorded, or at the latest
/// after some seconds.
pub async fn set_time(
    service: &Service,
    who: &Principal,
    change: TimeChange,
) -> Result<SimulationTime, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let mut engine = service.simulation().hold(service).await?;
    let stands = engine.clock()?.clone();
    let meters = engine.meters(service).await?;
    let mut clock = check(&stands, change)?;
    if let Some(to) = change.current_datetime {
        let to = boundary(to, TimeDelta::seconds(1));
        let back = to < stands.current;
        if back && engine.has_records() {
            return Err(Error::refused(
                "time_goes_forward",
                WorldRefusal::Backwards { recorded: stands.recorded_to },
            )
            .at("current_datetime"));
        }
        check_jump(&clock, to, meters)?;
        clock.current = to;
        if back {
            clock.recorded_to = boundary(to, TimeDelta::minutes(clock.record_minutes.into()));
        }
    }
    engine.set_clock(service, clock).await?;
    drop(engine);
    let held = service.simulation().hold(service).await;
    let engine = match held {
        Err(Error::Unavailable) => service.simulation().engine.lock().await,
        held => held?,
    };
    service.simulation().wake.notify_one();
    Ok(SimulationTime::from(engine.clock()?))
}

fn check(stands: &Clock, change: TimeChange) -> Result<Clock, Error> {
    let mut clock = stands.clone();
    if let Some(speed) = change.days_per_minute {
        if !(speed > 0.0 && speed <= FASTEST) {
            return Err(Error::invalid("days_per_minute", WorldRefusal::Speed));
        }
        clock.days_per_minute = speed;
    }
    if let Some(minutes) = change.record_minutes {
        if !(1..=60).contains(&minutes) {
            return Err(Error::invalid("record_minutes", WorldRefusal::RecordLength));
        }
        clock.record_minutes = minutes;
    }
    match change.paused {
        Some(true) => clock.paused_because = Some(PausedBecause::Asked),
        Some(false) => clock.paused_because = None,
        None => {}
    }
    Ok(clock)
}

fn check_jump(clock: &Clock, to: DateTime<Utc>, meters: usize) -> Result<(), Error> {
    validity::time("current_datetime", to)?;
    let records = (to - clock.recorded_to).num_minutes() / i64::from(clock.record_minutes);
    let readings = records.saturating_mul(i64::try_from(meters).unwrap_or(i64::MAX));
    if readings > MOST_READINGS {
        let refused = WorldRefusal::Jump { readings, most: MOST_READINGS };
        return Err(Error::invalid("current_datetime", refused));
    }
    Ok(())
}
