//! Issued bills as they would be now, kept in memory until something is another that they rest on.
//!
//! A bill by the time of day rests on the quarter-hours of its month, three thousand for each meter, which is too many
//! to be read each time that somebody looks at the list.

use std::collections::HashMap;
use std::sync::Arc;

use domain::MeterId;
use domain::bills::{BilledNow, bill};
use domain::month::Month;
use domain::sites::Site;
use rust_decimal::Decimal;
use storage::energy::days;

use super::month::Basis;
use super::{Billing, digest};
use crate::core::BilledNowById;
use crate::operation::clock;
use crate::{Core, Error};

/// The bills of meters in a month as they would be now. `corrected` are the amounts that later bills correct.
pub(super) async fn of_month(
    core: &Core,
    site: &Site,
    month: Month,
    meters: &[MeterId],
    corrected: &HashMap<(MeterId, Month), Decimal>,
) -> Result<Arc<BilledNowById>, Error> {
    let pool = core.pool();
    let billing = Billing::load(pool, site.clone(), month, clock::now(core, site)).await?;
    // Read before the energy: what is computed meanwhile gives another version.
    let (first, end) = (month.first(), month.next().first());
    let version = days::version(pool, meters, (first, end)).await?;
    let begun = billing.begin(pool, meters).await?;
    let corrected = |meter: MeterId| corrected.get(&(meter, month));
    let corrections: Vec<_> = meters.iter().map(|meter| corrected(*meter)).collect();
    let basis = format!("{version} {corrections:?} {}", begun.fingerprint(&billing));
    let kept = core.bills_now();
    if let Some(known) = kept.find(&basis) {
        return Ok(known);
    }
    let mut bills = BilledNowById::new();
    for Basis { inputs, is_frozen, .. } in billing.complete(pool, begun).await? {
        let now = || BilledNow {
            digest: digest::of(&inputs),
            due: corrected(inputs.meter).map(|corrected| bill(&inputs).amount_due - corrected),
        };
        bills.insert(inputs.meter, (!is_frozen).then(now));
    }
    let bills = Arc::new(bills);
    kept.keep(basis, bills.len(), Arc::clone(&bills));
    Ok(bills)
}
