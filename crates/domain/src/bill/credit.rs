//! Taking a bill back.

use super::{Bill, BillLine, BillTrade};
use crate::figures::unsigned_zero;

/// What takes a bill back to the last minor unit: the same lines with their amounts the other way.
pub fn credit_note(of: &Bill) -> Bill {
    let back = |line: &BillLine| BillLine { amount: unsigned_zero(-line.amount), ..line.clone() };
    let trade =
        |trade: &BillTrade| BillTrade { amount: unsigned_zero(-trade.amount), ..trade.clone() };
    Bill {
        lines: of.lines.iter().map(back).collect(),
        trades: of.trades.iter().map(trade).collect(),
        p2p_cost: unsigned_zero(-of.p2p_cost),
        p2p_earning: unsigned_zero(-of.p2p_earning),
        amount_due: unsigned_zero(-of.amount_due),
        ..of.clone()
    }
}
