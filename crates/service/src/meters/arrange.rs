//! Changing several meters together: all of them or none, and looked at before it is stored.

use std::collections::HashMap;

use domain::entry::Entry;
use domain::message::Message;
use domain::meters::Meter;
use domain::meters::refusal::{MeterRefusal, PlaceRefusal};
use domain::people::Difference;
use domain::sites::{Site, SiteKind};
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::change::{PARENT, store};
use super::kept::{Kept, count_otherwise, kept};
use super::preview::{Preview, preview};
use super::{Above, MeterView, NewMeter, Onto, alone};
use crate::body::ChangedField;
use crate::error::LineError;
use crate::live::LiveState;
use crate::patch::{Patch, Patched};
use crate::people::audit::Change;
use crate::resolve::{MeterRef, unknown};
use crate::{Action, Error, Principal, Service, optimistic_lock, sites};

/// Whether the meter's device is read: not a field of the meter, but changed with it.
const ENABLED: &str = "enabled";
/// Meters whose changes the log keeps.
const NOTED: usize = 100;
/// Meters that are changed at once at most.
const MOST: usize = 10_000;

/// Changes of several meters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Arrangement {
    /// Each meter once, at least one.
    pub changes: Vec<MeterChange>,
}

/// A change of a meter.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeterChange {
    /// Its id.
    pub id: MeterId,
    /// What a change of this meter alone would say, and as `enabled` whether its device is read. With
    /// `expected` it says what was seen of some fields.
    pub set: Patch<NewMeter>,
}

/// What changes, or would change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Arranged {
    /// Whether nothing was stored because nothing was to be.
    pub dry_run: bool,
    /// The meters that change.
    pub meters: Vec<ChangedMeter>,
    /// What becomes of the balances that rest on where they hang.
    pub preview: Preview,
}

/// A meter that changes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedMeter {
    /// Its id.
    pub id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// What changes of it.
    pub changes: Vec<ChangedField>,
    /// What stays as it was counted, where that alters what energy is computed by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// Changes meters of a site together, or says what that would change: then everything is stored,
/// looked at, and taken back.
pub async fn arrange(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    asked: Arrangement,
    dry_run: bool,
) -> Result<Arranged, Error> {
    let site = sites::resolve(service, who, Action::Configure, site).await?;
    let before = storage::meters::list(service.pool(), site.id, false).await?;
    check(&site, &before, &asked)?;
    let ids: Vec<MeterId> = asked.changes.iter().map(|change| change.id).collect();
    let mut change = Change::begin(service, who).await?.at(site.id);
    storage::meters::lock_tree(&mut *change.db).await?;
    let locked = storage::meters::lock_all(&mut *change.db, &ids).await?;
    let locked: HashMap<MeterId, Meter> = locked.into_iter().map(|m| (m.id, m)).collect();
    let mut meters = Vec::new();
    for (index, asked) in asked.changes.into_iter().enumerate() {
        let meter = locked.get(&asked.id).ok_or_else(|| Error::no_meter(asked.id))?;
        let done = one(service.live(), &mut change, &site, &before, meter.clone(), asked.set).await;
        meters.extend(done.map_err(|error| at(index, &meter.number, error))?);
    }
    let after = storage::meters::list(&mut *change.db, site.id, true).await?;
    if dry_run {
        change.db.rollback().await.map_err(storage::Error::from)?;
    } else {
        let subject = format!("site:{}", site.slug);
        change.commit_difference("meters.arrange", &subject, noted(&meters)).await?;
        service.reload().await?;
    }
    let before = before.into_iter().filter(|meter| meter.retired_at.is_none()).collect();
    let preview = preview(service, &site, before, after).await?;
    Ok(Arranged { dry_run, meters, preview })
}

/// The note of the log: how many meters changed, and the fields of the first of them.
fn noted(meters: &[ChangedMeter]) -> Difference {
    let fields = |value: fn(&ChangedField) -> &Value| -> Value {
        let of = |meter: &ChangedMeter| -> Value {
            meter.changes.iter().map(|field| (field.field.clone(), value(field).clone())).collect()
        };
        meters.iter().take(NOTED).map(|meter| (meter.meter_number.clone(), of(meter))).collect()
    };
    let was = json!({"meters": fields(|field| &field.before)});
    let is = json!({"meters": fields(|field| &field.after), "count": meters.len()});
    Difference::between(&was, &is)
}

