//! The simulated world: its clock, what is behind its meters, and the records that they make.
//!
//! [`engine`] moves the clock and makes the records; they go the one way in that every reading goes,
//! so that intervals, losses and bills know nothing of a simulation. Whoever changes the world holds
//! it meanwhile (`World::hold`): what was to be recorded until then is recorded first, so that a
//! change shows from the next record on and never before.

mod control;
pub(crate) mod engine;
mod events;
mod found;
mod meters;
pub mod page;
mod records;
mod resources;
mod time;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::sites::Site;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

pub use control::{
    ControlRequest, Controlled, SpikeRequest, Spiked, Switched, Target, ToggleRequest, control,
    spike, toggle,
};
pub(crate) use engine::{begin, run};
pub use events::{EventData, EventRequest, Reported, report};
pub use found::{Filled, FoundedMeter, Neighbourhood, fill, found};
pub use meters::{LinkRequest, NewSimulatedMeter, create_meter, link, meter, meters};
pub use records::{MeterData, Recorded, of_meter, records, records_between};
pub use resources::{
    NewResource, ResourceRef, create_resource, resource, resources, update_resource,
};
pub use time::{SimulationTime, TimeChange, WorldStatus, set_time, status};

use crate::people::audit::Change;
use crate::simulation::engine::state::no_world;
use crate::{Core, Error, Service};

/// Marks that someone looked at the world, so that its clock goes on.
pub fn looked(service: &Service) {
    *service.simulation().looked.lock() = Instant::now();
    service.simulation().wake.notify_one();
}

/// Up to when the world is recorded, as it goes on.
pub fn follow(service: &Service) -> watch::Receiver<DateTime<Utc>> {
    service.simulation().recorded.subscribe()
}

/// Lets the clock stand still when nobody has looked for this long.
pub fn pause_when_unwatched(service: &Service, after: Duration) {
    *service.simulation().pause_after.lock() = Some(after);
}

/// Meters that the log of changes names of a change of many.
const NOTED: usize = 10;

/// Stores a change of meters of the world, with how many and which were changed.
async fn commit(
    change: Change,
    action: &str,
    meters: &[MeterId],
    mut detail: Value,
) -> Result<(), Error> {
    let subject = match meters {
        [only] => format!("meter:{only}"),
        _ => "meters".to_owned(),
    };
    detail["count"] = meters.len().into();
    detail["first"] = json!(meters[..meters.len().min(NOTED)]);
    change.commit(action, &subject, &detail).await
}

/// The simulated site.
pub(crate) async fn site(core: &Core) -> Result<Site, Error> {
    let clock = storage::simulation::clock::get(core.pool()).await?.ok_or_else(no_world)?;
    let site = storage::sites::by_id(core.pool(), clock.site).await?;
    site.ok_or_else(no_world)
}
