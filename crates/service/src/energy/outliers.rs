//! Readings that do not fit: kept, shown, and no energy. Somebody may say that they count.

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::{Decision, Outlier};
use domain::meters::refusal::MeterRefusal;
use domain::meters::{Meter, MeterAddress};
use domain::people::Difference;
use domain::period::Moment;
use domain::readings::refusal::CorrectionRefusal;
use domain::{Field, MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::energy::outliers::{Kept, OutliersFilter};
use storage::span::Span;

use crate::people::audit::Change;
use crate::recount::Reader;
use crate::resolve::MeterRef;
use crate::{Action, Core, Error, Principal, instants, resolve, sites, validity, window};

/// Registers, and the power that is integrated and makes demand.
const DECIDABLE: [Field; 8] = [
    Field::ActivePowerKw,
    Field::EnergyImportKwh,
    Field::TotalEnergyKwh,
    Field::EnergyExportKwh,
    Field::ReactiveEnergyImportKvarh,
    Field::ReactiveEnergyExportKvarh,
    Field::DieselConsumptionLiters,
    Field::RuntimeHours,
];

/// A value of a reading that does not fit, or that somebody decided about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutlierView {
    /// The meter.
    pub meter_id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// When the reading was taken.
    pub timestamp: DateTime<Utc>,
    /// The JSON name of its field.
    pub field: String,
    /// The figure that it showed.
    pub value: f64,
    /// The decision about it: `accept`, it counts; `reject`, it does not, however well it fits. Null while
    /// nobody decided: it does not count.
    pub decision: Option<Decision>,
    /// When somebody decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<Kept> for OutlierView {
    fn from(kept: Kept) -> Self {
        Self {
            meter_id: kept.meter,
            meter_number: kept.meter_number,
            timestamp: kept.at,
            field: kept.field.json().to_owned(),
            value: kept.value,
            decision: kept.decision,
            decided_at: kept.decided_at,
        }
    }
}

/// Restricts a list of readings; an absent field does not.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutliersQuery<'a> {
    pub site: Option<&'a SiteSlug>,
    pub meter: Option<&'a MeterAddress>,
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    /// Those that stand after this one.
    pub after: Option<(MeterId, Outlier)>,
    pub limit: u32,
}

/// The readings that do not fit, and those that somebody decided about, newest first; whether there are more.
pub async fn list(
    core: &Core,
    who: &Principal,
    asked: OutliersQuery<'_>,
) -> Result<(Vec<OutlierView>, bool), Error> {
    who.require_somewhere(Action::See)?;
    let (site, meter) = match asked.meter {
        None => (sites::resolve(core, who, Action::See, asked.site).await?, None),
        Some(meter) => {
            let meter = resolve::meter(core, who, Action::See, meter).await?;
            (sites::of(core, &meter).await?, Some(meter.id))
        }
    };
    let [from, to] = window::bounds(&site, asked.from, asked.to)?;
    let (after, limit) = (asked.after, i64::from(asked.limit) + 1);
    let filter = OutliersFilter { meter, from, to, after, limit };
    let mut found = storage::energy::outliers::list(core.pool(), site.id, &filter).await?;
    let more = found.len() > asked.limit as usize;
    found.truncate(asked.limit as usize);
    Ok((found.into_iter().map(OutlierView::from).collect(), more))
}

/// How many readings do not count, for the metrics.
pub async fn count(core: &Core) -> Result<u64, Error> {
    Ok(storage::energy::outliers::count(core.pool()).await?)
}

/// A decision about a value of a reading.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDecision {
    /// The meter, by its id or its meter number; this or `meterNumber` is needed.
    pub meter_id: Option<MeterRef>,
    /// The meter, by its meter number.
    pub meter_number: Option<String>,
    /// When the reading was taken.
    pub timestamp: DateTime<Utc>,
    /// A register or the power, by its field, such as `totalEnergyKwh` or `activePowerKw`.
    pub field: String,
    /// The figure that it shows, so that a reading that became another one meanwhile is not meant; that of
    /// the stored reading unless stated.
    pub value: Option<f64>,
    /// Whether it counts.
    pub decision: Decision,
}

impl NewDecision {
    fn meter(&self, site: Option<SiteSlug>) -> Result<MeterAddress, Error> {
        match (&self.meter_id, &self.meter_number) {
            (Some(MeterRef::Id(id)), _) => Ok(MeterAddress::new(id.to_string(), site)),
            (Some(MeterRef::Name(number)), _) | (None, Some(number)) => {
                Ok(MeterAddress::new(format!("number:{number}"), site))
            }
            (None, None) => Err(Error::invalid("meterId", MeterRefusal::NotNamed)),
        }
    }
}

