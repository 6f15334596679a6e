//! Connecting, changing and disconnecting meters.

use std::time::Duration;

use domain::devices::refusal::ValueRefusal;
use domain::devices::{POLL_RANGE, Protocol, poll_range};
use domain::meters::{LoadRole, Meter, MeterType, check_name};
use domain::people::Difference;
use domain::{SiteId, SiteSlug};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use storage::devices::DeviceRow;

use super::connected::{ConnectedMeter, DeviceSettings, StoredMeter};
use super::{EnergyMeterId, EnergyMeterView, MeterRole, find, settings, view};
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
    named(&new.name)?;
    let above = meters::parent(
        service,
        &site,
        new.parent_meter_id.as_ref(),
        new.parent_meter_number.as_deref(),
    )
    .await?;
    let (role, meter_type) = role(new.meter_type);
    let device = DeviceSettings {
        protocol: new.protocol,
        poll,
        enabled: true,
        communication: new.communication,
    };
    let meter = ConnectedMeter {
        number: String::new(),
        name: new.name,
        location: new.location,
        parent: above.as_ref().map(|above| above.number.clone()),
        meter_type,
        role,
        place: None,
        rated_power_kw: new.rated_power_kw,
        device: Some(device.sealed(service.vault(), None)),
    };
    let stored = numbered(service, who, site.id, above.as_ref(), &meter).await?;
    let (meter, device) = stored.commit().await?;
    service.registry_changed();
    tracing::info!(meter = %meter.number, name = %meter.name, "meter connected");
    Ok(view(service.live(), who, meter, device).1)
}

fn named(name: &str) -> Result<(), Error> {
    check_name(name).map_err(|refusal| Error::invalid("name", refusal))
}

/// The number that a meter without one gets.
pub(crate) async fn free_number(core: &Core, site: SiteId) -> Result<String, Error> {
    Ok(storage::meters::free_number(core.pool(), site, NUMBER_PREFIX).await?)
}

/// Puts a meter under the next free number. Of two calls that take the same number at once, the second
/// tries again.
async fn numbered(
    core: &Core,
    who: &Principal,
    site: SiteId,
    above: Option<&Meter>,
    meter: &ConnectedMeter,
) -> Result<Pending, Error> {
    for _ in 0..ATTEMPTS {
        let number = free_number(core, site).await?;
        let change = Change::begin(core, who).await?.at(site);
        let new = ConnectedMeter { number, ..meter.clone() };
        match put(change, site, above, None, new).await {
            Err(Error::Conflict { code: "meter_number_taken", .. }) => {}
            stored => return stored,
        }
    }
    Err(Error::Unavailable)
}

/// A meter and its device as a change has stored them, which is not committed yet.
pub(crate) struct Pending {
    change: Change,
    before: Option<Value>,
    meter: Meter,
    device: DeviceRow,
}

/// Stores a meter and its device, a new one or over the one that is stored. `above` is the meter that its
/// `parent` names.
pub(crate) async fn put(
    mut change: Change,
    site: SiteId,
    above: Option<&Meter>,
    stored: Option<StoredMeter<'_>>,
    new: ConnectedMeter,
) -> Result<Pending, Error> {
    let before = stored.map(|(meter, device)| noted(meter, device));
    let meter = new.store(&mut change.db, site, above, stored).await?;
    let device = storage::devices::by_meter(&mut *change.db, meter.id).await?;
    let device = device.ok_or_else(|| Error::no_meter(meter.id))?;
    Ok(Pending { change, before, meter, device })
}

impl Pending {
    /// Commits it, noted in the log of changes.
    pub(crate) async fn commit(self) -> Result<(Meter, DeviceRow), Error> {
        let Self { change, before, meter, device } = self;
        let (subject, after) = (format!("meter:{}", meter.id), noted(&meter, Some(&device)));
        match before {
            None => change.commit("meter.create", &subject, &after).await?,
            Some(before) => {
                let difference = Difference::between(&before, &after);
                change.commit_difference("meter.update", &subject, difference).await?;
            }
        }
        Ok((meter, device))
    }
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
    let (meter, device) = locked(&mut change, id).await?;
    let above = match (above, meter.parent) {
        (Some(above), _) => above,
        (None, Some(parent)) => storage::meters::by_id(&mut *change.db, parent).await?,
        (None, None) => None,
    };
    let (_, mut current) = view(service.live(), who, meter.clone(), device.clone());
    current.parent_meter_id = None;
    current.communication = Value::Object(Map::new());
    let new = patch.onto(&current)?;
    named(&new.name)?;

    let same = new.protocol == device.protocol;
    let base = if same { device.communication.clone() } else { Value::default() };
    let (communication, warnings) = match communication {
        None if same => (base, Vec::new()),
        patch => {
            let patch = patch.unwrap_or_else(|| Value::Object(Map::new()));
            settings::merged(service.vault(), new.protocol, &base, patch)?
        }
    };
    let poll = new.poll()?;
    let (role, meter_type) = if new.meter_type == MeterRole::from(meter.load_role) {
        (meter.load_role, meter.meter_type.clone())
    } else {
        role(new.meter_type)
    };
    let (protocol, enabled) = (new.protocol, device.enabled);
    let wanted = ConnectedMeter {
        name: new.name,
        location: new.location,
        parent: above.as_ref().map(|above| above.number.clone()),
        meter_type,
        role,
        rated_power_kw: new.rated_power_kw,
        device: Some(DeviceSettings { protocol, poll, enabled, communication }),
        ..ConnectedMeter::of((&meter, None), None)
    };
    let stored = Some((&meter, Some(&device)));
    let pending = put(change, meter.site, above.as_ref(), stored, wanted).await?;
    let (meter, device) = pending.commit().await?;
    service.registry_changed();
    Ok(EnergyMeterView { warnings, ..view(service.live(), who, meter, device).1 })
}

/// A meter and its device in the log of changes, which hides the sealed secrets.
fn noted(meter: &Meter, device: Option<&DeviceRow>) -> Value {
    json!({
        "meterNumber": meter.number,
        "name": meter.name,
        "location": meter.location,
        "meterType": MeterRole::from(meter.load_role),
        "type": meter.meter_type.0,
        "latitude": meter.latitude,
        "longitude": meter.longitude,
        "ratedPowerKw": meter.rated_power_kw,
        "parentMeterId": meter.parent,
        "protocol": device.map(|device| device.protocol),
        "pollInterval": device.map(|device| device.poll.as_millis()),
        "enabled": device.map(|device| device.enabled),
        "communication": device.map(|device| settings::noted(device.communication.clone())),
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
