//! Trades between neighbours.

pub(crate) const TITLE: &str = "Trades";
pub(crate) const HOW: &str = "A trade counts for at most what its seller makes and its buyer uses in the month, in the order in \
     which trades were agreed; the rest goes through the grid at its price.";
pub(crate) const LIST: &str = "Agreed in this month";

pub(crate) fn none(month: &str) -> String {
    format!("Nothing was traded in {month}")
}

pub(crate) const NONE_HELP: &str = "No trade yet. A prosumer and a neighbour agree on an amount and a price: enter it in the form.";

pub(crate) fn sum(count: usize, month: &str, agreed: &str, settled: &str) -> String {
    let trades = if count == 1 { "1 trade".to_owned() } else { format!("{count} trades") };
    format!("{trades} in {month}: {agreed} kWh agreed, {settled} kWh settled")
}

pub(crate) const AGREED: &str = "Agreed";
pub(crate) const SELLER: &str = "Seller";
pub(crate) const BUYER: &str = "Buyer";
pub(crate) const KWH: &str = "kWh";
pub(crate) const WORTH: &str = "Worth";
pub(crate) const STATE: &str = "Settlement";
pub(crate) const SETTLED: &str = "settled";
pub(crate) const NOT_SETTLED: &str = "unsettled";

pub(crate) fn partly(settled: &str) -> String {
    format!("{settled} kWh settled")
}

pub(crate) fn so_far(settled: &str) -> String {
    format!("{settled} kWh so far")
}

pub(crate) const NEW: &str = "Post a trade";
pub(crate) const CHOOSE: &str = "Choose";
pub(crate) const UNITS: &str = "Energy, kWh";

pub(crate) fn price(sign: &str) -> String {
    format!("Price, {sign} per kWh")
}

pub(crate) const NEW_HELP: &str =
    "It is agreed at the present of the world's clock, and shows in the bills of both.";
pub(crate) const POST: &str = "Post the trade";

pub(crate) mod done {
    //! What was done.
    pub(crate) const POSTED: &str = "The trade is posted.";
}