/// Refuses what cannot be meant, before anything is locked.
fn check(site: &Site, known: &[Meter], asked: &Arrangement) -> Result<(), Error> {
    if asked.changes.is_empty() || asked.changes.len() > MOST {
        return Err(Error::invalid("changes", MeterRefusal::HowMany { most: MOST }));
    }
    let mut seen = std::collections::HashSet::new();
    for (i, change) in asked.changes.iter().enumerate() {
        let field = format!("changes[{i}].id");
        let Some(meter) = known.iter().find(|meter| meter.id == change.id) else {
            return Err(unknown(site, &field, &change.id));
        };
        if !seen.insert(change.id) {
            let meter = meter.number.clone();
            return Err(Error::invalid(field, MeterRefusal::NamedTwice { meter }));
        }
        if meter.retired_at.is_some() {
            return Err(Error::conflict(
                "meter_retired",
                MeterRefusal::Retired { meter: meter.number.clone() },
            )
            .at(field));
        }
        let moves = PARENT.iter().chain(&["feedsParent"]).any(|name| change.set.sets(name));
        if site.kind == SiteKind::Simulated && moves {
            return Err(Error::conflict("simulated_tree", PlaceRefusal::Simulated)
                .at(format!("changes[{i}].set")));
        }
    }
    Ok(())
}

/// Changes a meter; none where nothing of it changes.
async fn one(
    live: &LiveState,
    change: &mut Change,
    site: &Site,
    known: &[Meter],
    meter: Meter,
    mut patch: Patch<NewMeter>,
) -> Result<Option<ChangedMeter>, Error> {
    let device = storage::devices::lock(&mut *change.db, meter.id).await?;
    let view = MeterView { site: site.slug.clone(), ..alone(live, meter.clone()) };
    let mut before = serde_json::to_value(&view).unwrap_or_default();
    before[ENABLED] = device.as_ref().map(|device| device.enabled).into();
    optimistic_lock::settle(&before, &mut patch)?;
    let enabled = match patch.take(ENABLED) {
        None => None,
        Some(Value::Bool(enabled)) => Some(enabled),
        Some(_) => return Err(Error::invalid(ENABLED, Entry::NoYesOrNo)),
    };
    let above = above(site, known, &patch)?;
    let stored = store(change, view, meter.clone(), patch, above).await?;
    let mut after = serde_json::to_value(alone(live, stored.clone())).unwrap_or_default();
    after["site"] = site.slug.clone().into();
    after[ENABLED] = before[ENABLED].clone();
    if let Some(enabled) = enabled {
        let Some(device) = device else {
            let meter = meter.number.clone();
            return Err(Error::invalid(ENABLED, MeterRefusal::NoDevice { meter }));
        };
        storage::devices::switch(&mut *change.db, device.id, enabled).await?;
        after[ENABLED] = enabled.into();
    }
    let changes = changed_fields(&before, &after);
    let kept = if count_otherwise(&meter, &stored) {
        Some(kept(&mut change.db, site.id, meter.id).await?)
    } else {
        None
    };
    Ok((!changes.is_empty()).then_some(ChangedMeter {
        id: stored.id,
        meter_number: stored.number,
        meter_name: stored.name,
        changes,
        kept,
    }))
}

/// What of a meter changes but what moves by itself.
pub(super) fn changed_fields(before: &Value, after: &Value) -> Vec<ChangedField> {
    let fields = before.as_object().into_iter().flatten();
    let moves_itself = |name: &str| NewMeter::FIXED.measured.contains(&name);
    fields
        .filter(|(name, before)| !moves_itself(name) && after.get(*name) != Some(*before))
        .map(|(name, before)| ChangedField {
            field: name.clone(),
            before: before.clone(),
            after: after.get(name).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The meter that a change puts above, among those of the site that were read already.
fn above(site: &Site, known: &[Meter], patch: &Patch<NewMeter>) -> Result<Option<Onto>, Error> {
    let Some(said) = Above::of(patch)? else { return Ok(None) };
    let number = match (said.parent_meter_id, said.parent_meter_number) {
        (None, None) => return Ok(Some(Onto(None))),
        (Some(MeterRef::Id(id)), _) => {
            let found = known.iter().find(|meter| meter.id == MeterId(id));
            let found = found.ok_or_else(|| unknown(site, PARENT[0], &id))?;
            return Ok(Some(Onto(Some(found.clone()))));
        }
        (Some(MeterRef::Name(name)), _) | (None, Some(name)) => name,
    };
    let found = known.iter().find(|meter| meter.number == number);
    let found = found.ok_or_else(|| unknown(site, PARENT[1], &number))?;
    Ok(Some(Onto(Some(found.clone()))))
}

/// A refusal with the meter that it is about.
fn at(index: usize, number: &str, error: Error) -> Error {
    let named =
        |why: Message| MeterRefusal::Of { meter: number.to_owned(), why: Box::new(why) }.into();
    match error {
        Error::Invalid { code, field, message } => {
            Error::Lines(vec![LineError { index, code, field, message: named(message) }])
        }
        Error::Conflict { code, field, message } => {
            Error::Conflict { code, field, message: named(message) }
        }
        other => other,
    }
}
