//! Data loggers that upload what they recorded: their settings, and what they brought.
//!
//! A logger has a password and belongs to a site. Each of its devices feeds a meter, which is made when
//! the address is first heard of and hangs nowhere until somebody places it. Of the three meters of a
//! building, grid connection, load and solar production, any two give the third.

pub(crate) mod gate;
mod meters;
pub mod page;
mod password;
mod upload;
mod view;

use std::collections::BTreeMap;

use domain::SiteSlug;
use domain::devices::logger::refusal::LoggerRefusal;
use domain::devices::logger::{ColumnMap, DeviceAddress, PointMeters, SerialNumber, check_names};
use domain::devices::view::loggers::LoggerView;
use domain::people::Difference;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use storage::devices::loggers::Logger;

use crate::body;
use crate::operation::clock;
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, Service, sites};

pub(crate) use gate::Gate;
pub use gate::Pass;
pub use upload::{Rejected, Upload, admit, receive, reject};
pub(crate) use view::refused_of_nobody;

/// A logger to add.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewLogger {
    /// Its serial number, as on its label: 1 to 32 letters and digits.
    pub serial_number: SerialNumber,
    /// What it authenticates itself with: 8 to 64 characters. Kept as a hash, never shown.
    pub password: String,
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// Device address of the meter of the grid connection.
    pub utility_meter_id: Option<DeviceAddress>,
    /// Device address of the meter of all load.
    pub load_meter_id: Option<DeviceAddress>,
    /// Device address of the meter of solar production.
    pub solar_meter_id: Option<DeviceAddress>,
    /// By device address: which point, from 0, holds which value of a reading, where the logger's own
    /// list of points does not tell.
    #[serde(default)]
    pub columns: ColumnMap,
    /// By device address and point, from 0: the value of a reading that the point is to a meter of its
    /// own, which is made; the device's meter has nothing of it.
    #[serde(default)]
    pub point_meters: PointMeters,
    /// By device address: rated power in kW of its meter, which is made where there is none yet.
    #[serde(default)]
    pub rated_power_kw: BTreeMap<DeviceAddress, Option<f64>>,
}

/// Rated powers as a change of a logger states them: those that it names, null for none.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ratings {
    rated_power_kw: BTreeMap<DeviceAddress, Option<f64>>,
}

impl Ratings {
    /// Takes them out of a change.
    fn taken(patch: &mut Patch<LoggerChanges>) -> Result<Self, Error> {
        match patch.take("ratedPowerKw") {
            None => Ok(Self::default()),
            Some(ratings) => body::read(&json!({"ratedPowerKw": ratings})),
        }
    }
}

/// What may be changed of a logger.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoggerChanges {
    password: Option<String>,
    utility_meter_id: Option<DeviceAddress>,
    load_meter_id: Option<DeviceAddress>,
    solar_meter_id: Option<DeviceAddress>,
    #[serde(default)]
    columns: ColumnMap,
    #[serde(default)]
    point_meters: PointMeters,
}

impl Patched for LoggerChanges {
    type Shown = Value;
    const FIXED: Fixed = Fixed { read_only: &["serialNumber", "site"], measured: view::MEASURED };
}

/// The loggers of a site.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<LoggerView>, Error> {
    let site = sites::resolve(core, who, Action::See, site).await?;
    let known = storage::devices::loggers::overviews(core.pool(), Some(site.id), None).await?;
    Ok(known.into_iter().map(|overview| view::of(overview, &site)).collect())
}

/// One logger.
pub async fn get(core: &Core, who: &Principal, serial: &str) -> Result<LoggerView, Error> {
    who.require_somewhere(Action::See)?;
    let logger = find(core, serial).await?;
    who.require_on(Action::See, logger.site, || missing(serial))?;
    shown(core, &logger).await
}

