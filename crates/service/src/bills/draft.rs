//! One bill: computed anew while it is a draft, as it was issued afterwards.

use domain::MeterId;
use domain::bill::{self, LineInterval, Month, QuarterHour};
use domain::meter::Meter;
use domain::site::Site;
use schemars::JsonSchema;
use serde::Deserialize;
use sqlx::PgPool;
use storage::bills::{Computed, Of, Stored};
use uuid::Uuid;

use super::view::{self, Found, Fresh};
use super::{BillView, Billing, Shape, digest, meter_named, month_asked, named};
use crate::audit::Change;
use crate::meters::MeterRef;
use crate::{Error, Principal, Role, Service, clock, sites};

/// The bill of a meter's month: the issued one that holds, else a draft of this moment.
pub async fn bill(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    meter: &str,
    month: &str,
) -> Result<BillView, Error> {
    who.require(Role::Viewer)?;
    Ok(of_month(service, site, meter, month).await?.view)
}

/// The bill that a number means, or the UUID of a draft. Numbers count by site: where several sites
/// have one, the site says which is meant.
pub async fn by_reference(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    reference: &str,
) -> Result<BillView, Error> {
    who.require(Role::Viewer)?;
    Ok(found(service, site, reference).await?.view)
}

/// The quarter-hours behind a line of a bill; the lines count from 0.
pub async fn intervals(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    reference: &str,
    line: usize,
) -> Result<Vec<LineInterval>, Error> {
    who.require(Role::Viewer)?;
    let found = found(service, site, reference).await?;
    let line = found.view.bill.lines.get(line).ok_or_else(|| Error::NotFound {
        code: "line_not_found",
        message: format!("the bill has {} lines", found.view.bill.lines.len()),
    })?;
    Ok(bill::intervals(&found.inputs, &found.quarters, line))
}

/// The draft of a meter's month to store.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDraft {
    /// The meter: id, UUID or number.
    pub meter_id: MeterRef,
    /// The month, such as 2026-10.
    pub month: String,
}

/// Stores the draft of a meter's month, so that it has a UUID and can be issued.
pub async fn store(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    new: NewDraft,
) -> Result<BillView, Error> {
    who.require(Role::Admin)?;
    let meter = named(service, site, "meterId", &new.meter_id).await?;
    let site = sites::of(service, &meter).await?;
    let month = month_asked(service, &site, &new.month)?;
    let held = storage::bills::in_force(service.pool(), meter.id, month).await?;
    if let Some(number) = held.and_then(|stored| stored.summary.number) {
        return Err(already_issued(&number));
    }
    let billing = load(service, &site, month).await?;
    let fresh = compute(service.pool(), &billing, meter.id).await?;
    let of = Of { site: site.id, month, at: fresh.now };
    let computed =
        Computed { meter: meter.id, bill: fresh.bill.clone(), digest: fresh.digest.clone() };
    let mut change = Change::begin(service, who).await?;
    let ids = storage::bills::store_drafts(&mut *change.db, of, &[computed]).await?;
    let subject = format!("meter:{}", meter.id);
    change.commit("bill.draft", &subject, &serde_json::json!({"month": month})).await?;
    let (_, shape) = shape(service.pool(), &billing, &fresh, meter.id).await?;
    Ok(view::draft(&site, &meter, ids.first().copied(), &fresh, shape))
}

pub(super) fn already_issued(number: &str) -> Error {
    Error::Conflict {
        code: "already_issued",
        field: None,
        message: format!(
            "the month is billed by {number}, which never changes: credit it, and a new bill follows"
        ),
    }
}

pub(super) async fn of_month(
    service: &Service,
    site: Option<&str>,
    meter: &str,
    month: &str,
) -> Result<Found, Error> {
    let meter = meter_named(service, site, "meter_id", meter).await?;
    let site = sites::of(service, &meter).await?;
    let month = month_asked(service, &site, month)?;
    let stored = storage::bills::in_force(service.pool(), meter.id, month).await?;
    match stored {
        Some(stored) => shown(service, site, meter, stored).await,
        None => drafted(service, site, meter, month).await,
    }
}

