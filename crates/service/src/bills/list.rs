//! The bills of a site.

use std::collections::HashMap;

use domain::bills::{BillState, BillSummary};
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use rust_decimal::Decimal;
use storage::bills::corrections::{self, Carried};

use super::billed::{Billed, asked};
use super::{begun, now};
use crate::{Core, Error, Principal};

/// As many issued bills of a list are held against the data as it is now; of more it is not said.
const HELD_AGAINST: usize = 1_000;

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

/// The same, of a site and meters that are known; without a word on whether issued ones would be others now.
pub(crate) async fn stored(
    core: &Core,
    site: &Site,
    month: Option<Month>,
    billed: &Billed,
) -> Result<Vec<BillSummary>, Error> {
    let mut found = Vec::new();
    for meter in billed.meters() {
        found.extend(storage::bills::list(core.pool(), site.id, month, meter).await?);
    }
    found.retain(|bill| billed.shows_month(bill.meter_id, bill.month));
    for bill in &mut found {
        bill.consumed = bill.consumed.normalize();
        bill.produced = bill.produced.normalize();
    }
    Ok(found)
}

/// The same, each issued one with whether it would be another one now.
pub(crate) async fn listed(
    core: &Core,
    site: &Site,
    month: Option<Month>,
    billed: &Billed,
) -> Result<Vec<BillSummary>, Error> {
    let pool = core.pool();
    let mut found = stored(core, site, month, billed).await?;
    let issued = found.iter().filter(|bill| bill.state == BillState::Issued);
    let mut by_month: HashMap<Month, Vec<MeterId>> = HashMap::new();
    for bill in issued {
        by_month.entry(bill.month).or_default().push(bill.meter_id);
    }
    let few = by_month.values().map(Vec::len).sum::<usize>() <= HELD_AGAINST;
    let meters: Vec<MeterId> = by_month.values().flatten().filter(|_| few).copied().collect();
    let mut corrected: HashMap<(MeterId, Month), Decimal> = HashMap::new();
    for Carried { meter, correction, .. } in corrections::carried(pool, &meters).await? {
        *corrected.entry((meter, correction.month)).or_default() += correction.amount();
    }
    let mut known = HashMap::new();
    for (month, meters) in by_month.into_iter().filter(|_| few) {
        known.insert(month, now::of_month(core, site, month, &meters, &corrected).await?);
    }
    for bill in &mut found {
        let now = known.get(&bill.month).and_then(|known| known.get(&bill.meter_id));
        let now = now.filter(|_| bill.state == BillState::Issued);
        bill.changed = now.map(|now| now.as_ref().is_some_and(|now| now.differs(bill)));
    }
    Ok(found)
}
