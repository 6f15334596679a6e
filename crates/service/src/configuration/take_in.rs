//! Taking a document in: all of it or nothing.

mod alarms;
mod changes;
mod reports;
mod sources;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::MeterId;
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use storage::configuration as tables;
use storage::devices::{DeviceRow, NewDevice};

use super::document::{DeviceEntry, VirtualMeterEntry};
use super::{Document, VERSION};
use crate::audit::Change;
use crate::energy_meters::settings::{self, secrets};
use crate::{Error, Principal, Role, Vault, body, tariffs, validity, virtual_meters, window};

/// How many entries of each kind were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Sites.
    pub sites: usize,
    /// Meters.
    pub meters: usize,
    /// Devices; their secrets have to be entered again where they are new.
    pub devices: usize,
    /// Versions of tariffs.
    pub tariffs: usize,
    /// Versions of factors.
    pub emission_factors: usize,
    /// Virtual meters.
    pub virtual_meters: usize,
    /// MQTT brokers; their passwords have to be entered again where they are new.
    pub brokers: usize,
    /// Data loggers; their passwords have to be entered again where they are new.
    pub loggers: usize,
    /// Rules of alarms.
    pub alarm_rules: usize,
    /// Who is told of alarms.
    pub alarm_recipients: usize,
    /// Who gets the monthly reports.
    pub report_schedules: usize,
    /// Exchanges of meters.
    pub meter_exchanges: usize,
    /// Corrections of readings.
    pub reading_corrections: usize,
}

/// Stores what a document holds over what is there by the same natural keys; what it does not name
/// stays. Taking it in twice changes nothing.
pub async fn import(
    pool: &PgPool,
    vault: &Vault,
    who: &Principal,
    document: &Value,
) -> Result<Imported, Error> {
    who.require(Role::Admin)?;
    let document = read(document)?;
    check(&document)?;
    let mut change = Change::on(pool, who).await?;
    store(&mut change.db, vault, &document).await?;
    let imported = Imported {
        sites: document.sites.len(),
        meters: document.meters.len(),
        devices: document.devices.len(),
        tariffs: document.tariffs.len(),
        emission_factors: document.emission_factors.len(),
        virtual_meters: document.virtual_meters.len(),
        brokers: document.brokers.len(),
        loggers: document.loggers.len(),
        alarm_rules: document.alarm_rules.as_ref().map_or(0, Vec::len),
        alarm_recipients: document.alarm_recipients.len(),
        report_schedules: document.report_schedules.len(),
        meter_exchanges: document.meter_exchanges.len(),
        reading_corrections: document.reading_corrections.len(),
    };
    change.commit("configuration.import", "configuration", &imported).await?;
    Ok(imported)
}

/// Reads a document of the version that this program knows.
fn read(document: &Value) -> Result<Document, Error> {
    body::without_nul(document)?;
    match document.get("version") {
        Some(version) if *version == VERSION => body::read(document),
        Some(version) => Err(Error::Invalid {
            code: "unknown_version",
            field: Some("version".to_owned()),
            message: format!(
                "the document is of version {version}, and this program reads version {VERSION}: \
                 export it again with a program of this version"
            ),
        }),
        None => Err(Error::Invalid {
            code: "missing_field",
            field: Some("version".to_owned()),
            message: "this is no configuration: it says no version".to_owned(),
        }),
    }
}

