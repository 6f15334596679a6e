//! What of the trades of a month counts.
//!
//! Two neighbours agree on an amount of energy; no wire carries it from one to the other. What of it
//! counts is found when the month is billed, against what their meters counted in the whole month:
//! in order of `(timestamp, id)`, a trade counts for the least of what was agreed, what its seller
//! produced and has not sold yet, and what its buyer consumed and has not bought yet. The rest of it is
//! unsettled: the buyer draws it from the grid, and the seller delivers it there.
//!
//! Months, not moments: a trade of noon may be settled with energy of the evening. Whoever makes a
//! market by the hour settles by the hour; these trades state no hour of delivery.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::MeterId;

/// What two meters agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Trade {
    /// Its UUID: of trades of one time, the lower one counts first.
    pub id: String,
    /// When it was agreed.
    pub at: DateTime<Utc>,
    /// Who buys.
    pub buyer: MeterId,
    /// Who sells.
    pub seller: MeterId,
    /// kWh agreed, above 0.
    pub units: Decimal,
    /// For one kWh, above 0.
    pub price: Decimal,
}

/// What of a trade counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    #[serde(flatten)]
    pub trade: Trade,
    /// kWh that count, at most those agreed.
    pub settled: Decimal,
}

impl Settled {
    /// kWh agreed that do not count.
    pub fn unsettled(&self) -> Decimal {
        self.trade.units - self.settled
    }
}

/// What a meter counted in a month, in kWh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Energy {
    /// Drawn from the grid, or consumed at all where the meter counts so.
    pub consumed: Decimal,
    /// Delivered.
    pub produced: Decimal,
}

/// Settles the trades of a month, given in any order; answers them in the order in which they count.
/// A meter that is not in `metered` counted nothing.
pub fn settle(trades: &[Trade], metered: &BTreeMap<MeterId, Energy>) -> Vec<Settled> {
    let mut left = metered.clone();
    let mut trades = trades.to_vec();
    trades.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut settled = Vec::with_capacity(trades.len());
    for trade in trades {
        let to_sell = left.get(&trade.seller).map_or(Decimal::ZERO, |energy| energy.produced);
        let to_buy = left.get(&trade.buyer).map_or(Decimal::ZERO, |energy| energy.consumed);
        let counts = trade.units.min(to_sell).min(to_buy).max(Decimal::ZERO);
        if let Some(seller) = left.get_mut(&trade.seller) {
            seller.produced -= counts;
        }
        if let Some(buyer) = left.get_mut(&trade.buyer) {
            buyer.consumed -= counts;
        }
        settled.push(Settled { trade, settled: counts });
    }
    settled
}
