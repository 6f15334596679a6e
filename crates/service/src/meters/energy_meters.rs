//! Meters by protocol: a meter and the device it is read through, as one object.

mod change;
mod connected;
pub(crate) mod settings;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::devices::Protocol;
use domain::live::Status;
use domain::message::English;
use domain::meters::{LoadRole, Meter};
use domain::readings::channel::Latest;
use domain::readings::unread::Unread;
use domain::{Field, MeterId, Quality, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::devices::DeviceRow;

pub use change::{NewEnergyMeter, create, remove, update};
pub(crate) use change::{Pending, free_number, put};
pub(crate) use connected::{ConnectedMeter, DeviceSettings, StoredMeter};

use crate::live::LiveState;
use crate::{Action, Core, Error, Principal, Service, sites};

/// Id of a meter in this interface: `meter_12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnergyMeterId(pub MeterId);

impl std::fmt::Display for EnergyMeterId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "meter_{}", self.0)
    }
}

impl EnergyMeterId {
    fn parse(text: &str) -> Result<Self, Error> {
        let digits = text.strip_prefix("meter_").filter(|rest| !rest.starts_with('+'));
        let id = digits.and_then(|digits| digits.parse().ok());
        id.map(|id| Self(MeterId(id))).ok_or_else(|| Error::no_meter(text))
    }
}

/// What a meter counts as in the load status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MeterRole {
    /// The building's main meter: subtracted from the available capacity.
    Grid,
    /// A sub-meter: subtracted from the available capacity.
    Building,
    /// Production: added to the available capacity.
    Solar,
    /// For information only.
    Zone,
}

impl From<LoadRole> for MeterRole {
    fn from(role: LoadRole) -> Self {
        match role {
            LoadRole::Grid => Self::Grid,
            LoadRole::Building => Self::Building,
            LoadRole::Solar => Self::Solar,
            LoadRole::Zone | LoadRole::None => Self::Zone,
        }
    }
}

/// Whether a meter can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Connection {
    /// Read, and fresh.
    Online,
    /// No answer, or nothing new for too long.
    Offline,
    /// An answer that is an error or nonsense.
    Error,
}

/// A meter with its device and its newest values; a value that was never read is null.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnergyMeterView {
    /// `meter_` and the meter's id.
    pub id: String,
    /// Its number in the hierarchy.
    pub meter_number: String,
    /// Its name.
    pub name: String,
    /// Where it hangs, in words.
    pub location: Option<String>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// What it counts as.
    pub meter_type: MeterRole,
    /// Rated power in kW.
    pub rated_power_kw: Option<f64>,
    /// Milliseconds between two readings.
    pub poll_interval: u64,
    /// Settings of the protocol, without secrets.
    pub communication: Value,
    /// Id of the meter above it.
    pub parent_meter_id: Option<MeterId>,
    /// Whether it can be read.
    pub status: Connection,
    /// Why it is not online.
    pub status_reason: Option<English>,
    /// Active power in kW.
    pub current_power: Option<f64>,
    /// Energy register in kWh.
    pub total_energy: Option<f64>,
    /// Voltage of phase 1 in V.
    pub voltage: Option<f64>,
    /// Current of phase 1 in A.
    pub current: Option<f64>,
    /// Power factor.
    pub power_factor: Option<f64>,
    /// Frequency in Hz.
    pub frequency: Option<f64>,
    /// When the newest values were read.
    pub last_update: Option<DateTime<Utc>>,
    /// How far the newest values can be trusted.
    pub quality: Option<Quality>,
    /// What a change did beyond what was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<English>,
}

/// Every meter of a site that has a device, by id.
pub async fn list(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<EnergyMeterView>, Error> {
    let site = sites::resolve(service, who, Action::See, site).await?;
    let meters = storage::meters::list(service.pool(), site.id, true).await?;
    let mut meters: HashMap<MeterId, Meter> = meters.into_iter().map(|m| (m.id, m)).collect();
    let devices = storage::devices::list(service.pool()).await?;
    let mut views: Vec<_> = devices
        .into_iter()
        .filter_map(|device| Some(view(service.live(), who, meters.remove(&device.meter)?, device)))
        .collect();
    views.sort_by_key(|(id, _)| *id);
    Ok(views.into_iter().map(|(_, view)| view).collect())
}

/// One meter.
pub async fn get(service: &Service, who: &Principal, id: &str) -> Result<EnergyMeterView, Error> {
    let (meter, device) = find(service, who, Action::See, id).await?;
    Ok(view(service.live(), who, meter, device).1)
}

/// A meter and its device.
///
/// # Errors
/// When there is no such meter, or it has no device.
pub(crate) async fn find(
    core: &Core,
    who: &Principal,
    action: Action,
    id: &str,
) -> Result<(Meter, DeviceRow), Error> {
    who.require_somewhere(action)?;
    let EnergyMeterId(meter) = EnergyMeterId::parse(id)?;
    let device = storage::devices::by_meter(core.pool(), meter).await?;
    let meter = storage::meters::by_id(core.pool(), meter).await?;
    let (meter, device) = meter.zip(device).ok_or_else(|| Error::no_meter(id))?;
    who.require_on(action, meter.site, || Error::no_meter(id))?;
    Ok((meter, device))
}

/// The energy register of a meter in kWh: the total one, or that of import.
pub(crate) fn total_energy(latest: &Latest) -> Option<f64> {
    let held = latest.get(Field::TotalEnergyKwh).or_else(|| latest.get(Field::EnergyImportKwh));
    held.map(|held| held.value)
}

fn view(
    live: &LiveState,
    who: &Principal,
    meter: Meter,
    device: DeviceRow,
) -> (MeterId, EnergyMeterView) {
    let latest = live.latest(meter.id);
    let live = live.meter(meter.id);
    let quality = live.as_ref().map(|live| live.quality).filter(|_| latest.is_some());
    let (status, status_reason) = match live.as_ref().map(|live| live.status) {
        Some(Status::Online) => (Connection::Online, None),
        Some(Status::Error) => (Connection::Error, live.and_then(|live| live.reason).map(English)),
        Some(Status::Offline | Status::Stale | Status::None) | None => {
            let reason = live.and_then(|live| live.reason);
            (Connection::Offline, Some(reason.map_or_else(|| Unread::Never.into(), English)))
        }
    };
    // A meter that sends its values one by one has each of them from another reading.
    let value = |field| Some(latest.as_ref()?.get(field)?.value);
    let view = EnergyMeterView {
        id: EnergyMeterId(meter.id).to_string(),
        meter_number: meter.number,
        name: meter.name,
        location: meter.location,
        protocol: device.protocol,
        meter_type: meter.load_role.into(),
        rated_power_kw: meter.rated_power_kw,
        poll_interval: u64::try_from(device.poll.as_millis()).unwrap_or(u64::MAX),
        communication: settings::shown_to(who, meter.site, device.communication),
        parent_meter_id: meter.parent,
        status,
        status_reason,
        current_power: value(Field::ActivePowerKw),
        total_energy: latest.as_ref().and_then(total_energy),
        voltage: value(Field::VoltageL1),
        current: value(Field::CurrentL1),
        power_factor: value(Field::PowerFactor),
        frequency: value(Field::FrequencyHz),
        last_update: latest.as_ref().map(|latest| latest.newest().at),
        quality,
        warnings: Vec::new(),
    };
    (meter.id, view)
}
