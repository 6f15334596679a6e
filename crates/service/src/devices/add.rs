//! One device from a form: checked like a line of a table, and stored like one.

use std::collections::BTreeMap;

use domain::SiteSlug;
use domain::devices::refusal::table::TableRefusal;
use domain::devices::register_table::{self, RegisterRow};
use domain::devices::view::DeviceRow;
use domain::devices::{Protocol, profile};
use domain::meters::MeterAddress;
use domain::sites::Site;
use serde_json::{Map, Value, json};
use storage::devices::DeviceRow as Stored;

use super::columns::{Cells, REST, join, object};
use super::import::{LineOutcome, LineReport, take_in};
use super::line::{NUMBER, columns};
use super::table::{Given, Row};
use super::{registers, view};
use crate::{Action, Core, Error, Principal, Service, resolve, sites};

/// Generated meter numbers begin so.
const NUMBER_PREFIX: &str = "EM-";

/// What a form says of a device.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Texts by the names of the columns of a table and of the registers; what is empty is not set.
    pub texts: BTreeMap<String, String>,
    /// Secrets, by the names of their settings.
    pub secrets: BTreeMap<String, String>,
    /// Whether the meter that is named has this device already, and it is to be changed.
    pub change: bool,
}

impl Entry {
    /// The settings of the device. What the form does not show of registers stays as it is stored.
    ///
    /// # Errors
    /// A text that is not of the kind of its field.
    pub(crate) fn settings(&self, stored: Option<&Stored>) -> Result<Value, Error> {
        let mut settings = join(&self.cells())?;
        let Value::Object(all) = &mut settings else { return Ok(settings) };
        let secrets = self.secrets.iter().filter(|(_, secret)| !secret.is_empty());
        all.extend(secrets.map(|(name, secret)| (name.clone(), secret.clone().into())));
        if let Some(rows) = registers::typed(&self.texts)? {
            let rows = rows.into_iter().map(|(_, row)| row).collect();
            put_registers(all, rows, stored.map(|stored| &stored.communication))?;
        }
        Ok(settings)
    }

    /// The texts of all columns. Of a device that is changed, one that is not set takes back what is
    /// stored; a meter that is connected for the first time keeps its place where none is said.
    fn cells(&self) -> Cells {
        let text = |name: &str| self.texts.get(name).map(|text| text.trim()).unwrap_or_default();
        columns()
            .map(|name| (name, text(name).to_owned()))
            .filter(|(name, text)| self.change || *name == NUMBER || !text.is_empty())
            .collect()
    }

    /// The field of the form for a refused one.
    fn field(&self, refused: String) -> String {
        let rows = registers::typed(&self.texts).ok().flatten();
        rows.and_then(|rows| registers::refused_field(&refused, &rows)).unwrap_or(refused)
    }
}

/// Whether what a form says could be stored.
///
/// # Errors
/// The first field at fault.
pub async fn check(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    entry: &Entry,
) -> Result<(), Error> {
    store(core, who, site, entry, true).await.map(drop)
}

/// Stores what a form says: a device, and its meter where there is none of that number yet. A meter
/// without a number gets the next free one.
///
/// # Errors
/// The first field at fault.
pub async fn add(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    entry: &Entry,
) -> Result<DeviceRow, Error> {
    let number = store(service, who, site, entry, false).await?;
    let address = MeterAddress::new(format!("number:{number}"), site.cloned());
    let meter = resolve::meter(service, who, Action::Configure, &address).await?;
    let device = super::of_meter(service, meter.id).await?;
    Ok(view::row(service.watch(), service.live(), who, meter, device))
}

