//! Deleting a meter for good, with all that was read of it. One that was billed is retired instead.

use chrono::{DateTime, Utc};
use domain::message::Message;
use domain::meters::refusal::{MeterRefusal, PlaceRefusal};
use domain::meters::{Meter, MeterAddress};
use domain::people::Difference;
use serde_json::json;
use storage::meters::removal::{self, Erasable};

use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, resolve};

/// Data that deleting a meter loses, or why it cannot be deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Deletion {
    /// The span of its readings; none of a meter that was never read.
    pub readings: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The name of the node whose balance lacks its energy from then on; none of a meter that was never read, or that
    /// no balance has.
    pub parent: Option<String>,
    /// Whether a device reads it, which goes with it.
    pub has_device: bool,
    /// Why it cannot be deleted, and what to do.
    pub refused: Option<Message>,
}

impl Deletion {
    fn of(meter: &Meter, parent: Option<String>, found: &Erasable) -> Self {
        let refused = if found.kept_by.is_billed {
            Some(MeterRefusal::Billed.into())
        } else if found.kept_by.has_below {
            Some(PlaceRefusal::HasBelow { name: meter.name.clone() }.into())
        } else {
            found.kept_by.is_input.then(|| MeterRefusal::ComputedFrom.into())
        };
        let parent = parent.filter(|_| found.first.is_some());
        let readings = found.first.zip(found.last);
        Self { readings, parent, has_device: found.has_device, refused }
    }
}

/// Says what deleting a meter would lose.
pub async fn deletion(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<Deletion, Error> {
    let meter = resolve::meter(core, who, Action::Configure, meter).await?;
    let found = removal::erasable(core.pool(), meter.id).await?;
    let known = core.registry().known();
    let tree = known.trees.get(&meter.site).filter(|tree| !tree.is_aside(meter.id));
    let parent = tree.zip(meter.parent).and_then(|(tree, parent)| tree.get(parent));
    Ok(Deletion::of(&meter, parent.map(|parent| parent.name.clone()), &found))
}

/// Deletes a meter with its device, its readings and all that was made of them.
///
/// # Errors
/// It was billed, meters hang below it, or one is computed from it: then all of it stays.
pub async fn delete(core: &Core, who: &Principal, meter: &MeterAddress) -> Result<String, Error> {
    let meter = resolve::meter(core, who, Action::Configure, meter).await?;
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
    let (subject, difference) = (format!("meter:{}", meter.id), Difference::removed(&gone));
    change.commit_difference("meter.delete", &subject, difference).await?;
    core.registry_changed();
    Ok(meter.name)
}
