//! Creating, changing and removing meters.

use chrono::{DateTime, Utc};
use domain::meters::refusal::{MeterRefusal, PlaceRefusal};
use domain::meters::{Meter, MeterAddress, PlacedBy};
use domain::people::Difference;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use storage::meters::NewMeter as Added;

use super::kept::{Kept, count_otherwise, kept};
use super::{MeterView, NewMeter, Onto, above, alone, noted, parent, view};
use crate::live::LiveState;
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, Service, optimistic_lock, resolve, sites, validity};

impl Patched for NewMeter {
    type Shown = MeterView;
    const FIXED: Fixed = Fixed {
        read_only: &["id", "uuid", "site", "retiredAt"],
        measured: &["placed", "status", "statusReason", "powerKw", "lastUpdate", "kept"],
    };
}

/// The fields that name the meter above.
pub(super) const PARENT: [&str; 2] = ["parentMeterId", "parentMeterNumber"];

/// What became of a meter that was to be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// Its id.
    pub id: MeterId,
    /// Whether it had readings, bills or trades: then it is retired and its history stays, else it is gone.
    pub retired: bool,
}

/// A meter as a change left it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedView {
    /// The meter.
    #[serde(flatten)]
    pub meter: MeterView,
    /// What stays as it was counted, where the change alters what energy is computed by: all else is
    /// computed again by and by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// Refuses a prefix that somebody chose and that cannot stand in the address of a channel; one made of
/// the meter's number stays as it is.
fn check_prefix(new: &NewMeter, current: Option<&str>) -> Result<(), Error> {
    match new.channel_prefix.as_deref() {
        Some(chosen) if current != Some(chosen) => domain::readings::channel::check_prefix(chosen)
            .map_err(|refusal| Error::invalid("channelPrefix", refusal)),
        _ => Ok(()),
    }
}

/// Refuses times that no meter can have.
fn check_times(new: &NewMeter) -> Result<(), Error> {
    for (field, at) in [("installedAt", new.installed_at), ("effectiveFrom", new.effective_from)] {
        at.map_or(Ok(()), |at| validity::time(field, at))?;
    }
    Ok(())
}

/// Refuses half a place, and one that is not on the Earth.
pub(crate) fn check_place(latitude: Option<f64>, longitude: Option<f64>) -> Result<(), Error> {
    let (field, message) = match (latitude, longitude) {
        (Some(north), _) if !(-90.0..=90.0).contains(&north) => ("latitude", MeterRefusal::North),
        (_, Some(east)) if !(-180.0..=180.0).contains(&east) => ("longitude", MeterRefusal::East),
        (Some(_), None) => ("longitude", MeterRefusal::NoLongitude),
        (None, Some(_)) => ("latitude", MeterRefusal::NoLatitude),
        (Some(_), Some(_)) | (None, None) => return Ok(()),
    };
    Err(Error::invalid(field, message))
}

/// Creates a meter.
pub async fn create(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    new: NewMeter,
) -> Result<MeterView, Error> {
    let site = sites::resolve(service, who, Action::Configure, site).await?;
    check_times(&new)?;
    check_prefix(&new, None)?;
    check_place(new.latitude, new.longitude)?;
    if new.effective_from.is_some() {
        return Err(Error::invalid("effectiveFrom", PlaceRefusal::NoPast));
    }
    let above =
        parent(service, &site, new.parent_meter_id.as_ref(), new.parent_meter_number.as_deref())
            .await?;
    let meter = domain::meter_settings!(domain::copy_meter_settings! new => Added {
        site: site.id,
        level: new.level,
        parent: above.map(|above| above.id),
        feeds_parent: new.feeds_parent,
        placed_by: PlacedBy::Person,
    });
    let mut change = Change::begin(service, who).await?.at(site.id);
    let meter = storage::meters::insert(&mut *change.db, &meter).await?;
    let new = noted(service.live(), &meter);
    change.commit("meter.create", &format!("meter:{}", meter.id), &new).await?;
    service.registry_changed();
    view(service, service.live(), meter).await
}

/// Changes the fields that are given. A change of type, parent or direction holds from `effectiveFrom`
/// on, or for all time without it. Of two changes at once the second rests on what the first stored; one
/// that says what it `expected` is refused where somebody else changed that meanwhile.
pub async fn update(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
    patch: Patch<NewMeter>,
) -> Result<ChangedView, Error> {
    let effective_from = patch.get("effectiveFrom").cloned();
    let Tried { mut change, before, after } =
        tried(service, service.live(), who, meter, patch).await?;
    let kept = if count_otherwise(&before, &after) {
        Some(kept(&mut change.db, after.site, after.id).await?)
    } else {
        None
    };
    let was = noted(service.live(), &before);
    let mut is = noted(service.live(), &after);
    is["effectiveFrom"] = effective_from.into();
    let difference = Difference::between(&was, &is);
    change.commit_difference("meter.update", &format!("meter:{}", after.id), difference).await?;
    service.registry_changed();
    Ok(ChangedView { meter: view(service, service.live(), after).await?, kept })
}

/// A change of a meter that is neither kept nor taken back yet.
pub(super) struct Tried {
    pub(super) change: Change,
    pub(super) before: Meter,
    /// The meter as it is stored now.
    pub(super) after: Meter,
}