pub(super) async fn found(
    service: &Service,
    site: Option<&str>,
    reference: &str,
) -> Result<Found, Error> {
    let stored = referred(service, site, reference).await?;
    let meter = storage::meters::by_id(service.pool(), stored.summary.meter).await?;
    let meter = meter.ok_or_else(|| Error::no_meter(stored.summary.meter))?;
    let site = sites::of(service, &meter).await?;
    if stored.summary.number.is_none() {
        return drafted(service, site, meter, stored.summary.month).await;
    }
    shown(service, site, meter, stored).await
}

/// What is stored under a number, or the UUID of a draft.
pub(super) async fn referred(
    service: &Service,
    site: Option<&str>,
    reference: &str,
) -> Result<Stored, Error> {
    let pool = service.pool();
    let missing =
        || Error::NotFound { code: "bill_not_found", message: format!("no bill {reference}") };
    if let Ok(id) = Uuid::parse_str(reference) {
        return storage::bills::by_id(pool, id).await?.ok_or_else(missing);
    }
    let site = match site {
        Some(_) => Some(sites::named(service, site).await?.id),
        None => None,
    };
    let mut found = storage::bills::by_number(pool, site, reference).await?;
    if found.len() > 1 {
        return Err(Error::Conflict {
            code: "ambiguous_number",
            field: Some("site".to_owned()),
            message: format!("several sites have a bill {reference}: say which with site"),
        });
    }
    found.pop().ok_or_else(missing)
}

/// A draft of this moment.
async fn drafted(
    service: &Service,
    site: Site,
    meter: Meter,
    month: Month,
) -> Result<Found, Error> {
    let pool = service.pool();
    let billing = load(service, &site, month).await?;
    let fresh = compute(pool, &billing, meter.id).await?;
    let ids = storage::bills::draft_ids(pool, &[meter.id], month).await?;
    let (quarters, shape) = shape(pool, &billing, &fresh, meter.id).await?;
    let view = view::draft(&site, &meter, ids.get(&meter.id).copied(), &fresh, shape);
    Ok(Found { site, meter, view, inputs: fresh.inputs, quarters })
}

/// An issued bill or credit note, as it was issued; and whether it would be another one now.
async fn shown(
    service: &Service,
    site: Site,
    meter: Meter,
    stored: Stored,
) -> Result<Found, Error> {
    let pool = service.pool();
    let billing = load(service, &site, stored.summary.month).await?;
    let fresh = compute(pool, &billing, meter.id).await?;
    let inputs = stored.inputs.clone().unwrap_or_else(|| fresh.inputs.clone());
    let as_issued = Fresh { inputs: inputs.clone(), ..fresh };
    let (quarters, shape) = shape(pool, &billing, &as_issued, meter.id).await?;
    let view = view::stored(&site, stored, &as_issued, shape);
    Ok(Found { site, meter, view, inputs, quarters })
}

pub(super) async fn load(service: &Service, site: &Site, month: Month) -> Result<Billing, Error> {
    let now = clock::now(service, site);
    Billing::load(service.pool(), site.clone(), month, now).await
}

pub(super) async fn compute(
    pool: &PgPool,
    billing: &Billing,
    meter: MeterId,
) -> Result<Fresh, Error> {
    let inputs = billing.inputs(pool, &[meter]).await?.pop();
    let inputs = inputs.ok_or_else(|| Error::no_meter(meter))?;
    Ok(Fresh {
        bill: bill::bill(&inputs),
        digest: digest::of(&inputs),
        inputs,
        running: billing.is_running(),
        now: billing.now,
    })
}

/// The month's quarter-hours as they stand now, and its shape.
async fn shape(
    pool: &PgPool,
    billing: &Billing,
    fresh: &Fresh,
    meter: MeterId,
) -> Result<(Vec<QuarterHour>, Shape), Error> {
    let found = storage::bills::quarters(pool, &[meter], billing.from(), billing.to()).await?;
    let Some(found) = found.first() else {
        return Ok((Vec::new(), Shape::of(&fresh.inputs.series, &[])));
    };
    let points = billing.points(found);
    let shape = Shape::of(&fresh.inputs.series, &points);
    let of = |((at, point), quality)| QuarterHour { at, point, quality };
    let all = found.starts.iter().copied().zip(points).zip(found.quality.0.iter().copied());
    Ok((all.map(of).collect(), shape))
}
