//! Registers a whole plant at once: its site, its meters and their devices.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::devices::{Communication, Protocol};
use domain::meters::Meter;
use domain::sites::Site;
use serde_json::{Value, json};
use sqlx::PgConnection;
use storage::meters::NewMeter;

use crate::meters::energy_meters::DeviceSettings;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal};

/// Meters that the log of changes names of a plant.
const NOTED: usize = 10;
/// The registration of a plant in the audit log.
const REGISTER: &str = "meters.register";

/// A meter of a plant, and how it is reached.
#[derive(Debug, Clone)]
pub struct PlantMeter {
    /// The meter; its site and parent are filled in.
    pub meter: NewMeter,
    /// Number of the meter above it, which comes earlier.
    pub parent_number: Option<String>,
    /// Numbers of the meters it hung below before it came to its parent, and until when, in order of time.
    pub moved: Vec<(String, DateTime<Utc>)>,
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

/// When a plant came to the default site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlantAge {
    /// Since when its meter measures.
    pub installed: Option<DateTime<Utc>>,
    /// When its meters were first registered.
    pub registered: Option<DateTime<Utc>>,
}

/// The age of a plant by its meter with this number; `None` where there is no such meter yet.
pub async fn age(core: &Core, who: &Principal, number: &str) -> Result<Option<PlantAge>, Error> {
    who.require(Action::See)?;
    let site = storage::sites::DEFAULT;
    let Some(meter) = storage::meters::by_number(core.pool(), site, number).await? else {
        return Ok(None);
    };
    let registered = storage::people::audit::first(core.pool(), site, REGISTER).await?;
    Ok(Some(PlantAge { installed: meter.installed_at, registered }))
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
    let mut change = Change::begin(core, who).await?.at(site.id);
    storage::sites::update(&mut *change.db, &site).await?;
    let known = storage::meters::list(core.pool(), site.id, false).await?;
    let mut ids: HashMap<String, MeterId> =
        known.iter().map(|meter| (meter.number.clone(), meter.id)).collect();
    let known: HashMap<MeterId, Meter> = known.into_iter().map(|meter| (meter.id, meter)).collect();
    let (mut registered, mut new) = (Vec::with_capacity(meters.len()), Vec::new());
    for PlantMeter { mut meter, parent_number, moved, protocol, poll, communication } in meters {
        Communication::parse(protocol, &communication)?;
        let id = if let Some(old) = ids.get(&meter.number).and_then(|id| known.get(id)) {
            follow(&mut change.db, old, &meter).await?;
            old.id
        } else {
            meter.site = site.id;
            let named = |number: &String| ids.get(number).copied();
            let parent = parent_number.as_ref().and_then(named);
            meter.parent = moved.first().and_then(|(first, _)| named(first)).or(parent);
            let mut stored = storage::meters::insert(&mut *change.db, &meter).await?;
            let next = moved.iter().skip(1).map(|(next, _)| named(next)).chain([parent]);
            for ((_, since), next) in moved.iter().zip(next) {
                stored.parent = next;
                storage::meters::update(&mut *change.db, &stored, Some(*since)).await?;
            }
            new.push(meter.number.clone());
            stored.id
        };
        ids.insert(meter.number, id);
        let stored = storage::devices::by_meter(&mut *change.db, id).await?;
        let enabled = stored.as_ref().is_none_or(|device| device.enabled);
        let device = DeviceSettings { protocol, poll, enabled, communication };
        let device = device.sealed(core.vault(), None);
        device.store(&mut change.db, id, stored.as_ref()).await?;
        registered.push(id);
    }
    let detail = json!({
        "count": registered.len(),
        "created": new.len(),
        "first": new[..new.len().min(NOTED)],
    });
    change.commit(REGISTER, &format!("site:{}", site.slug), &detail).await?;
    let first: Vec<_> = registered.first().copied().into_iter().collect();
    let newest = storage::readings::newest(core.pool(), &first).await?;
    core.reload().await?;
    Ok(Registered { meters: registered, newest: newest.first().map(|reading| reading.at) })
}

/// A plant that was registered before its meters had fuel counters must not have them taken for
/// increments.
async fn follow(db: &mut PgConnection, old: &Meter, new: &NewMeter) -> Result<(), Error> {
    if old.diesel_register != new.diesel_register {
        let changed = Meter { diesel_register: new.diesel_register, ..old.clone() };
        storage::meters::update(db, &changed, None).await?;
    }
    Ok(())
}
