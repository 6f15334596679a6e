//! Connecting, changing and disconnecting meters.

use std::time::Duration;

use domain::devices::refusal::ValueRefusal;
use domain::devices::{POLL_RANGE, Protocol, poll_range};
use domain::meters::{LoadRole, Meter, MeterType, check_name};
use domain::people::Difference;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use storage::devices::{DeviceRow, NewDevice};
use storage::meters::NewMeter;

use super::settings::{self, secrets};
use super::{EnergyMeterId, EnergyMeterView, MeterRole, find, view};
use crate::meters::{self, Removed};
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::resolve::MeterRef;
use crate::{Action, Core, Error, Principal, Service, sites};

/// Generated meter numbers begin so.
const NUMBER_PREFIX: &str = "EM-";
/// How often a number that was taken meanwhile is replaced by the next one.
const ATTEMPTS: u32 = 10;

/// A meter to connect.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEnergyMeter {
    /// Its name.
    pub name: String,
    /// Where it hangs, in words.
    pub location: Option<String>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// What it counts as.
    pub meter_type: MeterRole,
    /// Rated power in kW: the most that it can measure, by which steps of its register are judged.
    pub rated_power_kw: Option<f64>,
    /// Milliseconds between two readings; 5,000, and 30,000 over HTTP, unless stated.
    pub poll_interval: Option<i64>,
    /// Settings of the protocol.
    pub communication: Value,
    /// The meter above it: its id as a number, its number or UUID as a text.
    pub parent_meter_id: Option<MeterRef>,
    /// The meter above it, by its number.
    pub parent_meter_number: Option<String>,
}

impl Patched for NewEnergyMeter {
    type Shown = EnergyMeterView;
    const FIXED: Fixed = Fixed {
        read_only: &["id", "meterNumber"],
        measured: &[
            "status",
            "statusReason",
            "currentPower",
            "totalEnergy",
            "voltage",
            "current",
            "powerFactor",
            "frequency",
            "lastUpdate",
            "quality",
            "warnings",
        ],
    };
}

impl NewEnergyMeter {
    fn poll(&self) -> Result<Duration, Error> {
        let Some(milliseconds) = self.poll_interval else {
            return Ok(self.protocol.default_poll());
        };
        let poll = u64::try_from(milliseconds).ok().map(Duration::from_millis);
        poll.filter(|poll| (POLL_RANGE.0..=POLL_RANGE.1).contains(poll)).ok_or_else(|| {
            let (least, most) = poll_range();
            Error::invalid("pollInterval", ValueRefusal::Poll { milliseconds, least, most })
        })
    }
}

fn role(role: MeterRole) -> (LoadRole, MeterType) {
    let (role, kind) = match role {
        MeterRole::Grid => (LoadRole::Grid, "Grid"),
        MeterRole::Building => (LoadRole::Building, "Building"),
        MeterRole::Solar => (LoadRole::Solar, "Solar"),
        MeterRole::Zone => (LoadRole::Zone, "Zone"),
    };
    (role, MeterType::from(kind))
}

/// Connects a meter: the meter and its device together, or neither.
pub async fn create(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    new: NewEnergyMeter,
) -> Result<EnergyMeterView, Error> {
    let site = sites::resolve(service, who, Action::Configure, site).await?;
    let poll = new.poll()?;
    settings::check(new.protocol, &new.communication)?;
    let communication = secrets::seal(service.vault(), new.communication);
    named(&new.name)?;
    let parent = meters::parent(
        service,
        &site,
        new.parent_meter_id.as_ref(),
        new.parent_meter_number.as_deref(),
    )
    .await?;
    let (load_role, meter_type) = role(new.meter_type);
    let meter = NewMeter {
        parent: parent.map(|parent| parent.id),
        location: new.location,
        load_role,
        rated_power_kw: new.rated_power_kw,
        ..NewMeter::named(site.id, "", &new.name, &meter_type.0)
    };
    let (meter, device) = stored(service, who, meter, |meter| NewDevice {
        meter,
        protocol: new.protocol,
        poll,
        communication: communication.clone(),
        enabled: true,
    })
    .await?;
    service.registry_changed();
    tracing::info!(meter = %meter.number, name = %meter.name, "meter connected");
    Ok(view(service.live(), who, meter, device).1)
}

fn named(name: &str) -> Result<(), Error> {
    check_name(name).map_err(|refusal| Error::invalid("name", refusal))
}

