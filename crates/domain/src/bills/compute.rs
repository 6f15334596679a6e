//! From what was metered to what is to be paid.

use std::ops::Range;

use rust_decimal::Decimal;

use super::credit::opposite;
use super::grid::Grid;
use super::{Bill, BillLine, BillLineKind, BillTrade, Correction, Inputs, LineUnit, Piece, names};
use crate::bills::priced::{priced, unpriced};
use crate::bills::settlement::Settled;
use crate::bills::tariff::{
    Charge, ChargeLine, Direction, MonthShare, Netting, Part, charge, round, taxes,
};
use crate::sites::minor_digits;

/// Digits after the point of an average price.
const PRICE_DIGITS: u32 = 6;

/// What is to be paid for a month.
pub fn bill(inputs: &Inputs) -> Bill {
    let grid = Grid::of(inputs);
    let priced = priced(&inputs.pieces, &grid.quarters);
    let of_piece = |(piece, (places, parts)): (&Piece, &(Range<usize>, Vec<Part>))| {
        let share = MonthShare::of(&(piece.from..piece.to), &inputs.left_out);
        charge(&piece.terms, &inputs.currency, share, &grid.quarters[places.clone()], parts)
    };
    let charges: Vec<Charge> = inputs.pieces.iter().zip(&priced).map(of_piece).collect();
    let mut lines = Vec::new();
    for (place, charge) in charges.iter().enumerate() {
        lines.extend(charge.lines.iter().map(|line| grid_line(inputs, place, line)));
    }
    let terms = inputs.pieces.iter().map(|piece| &piece.terms);
    let taxed = terms.zip(charges.iter().map(|charge| charge.taxed));
    let taxes = taxes(taxed, &inputs.currency);
    lines.extend(taxes.iter().map(|(place, tax)| grid_line(inputs, *place, tax)));
    let trades: Vec<BillTrade> = inputs.trades.iter().map(|t| bill_trade(inputs, t)).collect();
    let p2p_cost = amount_of(&trades, true);
    let p2p_earning = opposite(amount_of(&trades, false));
    lines.extend(trade_line(inputs, &trades, true));
    lines.extend(trade_line(inputs, &trades, false));
    lines.extend(inputs.corrections.iter().map(|correction| correction_line(inputs, correction)));
    let without = |direction| -> Decimal {
        let parts = priced.iter().flat_map(|(_, parts)| parts);
        let without = parts.filter(|part| part.line.is_none() && part.direction == direction);
        without.map(|part| part.kwh).sum()
    };
    let (unpriced_import, unpriced_export) =
        (without(Direction::Import), without(Direction::Export));
    let rate = |direction, kwh| average(&inputs.pieces, &charges, direction, kwh);
    Bill {
        side: inputs.side,
        currency: inputs.currency.clone(),
        grid_rate: rate(Direction::Import, grid.used - unpriced_import),
        grid_credit_rate: rate(Direction::Export, grid.exported - unpriced_export),
        consumed: grid.consumed,
        produced: grid.produced,
        bought: grid.bought,
        sold: grid.sold,
        unsettled: inputs.trades.iter().map(Settled::unsettled).sum::<Decimal>().normalize(),
        grid_used: grid.used,
        grid_exported: grid.exported,
        p2p_cost,
        p2p_earning,
        amount_due: round(
            lines.iter().map(|line| line.amount).sum(),
            minor_digits(&inputs.currency),
        ),
        lines,
        unpriced_import,
        unpriced_export,
        unpriced: unpriced(&inputs.pieces, &grid.quarters, &priced),
        coverage: inputs.coverage,
        estimated_kwh: inputs.estimated,
        pieces: inputs.pieces.clone(),
        trades,
        corrections: inputs.corrections.clone(),
    }
}

/// A line of what the grid charges: of the piece at a place, or by its rate of tax.
fn grid_line(inputs: &Inputs, place: usize, line: &ChargeLine) -> BillLine {
    let terms = inputs.pieces.get(place).map(|piece| &piece.terms);
    let name = names::of(line.kind, terms, line.price);
    BillLine {
        kind: line.kind,
        name: name.map(|name| name.message).unwrap_or_default(),
        piece: Some(place),
        quantity: line.quantity.normalize(),
        unit: unit(line.kind, inputs),
        price: line.price.normalize(),
        amount: line.amount,
    }
}

