//! Estimates given back on the bill of a later month.

use super::*;
use crate::bills::{Correction, credit_note};

/// A bill of May with a tenth of tax.
fn of_may(import: f64, export: f64) -> Bill {
    let mut inputs = inputs(1, Side::Prosumer, days(import, export));
    inputs.pieces[0].terms.tax_percent = money("10");
    bill(&inputs)
}

fn corrected(billed: &Bill, now: &Bill, given: &[&Correction]) -> Option<Correction> {
    let of = ("2025-05".parse().unwrap(), "2025-05-0001", billed);
    Correction::of(of, (now, 12.5), given)
}

/// A bill of a month in which nothing was drawn, with these corrections.
fn after(corrections: &[&Correction]) -> Bill {
    let inputs = Inputs {
        month: "2025-06".parse().unwrap(),
        pieces: vec![piece(1, "2025-06-01", "2025-07-01", flat())],
        corrections: corrections.iter().copied().cloned().collect(),
        ..inputs(1, Side::Consumer, Vec::new())
    };
    let stored = serde_json::to_value(&inputs).unwrap();
    assert_eq!(serde_json::from_value::<Inputs>(stored).unwrap(), inputs);
    let bill = bill(&inputs);
    adds_up(&bill);
    let stored = serde_json::to_value(&bill).unwrap();
    assert_eq!(serde_json::from_value::<Bill>(stored).unwrap(), bill);
    bill
}

#[test]
fn what_was_billed_too_much_is_a_line_of_its_own_without_further_tax() {
    let (billed, now) = (of_may(1_000.0, 0.0), of_may(700.0, 0.0));
    let given = corrected(&billed, &now, &[]).unwrap();
    let bill = after(&[&given]);
    let line = bill.lines.last().unwrap();
    assert_eq!(line.kind, BillLineKind::Correction { month: given.month });
    assert_eq!((line.quantity, line.unit.as_str()), (money("-300"), "kWh"));
    // 300 kWh at 6, and a tenth of tax.
    assert_eq!((line.amount.to_string().as_str(), line.price), ("-1980.00", money("6.6")));
    assert_eq!(bill.amount_due.to_string(), "-1980.00");
    let name = "Correction of May 2025 (bill 2025-05-0001), 300 kWh less than estimated";
    assert_eq!(line.name, name);
    let rules: Vec<_> = bill.rules_of(line).into_iter().map(|rule| rule.message).collect();
    assert_eq!(rules, ["4620.00 computed again − 6600.00 billed, each with its tax"]);
    assert_eq!(intervals(&inputs(1, Side::Consumer, Vec::new()), &[], line), []);
    assert_eq!(credit_note(&bill).amount_due.to_string(), "1980.00");
}

#[test]
fn what_later_bills_corrected_is_not_corrected_again() {
    let (billed, now) = (of_may(1_000.0, 100.0), of_may(700.0, 100.0));
    let first = corrected(&billed, &now, &[]).unwrap();
    assert_eq!(corrected(&billed, &now, &[&first]), None);
    let again = of_may(750.0, 80.0);
    let second = corrected(&billed, &again, &[&first]).unwrap();
    let bill = after(&[&second]);
    let line = bill.lines.last().unwrap();
    assert_eq!(second.amount(), again.amount_due - now.amount_due);
    let name = "Correction of May 2025 (bill 2025-05-0001), 50 kWh more than estimated, \
                export 20 kWh less than estimated";
    assert_eq!(line.name, name);
    assert_eq!(bill.rules_of(line)[1].code, "bill_rule.corrected_before");
    assert_eq!(corrected(&billed, &again, &[&first, &second]), None);
}

#[test]
fn a_bill_that_corrects_nothing_is_stored_as_before() {
    let inputs = inputs(1, Side::Consumer, Vec::new());
    let stored = [serde_json::to_value(&inputs), serde_json::to_value(bill(&inputs))];
    assert!(stored.iter().all(|json| json.as_ref().unwrap().get("corrections").is_none()));
}
