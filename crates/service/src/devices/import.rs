//! Taking in a table of devices: all of it or nothing.

mod plan;

use domain::devices::refusal::table::TableRefusal;
use domain::message::English;
use domain::meters::Meter;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use serde_json::json;
use storage::devices::{DeviceRow, NewDevice};
use storage::meters::NewMeter;

use super::line::{Line, NUMBER, Reading};
pub use super::report::{ImportReport, LineOutcome, LineReport};
use super::table::{self, Row};
use crate::error::LineError;
use crate::meters::energy_meters::settings::{self, secrets};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, sites};
pub(super) use plan::Known;
use plan::Step;

/// Meters that the log of changes names of an import.
const NOTED: usize = 10;

/// Takes in a table of devices: whoever is named by a number is made or changed, all of them together
/// or none. A column that the table leaves out stays as it is, and an empty cell takes back what was
/// set. Secrets are kept where a device keeps its address.
///
/// # Errors
/// Unless it is a dry run, [`Error::Lines`] with every line that is refused.
pub async fn import(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    text: &[u8],
    dry_run: bool,
) -> Result<ImportReport, Error> {
    let site = sites::resolve(core, who, Action::Configure, site).await?;
    let table = match table::read(text) {
        Ok(table) => table,
        Err(fault) => {
            let (line, error) = *fault;
            return finish(vec![refused(line, String::new(), error)?], dry_run);
        }
    };
    let keep = |_: &[LineReport]| Ok(!dry_run);
    finish(take_in(core, who, &site, table, keep).await?, dry_run)
}

/// Takes in what a table says, unless a line is refused; `keep` looks at what the lines do and decides
/// whether that is stored. The meters that it names are read and written in one transaction, so that
/// nobody's change in between is lost.
pub(super) async fn take_in(
    core: &Core,
    who: &Principal,
    site: &Site,
    table: Vec<Row>,
    keep: impl FnOnce(&[LineReport]) -> Result<bool, Error>,
) -> Result<Vec<LineReport>, Error> {
    let mut change = Change::begin(core, who).await?.at(site.id);
    storage::meters::lock_tree(&mut *change.db).await?;
    storage::devices::lock_named(&mut change.db, site.id, &numbers(&table)).await?;
    let known = Known::load(&mut change.db, site).await?;
    let mut plan = known.plan(table)?;
    let is_refused = |step: &Step| step.report.outcome == LineOutcome::Refused;
    let stored =
        !plan.iter().any(is_refused) && store(core, &mut change, site, known, &mut plan).await?;
    let lines: Vec<_> = plan.into_iter().map(|step| step.report).collect();
    if stored && keep(&lines)? {
        let count = |outcome| lines.iter().filter(|line| line.outcome == outcome).count();
        let stored = lines.iter().filter(|line| line.outcome != LineOutcome::Unchanged);
        let first: Vec<_> = stored.take(NOTED).map(|line| &line.meter_number).collect();
        let detail = json!({
            "created": count(LineOutcome::Created),
            "changed": count(LineOutcome::Changed),
            "first": first,
        });
        change.commit("devices.import", &format!("site:{}", site.slug), &detail).await?;
        core.registry_changed();
    }
    Ok(lines)
}

/// The meters that a table names.
fn numbers(table: &[Row]) -> Vec<String> {
    let given = table.iter().filter_map(|row| row.given.as_ref().ok());
    given.filter_map(|given| given.cells.get(NUMBER).cloned()).collect()
}

/// The report of all lines; refused lines are an error unless it is a dry run.
fn finish(lines: Vec<LineReport>, dry_run: bool) -> Result<ImportReport, Error> {
    let count = |outcome| lines.iter().filter(|line| line.outcome == outcome).count();
    let refused = count(LineOutcome::Refused);
    if refused > 0 && !dry_run {
        let errors = lines.into_iter().enumerate().filter_map(|(index, line)| {
            let why = Box::new(line.message?.0);
            let message = TableRefusal::Line { line: line.line, why }.into();
            Some(LineError { index, code: line.code?, field: line.field, message })
        });
        return Err(Error::Lines(errors.collect()));
    }
    Ok(ImportReport {
        dry_run,
        created: count(LineOutcome::Created),
        changed: count(LineOutcome::Changed),
        unchanged: count(LineOutcome::Unchanged),
        refused,
        lines,
    })
}

