//! The bills of a site.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::bills::{Side, bill};
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use storage::bills::Summary;
use storage::bills::corrections::{self, Carried};
use uuid::Uuid;

use super::billed::{Billed, asked};
use super::month::Basis;
use super::{BillState, Billing, begun, digest};
use crate::operation::clock;
use crate::{Core, Error, Principal};

/// As many issued bills of a list are held against the data as it is now; of more it is not said.
const HELD_AGAINST: usize = 1_000;

/// A bill in a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillSummary {
    /// Its UUID.
    pub id: Uuid,
    /// Its number; null for a draft.
    pub number: Option<String>,
    /// Where it stands.
    pub state: BillState,
    /// Id of the meter.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// The month.
    pub month: Month,
    /// As what the meter is billed.
    pub side: Side,
    /// kWh drawn.
    pub consumed: Decimal,
    /// kWh delivered.
    pub produced: Decimal,
    /// To be paid; a refund where negative.
    pub amount_due: Decimal,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// Share of the month that readings back, 0 to 1.
    pub coverage: f64,
    /// kWh whose place is a guess.
    pub estimated_kwh: f64,
    /// When it was computed, on the clock of the site.
    pub generated_at: DateTime<Utc>,
    /// When it was issued, on the clock of the site.
    pub issued_at: Option<DateTime<Utc>>,
    /// Whether what it rests on has changed since it was issued; null in a list of more than 1,000
    /// issued bills, and for drafts and credit notes.
    pub changed: Option<bool>,
    /// Number of the bill that a credit note takes back.
    pub credits: Option<String>,
    /// Number of the credit note that takes it back.
    pub credited_by: Option<String>,
}

/// A month as it would be billed now.
struct Now {
    digest: String,
    /// To be paid less what later bills correct, where they do.
    due: Option<Decimal>,
}

impl Now {
    fn differs(&self, issued: &Summary) -> bool {
        self.digest != issued.digest && self.due != Some(issued.amount_due)
    }
}

/// The stored bills of a site, of one month or of all, of one meter or of all: newest month first,
/// then by meter and number. Drafts are as they were when they were stored.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    month: Option<Month>,
    meter: Option<&MeterAddress>,
) -> Result<Vec<BillSummary>, Error> {
    let (site, billed) = asked(core, who, site, meter).await?;
    let month = month.map(|month| begun(core, &site, month)).transpose()?;
    listed(core, &site, month, &billed).await
}

/// The same, of a site and meters that are known.
pub(crate) async fn listed(
    core: &Core,
    site: &Site,
    month: Option<Month>,
    billed: &Billed,
) -> Result<Vec<BillSummary>, Error> {
    let pool = core.pool();
    let mut found = Vec::new();
    for meter in billed.meters() {
        found.extend(storage::bills::list(pool, site.id, month, meter).await?);
    }
    found.retain(|bill| billed.shows_month(bill.meter, bill.month));
    let issued = found.iter().filter(|summary| BillState::of(summary) == BillState::Issued);
    let mut by_month: HashMap<Month, Vec<MeterId>> = HashMap::new();
    for summary in issued {
        by_month.entry(summary.month).or_default().push(summary.meter);
    }
    let few = by_month.values().map(Vec::len).sum::<usize>() <= HELD_AGAINST;
    let meters: Vec<MeterId> = by_month.values().flatten().filter(|_| few).copied().collect();
    let mut corrected: HashMap<(MeterId, Month), Decimal> = HashMap::new();
    for Carried { meter, correction, .. } in corrections::carried(pool, &meters).await? {
        *corrected.entry((meter, correction.month)).or_default() += correction.amount();
    }
    let mut known = HashMap::new();
    for (month, meters) in by_month.into_iter().filter(|_| few) {
        let now = clock::now(core, site);
        let billing = Billing::load(pool, site.clone(), month, now).await?;
        for Basis { inputs, is_frozen, .. } in billing.inputs(pool, &meters).await? {
            let of = (inputs.meter, month);
            let now = || Now {
                digest: digest::of(&inputs),
                due: corrected.get(&of).map(|corrected| bill(&inputs).amount_due - corrected),
            };
            known.insert(of, (!is_frozen).then(now));
        }
    }
    let view = |summary: Summary| {
        let state = BillState::of(&summary);
        let now = known.get(&(summary.meter, summary.month));
        let now = now.filter(|_| state == BillState::Issued);
        BillSummary {
            changed: now.map(|now| now.as_ref().is_some_and(|now| now.differs(&summary))),
            state,
            id: summary.id,
            number: summary.number,
            meter_id: summary.meter,
            meter_number: summary.meter_number,
            meter_name: summary.meter_name,
            month: summary.month,
            side: summary.side,
            consumed: summary.consumed.normalize(),
            produced: summary.produced.normalize(),
            amount_due: summary.amount_due,
            currency: site.currency.clone(),
            coverage: summary.coverage,
            estimated_kwh: summary.estimated_kwh,
            generated_at: summary.generated_at,
            issued_at: summary.issued_at,
            credits: summary.credits,
            credited_by: summary.credited_by,
        }
    };
    Ok(found.into_iter().map(view).collect())
}
