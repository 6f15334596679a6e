//! What versions of a tariff have in common: tax, demand, and blocks of a part of a month.

use super::*;
use crate::bills::tariff::{AcrossVersions, DemandInterval, Netting, TaxOn};

/// May by two pieces that meet on a day.
fn cut(first: Terms, second: Terms, meet: &str) -> Vec<Piece> {
    vec![piece(1, "2025-05-01", meet, first), piece(2, meet, "2025-06-01", second)]
}

fn taxed(mut terms: Terms, percent: &str) -> Terms {
    terms.tax_percent = money(percent);
    terms
}

/// 100 kWh delivered on the 3rd, then 100 kWh drawn on the 20th.
fn out_then_in() -> Vec<Point> {
    let at = |date: &str| day(date).and_hms_opt(0, 0, 0).unwrap();
    vec![point(at("2025-05-03"), 0.0, 100.0), point(at("2025-05-20"), 100.0, 0.0)]
}

fn tax_lines(bill: &Bill) -> Vec<(String, String)> {
    let taxes = bill.lines.iter().filter(|line| line.kind == BillLineKind::Tax);
    taxes.map(|line| (line.quantity.to_string(), line.amount.to_string())).collect()
}

#[test]
fn tax_is_on_what_is_supplied_or_on_what_is_left_after_credits() {
    let balance = |percent| Terms { tax_on: TaxOn::Balance, ..taxed(flat(), percent) };
    let cases = [
        ("one version", taxed(flat(), "10"), None, vec![("600", "60.00")], "260.00"),
        (
            "the same in two",
            taxed(flat(), "10"),
            Some(taxed(flat(), "10.0")),
            vec![("600", "60.00")],
            "260.00",
        ),
        ("balance", balance("10"), None, vec![("200", "20.00")], "220.00"),
        ("balance in two", balance("10"), Some(balance("10.0")), vec![("200", "20.00")], "220.00"),
        (
            "a balance for each rate",
            balance("5"),
            Some(balance("10")),
            vec![("600", "60.00")],
            "260.00",
        ),
    ];
    for (name, first, second, tax, due) in cases {
        let mut inputs = inputs(1, Side::Prosumer, out_then_in());
        inputs.pieces = match second {
            Some(second) => cut(first, second, "2025-05-16"),
            None => vec![piece(1, "2025-05-01", "2025-06-01", first)],
        };
        let bill = bill(&inputs);
        let expected: Vec<_> =
            tax.iter().map(|(of, tax)| ((*of).to_owned(), (*tax).to_owned())).collect();
        assert_eq!(
            (tax_lines(&bill), bill.amount_due.to_string()),
            (expected, due.to_owned()),
            "{name}"
        );
        adds_up(&bill);
    }
}

#[test]
fn a_tariff_written_in_versions_of_equal_terms_is_one_piece() {
    let mut pieces = Vec::new();
    let mut other = piece(3, "2025-05-20", "2025-06-01", flat());
    other.name = "Another".to_owned();
    for next in [
        piece(1, "2025-05-01", "2025-05-11", flat()),
        piece(2, "2025-05-11", "2025-05-20", flat()),
        other,
    ] {
        Piece::join(&mut pieces, next);
    }
    let joined: Vec<_> = pieces.iter().map(|piece| (piece.id, piece.from, piece.to)).collect();
    assert_eq!(
        joined,
        [
            (Some(TariffId(1)), day("2025-05-01"), day("2025-05-20")),
            (Some(TariffId(3)), day("2025-05-20"), day("2025-06-01")),
        ]
    );
}