/// A line that is refused.
///
/// # Errors
/// What no change of the line would mend.
fn refused(line: u64, meter_number: String, error: Error) -> Result<LineReport, Error> {
    let (code, field, message) = match error {
        Error::Invalid { code, field, message } | Error::Conflict { code, field, message } => {
            (code, field, message)
        }
        Error::NotFound { code, message } => (code, None, message),
        other => return Err(other),
    };
    Ok(LineReport {
        line,
        meter_number,
        outcome: LineOutcome::Refused,
        changes: Vec::new(),
        field,
        message: Some(English(message)),
        code: Some(code),
    })
}

/// Stores what the lines say, parents before their children. False where one turned out to be refused:
/// then nothing may be kept.
async fn store(
    core: &Core,
    change: &mut Change,
    site: &Site,
    mut known: Known,
    plan: &mut [Step],
) -> Result<bool, Error> {
    let mut order: Vec<_> = (0..plan.len()).collect();
    order.sort_by_key(|&at| plan[at].depth);
    for at in order {
        let step = &mut plan[at];
        let Some(line) = &step.line else { continue };
        if step.report.outcome == LineOutcome::Unchanged {
            continue;
        }
        if let Err(error) = store_line(core, change, site, &mut known, line).await {
            step.report = refused(step.report.line, line.number.clone(), error)?;
            return Ok(false);
        }
    }
    Ok(true)
}

async fn store_line(
    core: &Core,
    change: &mut Change,
    site: &Site,
    known: &mut Known,
    line: &Line,
) -> Result<(), Error> {
    let above = line.parent.as_ref().and_then(|number| known.meters.get(number));
    let (parent, level) = (above.map(|above| above.id), above.map(|above| above.level));
    let meter = match known.meters.get(&line.number) {
        None => {
            let new = NewMeter {
                parent,
                load_role: line.role,
                latitude: line.place.map(|place| place.0),
                longitude: line.place.map(|place| place.1),
                rated_power_kw: line.rated_power_kw,
                ..NewMeter::named(site.id, &line.number, &line.name, &line.meter_type.0)
            };
            storage::meters::insert(&mut *change.db, &new).await?
        }
        Some(meter) => {
            let mut changed = Meter {
                name: line.name.clone(),
                meter_type: line.meter_type.clone(),
                load_role: line.role,
                rated_power_kw: line.rated_power_kw,
                ..meter.clone()
            };
            // Half a place, which a line cannot say, stays as it is.
            if line.place != meter.latitude.zip(meter.longitude) {
                (changed.latitude, changed.longitude) = line.place.unzip();
            }
            if changed.parent != parent {
                changed.parent = parent;
                changed.level = level.map_or(0, |level| level.saturating_add(1));
            }
            if changed == *meter {
                changed
            } else {
                let stored = storage::meters::update(&mut *change.db, &changed, None).await?;
                stored.ok_or_else(|| Error::no_meter(&line.number))?
            }
        }
    };
    if let Some(device) = &line.device {
        store_device(core, change, known.devices.get(&meter.id), meter.id, device).await?;
    }
    known.meters.insert(meter.number.clone(), meter);
    Ok(())
}

async fn store_device(
    core: &Core,
    change: &mut Change,
    stored: Option<&DeviceRow>,
    meter: MeterId,
    sent: &Reading,
) -> Result<(), Error> {
    let Reading { protocol, poll, enabled, communication } = sent.clone();
    if let Some(stored) = stored {
        let communication =
            settings::with_secrets_of(core.vault(), stored, protocol, communication);
        let device = DeviceRow { protocol, poll, enabled, communication, ..stored.clone() };
        storage::devices::update(&mut *change.db, &device).await?;
    } else {
        let communication = secrets::seal(core.vault(), communication);
        let device = NewDevice { meter, protocol, poll, communication, enabled };
        storage::devices::insert(&mut *change.db, &device).await?;
    }
    Ok(())
}
