//! Taking a document in: all of it or nothing.

mod alarms;
mod changes;
mod check;
mod faults;
mod follow;
pub(super) mod progress;
mod reports;
mod sources;

use std::collections::HashMap;
use std::time::Duration;

use domain::MeterId;
use domain::configuration::refusal::{DocumentRefusal, EntryRefusal};
use domain::message::Message;
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use storage::configuration as tables;

use super::document::DeviceEntry;
use super::report::{Report, compare};
use super::taken::Imported;
use super::{Document, VERSION, whole};
use crate::bills::tariffs;
use crate::meters::energy_meters::DeviceSettings;
use crate::meters::virtual_meters;
use crate::people::audit::Change;
use crate::{Action, Error, Principal, Vault, body};
use check::check;
use follow::Followed;
pub(super) use progress::Progress;

/// Meters that one statement stores: enough that the tree is checked seldom, few enough that the progress is seen.
const METERS_AT_ONCE: usize = 500;

/// Stores what a document holds over what is there by the same natural keys; what it does not name
/// stays. Taking it in twice changes nothing.
pub async fn import(
    pool: &PgPool,
    vault: &Vault,
    who: &Principal,
    document: &Value,
) -> Result<Imported, Error> {
    import_with(pool, vault, who, document, &Progress::default()).await
}

/// The same, for whoever wants to know how far it is.
pub(super) async fn import_with(
    pool: &PgPool,
    vault: &Vault,
    who: &Principal,
    document: &Value,
    progress: &Progress,
) -> Result<Imported, Error> {
    who.require(Action::Administer)?;
    let document = read(document)?;
    if let Some(first) = check(&document).into_iter().next() {
        return Err(first);
    }
    progress.begin(&document);
    let _turn = follow::turn(pool, &document).await?;
    let mut change = Change::on(pool, who).await?;
    let followed = Followed::before(&mut change.db).await?;
    store(&mut change.db, vault, &document, progress).await?;
    followed.follow(&mut change.db).await?;
    let imported = Imported::of(&document);
    change.commit("configuration.import", "configuration", &imported).await?;
    Ok(imported)
}

/// Says what taking a document in would do: it is stored, looked at, and taken back. What is wrong with
/// it stands in the report.
pub async fn dry_run(
    pool: &PgPool,
    vault: &Vault,
    who: &Principal,
    document: &Value,
) -> Result<Report, Error> {
    who.require(Action::Administer)?;
    let document = match read(document) {
        Ok(document) => document,
        Err(error) => return Report::refused(vec![error]),
    };
    let faults = check(&document);
    if !faults.is_empty() {
        return Report::refused(faults);
    }
    let mut change = Change::on(pool, who).await?;
    let before = whole(&mut change.db).await?;
    let stored = store(&mut change.db, vault, &document, &Progress::default()).await;
    if let Err(error) = stored {
        return Report::refused(vec![error]);
    }
    let after = whole(&mut change.db).await?;
    change.db.rollback().await.map_err(storage::Error::from)?;
    Ok(compare(&before, &after))
}

impl Imported {
    fn of(document: &Document) -> Self {
        Self {
            sites: document.sites.len(),
            meters: document.meters.len(),
            devices: document.devices.len(),
            tariffs: document.tariffs.len(),
            meter_tariffs: document.meter_tariffs.len(),
            emission_factors: document.emission_factors.len(),
            virtual_meters: document.virtual_meters.len(),
            unmetered_loads: document.unmetered_loads.len(),
            brokers: document.brokers.len(),
            loggers: document.loggers.len(),
            alarm_rules: document.alarm_rules.as_ref().map_or(0, Vec::len),
            alarm_recipients: document.alarm_recipients.len(),
            report_schedules: document.report_schedules.len(),
            meter_exchanges: document.meter_exchanges.len(),
            reading_corrections: document.reading_corrections.len(),
        }
    }
}

/// Reads a document of the version that this program knows.
fn read(document: &Value) -> Result<Document, Error> {
    body::without_nul(document)?;
    match document.get("version") {
        Some(version) if *version == VERSION => body::read(document),
        Some(version) => Err(Error::refused(
            "unknown_version",
            DocumentRefusal::OtherVersion { version: version.to_string(), ours: VERSION },
        )
        .at("version")),
        None => Err(Error::refused("missing_field", DocumentRefusal::NoVersion).at("version")),
    }
}

