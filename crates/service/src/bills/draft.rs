//! One bill: computed anew while it is a draft, as it was issued afterwards.

use std::collections::BTreeMap;
use std::slice;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use domain::bills::refusal::BillRefusal;
use domain::bills::{
    Bill, BillAddress, BillState, BillSummary, Inputs, LineInterval, Point, QuarterHour,
};
use domain::meters::{Meter, MeterAddress};
use domain::month::Month;
use domain::sites::{Site, SiteKind};
use domain::{MeterId, SiteSlug};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use storage::bills::{Computed, Stored, corrections};
use storage::energy::intervals::SAME_KWH;
use storage::operation::set_aside::Part;
use uuid::Uuid;

use super::view::{self, ComputedBill, Loaded};
use super::wait::wait_for_rollup;
use super::{BillView, Billing, Shape, begun};
use crate::operation::clock;
use crate::people::audit::Change;
use crate::resolve::{self, MeterRef};
use crate::{Action, Core, Error, Principal, sites};

/// The bill of a meter's month: the issued one that holds, else a draft of this moment.
pub async fn bill(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    month: Month,
) -> Result<BillView, Error> {
    Ok(of_month(core, who, meter, month).await?.view)
}

/// The bill at an address.
pub async fn by_address(
    core: &Core,
    who: &Principal,
    bill: &BillAddress,
) -> Result<BillView, Error> {
    Ok(found(core, who, bill).await?.view)
}

/// The quarter-hours behind a line of a bill; the lines count from 0.
pub async fn intervals(
    core: &Core,
    who: &Principal,
    bill: &BillAddress,
    line: usize,
) -> Result<Vec<LineInterval>, Error> {
    let found = found(core, who, bill).await?;
    let line = found.view.bill.lines.get(line).ok_or_else(|| {
        Error::not_found(
            "line_not_found",
            BillRefusal::NoLine { count: found.view.bill.lines.len() },
        )
    })?;
    Ok(found.intervals(line))
}

/// The draft of a meter's month to store.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDraft {
    /// The meter: id, UUID or number.
    pub meter_id: MeterRef,
    /// The month, such as 2026-10.
    #[schemars(with = "String")]
    pub month: Month,
}

/// Stores the draft of a meter's month, so that it has a UUID and can be issued.
pub async fn store(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    new: NewDraft,
) -> Result<BillView, Error> {
    let meter = resolve::billed(core, who, Action::Bill, site, ("meterId", &new.meter_id)).await?;
    let site = sites::of(core, &meter).await?;
    let month = begun(core, &site, new.month)?;
    let held = storage::bills::in_force(core.pool(), meter.id, month).await?;
    if let Some(number) = held.and_then(|stored| stored.summary.number) {
        return Err(already_issued(&number));
    }
    let (billing, fresh) = fresh(core, &site, meter.id, month).await?;
    let mut change = Change::begin(core, who).await?.at(site.id);
    keep(&mut change.db, &billing, &fresh.computed).await?;
    let subject = format!("meter:{}", meter.id);
    change.commit("bill.draft", &subject, &serde_json::json!({"month": month})).await?;
    Ok(draft(core.pool(), billing, meter, fresh).await?.view)
}

/// Computes a bill that stood aside: it is a draft by that, and stands aside no more. Of a month that was
/// billed meanwhile there is nothing to compute.
pub(super) async fn draw_up(core: &Core, meter: MeterId, month: Month) -> Result<(), Error> {
    let pool = core.pool();
    let meter = storage::meters::by_id(pool, meter).await?.ok_or_else(|| Error::no_meter(meter))?;
    let site = sites::of(core, &meter).await?;
    let mut db = pool.begin().await.map_err(storage::Error::from)?;
    if storage::bills::in_force(&mut *db, meter.id, month).await?.is_none() {
        let (billing, fresh) = fresh(core, &site, meter.id, month).await?;
        keep(&mut db, &billing, &fresh.computed).await?;
    } else {
        storage::operation::set_aside::done(&mut db, &[Part::bill(meter.id, month)]).await?;
    }
    Ok(db.commit().await.map_err(storage::Error::from)?)
}

/// Stores a draft, which stands aside no more.
async fn keep(db: &mut PgConnection, billing: &Billing, computed: &Computed) -> Result<(), Error> {
    storage::bills::store_drafts(&mut *db, billing.key(), slice::from_ref(computed)).await?;
    let part = Part::bill(computed.inputs.meter, billing.month);
    Ok(storage::operation::set_aside::done(db, &[part]).await?)
}

pub(super) fn already_issued(number: &str) -> Error {
    Error::conflict("already_issued", BillRefusal::Billed { number: number.to_owned() })
}

