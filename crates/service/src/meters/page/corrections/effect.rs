//! The effect of a correction on a meter's days, on balances and on bills, before it is entered.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::Field;
use domain::Kwh;
use domain::energy::window::Window;
use domain::meters::{Meter, MeterAddress};
use domain::month::Month;
use domain::sites::Site;

use crate::bills::{ChangedPoint, RedrawnBill, redrawn};
use crate::meters::{ChangedDay, NodeChange, changed_days, with_energy};
use crate::readings::corrections::{Checked, NewCorrection, check};
use crate::recount::{Corrected, CorrectedQuarter, corrected};
use crate::{Action, Core, Error, Principal};

/// A correction and its effect. Nothing of it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectionEffect {
    pub at: DateTime<Utc>,
    pub field: Field,
    /// Its value; none where it is struck out.
    pub value: Option<f64>,
    /// Whether it does not fit its register, so that it would not count.
    pub is_left_out: bool,
    /// Whether somebody would be asked whether it counts.
    pub is_questioned: bool,
    /// Whether these are all the days whose energy would be another.
    pub is_whole: bool,
    /// The days whose energy would be another.
    pub days: Vec<ChangedDay>,
    /// The balances over these days of the nodes that the meter takes part in.
    pub nodes: Vec<NodeChange>,
    /// The bills of their months, for those who may see them; none where these are not all days.
    pub bills: Vec<RedrawnBill>,
}

/// Computes the effect of a correction.
///
/// # Errors
/// As of entering it.
pub async fn effect(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    new: &NewCorrection,
) -> Result<CorrectionEffect, Error> {
    let Checked { meter, site, correction } = check(core, who, meter, new).await?;
    let known = core.registry().known();
    let counted = corrected(core.pool(), &known, &meter, correction).await?;
    let days = changed_days(&site, &counted.by_day(&site));
    let has_bills = counted.is_whole && who.may(Action::SeeBills, site.id);
    let bills =
        if has_bills { bills(core, &site, &meter, &days, &counted).await? } else { Vec::new() };
    Ok(CorrectionEffect {
        at: correction.at,
        field: correction.field,
        value: correction.value,
        is_left_out: counted.is_left_out,
        is_questioned: counted.is_questioned,
        is_whole: counted.is_whole,
        nodes: nodes(core, &site, &meter, &days).await?,
        bills,
        days,
    })
}

async fn nodes(
    core: &Core,
    site: &Site,
    meter: &Meter,
    days: &[ChangedDay],
) -> Result<Vec<NodeChange>, Error> {
    let Some((first, last)) = days.first().zip(days.last()) else { return Ok(Vec::new()) };
    let end = last.date.succ_opt().map_or(last.date, |day| day);
    let window = Window { from: site.day_start(first.date), to: site.day_start(end) };
    let window = Window { to: window.to.min(core.registry().now(site)), ..window };
    let import: f64 = days.iter().map(|day| day.after.import_kwh - day.before.import_kwh).sum();
    let export: f64 = days.iter().map(|day| day.after.export_kwh - day.before.export_kwh).sum();
    with_energy(core, site, meter.id, window, (Kwh(import), Kwh(export))).await
}

async fn bills(
    core: &Core,
    site: &Site,
    meter: &Meter,
    days: &[ChangedDay],
    counted: &Corrected,
) -> Result<Vec<RedrawnBill>, Error> {
    let point = |quarter: &CorrectedQuarter| ChangedPoint {
        start: site.local(quarter.start),
        import_kwh: quarter.after.import_kwh - quarter.before.import_kwh,
        export_kwh: quarter.after.export_kwh - quarter.before.export_kwh,
    };
    let changed = counted.quarters.iter().filter(|quarter| quarter.differs());
    let changes: Vec<ChangedPoint> = changed.map(point).collect();
    let months: BTreeSet<Month> = days.iter().map(|day| Month::of(day.date)).collect();
    let mut bills = Vec::new();
    for month in months {
        bills.extend(redrawn(core, site, meter.id, month, &changes).await?);
    }
    Ok(bills)
}
