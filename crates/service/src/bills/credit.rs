//! Taking an issued bill back, and issuing the one that takes its place.

use domain::bills::refusal::CreditRefusal;
use domain::bills::{BillAddress, BillState, Override, credit_note};
use domain::entry::Entry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::bills::{Issued, corrections};

use super::BillView;
use super::draft::referred;
use super::issue::{issue_as, may_issue, noted, numbered, ready, unchanged};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal};

/// Why a bill is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredit {
    /// Why, in words.
    pub reason: String,
    /// Who lets the new bill be issued although its coverage is low, and why; needed only then.
    #[serde(rename = "override")]
    pub overridden: Option<Override>,
}

/// What follows a correction of something that was billed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credited {
    /// Takes the old bill back.
    pub credit_note: BillView,
    /// Takes its place.
    pub bill: BillView,
}

/// Makes a credit note for a bill whose inputs have changed, and a new bill.
pub async fn credit(
    core: &Core,
    who: &Principal,
    bill: &BillAddress,
    new: NewCredit,
) -> Result<Credited, Error> {
    who.require_somewhere(Action::Bill)?;
    if new.reason.trim().is_empty() {
        return Err(Error::invalid("reason", Entry::Empty));
    }
    let (old, _) = referred(core, who, Action::Bill, bill).await?;
    let refused = |refusal: CreditRefusal| Err(Error::conflict("cannot_credit", refusal));
    match old.summary.state {
        BillState::Issued => {}
        BillState::Draft => return refused(CreditRefusal::Draft),
        BillState::CreditNote => return refused(CreditRefusal::CreditNote),
        BillState::Credited => {
            let by = old.summary.credited_by.unwrap_or_default();
            return refused(CreditRefusal::Credited { by });
        }
    }
    let (billing, fresh) = ready(core, &old).await?;
    let (site, meter, month) = (&billing.site, old.summary.meter_id, billing.month);
    if fresh.computed.digest == old.summary.digest {
        return refused(CreditRefusal::Unchanged);
    }
    let computed = fresh.computed;
    let overridden = may_issue(&billing, &computed.inputs, &computed.bill, new.overridden)?;
    let issued = Issued { computed, overridden };

    let mut change = Change::begin(core, who).await?.at(site.id).because(&new.reason);
    let first = storage::bills::next_numbers(&mut *change.db, site.id, month, 2).await?;
    unchanged(&billing, &issued.computed.inputs, &mut change).await?;
    let carried = corrections::carried(&mut *change.db, &[meter]).await?;
    if let Some(last) = carried.into_iter().rfind(|one| one.correction.month == month) {
        return refused(CreditRefusal::Corrected { by: last.number });
    }
    let (back, on) = (credit_note(&old.bill), (billing.now, first));
    let note = storage::bills::credit(&mut *change.db, &old, &back, &new.reason, on).await?;
    let number = issue_as(&mut change, &billing, &issued, first + 1).await?;
    let detail = serde_json::json!({"credited": old.summary.number, "creditNote": note,
        "reason": new.reason, "bill": noted(&number, &issued)});
    change.commit("bill.credit", &format!("meter:{meter}"), &detail).await?;
    Ok(Credited {
        credit_note: numbered(core, who, site, &note).await?,
        bill: numbered(core, who, site, &number).await?,
    })
}
