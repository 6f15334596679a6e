//! What the lines of a bill are called, part by part.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("bill_line.consumption", "Verbrauch"),
    ("bill_line.export_credit", "Gutschrift für Einspeisung"),
    ("bill_line.fixed_per_month", "Grundpreis je Monat"),
    ("bill_line.fixed_per_day", "Grundpreis"),
    ("bill_line.quarter", "Leistung, höchste Viertelstunde"),
    ("bill_line.half", "Leistung, höchste halbe Stunde"),
    ("bill_line.hour", "Leistung, höchste Stunde"),
    ("bill_line.tax", "Steuer, {#percent} %"),
    ("bill_line.bought", "Von Nachbarn gekauft, {trades}"),
    ("bill_line.sold", "An Nachbarn verkauft, {trades}"),
    ("bill_line.narrowed", "{line}, {to}"),
    ("bill_line_part.times", "{from} bis {to}"),
    ("bill_line_part.weekdays", "Montag bis Freitag"),
    ("bill_line_part.weekends", "am Wochenende"),
    ("bill_line_part.holidays", "an Feiertagen"),
    ("bill_line_part.months", "{from} bis {to}"),
    ("bill_line_part.up_to", "bis {#kwh} kWh"),
    ("bill_line_part.above", "über {#kwh} kWh"),
    ("bill_line_part.between", "{#from} bis {#to} kWh"),
    ("bill_line_part.one_trade", "1 Geschäft"),
    ("bill_line_part.trades", "{count} Geschäfte"),
    ("month_name.january", "Januar"),
    ("month_name.february", "Februar"),
    ("month_name.march", "März"),
    ("month_name.april", "April"),
    ("month_name.may", "Mai"),
    ("month_name.june", "Juni"),
    ("month_name.july", "Juli"),
    ("month_name.august", "August"),
    ("month_name.september", "September"),
    ("month_name.october", "Oktober"),
    ("month_name.november", "November"),
    ("month_name.december", "Dezember"),
];

#[cfg(test)]
mod tests {
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
            (BillLineKind::Export { line: 2 }, "Gutschrift für Einspeisung, über 100 kWh"),
            (import(3), "Verbrauch, April, bis 100 kWh"),
            (BillLineKind::Demand, "Leistung, höchste halbe Stunde"),
            (BillLineKind::Tax, "Steuer, 7,5 %"),
            (BillLineKind::Sold, "An Nachbarn verkauft, 0 Geschäfte"),
        ] {
            assert_eq!(named(kind, 0), expected);
        }
    }

    #[test]
    fn a_line_that_its_bill_does_not_explain_keeps_its_name() {
        assert_eq!(named(BillLineKind::Import { line: 4 }, 0), "As it was");
        assert_eq!(named(BillLineKind::Demand, 1), "As it was");
    }
}
