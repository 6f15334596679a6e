//! What a change of a rule that a meter's energy is computed by alters, and what stays as it is.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::meters::{Meter, MeterAddress};
use domain::month::Month;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Serialize;
use storage::recount::Stored;

use super::NewMeter;
use super::alone;
use super::arrange::changed_fields;
use super::change::{Tried, tried};
use super::kept::{Kept, count_otherwise, kept};
use super::preview::{Preview, preview};
use crate::body::ChangedField;
use crate::patch::Patch;
use crate::recount::{Recount, recount};
use crate::{Core, Error, Principal, Service, sites};

/// Figures that differ by no more than this, in kWh or L, or by this share, differ by how they were
/// added up.
const ROUNDING: (f64, f64) = (1e-6, 1e-9);

/// What a change of a meter would alter of what was counted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RulesPreview {
    /// The meter.
    pub meter_id: MeterId,
    /// What of it would change.
    pub changes: Vec<ChangedField>,
    /// Since when it was counted again for this; null where the change alters nothing that energy is
    /// computed by, or nothing can be computed again.
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    pub to: Option<DateTime<Utc>>,
    /// Whether that is all that would be computed again. Else only the newest 200,000 readings were
    /// looked at, and what lies before them would be computed again as well.
    pub is_whole: bool,
    /// What is counted in that time.
    pub before: Counted,
    /// The amount after the correction.
    pub after: Counted,
    /// The months that would change.
    pub months: Vec<ChangedMonth>,
    /// The days that would change, on the site's clock.
    pub days: Vec<ChangedDay>,
    /// What would stay as it is.
    pub kept: Kept,
    /// Balances of the last day that would be others because of how exactly the meter measures.
    pub balances: Preview,
}

/// What a meter counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// Drawn by a load, or delivered by a meter that feeds its parent.
    pub import_kwh: f64,
    /// Returned by a load, or drawn by a meter that feeds its parent.
    pub export_kwh: f64,
    /// Litres of its own fuel counter; null where it has none.
    pub diesel_litres: Option<f64>,
}

/// A month that would change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedMonth {
    /// The month.
    pub month: Month,
    /// What is counted in its days that would change.
    pub before: Counted,
    /// The amount after the correction.
    pub after: Counted,
    /// The bill that was issued for it and stays as it is; null where none was.
    pub issued_bill: Option<String>,
}

/// A day that would change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedDay {
    /// The day.
    pub date: NaiveDate,
    /// What is counted in it.
    pub before: Counted,
    /// The amount after the correction.
    pub after: Counted,
}

/// Says what a change of a meter would alter of what was counted. It is stored, looked at, and taken
/// back; what it would count is computed from the readings and kept nowhere.
pub async fn preview_rules(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
    patch: Patch<NewMeter>,
) -> Result<RulesPreview, Error> {
    let Tried { mut change, before, after, .. } =
        tried(service, service.live(), who, meter, patch).await?;
    let kept = kept(&mut change.db, before.site, before.id).await?;
    change.db.rollback().await.map_err(storage::Error::from)?;
    let site = sites::of(service, &before).await?;
    let known = service.registry().known();
    let counted = recount(service.pool(), &known, &before, &after).await?;
    let kept = if count_otherwise(&before, &after) { kept } else { Kept::default() };
    let shown = |meter: &Meter| serde_json::to_value(alone(service.live(), meter.clone()));
    let changes =
        changed_fields(&shown(&before).unwrap_or_default(), &shown(&after).unwrap_or_default());
    let balances = balances(service, &site, &before, &after).await?;
    let days = counted.as_ref().map(|counted| changed_days(&site, counted)).unwrap_or_default();
    let sum = |of: fn(&Recount) -> &[Stored]| {
        let all = counted.iter().flat_map(of).map(|&stored| Counted::from(stored));
        all.fold(Counted::default(), Counted::plus)
    };
    Ok(RulesPreview {
        meter_id: before.id,
        changes,
        from: counted.as_ref().and_then(|counted| counted.bounds.first().copied()),
        to: counted.as_ref().and_then(|counted| counted.bounds.last().copied()),
        is_whole: counted.as_ref().is_none_or(|counted| counted.is_whole),
        before: sum(|counted| &counted.before),
        after: sum(|counted| &counted.after),
        months: months(&days, &kept),
        days,
        kept,
        balances,
    })
}

async fn balances(
    core: &Core,
    site: &Site,
    before: &Meter,
    after: &Meter,
) -> Result<Preview, Error> {
    let all = storage::meters::list(core.pool(), site.id, true).await?;
    let changed = all.iter().map(|meter| if meter.id == after.id { after } else { meter });
    let changed = changed
        .map(|meter| Meter {
            // Where it hangs is looked at where meters are moved.
            parent: if meter.id == after.id { before.parent } else { meter.parent },
            feeds_parent: if meter.id == after.id {
                before.feeds_parent
            } else {
                meter.feeds_parent
            },
            ..meter.clone()
        })
        .collect();
    preview(core, site, all, changed).await
}

/// The days that a recount changes.
pub(crate) fn changed_days(site: &Site, counted: &Recount) -> Vec<ChangedDay> {
    let figures = counted.before.iter().zip(&counted.after);
    let days = counted.bounds.iter().zip(figures).map(|(from, (before, after))| ChangedDay {
        date: site.date_at(*from),
        before: (*before).into(),
        after: (*after).into(),
    });
    days.filter(|day| day.before.differs(&day.after)).collect()
}

fn months(days: &[ChangedDay], kept: &Kept) -> Vec<ChangedMonth> {
    let mut sums: BTreeMap<Month, (Counted, Counted)> = BTreeMap::new();
    for day in days {
        let (before, after) = sums.entry(Month::of(day.date)).or_default();
        (*before, *after) = (before.plus(day.before), after.plus(day.after));
    }
    let bill = |month| kept.issued_bills.iter().find(|bill| bill.month == month);
    let month = |(month, (before, after))| ChangedMonth {
        month,
        before,
        after,
        issued_bill: bill(month).map(|bill| bill.number.clone()),
    };
    sums.into_iter().map(month).collect()
}

impl From<Stored> for Counted {
    fn from(stored: Stored) -> Self {
        Self {
            import_kwh: stored.import_kwh,
            export_kwh: stored.export_kwh,
            diesel_litres: stored.diesel_l,
        }
    }
}

impl Counted {
    fn plus(self, other: Self) -> Self {
        let litres = self.diesel_litres.into_iter().chain(other.diesel_litres);
        Self {
            import_kwh: self.import_kwh + other.import_kwh,
            export_kwh: self.export_kwh + other.export_kwh,
            diesel_litres: litres.reduce(|sum, more| sum + more),
        }
    }

    fn differs(&self, other: &Self) -> bool {
        let (least, share) = ROUNDING;
        let differ = |one: f64, other: f64| (one - other).abs() > least.max(one.abs() * share);
        let litres = |counted: &Self| counted.diesel_litres.unwrap_or_default();
        differ(self.import_kwh, other.import_kwh)
            || differ(self.export_kwh, other.export_kwh)
            || differ(litres(self), litres(other))
    }
}