#[test]
fn who_was_there_for_a_part_of_the_month_has_that_part_of_every_block() {
    let blocks = terms(json!([{"direction": "import", "price": "5", "toKwh": 310},
        {"direction": "import", "price": "9", "fromKwh": 310}]));
    let mut inputs = inputs(1, Side::Consumer, days(310.0, 0.0));
    inputs.series.retain(|point| point.start.date() >= day("2025-05-17"));
    let half = piece(1, "2025-05-17", "2025-06-01", blocks.for_days(15, 31));
    inputs.pieces = vec![Piece { valid_from: Some(day("2025-01-01")), ..half }];
    let all_below = bill(&inputs);
    assert_eq!(all_below.amount_due.to_string(), "750.00", "150 kWh are 15 days' share of 310");
    inputs.series[0].import += 20.0;
    let above = bill(&inputs);
    assert_eq!(above.amount_due.to_string(), "930.00", "20 more cost 9 each");
    assert_eq!(above.lines[0].name, "Consumption, up to 150 kWh");
}

#[test]
fn a_kwh_more_is_priced_where_its_part_of_the_month_stands() {
    let half = |netting, across_versions| {
        let slabs = terms(json!([{"direction": "import", "price": "3", "toKwh": 100},
            {"direction": "import", "price": "7", "fromKwh": 100, "toKwh": 300},
            {"direction": "import", "price": "16", "fromKwh": 300},
            {"direction": "export", "price": "2", "toKwh": 100},
            {"direction": "export", "price": "1", "fromKwh": 100}]));
        let whole = Terms { netting, across_versions, ..slabs };
        if across_versions == AcrossVersions::Prorate { whole.for_days(15, 30) } else { whole }
    };
    let none = |across| half(Netting::None, across);
    let net = |across| half(Netting::Month, across);
    let (anew, on) = (AcrossVersions::Prorate, AcrossVersions::Continue);
    let at = day("2026-06-17").and_hms_opt(0, 0, 0).unwrap();
    for (name, terms, passed, exports, price) in [
        ("two days of a part", none(anew), (14, 0), false, "3"),
        ("its second block", none(anew), (50, 0), false, "7"),
        ("after the part before", none(on), (14, 0), false, "7"),
        ("into the last block", none(on), (100, 0), false, "16"),
        ("exporting", none(anew), (70, 40), true, "2"),
        ("exporting more", none(anew), (70, 50), true, "1"),
        ("net import", net(anew), (70, 30), false, "3"),
        ("net import of a quarter-hour that exports", net(anew), (90, 30), true, "7"),
        ("net export", net(anew), (30, 40), false, "2"),
        ("more net export", net(anew), (30, 90), false, "1"),
        ("nothing net, importing", net(anew), (40, 40), false, "3"),
        ("nothing net, exporting", net(anew), (40, 40), true, "2"),
        ("net import after the part before", net(on), (140, 30), false, "16"),
        ("net export after the part before", net(on), (30, 130), false, "1"),
    ] {
        // The part before was charged for 200 kWh and credited with 10.
        let before = terms.before((200.into(), 10.into()));
        let passed = (Decimal::from(passed.0), Decimal::from(passed.1));
        let (import, export) = terms.prices_after(at, before, passed);
        let found = if terms.credits(passed, exports) { export } else { import };
        assert_eq!(found, Some(money(price)), "{name}");
    }
}

#[test]
fn demand_over_half_an_hour_is_explained_by_its_two_quarter_hours() {
    let mut with_demand = flat();
    with_demand.demand_per_kw = money("100");
    with_demand.demand_interval = DemandInterval::Half;
    let mut inputs = inputs(2, Side::Consumer, quarters(0.0, 0.0));
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", with_demand)];
    (inputs.series[5].import, inputs.series[6].import) = (3.0, 3.0);
    (inputs.series[9].import, inputs.series[10].import) = (2.0, 1.5);
    let bill = bill(&inputs);
    let line = bill.lines.iter().find(|line| line.kind == BillLineKind::Demand).unwrap();
    assert_eq!((line.quantity, line.name.as_str()), (money("6"), "Demand, highest half-hour"));
    let found = intervals(&inputs, &hours(&inputs.series), line);
    assert_eq!(found.len(), 2);
    let amount: Decimal = found.iter().map(|interval| interval.amount).sum();
    assert_eq!(amount, line.amount);
}
