//! The page of trades, and the trades of one meter.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::MeterId;
use crate::month::Month;
use crate::sites::Site;

/// The page of trades.
#[derive(Debug, Clone, PartialEq)]
pub struct TradesPage {
    pub site: Site,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    /// The month that is shown.
    pub month: Month,
    /// The newest first.
    pub trades: Vec<TradeRow>,
    /// Who may sell: id and name.
    pub sellers: Vec<Party>,
    /// Who may buy.
    pub buyers: Vec<Party>,
}

/// A meter that trades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub id: MeterId,
    pub number: String,
    pub name: String,
}

/// A trade.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeRow {
    /// When it was agreed, by the site's clock.
    pub at: DateTime<Utc>,
    /// Who buys.
    pub buyer: Party,
    /// Who sells.
    pub seller: Party,
    /// kWh agreed.
    pub units: Decimal,
    /// For one kWh.
    pub price: Decimal,
    /// kWh that count as things stand; none where the month is not theirs as a whole.
    pub settled: Option<Decimal>,
    /// Whether its month is over, so that no more will count.
    pub is_final: bool,
}
