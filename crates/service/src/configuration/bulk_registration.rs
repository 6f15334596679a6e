//! Registers a whole plant at once: its site, its meters and their devices.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::devices::{Communication, Protocol};
use domain::meters::Meter;
use domain::sites::Site;
use serde_json::Value;
use storage::devices::NewDevice;
use storage::meters::NewMeter;

use crate::meters::energy_meters::settings::secrets;
use crate::{Action, Core, Error, Principal};

/// A meter of a plant, and how it is reached.
#[derive(Debug, Clone)]
pub struct PlantMeter {
    /// The meter; its site and parent are filled in.
    pub meter: NewMeter,
    /// Number of the meter above it, which comes earlier.
    pub parent_number: Option<String>,
    /// Number of the meter it hung below first, and when it was moved to its parent.
    pub moved: Option<(String, DateTime<Utc>)>,
    /// How its device is spoken to.
    pub protocol: Protocol,
    /// How often it is read.
    pub poll: Duration,
    /// Settings of its device.
    pub communication: Value,
}

/// A plant that is registered.
#[derive(Debug, Clone)]
pub struct Registered {
    /// Ids of the meters, in the order given.
    pub meters: Vec<MeterId>,
    /// When the newest reading of the first meter was taken.
    pub newest: Option<DateTime<Utc>>,
}

/// Since when the meter with this number measures, as the default site has it registered: `None` where
/// there is no such meter yet.
pub async fn installed_at(
    core: &Core,
    who: &Principal,
    number: &str,
) -> Result<Option<Option<DateTime<Utc>>>, Error> {
    who.require(Action::See)?;
    let site = storage::sites::DEFAULT;
    let meter = storage::meters::by_number(core.pool(), site, number).await?;
    Ok(meter.map(|meter| meter.installed_at))
}

/// Registers a plant on the default site. Meters that are there already are kept, and their devices
/// get the settings given, so that it can be done again at each start. A meter that was moved is
/// registered where it hung first and moved at once.
pub async fn register(
    core: &Core,
    who: &Principal,
    describe: impl FnOnce(&mut Site) + Send,
    meters: Vec<PlantMeter>,
) -> Result<Registered, Error> {
    who.require(Action::Administer)?;
    let mut site = storage::sites::default(core.pool()).await?;
    describe(&mut site);
    storage::sites::update(core.pool(), &site).await?;
    let known = storage::meters::list(core.pool(), site.id, false).await?;
    let mut ids: HashMap<String, MeterId> =
        known.iter().map(|meter| (meter.number.clone(), meter.id)).collect();
    let known: HashMap<MeterId, Meter> = known.into_iter().map(|meter| (meter.id, meter)).collect();
    let mut registered = Vec::with_capacity(meters.len());
    for PlantMeter { mut meter, parent_number, moved, protocol, poll, communication } in meters {
        Communication::parse(protocol, &communication)?;
        let id = if let Some(old) = ids.get(&meter.number).and_then(|id| known.get(id)) {
            follow(core, old, &meter).await?;
            old.id
        } else {
            meter.site = site.id;
            let named = |number: &String| ids.get(number).copied();
            let parent = parent_number.as_ref().and_then(named);
            meter.parent = moved.as_ref().and_then(|(first, _)| named(first)).or(parent);
            let mut stored = storage::meters::insert(core.pool(), &meter).await?;
            if let Some((_, since)) = moved {
                stored.parent = parent;
                storage::meters::update(core.pool(), &stored, Some(since)).await?;
            }
            stored.id
        };
        ids.insert(meter.number, id);
        connect(core, NewDevice { meter: id, protocol, poll, communication, enabled: true })
            .await?;
        registered.push(id);
    }
    let first: Vec<_> = registered.first().copied().into_iter().collect();
    let newest = storage::readings::newest(core.pool(), &first).await?;
    core.reload().await?;
    Ok(Registered { meters: registered, newest: newest.first().map(|reading| reading.at) })
}

/// A plant that was registered before its meters had fuel counters must not have them taken for
/// increments.
async fn follow(core: &Core, old: &Meter, new: &NewMeter) -> Result<(), Error> {
    if old.diesel_register != new.diesel_register {
        let changed = Meter { diesel_register: new.diesel_register, ..old.clone() };
        storage::meters::update(core.pool(), &changed, None).await?;
    }
    Ok(())
}

async fn connect(core: &Core, mut device: NewDevice) -> Result<(), Error> {
    device.communication = secrets::seal(core.vault(), device.communication);
    match storage::devices::by_meter(core.pool(), device.meter).await? {
        None => {
            storage::devices::insert(core.pool(), &device).await?;
        }
        Some(mut row) => {
            row.protocol = device.protocol;
            row.poll = device.poll;
            row.communication = device.communication;
            storage::devices::update(core.pool(), &row).await?;
        }
    }
    Ok(())
}