/// Stores a change of a meter, for whoever asked to decide on it.
pub(super) async fn tried(
    core: &Core,
    live: &LiveState,
    who: &Principal,
    meter: &MeterAddress,
    patch: Patch<NewMeter>,
) -> Result<Tried, Error> {
    let found = resolve::meter(core, who, Action::Configure, meter).await?;
    let site = found.site;
    let shown = view(core, live, found).await?;
    let mut patch = only_new_parent(&shown, patch);
    let above = above(core, site, &patch).await?;
    let mut change = Change::begin(core, who).await?.at(site);
    storage::meters::lock_tree(&mut *change.db).await?;
    let locked = storage::meters::lock(&mut *change.db, shown.id).await?;
    let before = locked.ok_or_else(|| Error::no_meter(meter))?;
    let current = MeterView { uuid: shown.uuid, site: shown.site, ..alone(live, before.clone()) };
    optimistic_lock::settle(&current, &mut patch)?;
    let (meter, onto) = (before.clone(), above.map(Onto));
    let after = store(&mut change, current, meter, patch, onto).await?;
    Ok(Tried { change, before, after })
}

/// Brings a locked meter up to date with a change whose parent was looked up already.
pub(super) async fn store(
    change: &mut Change,
    current: MeterView,
    meter: Meter,
    patch: Patch<NewMeter>,
    onto: Option<Onto>,
) -> Result<Meter, Error> {
    let moves = PARENT.iter().any(|name| patch.sets(name));
    let current = MeterView { parent_meter_id: None, parent_meter_number: None, ..current };
    let new = patch.onto(&current)?;
    check_times(&new)?;
    check_prefix(&new, current.channel_prefix.as_deref())?;
    if (new.latitude, new.longitude) != (meter.latitude, meter.longitude) {
        check_place(new.latitude, new.longitude)?;
    }
    let effective_from = new.effective_from;
    let mut changed = changed(&meter, new);
    if let Some(Onto(above)) = onto.filter(|_| moves) {
        if changed.level == meter.level {
            changed.level = above.as_ref().map_or(0, |above| above.level.saturating_add(1));
        }
        changed.parent = above.map(|above| above.id);
    }
    let stored = storage::meters::update(&mut *change.db, &changed, effective_from).await?;
    stored.ok_or_else(|| Error::no_meter(meter.id))
}

/// Drops a parent's name that says what is there already, so that of an edited pair the new one
/// counts.
fn only_new_parent(current: &MeterView, mut patch: Patch<NewMeter>) -> Patch<NewMeter> {
    let id = current.parent_meter_id.map_or(Value::Null, |id| id.0.into());
    let number = current.parent_meter_number.clone().map_or(Value::Null, Value::from);
    for (key, now) in [("parentMeterId", id), ("parentMeterNumber", number)] {
        if patch.get(key) == Some(&now) {
            patch.take(key);
        }
    }
    patch
}

/// A meter as a change leaves it where it is.
fn changed(meter: &Meter, new: NewMeter) -> Meter {
    domain::meter_settings!(domain::copy_meter_settings! new => Meter {
        level: new.level.unwrap_or(meter.level),
        feeds_parent: new.feeds_parent,
        ..meter.clone()
    })
}

/// Removes a meter; one with readings, bills or trades is retired and keeps its history.
pub async fn remove(core: &Core, who: &Principal, meter: &MeterAddress) -> Result<Removed, Error> {
    let meter = resolve::meter(core, who, Action::Configure, meter).await?;
    if meter.retired_at.is_some() {
        return Ok(Removed { id: meter.id, retired: true });
    }
    let removed = remove_meter(core, who, &meter, "meter.remove").await?;
    core.registry_changed();
    Ok(removed)
}

/// Retires a meter that was read or billed, deletes one that never was.
pub(crate) async fn remove_meter(
    core: &Core,
    who: &Principal,
    meter: &Meter,
    action: &str,
) -> Result<Removed, Error> {
    let mut change = Change::begin(core, who).await?.at(meter.site);
    let removed = take_away(&mut change.db, meter.id, core.registry().now_of(meter.id)).await?;
    let kept = removed.retired.then(|| json!({"retired": true}));
    let gone = json!({
        "meterNumber": meter.number,
        "meterName": meter.name,
        "meterType": meter.meter_type,
        "parentMeterId": meter.parent,
    });
    let difference = Difference { after: kept, ..Difference::removed(&gone) };
    change.commit_difference(action, &format!("meter:{}", meter.id), difference).await?;
    Ok(removed)
}

/// The same as a part of a greater change.
pub(crate) async fn take_away(
    db: &mut PgConnection,
    id: MeterId,
    now: DateTime<Utc>,
) -> Result<Removed, Error> {
    storage::meters::lock_tree(&mut *db).await?;
    let retired = storage::meters::has_history(&mut *db, id).await?;
    if retired {
        storage::meters::retire(&mut *db, id, now).await?;
        if let Some(device) = storage::devices::by_meter(&mut *db, id).await? {
            storage::devices::delete(&mut *db, device.id).await?;
        }
    } else {
        storage::meters::delete(&mut *db, id).await?;
    }
    Ok(Removed { id, retired })
}