/// Adds a logger, and the meters that its settings name.
pub async fn create(
    service: &Service,
    who: &Principal,
    sent: Map<String, Value>,
) -> Result<LoggerView, Error> {
    who.require_somewhere(Action::Configure)?;
    named(&sent)?;
    let new: NewLogger = body::read(&Value::Object(sent))?;
    let site = sites::resolve(service, who, Action::Configure, new.site.as_ref()).await?;
    let logger = Logger {
        password_hash: Some(password::hash(service.acquisuite(), &new.password).await?),
        serial: new.serial_number,
        site: site.id,
        utility: new.utility_meter_id,
        load: new.load_meter_id,
        solar: new.solar_meter_id,
        missing: None,
        columns: new.columns,
        point_meters: new.point_meters,
    };
    check_roles((logger.utility, logger.load, logger.solar))?;
    check_points(&logger.columns, &logger.point_meters)?;
    let mut change = Change::begin(service, who).await?.at(site.id);
    storage::devices::loggers::insert(&mut *change.db, &logger).await?;
    finish(service, change, None, (logger, new.rated_power_kw), &site).await
}

/// Changes a logger; what is left out stays, the password too. Columns and points are replaced as a
/// whole.
pub async fn update(
    service: &Service,
    who: &Principal,
    serial: &str,
    mut patch: Patch<LoggerChanges>,
) -> Result<LoggerView, Error> {
    who.require_somewhere(Action::Configure)?;
    named(&patch.fields)?;
    let Ratings { rated_power_kw } = Ratings::taken(&mut patch)?;
    let found = find(service, serial).await?;
    who.require_on(Action::Configure, found.site, || missing(serial))?;
    let site = sites::by_id(service.pool(), found.site).await?;
    // Takes a core for a while: not while the logger is held.
    let new_hash = match merged(&found, &site, patch.clone())?.password {
        Some(new) => Some(password::hash(service.acquisuite(), &new).await?),
        None => None,
    };
    let mut change = Change::begin(service, who).await?.at(site.id);
    let stored = storage::devices::loggers::lock(&mut *change.db, &found.serial).await?;
    let logger = stored.ok_or_else(|| missing(serial))?;
    let before = noted(&logger);
    let settings = merged(&logger, &site, patch)?;
    let logger = Logger {
        password_hash: new_hash.or(logger.password_hash),
        utility: settings.utility_meter_id,
        load: settings.load_meter_id,
        solar: settings.solar_meter_id,
        columns: settings.columns,
        point_meters: settings.point_meters,
        ..logger
    };
    check_roles((logger.utility, logger.load, logger.solar))?;
    check_points(&logger.columns, &logger.point_meters)?;
    finish(service, change, Some(before), (logger, rated_power_kw), &site).await
}

/// Refuses names within the settings by the setting, whatever is wrong beside them.
fn named(sent: &Map<String, Value>) -> Result<(), Error> {
    check_names(sent).map_err(|(field, why)| Error::invalid(field, why))
}

/// The settings with a change. Columns and points that are sent take the place of all there are: merged,
/// none could be taken away.
fn merged(
    logger: &Logger,
    site: &Site,
    patch: Patch<LoggerChanges>,
) -> Result<LoggerChanges, Error> {
    let columns = (!patch.sets("columns")).then_some(&logger.columns);
    let points = (!patch.sets("pointMeters")).then_some(&logger.point_meters);
    let current = json!({
        "serialNumber": logger.serial,
        "site": site.slug,
        "utilityMeterId": logger.utility,
        "loadMeterId": logger.load,
        "solarMeterId": logger.solar,
        "columns": columns.unwrap_or(&ColumnMap::default()),
        "pointMeters": points.unwrap_or(&PointMeters::default()),
    });
    patch.onto(&current)
}

