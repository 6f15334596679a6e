//! Credit notes.

use super::*;
use crate::bills::{credit_note, taken_back};

fn sold() -> Inputs {
    let mut inputs = inputs(1, Side::Prosumer, quarters(100.0, 120.0));
    let mut terms = flat();
    terms.demand_per_kw = money("2");
    terms.tax_percent = money("10");
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", terms)];
    inputs.trades = vec![settled(1, 2, "40", "11.75"), settled(2, 1, "10", "3")];
    inputs
}

#[test]
fn a_credit_note_is_the_energy_and_the_money_of_its_bill_the_other_way() {
    let bill = bill(&sold());
    let back = credit_note(&bill);
    adds_up(&back);
    assert_eq!(back.amount_due + bill.amount_due, Decimal::ZERO);
    assert_eq!((back.consumed, back.produced), (money("-100"), money("-120")));
    assert_eq!((back.bought, back.sold), (money("-10"), money("-40")));
    assert_eq!((back.grid_used, back.grid_exported), (money("-90"), money("-80")));
    assert_eq!(back.grid_rate, bill.grid_rate, "a price has no direction");
    for (one, other) in bill.lines.iter().zip(&back.lines) {
        assert_eq!((one.quantity, one.amount), (-other.quantity, -other.amount), "{}", one.name);
        assert_eq!(one.price, other.price);
    }
    for (one, other) in bill.trades.iter().zip(&back.trades) {
        assert_eq!((one.settled, one.amount), (-other.settled, -other.amount));
    }
}

#[test]
fn nothing_taken_back_is_nothing_without_a_sign() {
    let none = bill(&inputs(1, Side::Consumer, Vec::new()));
    let back = serde_json::to_string(&credit_note(&none)).unwrap();
    assert!(!back.contains("\"-0") && !back.contains(":-0"), "{back}");
}

#[test]
fn the_quarter_hours_of_a_credit_note_add_up_to_its_lines() {
    let inputs = sold();
    let back = credit_note(&bill(&inputs));
    let metered = hours(&inputs.series);
    for line in back.lines.iter().filter(|line| line.kind != BillLineKind::Tax) {
        let found = taken_back(&inputs, &metered, line);
        let amount: Decimal = found.iter().map(|interval| interval.amount).sum();
        assert!((amount - line.amount).abs() < money("0.006"), "{}: {amount}", line.name);
        if line.kind != BillLineKind::Demand {
            let kwh: Decimal = found.iter().map(|interval| interval.kwh).sum();
            assert!((kwh - line.quantity).abs() < money("0.00001"), "{}: {kwh}", line.name);
        }
    }
}
