//! Registers a whole plant at once: its site, its meters and their devices.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::device::{Communication, Protocol};
use domain::site::Site;
use serde_json::Value;
use storage::devices::NewDevice;
use storage::meters::NewMeter;

use crate::{Error, Principal, Role, Service};

/// A meter of a plant, and how it is reached.
#[derive(Debug, Clone)]
pub struct PlantMeter {
    /// The meter; its site and parent are filled in.
    pub meter: NewMeter,
    /// Number of the meter above it, which comes earlier.
    pub parent_number: Option<String>,
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

/// Registers a plant on the default site. Meters that are there already are kept, and their devices
/// get the settings given, so that it can be done again at each start.
pub async fn register(
    service: &Service,
    who: &Principal,
    describe: impl FnOnce(&mut Site) + Send,
    meters: Vec<PlantMeter>,
) -> Result<Registered, Error> {
    who.require(Role::Admin)?;
    let mut site = storage::sites::default(service.pool()).await?;
    describe(&mut site);
    storage::sites::update(service.pool(), &site).await?;
    let known = storage::meters::list(service.pool(), site.id, false).await?;
    let mut ids: HashMap<String, MeterId> =
        known.into_iter().map(|meter| (meter.number, meter.id)).collect();
    let mut registered = Vec::with_capacity(meters.len());
    for PlantMeter { mut meter, parent_number, protocol, poll, communication } in meters {
        Communication::parse(protocol, &communication)?;
        let id = if let Some(&id) = ids.get(&meter.number) {
            id
        } else {
            meter.site = site.id;
            meter.parent = parent_number.and_then(|number| ids.get(&number).copied());
            storage::meters::insert(service.pool(), &meter).await?.id
        };
        ids.insert(meter.number, id);
        connect(service, NewDevice { meter: id, protocol, poll, communication, enabled: true })
            .await?;
        registered.push(id);
    }
    let first: Vec<_> = registered.first().copied().into_iter().collect();
    let newest = storage::readings::newest(service.pool(), &first).await?;
    service.reload().await?;
    Ok(Registered { meters: registered, newest: newest.first().map(|reading| reading.at) })
}

async fn connect(service: &Service, device: NewDevice) -> Result<(), Error> {
    match storage::devices::by_meter(service.pool(), device.meter).await? {
        None => {
            storage::devices::insert(service.pool(), &device).await?;
        }
        Some(mut row) => {
            row.protocol = device.protocol;
            row.poll = device.poll;
            row.communication = device.communication;
            storage::devices::update(service.pool(), &row).await?;
        }
    }
    Ok(())
}
