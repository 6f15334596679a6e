//! Issuing a bill.

use domain::bills::refusal::BillRefusal;
use domain::bills::{Bill, BillAddress, Inputs, Override};
use domain::entry::Entry;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use storage::bills::{Computed, Issued, Stored, corrections};
use storage::operation::set_aside::Part;

use super::draft::{already_issued, found, kept, load, referred};
use super::view::ComputedBill;
use super::wait::wait_for_rollup;
use super::{BillView, Billing, ISSUE_COVERAGE};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, sites};

/// How a bill is to be issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIssue {
    /// Who lets it be issued although its coverage is low, and why; needed only then.
    #[serde(rename = "override")]
    pub overridden: Option<Override>,
    /// The `digest` of the draft that was looked at: refused (409 `changed_meanwhile`) where the bill rests on
    /// something else by now.
    pub digest: Option<String>,
}

/// Issues a draft: it gets a number, and never changes any more.
pub async fn issue(
    core: &Core,
    who: &Principal,
    bill: &BillAddress,
    new: NewIssue,
) -> Result<BillView, Error> {
    let (draft, _) = referred(core, who, Action::Bill, bill).await?;
    if let Some(number) = &draft.summary.number {
        return Err(already_issued(number));
    }
    let (billing, fresh) = ready(core, &draft).await?;
    let (site, meter, month) = (&billing.site, draft.summary.meter_id, billing.month);
    let computed = fresh.computed;
    if new.digest.is_some_and(|seen| seen != computed.digest) {
        let amount = computed.bill.amount_due.to_string();
        return Err(Error::conflict("changed_meanwhile", BillRefusal::ComesToAnother { amount }));
    }
    let overridden = may_issue(&billing, &computed.inputs, &computed.bill, new.overridden)?;
    let issued = Issued { computed, overridden };

    let mut change = Change::begin(core, who).await?.at(site.id);
    let first = storage::bills::next_numbers(&mut *change.db, site.id, month, 1).await?;
    unchanged(&billing, &issued.computed.inputs, &mut change).await?;
    let held = storage::bills::in_force(&mut *change.db, meter, month).await?;
    if let Some(number) = held.and_then(|stored| stored.summary.number) {
        return Err(already_issued(&number));
    }
    let number = issue_as(&mut change, &billing, &issued, first).await?;
    storage::operation::set_aside::done(&mut change.db, &[Part::bill(meter, month)]).await?;
    change.commit("bill.issue", &format!("meter:{meter}"), &noted(&number, &issued)).await?;
    numbered(core, who, site, &number).await
}

/// A stored bill as it would be issued now, when all that it rests on is computed.
pub(super) async fn ready(core: &Core, of: &Stored) -> Result<(Billing, ComputedBill), Error> {
    let site = sites::by_id(core.pool(), of.site).await?;
    let billing = load(core, &site, of.summary.month).await?;
    wait_until_computed(core, &billing, of.summary.meter_id).await?;
    let fresh = kept(core.pool(), &billing, of.summary.meter_id).await?;
    Ok((billing, fresh))
}

/// Issues a bill with the number `n` of its month; answers the number.
pub(super) async fn issue_as(
    change: &mut Change,
    billing: &Billing,
    issued: &Issued,
    n: i32,
) -> Result<String, Error> {
    let one = std::slice::from_ref(issued);
    let numbers = storage::bills::issue(&mut change.db, billing.key(), n, one).await?;
    Ok(numbers.into_iter().next().unwrap_or_default())
}

/// The bill that was issued under a number of a site.
pub(super) async fn numbered(
    core: &Core,
    who: &Principal,
    site: &Site,
    number: &str,
) -> Result<BillView, Error> {
    let site = SiteSlug::from(site);
    Ok(found(core, who, &BillAddress::new(number, Some(site))).await?.view)
}

/// Waits a little until what a bill rests on is computed; refuses where it takes longer, or cannot be.
async fn wait_until_computed(core: &Core, billing: &Billing, meter: MeterId) -> Result<(), Error> {
    wait_for_rollup(core.pool(), &billing.site, meter, billing.month, billing.to()).await?;
    if billing.set_aside(core.pool(), &[meter]).await?.is_empty() {
        return Ok(());
    }
    Err(Error::conflict("set_aside", BillRefusal::SetAside { month: billing.month }))
}

/// Refuses to go on where a trade came in after the bill was computed, or a bill that it corrects was credited.
pub(super) async fn unchanged(
    billing: &Billing,
    inputs: &Inputs,
    change: &mut Change,
) -> Result<(), Error> {
    let month = billing.month;
    let refused = |refusal: BillRefusal| Err(Error::conflict("changed_meanwhile", refusal));
    if !billing.has_all_trades(&mut *change.db).await? {
        return refused(BillRefusal::NewTrade { month });
    }
    if !corrections::hold_corrected(&mut change.db, billing.site.id, &[inputs]).await? {
        return refused(BillRefusal::CreditedMeanwhile { month });
    }
    Ok(())
}

/// An issued bill, as the audit log keeps it.
pub(super) fn noted(number: &str, issued: &Issued) -> Value {
    let Computed { bill, digest, .. } = &issued.computed;
    json!({"number": number, "amountDue": bill.amount_due, "coverage": bill.coverage,
        "digest": digest, "override": issued.overridden})
}

/// Refuses what may not be issued; answers the override where one is needed.
pub(super) fn may_issue(
    billing: &Billing,
    inputs: &Inputs,
    bill: &Bill,
    overridden: Option<Override>,
) -> Result<Option<Override>, Error> {
    let conflict = |code, refusal: BillRefusal| Err(Error::conflict(code, refusal));
    if billing.is_running() {
        let (month, site) = (billing.month, billing.site.name.clone());
        return conflict("month_running", BillRefusal::MonthRuns { month, site });
    }
    if !inputs.has_price() {
        return conflict("no_tariff", BillRefusal::NoPrice);
    }
    if let Some(first) = bill.unpriced.first() {
        let kwh = bill.unpriced.iter().map(|time| time.kwh).sum();
        let from = first.from.format("%Y-%m-%d %H:%M").to_string();
        return conflict("unpriced_energy", BillRefusal::UnpricedEnergy { kwh, from });
    }
    let coverage = bill.coverage;
    if coverage >= ISSUE_COVERAGE {
        return Ok(None);
    }
    let Some(given) = overridden else {
        let percent = format!("{:.1}", coverage * 100.0);
        let needed = format!("{:.0}", ISSUE_COVERAGE * 100.0);
        return conflict("low_coverage", BillRefusal::LowCoverage { percent, needed });
    };
    for (field, text) in [("override.who", &given.who), ("override.reason", &given.reason)] {
        if text.trim().is_empty() {
            return Err(Error::invalid(field, Entry::Empty));
        }
    }
    Ok(Some(given))
}