fn unit(kind: BillLineKind, inputs: &Inputs) -> String {
    match kind.unit() {
        LineUnit::Kwh => "kWh".to_owned(),
        LineUnit::Kw => "kW".to_owned(),
        LineUnit::Days => "days".to_owned(),
        LineUnit::Months => "months".to_owned(),
        LineUnit::Money => inputs.currency.clone(),
    }
}

/// Both sides of a trade round its amount alike, so that a market adds up to nothing.
fn bill_trade(inputs: &Inputs, settled: &Settled) -> BillTrade {
    let trade = &settled.trade;
    let bought = trade.buyer == inputs.meter;
    let amount = round(settled.settled * trade.price, minor_digits(&inputs.currency));
    BillTrade {
        id: trade.id.clone(),
        timestamp: trade.at,
        bought,
        with: if bought { trade.seller } else { trade.buyer },
        agreed: trade.units.normalize(),
        settled: settled.settled.normalize(),
        price: trade.price.normalize(),
        amount: if bought { amount } else { opposite(amount) },
    }
}

fn amount_of(trades: &[BillTrade], bought: bool) -> Decimal {
    trades.iter().filter(|trade| trade.bought == bought).map(|trade| trade.amount).sum()
}

fn trade_line(inputs: &Inputs, trades: &[BillTrade], bought: bool) -> Option<BillLine> {
    let counted: Vec<&BillTrade> =
        trades.iter().filter(|t| t.bought == bought && !t.settled.is_zero()).collect();
    let first = counted.first()?;
    let quantity: Decimal = counted.iter().map(|trade| trade.settled).sum();
    let amount: Decimal = counted.iter().map(|trade| trade.amount).sum();
    let price = if counted.iter().all(|trade| trade.price == first.price) {
        first.price
    } else {
        average_price(amount.abs(), quantity)
    };
    let kind = if bought { BillLineKind::Bought } else { BillLineKind::Sold };
    Some(BillLine {
        kind,
        name: names::traded(bought, counted.len()).message,
        piece: None,
        quantity: quantity.normalize(),
        unit: unit(kind, inputs),
        price,
        amount: round(amount, minor_digits(&inputs.currency)),
    })
}

fn correction_line(inputs: &Inputs, correction: &Correction) -> BillLine {
    let kind = BillLineKind::Correction { month: correction.month };
    let amount = correction.amount();
    BillLine {
        kind,
        name: names::corrected(correction).map(|name| name.message).unwrap_or_default(),
        piece: None,
        quantity: correction.import,
        unit: unit(kind, inputs),
        price: average_price(amount, correction.import),
        amount: round(amount, minor_digits(&inputs.currency)),
    }
}

/// 0 where there is no energy.
fn average_price(amount: Decimal, kwh: Decimal) -> Decimal {
    amount.checked_div(kwh).unwrap_or_default().round_dp(PRICE_DIGITS).normalize()
}

/// The price of a direction where there is one, else the average of what was priced; 0 where nothing
/// has a price.
fn average(pieces: &[Piece], charges: &[Charge], direction: Direction, kwh: Decimal) -> Decimal {
    let lines = pieces.iter().flat_map(|piece| &piece.terms.energy);
    let mut prices = lines.filter(|line| line.direction == direction).map(|line| line.price);
    let Some(first) = prices.next() else { return Decimal::ZERO };
    if prices.all(|price| price == first) {
        return first.normalize();
    }
    let of = |line: &&ChargeLine| match line.kind {
        BillLineKind::Import { .. } => direction == Direction::Import,
        BillLineKind::Export { .. } => direction == Direction::Export,
        _ => false,
    };
    let counted = || charges.iter().flat_map(|charge| &charge.lines).filter(of);
    let paid: Decimal = counted().map(|line| line.quantity * line.price).sum();
    let netted = pieces.iter().any(|piece| piece.terms.netting == Netting::Month);
    let kwh = if netted { counted().map(|line| line.quantity).sum() } else { kwh };
    paid.checked_div(kwh).unwrap_or(first).round_dp(PRICE_DIGITS).normalize()
}
