//! One device from a form: checked like a line of a table, and stored like one.

use std::collections::BTreeMap;

use domain::SiteSlug;
use domain::devices::refusal::table::{CellRefusal, TableRefusal};
use domain::devices::view::DeviceRow;
use domain::meters::MeterAddress;
use serde_json::{Map, Value};

use super::columns::{Cells, REST, join, object};
use super::import::{LineOutcome, LineReport, take_in};
use super::line::{NUMBER, columns};
use super::table::Row;
use super::view;
use crate::{Action, Core, Error, Principal, Service, resolve, sites};

/// Generated meter numbers begin so.
const NUMBER_PREFIX: &str = "EM-";

/// Registers that have fields of their own in a form, where no profile names them. A field is called
/// by the register, a dot, and one of [`OF_REGISTER`].
pub const REGISTERS: [&str; 6] =
    ["power", "energy", "voltage", "current", "powerFactor", "frequency"];

/// What a form says of each register.
pub const OF_REGISTER: [&str; 3] = ["address", "type", "scale"];

/// What a form says of all its registers.
pub const OF_ALL: [&str; 2] = ["function", "wordOrder"];

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
    /// The settings of the device.
    ///
    /// # Errors
    /// A text that is not of the kind of its field.
    pub(crate) fn settings(&self) -> Result<Value, Error> {
        let mut cells = self.cells();
        with_rest(&mut cells, self)?;
        join(&cells)
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
    with_rest(&mut cells, entry)?;
    if cells[NUMBER].is_empty() {
        let free = storage::meters::free_number(core.pool(), site.id, NUMBER_PREFIX).await?;
        cells.insert(NUMBER, free);
    }
    let number = cells[NUMBER].clone();
    let table = vec![Row { line: 1, cells: Ok(cells) }];
    let keep = |lines: &[LineReport]| {
        lines.iter().try_for_each(|line| meant(line, entry.change))?;
        Ok(!dry_run)
    };
    let refused = take_in(core, who, &site, table, keep).await?.into_iter().find_map(|line| {
        let (code, message) = line.code.zip(line.message)?;
        Some(Error::Invalid { code, field: line.field.map(by_field), message: message.0 })
    });
    refused.map_or(Ok(number), Err)
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

/// Puts what has no column beside the settings that have none: the registers of the form, and secrets.
fn with_rest(cells: &mut Cells, entry: &Entry) -> Result<(), Error> {
    let mut rest: Map<String, Value> = match cells.get(REST).filter(|text| !text.is_empty()) {
        None => Map::new(),
        Some(text) => object(text)?,
    };
    let registers = registers(&entry.texts)?;
    if !registers.is_empty() {
        let all = rest.entry("registers").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(all) = all {
            all.extend(registers);
        }
    }
    let secrets = entry.secrets.iter().filter(|(_, secret)| !secret.is_empty());
    rest.extend(secrets.map(|(name, secret)| (name.clone(), secret.clone().into())));
    if !rest.is_empty() {
        cells.insert(REST, Value::Object(rest).to_string());
    }
    Ok(())
}

/// The registers that were typed: each with its address, its type and scale, and what holds for all.
fn registers(texts: &BTreeMap<String, String>) -> Result<Map<String, Value>, Error> {
    let text = |name: &str| texts.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut registers = Map::new();
    for name in REGISTERS {
        let at = format!("{name}.address");
        let Some(address) = text(&at) else { continue };
        let mut register = Map::new();
        let address: u16 = address.parse().map_err(|_| {
            Error::invalid(&at, CellRefusal::NoAddress { text: address.to_owned() })
        })?;
        register.insert("address".to_owned(), address.into());
        if let Some(kind) = text(&format!("{name}.type")) {
            register.insert("type".to_owned(), kind.into());
        }
        let at = format!("{name}.scale");
        if let Some(scale) = text(&at) {
            let number = scale.parse().ok().filter(|scale: &f64| scale.is_finite());
            let number = number.ok_or_else(|| {
                Error::invalid(&at, CellRefusal::NoNumber { text: scale.to_owned() })
            })?;
            register.insert("scale".to_owned(), number.into());
        }
        for name in OF_ALL {
            if let Some(word) = text(name) {
                register.insert(name.to_owned(), word.into());
            }
        }
        registers.insert(name.to_owned(), Value::Object(register));
    }
    Ok(registers)
}

/// A refused field, by its name in the form.
fn by_field(field: String) -> String {
    match field.strip_prefix("communication.registers.") {
        Some(register) if fields().any(|name| name == register) => register.to_owned(),
        _ => field,
    }
}

/// The names of all fields of a form.
pub fn fields() -> impl Iterator<Item = String> {
    let registers = REGISTERS.iter().flat_map(|name| OF_REGISTER.map(|of| format!("{name}.{of}")));
    columns().map(str::to_owned).chain(registers).chain(OF_ALL.map(str::to_owned))
}