/// A reading that somebody decided about.
#[derive(Debug, Clone)]
pub struct Decided {
    pub timestamp: DateTime<Utc>,
    pub field: String,
    pub value: f64,
}

/// Lets a reading count, or leaves it out; the energy around it is computed again.
pub async fn decide(
    core: &Core,
    who: &Principal,
    site: Option<SiteSlug>,
    new: NewDecision,
) -> Result<OutlierView, Error> {
    let meter = resolve::meter(core, who, Action::Operate, &new.meter(site)?).await?;
    let field = decidable(&new.field)?;
    let at = instants::stored(new.timestamp);
    let reading = Outlier { at, field, value: shown(core, &meter, at, field).await? };
    if new.value.is_some_and(|value| !is_same(value, reading.value)) {
        let refusal = CorrectionRefusal::ShowsAnother { at, field, value: reading.value };
        return Err(Error::conflict("reading_changed", refusal).at("value"));
    }
    let (id, missing) = (meter.id, || Error::no_meter(meter.id));
    let mut change = Change::begin(core, who).await?.at(meter.site);
    let before = storage::energy::outliers::of_reading(&mut *change.db, id, reading).await?;
    storage::energy::outliers::decide(&mut *change.db, id, reading, new.decision).await?;
    let after = storage::energy::outliers::of_reading(&mut *change.db, id, reading).await?;
    let view = OutlierView::from(after.ok_or_else(missing)?);
    validity::computable(&mut *change.db, id, at).await?;
    storage::recount::requeue::around(&mut change.db, id, at).await?;
    let action = match new.decision {
        Decision::Accept => "outlier.accept",
        Decision::Reject => "outlier.reject",
    };
    commit(change, action, before.map(OutlierView::from), &view).await?;
    Ok(view)
}

/// Takes back the decision about a reading: it counts again if it fits, and else does not. Returns
/// the reading without the decision.
pub async fn undo(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    decided: &Decided,
) -> Result<OutlierView, Error> {
    let meter = resolve::meter(core, who, Action::Operate, meter).await?;
    let (at, field) = (instants::stored(decided.timestamp), decidable(&decided.field)?);
    let (id, reading) = (meter.id, Outlier { at, field, value: decided.value });
    let mut change = Change::begin(core, who).await?.at(meter.site);
    let before = storage::energy::outliers::of_reading(&mut *change.db, id, reading).await?;
    let before = before.filter(|kept| kept.decision.is_some()).ok_or_else(|| {
        let refusal = CorrectionRefusal::NotDecided { at, field, value: decided.value };
        Error::not_found("decision_not_found", refusal)
    })?;
    let before = OutlierView::from(before);
    storage::energy::outliers::undo(&mut *change.db, id, reading).await?;
    validity::computable(&mut *change.db, id, at).await?;
    storage::recount::requeue::around(&mut change.db, id, at).await?;
    let view = OutlierView { decision: None, decided_at: None, ..before.clone() };
    commit(change, "outlier.undo", Some(before), &view).await?;
    Ok(view)
}

async fn commit(
    change: Change,
    action: &str,
    before: Option<OutlierView>,
    view: &OutlierView,
) -> Result<(), Error> {
    let mut difference = match before {
        Some(before) => Difference::between(&before, view),
        None => Difference::created(view),
    };
    if let Some(after) = &mut difference.after {
        (after["timestamp"], after["field"]) = (json!(view.timestamp), json!(view.field));
        after["value"] = json!(view.value);
    }
    change.commit_difference(action, &format!("meter:{}", view.meter_id), difference).await
}

/// A field about whose readings somebody may decide.
fn decidable(field: &str) -> Result<Field, Error> {
    Field::parse(field).filter(|field| DECIDABLE.contains(field)).ok_or_else(|| {
        Error::invalid("field", CorrectionRefusal::NoRegister { field: field.to_owned() })
    })
}

/// The figure in a reading, its correction in place.
async fn shown(core: &Core, meter: &Meter, at: DateTime<Utc>, field: Field) -> Result<f64, Error> {
    let span = Span { meter: meter.id, from: at, to: at + TimeDelta::microseconds(1) };
    let found = Reader::open(core.pool(), &[meter.id]).await?.spans(&[span]).await?;
    let (number, id) = (meter.number.clone(), meter.id);
    let Some(read) = found.iter().flatten().next() else {
        let refusal = CorrectionRefusal::NoReading { meter: number, at, id };
        return Err(Error::not_found("reading_not_found", refusal));
    };
    read.values.get(field).ok_or_else(|| {
        let refusal = CorrectionRefusal::ShowsNothing { at, field };
        Error::not_found("value_not_found", refusal)
    })
}

/// Whether both are one figure, but for how it was written on its way.
fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}
