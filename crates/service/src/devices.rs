//! Devices: those that drivers should read, how they are doing, and tables of them.

mod columns;
mod form;
mod import;
mod line;
pub mod other_settings;
pub mod registers;
pub(crate) mod report;
pub mod rows;
pub(crate) mod staged;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
mod table;
mod view;
// What comes from outside passes through these: its bytes are taken with `get`.
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub mod acquisuite;
pub mod brokers;
pub mod commissioning;
pub mod page;
pub mod profiles;

use std::collections::{BTreeMap, HashMap};

use acquisition::UnreadableLog;
use domain::devices::reason::Trouble;
use domain::devices::refusal::table::{DeviceRefusal, TableRefusal};
use domain::devices::view::{DeviceDetail, DeviceRow};
use domain::devices::{Communication, Device, SettingError, TableId};
use domain::message::Message;
use domain::meters::{Meter, MeterAddress};
use domain::people::Difference;
use domain::{MeterId, SiteSlug};
use serde_json::json;
use storage::devices::DeviceRow as Stored;
use tokio::sync::watch as following;
use uuid::Uuid;

use crate::meters::energy_meters::ConnectedMeter;
use crate::meters::energy_meters::settings::{self, secrets};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, Service, Vault, resolve, sites};
use columns::Cells;

pub use form::{DeviceForm, add, check, fields};
pub use import::{ImportReport, LineOutcome, LineReport, import};
pub(crate) use staged::Staged;

/// Every device that is switched on, with its secrets. One whose stored settings cannot be read any
/// more, or whose secrets cannot be opened, is left out, named in the log and shown with the reason.
pub async fn to_read(service: &Service) -> Result<Vec<Device>, Error> {
    let mut devices = Vec::new();
    for row in storage::devices::list(service.pool()).await?.into_iter().filter(|row| row.enabled) {
        let (id, meter, name) = (row.id, row.meter, row.meter_name.clone());
        match device(service.vault(), row) {
            Ok(device) => devices.push(device),
            Err(reason) => {
                tracing::error!("{name} is not read: {reason}");
                service.unreadable(id, meter, reason).await;
            }
        }
    }
    Ok(devices)
}

/// Counts changes of sites, meters and devices; whoever follows it reads the devices again.
pub fn changes(core: &Core) -> following::Receiver<u64> {
    core.registry().changes()
}

/// Settings of a meter's device, or of a profile, as texts by the names of the fields of a form.
pub(crate) async fn texts(
    core: &Core,
    meter: Option<&Meter>,
    profile: Option<&str>,
) -> Result<BTreeMap<String, String>, Error> {
    let Some(meter) = meter else { return form::texts(Cells::new(), profile) };
    let parent = match meter.parent {
        Some(parent) => storage::meters::by_id(core.pool(), parent).await?,
        None => None,
    };
    let device = storage::devices::by_meter(core.pool(), meter.id).await?;
    let mut meter = ConnectedMeter::of((meter, device.as_ref()), parent.as_ref());
    if let (Some(shown), Some(stored)) = (&mut meter.device, &device) {
        secrets::name_headers(&stored.communication, &mut shown.communication);
    }
    form::texts(line::cells(&meter), profile)
}

/// Says where the drivers note the messages that they could not read.
pub fn follow_unreadable(service: &Service, log: UnreadableLog) {
    service.watch().follow(log);
}

