//! The form that adds a device or changes one.

use std::collections::BTreeMap;
use std::slice;

use domain::SiteSlug;
use domain::devices::refusal::table::TableRefusal;
use domain::devices::register_table::{self, RegisterRow};
use domain::devices::view::DeviceRow;
use domain::devices::{Protocol, profile};
use domain::meters::Meter;
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use storage::devices::DeviceRow as Stored;

use super::columns::{Cells, REST, join, object};
use super::line::{NUMBER, PARENT, columns, parse};
use super::{other_settings, registers, view};
use crate::meters::energy_meters::{ConnectedMeter, Pending, free_number, put};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, Service, sites};

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Default)]
pub struct DeviceForm {
    /// Texts by the names of the columns of a table and of the registers; what is empty is not set.
    pub texts: BTreeMap<String, String>,
    /// Secrets, by the names of their settings.
    pub secrets: BTreeMap<String, String>,
    /// Whether the meter that is named has this device already, and it is to be changed.
    pub change: bool,
}

impl DeviceForm {
    /// The settings of the device. What the form does not show of registers stays as it is stored.
    ///
    /// # Errors
    /// A text that is not of the kind of its field.
    pub(crate) fn settings(&self, stored: Option<&Stored>) -> Result<Value, Error> {
        let mut settings = join(None, |name| self.text(name))?;
        let Value::Object(all) = &mut settings else { return Ok(settings) };
        let secrets = self.secrets.iter().filter(|(_, secret)| !secret.is_empty());
        all.extend(secrets.map(|(name, secret)| (name.clone(), secret.clone().into())));
        other_settings::put(all, &self.texts)?;
        if let Some(rows) = registers::typed(&self.texts)? {
            let rows = rows.into_iter().map(|(_, row)| row).collect();
            put_registers(all, rows, stored.map(|stored| &stored.communication))?;
        }
        Ok(settings)
    }

    /// The stored device without the headers that were taken out of the form: their secrets go.
    fn without_removed_headers(&self, stored: &Stored) -> Stored {
        let mut kept = stored.clone();
        if let Some(Value::Object(headers)) = kept.communication.get_mut(other_settings::HEADERS) {
            for name in other_settings::removed_headers(&self.texts) {
                headers.remove(&name);
            }
        }
        kept
    }

    /// The text of a field. Of a device that is changed, one that is not set takes back what is stored; a
    /// meter that is connected for the first time keeps its place where none is said.
    fn text(&self, name: &str) -> Option<&str> {
        let text = self.texts.get(name).map(|text| text.trim()).unwrap_or_default();
        (self.change || !text.is_empty()).then_some(text)
    }

    /// A meter of this number as the form says it, over what is stored of it.
    fn meter(
        &self,
        number: &str,
        stored: Option<&(Meter, Option<Stored>)>,
        parent: Option<&Meter>,
    ) -> Result<ConnectedMeter, Error> {
        let stored = stored.map(|(meter, device)| (meter, device.as_ref()));
        let communication = self.settings(stored.and_then(|(_, device)| device))?;
        let stored = stored.map(|stored| ConnectedMeter::of(stored, parent));
        let text = |name: &str| if name == NUMBER { Some(number) } else { self.text(name) };
        parse(text, communication, stored.as_ref()).map_err(|refused| self.by_field(refused))
    }

    /// A refused setting of a table or of the others, by its field.
    fn by_field(&self, refused: Error) -> Error {
        match refused {
            Error::Invalid { code, field: Some(field), message } => {
                let rows = registers::typed(&self.texts).ok().flatten();
                let of_row = rows.and_then(|rows| registers::refused_field(&field, &rows));
                let of_other = || other_settings::refused_field(&field, &self.texts);
                Error::refused(code, message).at(of_row.or_else(of_other).unwrap_or(field))
            }
            other => other,
        }
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
    form: &DeviceForm,
) -> Result<(), Error> {
    store(core, who, site, form).await.map(drop)
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
    form: &DeviceForm,
) -> Result<DeviceRow, Error> {
    let (meter, device) = store(service, who, site, form).await?.commit().await?;
    service.reload().await?;
    Ok(view::row(service.watch(), service.live(), who, meter, device))
}

/// Stores what a form says, without committing it.
async fn store(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    form: &DeviceForm,
) -> Result<Pending, Error> {
    let site = sites::resolve(core, who, Action::Configure, site).await?;
    let number = match form.text(NUMBER) {
        Some(number) if !number.is_empty() => number.to_owned(),
        _ => free_number(core, site.id).await?,
    };
    let mut change = Change::begin(core, who).await?.at(site.id);
    let db: &mut PgConnection = &mut change.db;
    storage::meters::lock_tree(&mut *db).await?;
    storage::devices::lock_named(db, site.id, slice::from_ref(&number)).await?;
    let live = |meter: &Meter| meter.retired_at.is_none();
    let stored = match storage::meters::by_number(&mut *db, site.id, &number).await?.filter(live) {
        Some(meter) => {
            let device = storage::devices::by_meter(&mut *db, meter.id).await?;
            Some((meter, device))
        }
        None => None,
    };
    let parent = match stored.as_ref().and_then(|(meter, _)| meter.parent) {
        Some(parent) => storage::meters::by_id(&mut *db, parent).await?,
        None => None,
    };
    let meter = form.meter(&number, stored.as_ref(), parent.as_ref())?;
    let above = match &meter.parent {
        Some(number) => {
            let above = storage::meters::by_number(&mut *db, site.id, number).await?.filter(live);
            let missing = || TableRefusal::NoParent { number: number.clone() };
            Some(above.ok_or_else(|| Error::invalid(PARENT, missing()))?)
        }
        None => None,
    };
    let stored = stored.as_ref().map(|(meter, device)| (meter, device.as_ref()));
    let device = stored.and_then(|(_, device)| device);
    meant(number, device.is_some(), form.change)?;
    let kept = device.map(|device| form.without_removed_headers(device));
    let meter = meter.sealed(core.vault(), kept.as_ref());
    put(change, site.id, above.as_ref(), stored, meter).await
}

/// Whether the form does what was asked for: adds a device, or changes one.
fn meant(number: String, has_device: bool, change: bool) -> Result<(), Error> {
    match (has_device, change) {
        (false, true) => Err(Error::invalid(NUMBER, TableRefusal::NoDevice { number })),
        (true, false) => {
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
    columns().map(str::to_owned).chain(registers::fields()).chain(other_settings::fields())
}