/// The number of the meter that was stored, or would be.
async fn store(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    entry: &Entry,
    dry_run: bool,
) -> Result<String, Error> {
    let site = sites::resolve(core, who, Action::Configure, site).await?;
    let mut cells = entry.cells();
    if cells[NUMBER].is_empty() {
        cells.insert(NUMBER, free_number(core, &site).await?);
    }
    let number = cells[NUMBER].clone();
    let meter = storage::meters::by_number(core.pool(), site.id, &number).await?;
    let stored = match meter {
        Some(meter) => storage::devices::by_meter(core.pool(), meter.id).await?,
        None => None,
    };
    let settings = entry.settings(stored.as_ref())?;
    let given = Given { cells, settings: Some(settings) };
    let table = vec![Row { line: 1, given: Ok(given) }];
    let keep = |lines: &[LineReport]| {
        lines.iter().try_for_each(|line| meant(line, entry.change))?;
        Ok(!dry_run)
    };
    let refused = take_in(core, who, &site, table, keep).await?.into_iter().find_map(|line| {
        let (code, message) = line.code.zip(line.message)?;
        let field = line.field.map(|field| entry.field(field));
        Some(Error::Invalid { code, field, message: message.0 })
    });
    refused.map_or(Ok(number), Err)
}

/// The number that a meter without one gets.
pub(crate) async fn free_number(core: &Core, site: &Site) -> Result<String, Error> {
    Ok(storage::meters::free_number(core.pool(), site.id, NUMBER_PREFIX).await?)
}

/// Whether a line does what was asked for: adds a device, or changes one.
fn meant(line: &LineReport, change: bool) -> Result<(), Error> {
    let number = line.meter_number.clone();
    match (line.outcome == LineOutcome::Created, change) {
        (true, true) => Err(Error::invalid(NUMBER, TableRefusal::NoDevice { number })),
        (false, false) => {
            Err(Error::conflict("meter_number_taken", TableRefusal::HasDevice { number })
                .at(NUMBER))
        }
        _ => Ok(()),
    }
}

/// Puts the rows of the table in the place of the registers that are stored. Registers that were written as JSON count
/// where no row has their channel.
fn put_registers(
    all: &mut Map<String, Value>,
    mut rows: Vec<RegisterRow>,
    stored: Option<&Value>,
) -> Result<(), Error> {
    let written = all.remove("registers").unwrap_or_else(|| json!({}));
    let beside = written.as_object().map(register_table::rows).unwrap_or_default();
    let is_new = |one: &RegisterRow| rows.iter().all(|row| row.field != one.field);
    let beside: Vec<_> = beside.into_iter().filter(is_new).collect();
    rows.extend(beside);
    let profile = all.get("profile").cloned().unwrap_or_default();
    let own = stored.and_then(|stored| stored.get("registers")).cloned();
    let mut own = own.unwrap_or_else(|| json!({}));
    domain::patch::merge(&mut own, written);
    let now = registers_of(&profile, &own)?;
    let registers = register_table::write(&rows, &now, &registers_of(&profile, &json!({}))?);
    if !registers.is_empty() {
        all.insert("registers".to_owned(), Value::Object(registers));
    }
    Ok(())
}

/// The registers of a profile with a meter's own over them.
fn registers_of(profile: &Value, own: &Value) -> Result<Map<String, Value>, Error> {
    let settings = json!({"profile": profile, "registers": own});
    let whole = profile::settings(Protocol::Modbus, &settings)?;
    Ok(whole["registers"].as_object().cloned().unwrap_or_default())
}

/// Settings of a device as texts of the form: registers are rows of its table, those of its profile too.
pub(super) fn texts(
    mut cells: Cells,
    profile: Option<&str>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut rest = cells.remove(REST).map(|text| object(&text)).transpose()?.unwrap_or_default();
    let own = rest.remove("registers").unwrap_or_else(|| json!({}));
    if !rest.is_empty() {
        cells.insert(REST, Value::Object(rest).to_string());
    }
    let profile = profile.or(cells.get("profile").map(String::as_str));
    let speaks_modbus =
        |id: &&str| profile::find(id).is_none_or(|it| it.protocol == Protocol::Modbus);
    let profile = profile.filter(speaks_modbus);
    let rows = register_table::rows(&registers_of(&json!(profile), &own)?);
    let texts = cells.into_iter().map(|(name, text)| (name.to_owned(), text));
    Ok(texts.chain(registers::texts(&rows)).collect())
}

/// The names of all fields of a form.
pub fn fields() -> impl Iterator<Item = String> {
    columns().map(str::to_owned).chain(registers::fields())
}
