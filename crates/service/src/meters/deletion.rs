//! Deleting a meter for good, with all that was read of it. One that was billed is retired instead.

use chrono::Utc;
use domain::meters::MeterAddress;
use domain::meters::refusal::MeterRefusal;
use serde_json::json;
use storage::meters::removal;

use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, resolve};

/// Deletes a meter with its device, its readings and all that was made of them.
///
/// # Errors
/// The name that was typed to confirm it is another one; or it was billed, meters hang below it, or one is computed
/// from it: then all of it stays.
pub async fn delete(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    typed_name: &str,
) -> Result<String, Error> {
    let meter = resolve::meter(core, who, Action::Configure, meter).await?;
    // A page shows blanks in a row as one.
    if !typed_name.split_whitespace().eq(meter.name.split_whitespace()) {
        return Err(Error::invalid("name", MeterRefusal::OtherName { name: meter.name }));
    }
    let mut change = Change::begin(core, who).await?.at(meter.site);
    storage::meters::lock_tree(&mut *change.db).await?;
    let found = removal::erasable(&mut *change.db, meter.id).await?;
    if let Some(parent) = meter.parent {
        let from = found.first.unwrap_or_else(Utc::now);
        storage::recount::requeue::losses(&mut change.db, meter.site, Some(parent), from).await?;
    }
    if !removal::erase(&mut change.db, meter.id).await? {
        return Err(Error::no_meter(meter.id));
    }
    let gone = json!({
        "meterNumber": meter.number,
        "meterName": meter.name,
        "meterType": meter.meter_type,
        "parentMeterId": meter.parent,
        "readingsFrom": found.first,
        "readingsTo": found.last,
    });
    change.commit_removed("meter.delete", &format!("meter:{}", meter.id), &gone).await?;
    core.reload().await?;
    Ok(meter.name)
}