/// Stores a meter under the next free number, with its device. Of two calls that take the same number
/// at once, the second tries again.
async fn stored(
    core: &Core,
    who: &Principal,
    mut meter: NewMeter,
    device: impl Fn(MeterId) -> NewDevice,
) -> Result<(Meter, DeviceRow), Error> {
    for _ in 0..ATTEMPTS {
        meter.number = storage::meters::free_number(core.pool(), meter.site, NUMBER_PREFIX).await?;
        let mut change = Change::begin(core, who).await?.at(meter.site);
        match storage::meters::insert(&mut *change.db, &meter).await.map_err(Error::from) {
            Err(Error::Conflict { code: "meter_number_taken", .. }) => {}
            Err(error) => return Err(error),
            Ok(stored) => {
                storage::devices::insert(&mut *change.db, &device(stored.id)).await?;
                let device = storage::devices::by_meter(&mut *change.db, stored.id).await?;
                let device = device.ok_or_else(|| Error::no_meter(stored.id))?;
                let subject = format!("meter:{}", stored.id);
                change.commit("meter.create", &subject, &noted(&stored, &device)).await?;
                return Ok((stored, device));
            }
        }
    }
    Err(Error::Unavailable)
}

/// Changes the fields that are given, also inside `communication`. Of two changes at once the second
/// rests on what the first stored.
pub async fn update(
    service: &Service,
    who: &Principal,
    id: &str,
    mut patch: Patch<NewEnergyMeter>,
) -> Result<EnergyMeterView, Error> {
    let (found, _) = find(service, who, Action::Configure, id).await?;
    let communication = patch.take("communication");
    let above = meters::above(service, found.site, &patch).await?;
    let mut change = Change::begin(service, who).await?.at(found.site);
    let (meter, mut device) = locked(&mut change, id).await?;
    let before = noted(&meter, &device);
    let (_, mut current) = view(service.live(), who, meter.clone(), device.clone());
    let parent_shown = current.parent_meter_id.take();
    current.communication = Value::Object(Map::new());
    let new = patch.onto(&current)?;
    named(&new.name)?;

    let same = new.protocol == device.protocol;
    let base = if same { device.communication } else { Value::default() };
    let (settings, warnings) = match communication {
        None if same => (base, Vec::new()),
        patch => {
            let patch = patch.unwrap_or_else(|| Value::Object(Map::new()));
            settings::merged(service.vault(), new.protocol, &base, patch)?
        }
    };
    device.poll = new.poll()?;
    device.protocol = new.protocol;
    device.communication = settings;

    let mut changed = Meter {
        name: new.name.clone(),
        location: new.location.clone(),
        rated_power_kw: new.rated_power_kw,
        ..meter
    };
    if new.meter_type != MeterRole::from(changed.load_role) {
        (changed.load_role, changed.meter_type) = role(new.meter_type);
    }
    if let Some(parent) = above
        && parent.as_ref().map(|parent| parent.id) != parent_shown
    {
        changed.level = parent.as_ref().map_or(0, |parent| parent.level.saturating_add(1));
        changed.parent = parent.map(|parent| parent.id);
    }
    let stored = storage::meters::update(&mut *change.db, &changed, None)
        .await?
        .ok_or_else(|| Error::no_meter(id))?;
    storage::devices::update(&mut *change.db, &device).await?;
    let difference = Difference::between(&before, &noted(&stored, &device));
    change.commit_difference("meter.update", &format!("meter:{}", stored.id), difference).await?;
    service.registry_changed();
    Ok(EnergyMeterView { warnings, ..view(service.live(), who, stored, device).1 })
}

/// A meter and its device in the log of changes, which hides the sealed secrets.
fn noted(meter: &Meter, device: &DeviceRow) -> Value {
    json!({
        "meterNumber": meter.number,
        "name": meter.name,
        "location": meter.location,
        "meterType": MeterRole::from(meter.load_role),
        "ratedPowerKw": meter.rated_power_kw,
        "parentMeterId": meter.parent,
        "protocol": device.protocol,
        "pollInterval": device.poll.as_millis(),
        "enabled": device.enabled,
        "communication": settings::noted(device.communication.clone()),
    })
}

/// A meter and its device, which nobody else changes until the change is done.
async fn locked(change: &mut Change, id: &str) -> Result<(Meter, DeviceRow), Error> {
    let EnergyMeterId(meter) = EnergyMeterId::parse(id)?;
    storage::meters::lock_tree(&mut *change.db).await?;
    let locked = storage::meters::lock(&mut *change.db, meter).await?;
    let device = storage::devices::lock(&mut *change.db, meter).await?;
    locked.zip(device).ok_or_else(|| Error::no_meter(id))
}

/// Disconnects a meter; one with readings is retired and keeps its history.
pub async fn remove(core: &Core, who: &Principal, id: &str) -> Result<Removed, Error> {
    let (meter, _) = find(core, who, Action::Configure, id).await?;
    let removed = meters::remove_meter(core, who, &meter, "meter.remove").await?;
    core.registry_changed();
    Ok(removed)
}
