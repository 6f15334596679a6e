//! Taking in a table of devices: all of it or nothing.

mod plan;

use domain::SiteSlug;
use domain::devices::refusal::table::TableRefusal;
use domain::message::English;
use domain::sites::Site;
use serde_json::json;

use super::line::NUMBER;
pub use super::report::{ImportReport, LineOutcome, LineReport};
use super::table::{self, Row};
use crate::error::LineError;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, Vault, sites};
pub(super) use plan::Known;
use plan::Step;

/// Meters that the log of changes names of an import.
const NOTED: usize = 10;

/// Takes in a table of devices: whoever is named by a number is made or changed, all of them together
/// or none. The meters that it names are read and written in one transaction, so that nobody's change in
/// between is lost. A column that the table leaves out stays as it is, and an empty cell takes back what was
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
    let mut change = Change::begin(core, who).await?.at(site.id);
    storage::meters::lock_tree(&mut *change.db).await?;
    storage::devices::lock_named(&mut change.db, site.id, &numbers(&table)).await?;
    let known = Known::load(&mut change.db, &site).await?;
    let mut plan = known.plan(table)?;
    if plan.iter().all(|step| step.report.outcome != LineOutcome::Refused) {
        store(core.vault(), &mut change, &site, known, &mut plan).await?;
    }
    let report = finish(plan.into_iter().map(|step| step.report).collect(), dry_run)?;
    if !dry_run {
        let stored = report.lines.iter().filter(|line| line.outcome != LineOutcome::Unchanged);
        let first: Vec<_> = stored.take(NOTED).map(|line| &line.meter_number).collect();
        let detail = json!({"created": report.created, "changed": report.changed, "first": first});
        change.commit("devices.import", &format!("site:{}", site.slug), &detail).await?;
        core.registry_changed();
    }
    Ok(report)
}

/// The meters that a table names.
fn numbers(table: &[Row]) -> Vec<String> {
    let cells = table.iter().filter_map(|row| row.cells.as_ref().ok());
    cells.filter_map(|cells| cells.get(NUMBER).cloned()).collect()
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

/// Stores what the lines say, parents before their children, up to the first that turns out to be refused:
/// then nothing may be kept.
async fn store(
    vault: &Vault,
    change: &mut Change,
    site: &Site,
    mut known: Known,
    plan: &mut [Step],
) -> Result<(), Error> {
    let mut order: Vec<_> = (0..plan.len()).collect();
    order.sort_by_key(|&at| plan[at].depth);
    for at in order {
        let step = &mut plan[at];
        if step.report.outcome == LineOutcome::Unchanged {
            continue;
        }
        let Some(meter) = step.meter.take() else { continue };
        let above = meter.parent.as_ref().and_then(|number| known.meters.get(number));
        let stored = known.meter(&meter.number);
        let sealed = meter.sealed(vault, stored.and_then(|(_, device)| device));
        match sealed.store(&mut change.db, site.id, above, stored).await {
            Ok(meter) => drop(known.meters.insert(meter.number.clone(), meter)),
            Err(error) => {
                step.report = refused(step.report.line, step.report.meter_number.clone(), error)?;
                break;
            }
        }
    }
    Ok(())
}