/// Refuses what names something that the document does not hold, and values that the tables would not
/// refuse by name.
fn check(document: &Document) -> Result<(), Error> {
    let mut sites = BTreeSet::new();
    for (i, site) in document.sites.iter().enumerate() {
        if !sites.insert(site.slug.as_str()) {
            return Err(twice(format!("sites[{i}].slug"), &site.slug));
        }
        if site.time_zone.parse::<chrono_tz::Tz>().is_err() {
            let message = format!("no time zone {:?}: give an IANA name", site.time_zone);
            return Err(Error::invalid(format!("sites[{i}].timeZone"), message));
        }
    }
    let mut meters = BTreeSet::new();
    for (i, meter) in document.meters.iter().enumerate() {
        if !sites.contains(meter.site.as_str()) {
            return Err(absent(format!("meters[{i}].site"), "site", &meter.site));
        }
        if !meters.insert((meter.site.as_str(), meter.meter_number.as_str())) {
            return Err(twice(format!("meters[{i}].meterNumber"), &meter.meter_number));
        }
        time(format!("meters[{i}].installedAt"), meter.installed_at)?;
        time(format!("meters[{i}].retiredAt"), meter.retired_at)?;
    }
    let known = |field: String, site: &str, number: &str| {
        if meters.contains(&(site, number)) { Ok(()) } else { Err(absent(field, "meter", number)) }
    };
    for (i, meter) in document.meters.iter().enumerate() {
        let above = meter.placements.iter().filter_map(|placement| placement.parent.as_ref());
        for parent in above.chain(&meter.parent) {
            known(format!("meters[{i}].parent"), &meter.site, parent)?;
        }
        for placement in &meter.placements {
            time(format!("meters[{i}].placements"), placement.valid_from)?;
        }
    }
    for (i, device) in document.devices.iter().enumerate() {
        known(format!("devices[{i}].meterNumber"), &device.site, &device.meter_number)?;
        settings::check(device.protocol, &device.communication)
            .map_err(|error| within(&format!("devices[{i}]"), error))?;
    }
    for (i, sum) in document.virtual_meters.iter().enumerate() {
        let field = format!("virtualMeters[{i}]");
        known(format!("{field}.meterNumber"), &sum.site, &sum.meter_number)?;
        for term in &sum.terms {
            known(format!("{field}.terms"), &sum.site, &term.meter_number)?;
            time(format!("{field}.terms"), term.valid_from)?;
            time(format!("{field}.terms"), term.valid_to)?;
        }
        check_versions(sum).map_err(|error| within(&field, error))?;
    }
    for (i, load) in document.unmetered_loads.iter().enumerate() {
        known(format!("unmeteredLoads[{i}].meterNumber"), &load.site, &load.meter_number)?;
        time(format!("unmeteredLoads[{i}].validFrom"), Some(load.valid_from))?;
    }
    sources::check(document, &sites, known)?;
    alarms::check(document, &sites, known)?;
    reports::check(document)?;
    changes::check(document, known)?;
    check_prices(document, &sites, known)
}

/// Refuses terms of a virtual meter of which it is not clear which hold at a time.
fn check_versions(sum: &VirtualMeterEntry) -> Result<(), Error> {
    let refused = |why: &str| {
        Err(Error::invalid("terms", format!("virtual meter {:?}: {why}", sum.meter_number)))
    };
    let mut versions = BTreeMap::new();
    for term in &sum.terms {
        if *versions.entry(term.valid_from).or_insert(term.valid_to) != term.valid_to {
            return refused("terms with the same validFrom need the same validTo");
        }
    }
    let mut versions = versions.into_iter().peekable();
    while let Some((from, to)) = versions.next() {
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            return refused("validTo has to be later than validFrom");
        }
        let next = versions.peek().and_then(|(next, _)| *next);
        if next.is_some_and(|next| to.is_none_or(|to| next < to)) {
            return refused(
                "terms hold while later ones hold already: let their validTo be no later than the \
                 next validFrom",
            );
        }
    }
    Ok(())
}

