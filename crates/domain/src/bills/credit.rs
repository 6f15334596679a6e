//! Taking a bill back.

use rust_decimal::Decimal;

use super::{Bill, BillLine, BillTrade, Inputs, LineInterval, QuarterHour, intervals};

/// What takes a bill back to the last minor unit: the same energy and money the other way, so that both
/// together are nothing.
pub fn credit_note(of: &Bill) -> Bill {
    let trade = |trade: &BillTrade| BillTrade {
        agreed: opposite(trade.agreed),
        settled: opposite(trade.settled),
        amount: opposite(trade.amount),
        ..trade.clone()
    };
    Bill {
        consumed: opposite(of.consumed),
        produced: opposite(of.produced),
        bought: opposite(of.bought),
        sold: opposite(of.sold),
        unsettled: opposite(of.unsettled),
        grid_used: opposite(of.grid_used),
        grid_exported: opposite(of.grid_exported),
        unpriced_import: opposite(of.unpriced_import),
        unpriced_export: opposite(of.unpriced_export),
        unpriced: Vec::new(),
        estimated_kwh: 0.0 - of.estimated_kwh,
        lines: of.lines.iter().map(BillLine::taken_back).collect(),
        trades: of.trades.iter().map(trade).collect(),
        p2p_cost: opposite(of.p2p_cost),
        p2p_earning: opposite(of.p2p_earning),
        amount_due: opposite(of.amount_due),
        ..of.clone()
    }
}

/// The quarter-hours of a line of a credit note: those of the line that it takes back, the other way.
pub fn taken_back(inputs: &Inputs, metered: &[QuarterHour], line: &BillLine) -> Vec<LineInterval> {
    let of_bill = intervals(inputs, metered, &line.taken_back());
    let back = |interval: LineInterval| LineInterval {
        kwh: opposite(interval.kwh),
        amount: opposite(interval.amount),
        ..interval
    };
    of_bill.into_iter().map(back).collect()
}

/// A figure the other way; nothing stays nothing, without a sign.
pub(super) fn opposite(figure: Decimal) -> Decimal {
    if figure.is_zero() { figure.abs() } else { -figure }
}

impl BillLine {
    fn taken_back(&self) -> Self {
        Self { quantity: opposite(self.quantity), amount: opposite(self.amount), ..self.clone() }
    }
}
