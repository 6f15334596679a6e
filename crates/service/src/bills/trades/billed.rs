//! Trades of months that are over, and bills of them that were issued.

use std::collections::BTreeSet;

use domain::MeterId;
use domain::bills::refusal::{BillRefusal, TradeRefusal};
use domain::bills::settlement::{Settled, Trade};
use domain::month::Month;
use domain::sites::Site;

use super::settle::{Market, bounds, market};
use crate::people::audit::Change;
use crate::{Core, Error};

/// Whom a trade concerns of a month that is over.
pub(super) struct Concerned {
    month: Month,
    meters: Vec<MeterId>,
    /// Trades of the month by then.
    trades: usize,
}

/// Finds whom a trade concerns: the two meters, and others that would buy or sell otherwise for it.
pub(super) async fn concerned(
    core: &Core,
    site: &Site,
    month: Month,
    new: &Trade,
) -> Result<Concerned, Error> {
    let market = market(core.pool(), site, month, &[new.buyer, new.seller]).await?;
    let meters = touched(&market, new).into_iter().collect();
    Ok(Concerned { month, meters, trades: market.trades.len() })
}

impl Concerned {
    /// Refuses a trade that would change a bill that was issued. Until the transaction ends, none of the
    /// month is issued.
    pub(super) async fn refuse_billed(
        &self,
        site: &Site,
        change: &mut Change,
    ) -> Result<(), Error> {
        let Self { month, meters, trades } = self;
        storage::bills::hold(&mut *change.db, site.id, *month).await?;
        let billed = storage::bills::in_force_among(&mut *change.db, meters, *month).await?;
        if let Some(number) = meters.iter().find_map(|id| billed.get(id)) {
            return Err(Error::conflict(
                "month_billed",
                TradeRefusal::Billed { month: *month, number: number.clone() },
            )
            .at("timestamp"));
        }
        let (from, to) = bounds(site, *month);
        if storage::bills::trades::count(&mut *change.db, site.id, from, to).await? == *trades {
            return Ok(());
        }
        Err(Error::conflict("changed_meanwhile", BillRefusal::NewTrade { month: *month }))
    }
}

/// Whose trades count otherwise with a new one. It counts before or after others of its time.
fn touched(market: &Market, new: &Trade) -> BTreeSet<MeterId> {
    let before = market.settled(&market.trades);
    let mut touched = BTreeSet::from([new.buyer, new.seller]);
    let (first, last) = ("", "~");
    for id in [first, last] {
        let new = Trade { id: id.to_owned(), ..new.clone() };
        let trades: Vec<Trade> = market.trades.iter().cloned().chain([new]).collect();
        let after = market.settled(&trades);
        let others = after.iter().filter(|settled| settled.trade.id != id);
        let changed = others.zip(&before).filter(|(after, before)| after.settled != before.settled);
        touched.extend(changed.flat_map(|(Settled { trade, .. }, _)| [trade.buyer, trade.seller]));
    }
    touched
}