/// The same for tariffs and factors.
fn check_prices(
    document: &Document,
    sites: &BTreeSet<&str>,
    known: impl Fn(String, &str, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    for (i, tariff) in document.tariffs.iter().enumerate() {
        let field = format!("tariffs[{i}]");
        let site = document.sites.iter().find(|site| site.slug == tariff.site);
        let Some(site) = site else {
            return Err(absent(format!("{field}.site"), "site", &tariff.site));
        };
        if site.currency != tariff.currency {
            let message = format!("the site {} counts in {}", site.slug, site.currency);
            return Err(Error::invalid(format!("{field}.currency"), message));
        }
        validity::day(&format!("{field}.validFrom"), tariff.valid_from)?;
        tariff.terms.check().map_err(|invalid| {
            Error::invalid(format!("{field}.terms.{}", invalid.field), invalid.message)
        })?;
        if let Some(to) = tariff.valid_to {
            validity::day(&format!("{field}.validTo"), to)?;
        }
    }
    for (i, given) in document.meter_tariffs.iter().enumerate() {
        let field = format!("meterTariffs[{i}]");
        known(format!("{field}.meterNumber"), &given.site, &given.meter_number)?;
        validity::day(&format!("{field}.validFrom"), given.valid_from)?;
        let tariff =
            |t: &super::document::TariffEntry| t.site == given.site && t.name == given.tariff;
        if !document.tariffs.iter().any(tariff) {
            return Err(absent(format!("{field}.tariff"), "tariff", &given.tariff));
        }
    }
    for (i, factor) in document.emission_factors.iter().enumerate() {
        let field = format!("emissionFactors[{i}]");
        if !sites.contains(factor.site.as_str()) {
            return Err(absent(format!("{field}.site"), "site", &factor.site));
        }
        if let Some(number) = &factor.meter_number {
            known(format!("{field}.meterNumber"), &factor.site, number)?;
        }
        validity::day(&format!("{field}.validFrom"), factor.valid_from)?;
    }
    Ok(())
}

async fn store(db: &mut PgConnection, vault: &Vault, document: &Document) -> Result<(), Error> {
    let meters = rows(&document.meters);
    tables::put_sites(db, &rows(&document.sites)).await.map_err(named)?;
    tables::mix_prefixes(&mut *db).await.map_err(named)?;
    tables::unretire(&mut *db, &meters).await.map_err(named)?;
    let mut above_first: Vec<_> = document.meters.iter().collect();
    above_first.sort_by_key(|meter| meter.level);
    let mut ids = HashMap::new();
    for meter in above_first {
        let row = rows(meter);
        let id = tables::put_meter(db, &row).await.map_err(named)?;
        ids.insert((meter.site.as_str(), meter.meter_number.as_str()), id);
    }
    tables::place(db, &meters).await.map_err(named)?;
    tables::retire(&mut *db, &meters).await.map_err(named)?;
    tables::part_prefixes(&mut *db).await.map_err(named)?;
    for device in &document.devices {
        if let Some(id) = ids.get(&(device.site.as_str(), device.meter_number.as_str())) {
            store_device(db, vault, *id, device).await?;
        }
    }
    let sums = rows(&document.virtual_meters);
    tables::put_virtual_meters(db, &sums).await.map_err(named)?;
    for sum in &document.virtual_meters {
        if let Some(id) = ids.get(&(sum.site.as_str(), sum.meter_number.as_str())) {
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
    let poll = Duration::from_millis(entry.poll_interval);
    let stored = storage::devices::by_meter(&mut *db, meter).await?;
    let communication = match &stored {
        Some(device) => {
            settings::with_secrets_of(vault, device, entry.protocol, entry.communication.clone())
        }
        None => secrets::seal(vault, entry.communication.clone()),
    };
    let (protocol, enabled) = (entry.protocol, entry.enabled);
    if let Some(device) = stored {
        let device = DeviceRow { protocol, poll, communication, enabled, ..device };
        storage::devices::update(&mut *db, &device).await.map_err(named)?;
    } else {
        let device = NewDevice { meter, protocol, poll, communication, enabled };
        storage::devices::insert(&mut *db, &device).await.map_err(named)?;
    }
    Ok(())
}

/// A refusal of the tables, by the name of its rule where nothing better is known.
fn named(error: storage::Error) -> Error {
    match Error::from(error) {
        Error::Storage(storage::Error::Constraint { name, message }) => Error::Invalid {
            code: "invalid_value",
            field: None,
            message: format!("the document breaks the rule {name}: {message}"),
        },
        known => known,
    }
}

fn time(field: String, at: Option<DateTime<Utc>>) -> Result<(), Error> {
    if at.is_none_or(|at| (window::EARLIEST..window::FAR).contains(&at)) {
        return Ok(());
    }
    Err(Error::invalid(field, "give a time in the years 1900 to 9999"))
}

fn absent(field: String, kind: &str, name: &str) -> Error {
    Error::invalid(field, format!("the document has no {kind} {name:?}"))
}

fn twice(field: String, name: &str) -> Error {
    Error::invalid(field, format!("{name:?} stands in the document twice"))
}

fn within(field: &str, error: Error) -> Error {
    match error {
        Error::Invalid { code, field: Some(inner), message } => {
            Error::Invalid { code, field: Some(format!("{field}.{inner}")), message }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