/// The same, with what it is drawn from.
pub(crate) async fn of_month(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    month: Month,
) -> Result<Loaded, Error> {
    let (site, meter, stored) = in_force(core, who, meter, month).await?;
    match stored {
        Some(stored) => shown(core, site, meter, stored).await,
        None => drafted(core, site, meter, month).await,
    }
}

/// The same for an answer that has no place for coverage: a draft waits a little for energy that is still
/// being computed, of a running month up to its recent part, and is refused where that takes longer.
pub(super) async fn of_computed_month(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    month: Month,
) -> Result<Loaded, Error> {
    let (site, meter, stored) = in_force(core, who, meter, month).await?;
    if let Some(stored) = stored {
        return shown(core, site, meter, stored).await;
    }
    let (now, end) = (clock::now(core, &site), site.day_start(month.next().first()));
    let to = if now < end { now - recent(site.kind) } else { end };
    wait_for_rollup(core.pool(), &site, meter.id, month, to).await?;
    drafted(core, site, meter, month).await
}

/// The time before the present whose quarter-hours are always being computed. A simulated clock passes a day
/// in a minute.
const fn recent(kind: SiteKind) -> TimeDelta {
    match kind {
        SiteKind::Live => TimeDelta::hours(1),
        SiteKind::Simulated => TimeDelta::days(1),
    }
}

/// A meter whose bill of a month somebody may see, its site, and the stored bill that holds.
async fn in_force(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    month: Month,
) -> Result<(Site, Meter, Option<Stored>), Error> {
    let (meter, seen) = resolve::billed_at(core, who, Action::SeeBills, meter).await?;
    if !seen.is_whole(month) {
        return Err(Error::not_found("bill_not_found", BillRefusal::NotOwned { month }));
    }
    let site = sites::of(core, &meter).await?;
    begun(core, &site, month)?;
    let stored = storage::bills::in_force(core.pool(), meter.id, month).await?;
    Ok((site, meter, stored))
}

/// The bill at an address.
pub(crate) async fn found(
    core: &Core,
    who: &Principal,
    bill: &BillAddress,
) -> Result<Loaded, Error> {
    let (stored, meter) = referred(core, who, Action::SeeBills, bill).await?;
    let site = sites::of(core, &meter).await?;
    if stored.summary.number.is_none() {
        return drafted(core, site, meter, stored.summary.month).await;
    }
    shown(core, site, meter, stored).await
}

/// The bill stored under a number, or the UUID of a draft, and its meter. Numbers count by site: where several sites
/// have one, the site says which is meant.
pub(super) async fn referred(
    core: &Core,
    who: &Principal,
    action: Action,
    bill: &BillAddress,
) -> Result<(Stored, Meter), Error> {
    who.require_somewhere_or_own(action)?;
    let pool = core.pool();
    let missing = || {
        Error::not_found("bill_not_found", BillRefusal::Unknown { reference: bill.text.clone() })
    };
    let stored = match Uuid::parse_str(&bill.text) {
        Ok(id) => storage::bills::by_id(pool, id).await?,
        Err(_) => numbered(core, who, bill).await?,
    };
    let stored = stored.ok_or_else(missing)?;
    let meter = storage::meters::by_id(pool, stored.summary.meter_id).await?.ok_or_else(missing)?;
    let seen = who.sees(action, &meter, missing)?;
    if seen.is_whole(stored.summary.month) { Ok((stored, meter)) } else { Err(missing()) }
}

async fn numbered(
    core: &Core,
    who: &Principal,
    BillAddress { text, site }: &BillAddress,
) -> Result<Option<Stored>, Error> {
    let site = match site {
        Some(site) => Some(sites::known(core, who, Some(site)).await?.id),
        None => None,
    };
    let mut found = storage::bills::by_number(core.pool(), site, text).await?;
    found.retain(|stored| who.knows(stored.site));
    if found.len() > 1 {
        return Err(Error::conflict(
            "ambiguous_number",
            BillRefusal::Ambiguous { number: text.clone() },
        )
        .at("site"));
    }
    Ok(found.pop())
}

/// A draft of this moment.
async fn drafted(core: &Core, site: Site, meter: Meter, month: Month) -> Result<Loaded, Error> {
    let (billing, fresh) = fresh(core, &site, meter.id, month).await?;
    draft(core.pool(), billing, meter, fresh).await
}

/// A draft that was computed just now.
async fn draft(
    pool: &PgPool,
    billing: Billing,
    meter: Meter,
    fresh: ComputedBill,
) -> Result<Loaded, Error> {
    let inputs = &fresh.computed.inputs;
    let ids = async {
        let ids = storage::bills::draft_ids(pool, &[meter.id], billing.month).await?;
        Ok::<_, Error>(ids)
    };
    let (ids, quarters) = tokio::try_join!(ids, behind(pool, &billing, inputs))?;
    let shape = Shape::of(&inputs.series, &quarters);
    let view = view::draft(&billing, &meter, ids.get(&meter.id).copied(), &fresh, shape);
    Ok(Loaded { billing, meter, view, inputs: fresh.computed.inputs, quarters })
}

