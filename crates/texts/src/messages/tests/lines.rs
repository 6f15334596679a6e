//! What the lines of a bill are called.

use domain::bills::{self, Bill, BillLine, BillLineKind, Inputs};
use domain::language::Language;
use rust_decimal::Decimal;
use serde_json::json;

use crate::messages::in_language;

/// A bill whose tariff has prices for many cases; nothing was metered.
fn bill() -> Bill {
    let energy = json!([
        {"direction": "import", "price": "8", "fromTime": "16:00", "toTime": "21:00", "days": "weekday"},
        {"direction": "import", "price": "7", "fromMonth": 10, "toMonth": 3, "fromKwh": 100.5, "toKwh": 1200},
        {"direction": "export", "price": "3", "fromKwh": 100},
        {"direction": "import", "price": "6", "toKwh": 100, "fromMonth": 4, "toMonth": 4},
    ]);
    let inputs = json!({
        "meter": 1, "month": "2026-05", "currency": "EUR", "side": "consumer", "series": [],
        "coverage": 1.0, "trades": [],
        "pieces": [{"id": 1, "name": "Home", "validFrom": "2026-01-01", "from": "2026-05-01",
            "to": "2026-06-01", "terms": {"energy": energy, "demandMinutes": 30}}],
    });
    bills::bill(&serde_json::from_value::<Inputs>(inputs).unwrap())
}

fn named(kind: BillLineKind, piece: usize) -> String {
    let line = BillLine {
        kind,
        name: "As it was".to_owned(),
        piece: Some(piece),
        quantity: Decimal::ONE,
        unit: String::new(),
        price: Decimal::new(750, 2),
        amount: Decimal::ONE,
    };
    in_language(&bill().name_of(&line), Language::De)
}

#[test]
fn each_part_of_a_name_is_german() {
    let import = |line| BillLineKind::Import { line };
    for (kind, expected) in [
        (import(0), "Verbrauch, 16:00 bis 21:00, Montag bis Freitag"),
        (import(1), "Verbrauch, Oktober bis März, 100,5 bis 1200 kWh"),
        (BillLineKind::Export { line: 2 }, "Einspeisevergütung, über 100 kWh"),
        (import(3), "Verbrauch, April, bis 100 kWh"),
        (BillLineKind::Demand, "Leistung, höchste halbe Stunde"),
        (BillLineKind::Tax, "Steuer, 7,5 %"),
        (BillLineKind::Sold, "An Nachbarn verkauft, 0 Handelsgeschäfte"),
    ] {
        assert_eq!(named(kind, 0), expected);
    }
}

#[test]
fn a_line_that_its_bill_does_not_explain_keeps_its_name() {
    assert_eq!(named(BillLineKind::Import { line: 4 }, 0), "As it was");
    assert_eq!(named(BillLineKind::Demand, 1), "As it was");
}
