//! Known loads that no meter sees, so that they are not called loss.

use domain::losses::unmetered::{LoadRefusal, Unmetered};
use domain::meters::MeterAddress;
use domain::people::Difference;
use domain::period::Moment;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, resolve, sites, window};

/// A load to declare.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUnmetered {
    /// Since when: RFC 3339, or a date in the site's zone.
    pub valid_from: Moment,
    /// Its power in kW, estimated, 0 or more; 0 ends it.
    pub power_kw: f64,
    /// What it is, in words.
    pub reason: String,
}

/// Whether one of the same node and time may be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Refused,
    Replaced,
}

/// The unmetered loads of a node, by time.
pub async fn list(
    service: &Core,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<Vec<Unmetered>, Error> {
    let meter = resolve::meter(service, who, Action::See, meter).await?;
    Ok(storage::losses::unmetered::list(service.pool(), meter.id).await?)
}

/// Declares a load.
pub async fn declare(
    service: &Core,
    who: &Principal,
    meter: &MeterAddress,
    new: NewUnmetered,
    existing: Existing,
) -> Result<Unmetered, Error> {
    let meter = resolve::meter(service, who, Action::Configure, meter).await?;
    let site = sites::of(service, &meter).await?;
    let valid_from = window::instant(&site, "validFrom", new.valid_from)?;
    if new.reason.is_empty() {
        return Err(Error::invalid("reason", LoadRefusal::NoReason));
    }
    let load =
        Unmetered { meter_id: meter.id, valid_from, power_kw: new.power_kw, reason: new.reason };
    let mut change = Change::begin(service, who).await?.at(site.id).because(&load.reason);
    let stored = storage::losses::unmetered::list(service.pool(), meter.id).await?;
    let before = stored.into_iter().find(|load| load.valid_from == valid_from);
    match existing {
        Existing::Refused => storage::losses::unmetered::insert(&mut *change.db, &load).await?,
        Existing::Replaced => storage::losses::unmetered::put(&mut *change.db, &load).await?,
    }
    storage::recount::requeue::losses(&mut change.db, site.id, Some(meter.id), valid_from).await?;
    let difference = before
        .map_or_else(|| Difference::created(&load), |before| Difference::between(&before, &load));
    let subject = format!("meter:{}", meter.id);
    change.commit_difference("unmetered_load.put", &subject, difference).await?;
    service.registry_changed();
    Ok(load)
}