/// The devices of a site with their health, the worst first.
pub async fn list(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<DeviceRow>, Error> {
    let site = sites::resolve(service, who, Action::See, site).await?;
    let meters = storage::meters::list(service.pool(), site.id, true).await?;
    let mut meters: HashMap<MeterId, _> = meters.into_iter().map(|m| (m.id, m)).collect();
    let devices = storage::devices::list(service.pool()).await?;
    let mut rows: Vec<_> = devices
        .into_iter()
        .filter_map(|device| {
            Some(view::row(
                service.watch(),
                service.live(),
                who,
                meters.remove(&device.meter)?,
                device,
            ))
        })
        .collect();
    rows.sort_by(|one, other| {
        (one.state, &one.meter_number).cmp(&(other.state, &other.meter_number))
    });
    Ok(rows)
}

/// The device of a meter, with what happened to it.
pub async fn get(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<DeviceDetail, Error> {
    let meter = resolve::meter(service, who, Action::See, meter).await?;
    let device = of_meter(service, meter.id).await?;
    Ok(view::detail(service.watch(), service.live(), who, meter, device))
}

/// Switches a device on or off. Switched off it keeps its settings, and its meter its history.
pub async fn switch(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
    enabled: bool,
) -> Result<DeviceDetail, Error> {
    let meter = resolve::meter(service, who, Action::Configure, meter).await?;
    let mut change = Change::begin(service, who).await?.at(meter.site);
    let device = locked(&mut change, meter.id).await?;
    storage::devices::switch(&mut *change.db, device.id, enabled).await?;
    let is = |enabled| json!({"enabled": enabled});
    let (subject, was) = (format!("meter:{}", meter.id), is(device.enabled));
    let difference = Difference::between(&was, &is(enabled));
    change.commit_difference("device.switch", &subject, difference).await?;
    let device = Stored { enabled, ..device };
    service.registry_changed();
    Ok(view::detail(service.watch(), service.live(), who, meter, device))
}

/// Removes a device with its settings and secrets. Its meter and all that was read stay.
pub async fn remove(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<DeviceDetail, Error> {
    let meter = resolve::meter(service, who, Action::Configure, meter).await?;
    let mut change = Change::begin(service, who).await?.at(meter.site);
    let device = locked(&mut change, meter.id).await?;
    storage::devices::delete(&mut *change.db, device.id).await?;
    let communication = settings::noted(device.communication.clone());
    let gone = json!({"protocol": device.protocol, "communication": communication});
    change.commit_removed("device.remove", &format!("meter:{}", meter.id), &gone).await?;
    service.registry_changed();
    Ok(view::detail(service.watch(), service.live(), who, meter, device))
}

/// The devices of a site as a table that [`import`] takes, without secrets.
pub async fn export(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<String, Error> {
    let site = sites::resolve(core, who, Action::See, site).await?;
    let mut db = core.pool().acquire().await.map_err(storage::Error::from)?;
    let meters = import::Known::load(&mut db, &site).await?.connected();
    let meters: Vec<_> = meters.into_iter().map(|meter| meter.shown_to(who, site.id)).collect();
    Ok(table::write(&meters))
}

/// Keeps a table that a page sent, with what it would do, and answers what it is called.
pub async fn stage(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    table: Vec<u8>,
) -> Result<Uuid, Error> {
    let report = import(service, who, site, &table, true).await?;
    let site = SiteSlug::from(&sites::resolve(service, who, Action::Configure, site).await?);
    Ok(service.tables().put(Staged { site, table: table.into(), report: report.into() }))
}

/// A table that waits; none where it was applied, or had to make room for others.
pub(crate) fn staged(tables: &staged::Waiting, table: TableId) -> Option<Staged> {
    tables.get(table.0)
}

/// Applies a table that waits.
pub async fn apply(
    service: &Service,
    who: &Principal,
    table: TableId,
) -> Result<ImportReport, Error> {
    who.require_somewhere(Action::Configure)?;
    let staged = staged(service.tables(), table).ok_or_else(|| TableId::unknown(table))?;
    let report = import(service, who, Some(&staged.site), &staged.table, false).await?;
    service.tables().forget(table.0);
    Ok(report)
}

impl Named for TableId {
    fn unknown(_: impl std::fmt::Display) -> Error {
        Error::not_found("table_not_found", TableRefusal::Gone)
    }
}

async fn of_meter(core: &Core, meter: MeterId) -> Result<Stored, Error> {
    storage::devices::by_meter(core.pool(), meter).await?.ok_or_else(|| no_device(meter))
}

/// The device of a meter, which nobody else changes until the change is done.
async fn locked(change: &mut Change, meter: MeterId) -> Result<Stored, Error> {
    storage::devices::lock(&mut *change.db, meter).await?.ok_or_else(|| no_device(meter))
}

fn no_device(meter: MeterId) -> Error {
    Error::not_found("device_not_found", DeviceRefusal::None { meter: meter.0 })
}

fn device(vault: &Vault, row: Stored) -> Result<Device, Message> {
    let settings = secrets::open(vault, row.communication).map_err(|error| error.message())?;
    let refused =
        |error: SettingError| Trouble::Setting { field: error.field, why: Box::new(error.message) };
    let communication = Communication::parse(row.protocol, &settings).map_err(refused)?;
    Ok(Device {
        id: row.id,
        site: row.site,
        zone: row.zone,
        meter: row.meter,
        meter_name: row.meter_name,
        poll: row.poll,
        communication,
    })
}