/// An issued bill or credit note, as it was issued; and whether it would be another one now.
async fn shown(core: &Core, site: Site, meter: Meter, stored: Stored) -> Result<Loaded, Error> {
    let pool = core.pool();
    let billing = load(core, &site, stored.summary.month).await?;
    let fresh = compute(pool, &billing, meter.id).await?;
    let changed = !fresh.is_frozen && fresh.computed.digest != stored.summary.digest;
    let corrected_by =
        if changed { corrected_by(pool, &stored, &fresh.computed.bill).await? } else { None };
    let inputs = stored.inputs.clone().unwrap_or_else(|| fresh.computed.inputs.clone());
    let quarters = behind(pool, &billing, &inputs).await?;
    let shape = Shape::of(&inputs.series, &quarters);
    let is_note = stored.summary.state == BillState::CreditNote;
    let shape = if is_note { shape.taken_back() } else { shape };
    let changed = changed && corrected_by.is_none() && stored.summary.state == BillState::Issued;
    let draft = view::draft(&billing, &meter, None, &fresh, shape);
    let draft = BillView { changed, corrected_by, ..draft };
    let view = view::stored(draft, stored, inputs.series.len());
    Ok(Loaded { billing, meter, view, inputs, quarters })
}

/// The number of the last bill that corrects an issued one, where those that do make up for all that has changed.
async fn corrected_by(pool: &PgPool, stored: &Stored, now: &Bill) -> Result<Option<String>, Error> {
    let BillSummary { meter_id: meter, month, amount_due, .. } = stored.summary;
    let mut carried = corrections::carried(pool, &[meter]).await?;
    carried.retain(|one| one.correction.month == month);
    let corrected: Decimal = carried.iter().map(|one| one.correction.amount()).sum();
    let last = carried.pop().filter(|_| amount_due + corrected == now.amount_due);
    Ok(last.map(|one| one.number))
}

pub(super) async fn load(core: &Core, site: &Site, month: Month) -> Result<Billing, Error> {
    let now = clock::now(core, site);
    Billing::load(core.pool(), site.clone(), month, now).await
}

async fn compute(pool: &PgPool, billing: &Billing, meter: MeterId) -> Result<ComputedBill, Error> {
    let basis = billing.inputs(pool, &[meter]).await?.pop();
    Ok(ComputedBill::of(basis.ok_or_else(|| Error::no_meter(meter))?))
}

/// The bill of a meter's month as it would be made now.
async fn fresh(
    core: &Core,
    site: &Site,
    meter: MeterId,
    month: Month,
) -> Result<(Billing, ComputedBill), Error> {
    let billing = load(core, site, month).await?;
    let fresh = kept(core.pool(), &billing, meter).await?;
    Ok((billing, fresh))
}

/// The same; refused where nobody can compute it any more: it would be less than what was metered.
pub(super) async fn kept(
    pool: &PgPool,
    billing: &Billing,
    meter: MeterId,
) -> Result<ComputedBill, Error> {
    let fresh = compute(pool, billing, meter).await?;
    if !fresh.is_frozen {
        return Ok(fresh);
    }
    Err(Error::refused("period_frozen", BillRefusal::NotKept { month: billing.month }).at("month"))
}

/// What a bill is made of: the quarter-hours as they stand now, or, where they are not what was billed,
/// what it was computed from.
async fn behind(
    pool: &PgPool,
    billing: &Billing,
    inputs: &Inputs,
) -> Result<Vec<QuarterHour>, Error> {
    let quarters = billing.quarter_hours(pool, inputs.meter).await?;
    let by_day = inputs.series.iter().all(|point| point.start.time() == NaiveTime::MIN);
    let mut left: BTreeMap<NaiveDateTime, (f64, f64)> = BTreeMap::new();
    let mut add = |point: &Point, sign: f64| {
        let date = point.start.date().and_time(NaiveTime::MIN);
        let sum = left.entry(if by_day { date } else { point.start }).or_default();
        *sum = (sum.0 + sign * point.import, sum.1 + sign * point.export);
    };
    for point in &inputs.series {
        add(point, 1.0);
    }
    for quarter in &quarters {
        add(&quarter.point, -1.0);
    }
    let is_same = left.values().all(|(one, other)| one.abs().max(other.abs()) <= SAME_KWH);
    Ok(if is_same { quarters } else { billing.as_billed(&inputs.series) })
}