/// Removes a logger. Its meters stay with their history, and nothing uploads to them any more.
pub async fn remove(core: &Core, who: &Principal, serial: &str) -> Result<LoggerView, Error> {
    who.require_somewhere(Action::Configure)?;
    let logger = find(core, serial).await?;
    who.require_on(Action::Configure, logger.site, || missing(serial))?;
    let view = shown(core, &logger).await?;
    let mut change = Change::begin(core, who).await?.at(logger.site);
    storage::devices::loggers::delete(&mut *change.db, &logger.serial).await?;
    storage::devices::loggers::activity::forget(&mut *change.db, &logger.serial).await?;
    change.commit_removed("logger.remove", &subject(&logger), &view).await?;
    Ok(view)
}

/// Makes the meters that the settings name, stores them with the settings, and shows the logger.
async fn finish(
    core: &Core,
    mut change: Change,
    before: Option<Map<String, Value>>,
    (mut logger, ratings): (Logger, BTreeMap<DeviceAddress, Option<f64>>),
    site: &Site,
) -> Result<LoggerView, Error> {
    meters::settle(&mut change.db, &mut logger, clock::now(core, site)).await?;
    meters::rate(&mut change.db, &logger, &ratings).await?;
    meters::split(&mut change.db, &logger).await?;
    storage::devices::loggers::update(&mut *change.db, &logger).await?;
    let mut after = noted(&logger);
    after.insert("ratedPowerKw".to_owned(), json!(ratings));
    let (action, difference) = match before {
        None => ("logger.create", Difference::created(&after)),
        Some(before) => ("logger.update", Difference::between(&before, &after)),
    };
    change.commit_difference(action, &subject(&logger), difference).await?;
    core.reload().await?;
    shown(core, &logger).await
}

/// A logger in the log of changes, which hides the hash of the password.
fn noted(logger: &Logger) -> Map<String, Value> {
    Map::from_iter([
        ("utility".to_owned(), json!(logger.utility)),
        ("load".to_owned(), json!(logger.load)),
        ("solar".to_owned(), json!(logger.solar)),
        ("columns".to_owned(), json!(logger.columns)),
        ("pointMeters".to_owned(), json!(logger.point_meters)),
        ("password".to_owned(), json!(logger.password_hash)),
    ])
}

async fn shown(core: &Core, logger: &Logger) -> Result<LoggerView, Error> {
    let site = sites::by_id(core.pool(), logger.site).await?;
    let known =
        storage::devices::loggers::overviews(core.pool(), None, Some(&logger.serial)).await?;
    let overview = known.into_iter().next().ok_or_else(|| missing(logger.serial.as_str()))?;
    Ok(view::of(overview, &site))
}

fn missing(serial: &str) -> Error {
    Error::not_found("logger_not_found", LoggerRefusal::NotThere { serial: serial.to_owned() })
}

fn subject(logger: &Logger) -> String {
    format!("logger:{}", logger.serial)
}

async fn find(core: &Core, serial: &str) -> Result<Logger, Error> {
    let found = match SerialNumber::parse(serial) {
        Ok(serial) => storage::devices::loggers::by_serial(core.pool(), &serial).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| missing(serial))
}

/// One device cannot be two of the three meters: utility, load, solar.
pub(crate) fn check_roles(
    (utility, load, solar): (Option<DeviceAddress>, Option<DeviceAddress>, Option<DeviceAddress>),
) -> Result<(), Error> {
    let twice =
        |field: &str, address: Option<DeviceAddress>, others: [Option<DeviceAddress>; 2]| {
            match address.filter(|address| others.contains(&Some(*address))) {
                Some(address) => {
                    Err(Error::invalid(field, LoggerRefusal::Twice { device: address.number() }))
                }
                None => Ok(()),
            }
        };
    twice("loadMeterId", load, [utility, None])?;
    twice("solarMeterId", solar, [utility, load])
}

/// A point that is a meter of its own is no value of its device's meter.
pub(crate) fn check_points(columns: &ColumnMap, points: &PointMeters) -> Result<(), Error> {
    match points.also_in(columns) {
        Some((device, point)) => {
            let (device, point) = (device.number(), point.number());
            Err(Error::invalid("pointMeters", LoggerRefusal::PointTwice { device, point }))
        }
        None => Ok(()),
    }
}