/// Stores all of it. Everybody locks in this order: loggers, the tree, sites, meters, what hangs on them.
async fn store(
    db: &mut PgConnection,
    vault: &Vault,
    document: &Document,
    progress: &Progress,
) -> Result<(), Error> {
    let meters = rows(&document.meters);
    sources::lock(db, document).await?;
    storage::meters::lock_tree(&mut *db).await?;
    tables::put_sites(db, &rows(&document.sites)).await.map_err(named)?;
    tables::mix_prefixes(&mut *db).await.map_err(named)?;
    tables::unretire(&mut *db, &meters).await.map_err(named)?;
    if let Some((number, other)) = tables::free_uuids(db, &meters).await.map_err(named)? {
        return Err(Error::invalid("meters", EntryRefusal::UuidTaken { number, other }));
    }
    let mut above_first: Vec<_> = document.meters.iter().collect();
    above_first.sort_by_key(|meter| meter.level);
    let mut ids = HashMap::new();
    for level in above_first.chunk_by(|meter, next| meter.level == next.level) {
        for some in level.chunks(METERS_AT_ONCE) {
            let stored = tables::put_meters(db, &rows(&some)).await.map_err(named)?;
            ids.extend(stored.into_iter().map(|(site, number, id)| ((site, number), id)));
            progress.step(some.len())?;
        }
    }
    tables::place(db, &meters).await.map_err(named)?;
    tables::retire(&mut *db, &meters).await.map_err(named)?;
    tables::part_prefixes(&mut *db).await.map_err(named)?;
    for device in &document.devices {
        if let Some(id) = ids.get(&(device.site.clone(), device.meter_number.clone())) {
            store_device(db, vault, *id, device).await?;
        }
        progress.step(1)?;
    }
    let sums = rows(&document.virtual_meters);
    tables::put_virtual_meters(db, &sums).await.map_err(named)?;
    for sum in &document.virtual_meters {
        if let Some(id) = ids.get(&(sum.site.clone(), sum.meter_number.clone())) {
            virtual_meters::refuse_cycle(db, *id).await?;
        }
    }
    let tariffs = rows(&document.tariffs);
    tables::put_tariffs(&mut *db, &tariffs).await.map_err(named)?;
    let given = rows(&document.meter_tariffs);
    tables::put_meter_tariffs(&mut *db, &given).await.map_err(named)?;
    let factors = rows(&document.emission_factors);
    tables::put_factors(&mut *db, &factors).await.map_err(named)?;
    let loads = rows(&document.unmetered_loads);
    tables::put_unmetered_loads(&mut *db, &loads).await.map_err(named)?;
    for site in &document.sites {
        tariffs::settle(db, &site.slug).await?;
    }
    sources::store(db, document).await?;
    alarms::store(db, document).await?;
    reports::store(db, document).await?;
    changes::store(db, document).await
}

/// Entries as the tables take them.
fn rows(entries: &impl Serialize) -> Value {
    serde_json::to_value(entries).unwrap_or_default()
}

/// Stores a device, with the secrets it has where it keeps its address.
async fn store_device(
    db: &mut PgConnection,
    vault: &Vault,
    meter: MeterId,
    entry: &DeviceEntry,
) -> Result<(), Error> {
    let stored = storage::devices::by_meter(&mut *db, meter).await?;
    let device = DeviceSettings {
        protocol: entry.protocol,
        poll: Duration::from_millis(entry.poll_interval),
        enabled: entry.enabled,
        communication: entry.communication.clone(),
    };
    device.sealed(vault, stored.as_ref()).store(db, meter, stored.as_ref()).await.map_err(named)
}

/// A refusal of the tables, by the name of its rule where nothing better is known.
fn named(error: storage::Error) -> Error {
    match Error::from(error) {
        Error::Storage(storage::Error::Constraint { name: rule, message }) => {
            let why = Box::new(Message::foreign(message));
            Error::refused("invalid_value", DocumentRefusal::BreaksRule { rule, why })
        }
        known => known,
    }
}

#[cfg(test)]
mod tests;
