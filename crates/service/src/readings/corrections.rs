//! Corrections of stored readings, which stay as they came.

use chrono::{DateTime, Days, Utc};
use domain::meters::{Meter, MeterAddress};
use domain::readings::refusal::CorrectionRefusal;
use domain::sites::Site;
use domain::{Field, MeterId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use storage::readings::corrections::{Correction, Entered};

use crate::operation::clock;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, resolve, sites, validity};

/// So many readings before and after one are looked at for a register that is read more seldom: a value of it
/// may be typed in where the reading has none.
const AROUND: u32 = 10_000;

/// A correction as it was entered.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionView {
    /// Its number.
    pub n: i64,
    /// The meter.
    pub meter_id: MeterId,
    /// When the reading was taken.
    pub timestamp: DateTime<Utc>,
    /// The field that is corrected, by its JSON name.
    pub field: String,
    /// Its value; null where it is struck out.
    pub value: Option<f64>,
    /// Why, in words.
    pub reason: String,
    /// Since when it no longer counts; null while it does.
    pub undone_at: Option<DateTime<Utc>>,
}

impl From<Entered> for CorrectionView {
    fn from(entered: Entered) -> Self {
        let Entered { n, correction, reason, undone_at } = entered;
        Self {
            n,
            meter_id: correction.meter,
            timestamp: correction.at,
            field: correction.field.json().to_owned(),
            value: correction.value,
            reason,
            undone_at,
        }
    }
}

/// A correction to enter.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCorrection {
    /// When the reading was taken.
    pub timestamp: DateTime<Utc>,
    /// The field to correct, such as `totalEnergyKwh`.
    pub field: String,
    /// Its value; null strikes it out.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schemars(schema_with = "number_or_null")]
    pub value: Option<f64>,
    /// Why, in words.
    pub reason: String,
}

fn number_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["number", "null"]})
}

/// Every correction of a meter, in the order in which they were entered.
pub async fn list(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<Vec<CorrectionView>, Error> {
    let meter = resolve::meter(core, who, Action::See, meter).await?;
    let entered = storage::readings::corrections::list(core.pool(), meter.id).await?;
    Ok(entered.into_iter().map(CorrectionView::from).collect())
}

/// A correction that can be entered.
pub(crate) struct Checked {
    pub(crate) meter: Meter,
    pub(crate) site: Site,
    pub(crate) correction: Correction,
}

/// Checks a correction of a stored reading.
pub(crate) async fn check(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    new: &NewCorrection,
) -> Result<Checked, Error> {
    let meter = resolve::meter(core, who, Action::Operate, meter).await?;
    let site = sites::of(core, &meter).await?;
    let now = clock::now(core, &site);
    let at = validity::past("timestamp", new.timestamp, now)?;
    let field = Field::parse(&new.field).ok_or_else(|| {
        Error::invalid("field", CorrectionRefusal::NoField { field: new.field.clone() })
    })?;
    if let Some(value) = new.value {
        validity::measurable("value", value)?;
    }
    validity::computable(core.pool(), meter.id, at).await?;
    if !storage::readings::corrections::has_reading(core.pool(), meter.id, at).await? {
        return Err(absent(&site, &meter, at, now));
    }
    if !storage::readings::corrections::is_shown_around(core.pool(), meter.id, at, field, AROUND)
        .await?
    {
        return Err(Error::invalid("field", CorrectionRefusal::NotShown { at, field }));
    }
    let correction = Correction { meter: meter.id, at, field, value: new.value };
    Ok(Checked { meter, site, correction })
}

/// Enters a correction of a stored reading; the energy around it is computed again.
pub async fn create(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    new: NewCorrection,
) -> Result<CorrectionView, Error> {
    let Checked { meter, site, correction } = check(core, who, meter, &new).await?;
    let at = correction.at;
    let mut change = Change::begin(core, who).await?.at(meter.site).because(&new.reason);
    // Readings may have been dropped since.
    validity::computable(&mut *change.db, meter.id, at).await?;
    if !storage::readings::corrections::has_reading(&mut *change.db, meter.id, at).await? {
        return Err(absent(&site, &meter, at, clock::now(core, &site)));
    }
    let entered =
        storage::readings::corrections::insert(&mut *change.db, &correction, &new.reason).await?;
    storage::recount::requeue::around(&mut change.db, meter.id, at).await?;
    let view = CorrectionView::from(entered);
    change.commit("reading_correction.create", &format!("meter:{}", meter.id), &view).await?;
    Ok(view)
}

/// Why there is no reading to correct: it is no longer kept, or never came.
fn absent(site: &Site, meter: &Meter, at: DateTime<Utc>, now: DateTime<Utc>) -> Error {
    let kept_days = Days::new(site.retention.raw_days.into());
    let first_kept = site.date_at(now).checked_sub_days(kept_days);
    if first_kept.is_some_and(|first_kept| at < site.day_start(first_kept)) {
        return validity::frozen(at);
    }
    Error::refused(
        "reading_not_found",
        CorrectionRefusal::NoReading { meter: meter.number.clone(), at, id: meter.id },
    )
    .at("timestamp")
}

/// Undoes a correction; the energy around it is computed again without it.
pub async fn undo(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    n: &str,
) -> Result<CorrectionView, Error> {
    let meter = resolve::meter(core, who, Action::Operate, meter).await?;
    let missing = || {
        Error::not_found(
            "correction_not_found",
            CorrectionRefusal::Unknown { meter: meter.number.clone(), n: n.to_owned() },
        )
    };
    let number = n.parse().map_err(|_| missing())?;
    let mut change = Change::begin(core, who).await?.at(meter.site);
    let undone = storage::readings::corrections::undo(&mut *change.db, meter.id, number).await?;
    let view = CorrectionView::from(undone.ok_or_else(missing)?);
    validity::computable(&mut *change.db, meter.id, view.timestamp).await?;
    storage::recount::requeue::around(&mut change.db, meter.id, view.timestamp).await?;
    change.commit_removed("reading_correction.undo", &format!("meter:{}", meter.id), &view).await?;
    Ok(view)
}
