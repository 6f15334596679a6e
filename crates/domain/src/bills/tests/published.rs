//! Bills that utilities and users of other projects published.

use super::*;
use crate::bills::tariff::{AcrossVersions, MonthShare, decimal_kwh};

/// A month at a steady load, kWh in and out of each of its quarter-hours.
fn month(first: &str, steady: impl Fn(NaiveDateTime) -> (f64, f64)) -> Vec<Point> {
    let start = day(first).and_hms_opt(0, 0, 0).unwrap();
    let end = day(first).checked_add_months(chrono::Months::new(1)).unwrap();
    let times = (0..).map(|n| start + TimeDelta::minutes(15 * n));
    let times = times.take_while(|at| at.date() < end);
    times
        .map(|at| {
            let (import, export) = steady(at);
            point(at, import, export)
        })
        .collect()
}

fn written(terms: serde_json::Value) -> Terms {
    let terms: Terms = serde_json::from_value(terms).unwrap();
    terms.check().unwrap();
    terms
}

fn due(of: &str, pieces: Vec<Piece>, series: Vec<Point>) -> String {
    let inputs = Inputs { month: of.parse().unwrap(), pieces, ..inputs(1, Side::Prosumer, series) };
    let bill = bill(&inputs);
    adds_up(&bill);
    let metered = hours(&inputs.series);
    for line in bill.lines.iter().filter(|line| line.kind.unit() == crate::bills::LineUnit::Kwh) {
        let found = intervals(&inputs, &metered, line);
        let sum: Decimal = found.iter().map(|interval| interval.kwh).sum();
        assert!((sum - line.quantity).abs() < money("0.00001"), "{}: {sum}", line.name);
    }
    bill.amount_due.to_string()
}

#[test]
fn netting_that_begins_within_a_month_nets_its_own_days_alone() {
    let prices =
        json!([{"direction": "import", "price": "8"}, {"direction": "export", "price": "3"}]);
    let (none, netted) = (json!({"energy": prices}), json!({"energy": prices, "netting": "month"}));
    let pieces = vec![
        piece(1, "2026-09-01", "2026-09-16", written(none)),
        piece(2, "2026-09-16", "2026-10-01", written(netted)),
    ];
    let half = 15.0 * 96.0;
    let series = month("2026-09-01", |at| {
        let is_first = at.date() < day("2026-09-16");
        (100.0 / half, if is_first { 100.0 / half } else { 0.0 })
    });
    assert_eq!(due("2026-09", pieces, series), "1300.00");
}

#[test]
fn a_listed_holiday_has_the_prices_of_the_weekend() {
    let line = |price: &str, from: &str, to: &str| json!({"direction": "import", "price": price, "days": "weekday", "fromTime": from, "toTime": to});
    let terms = written(json!({"holidays": ["2026-10-12"], "energy": [
        line(".20", "07:00", "11:00"), line(".15", "11:00", "17:00"), line(".20", "17:00", "19:00"),
        line(".10", "19:00", "07:00"), {"direction": "import", "price": ".10", "days": "weekend"}]}));
    let pieces = vec![piece(1, "2026-10-01", "2026-11-01", terms)];
    assert_eq!(due("2026-10", pieces, month("2026-10-01", |_| (0.25, 0.0))), "93.30");
}

#[test]
fn slabs_that_change_within_a_month_are_those_of_their_days() {
    let slabs = |top: &str| {
        written(json!({"energy": [{"direction": "import", "price": "3", "toKwh": 100},
            {"direction": "import", "price": "7", "fromKwh": 100, "toKwh": 300},
            {"direction": "import", "price": top, "fromKwh": 300}]}))
    };
    let halves = |first: &Terms, second: &Terms| {
        let blocks = Some(MonthShare { days: 15, of: 30 });
        vec![
            Piece { blocks, ..piece(1, "2026-06-01", "2026-06-16", first.for_days(15, 30)) },
            Piece { blocks, ..piece(2, "2026-06-16", "2026-07-01", second.for_days(15, 30)) },
        ]
    };
    let series = || month("2026-06-01", |_| (400.0 / (30.0 * 96.0), 0.0));
    assert_eq!(due("2026-06", halves(&slabs("10"), &slabs("16")), series()), "3000.00");
    let going_on = Terms { across_versions: AcrossVersions::Continue, ..slabs("16") };
    let pieces = vec![
        piece(1, "2026-06-01", "2026-06-16", slabs("10")),
        piece(2, "2026-06-16", "2026-07-01", going_on),
    ];
    let inputs = Inputs {
        month: "2026-06".parse().unwrap(),
        pieces: pieces.clone(),
        ..inputs(1, Side::Consumer, series())
    };
    let bill = bill(&inputs);
    let said: Vec<_> = bill.rules_of(&bill.lines[3]).into_iter().map(|rule| rule.message).collect();
    let version = "Standard, 2026-06-16 to 2026-06-30";
    assert_eq!(said, [version, "tiers continue from the kWh already charged this month"]);
    // 100 at 3, 100 and 100 at 7, 100 at 16.
    assert_eq!(due("2026-06", pieces.clone(), series()), "3300.00");
    let halves = halves(&slabs("10"), &slabs("16"));
    for (pieces, on_the_17th, sum) in [(halves, "3", "3000.00"), (pieces, "7", "3300.00")] {
        let prices = prices_of_the_next_kwh(&pieces, &series());
        let begin = day("2026-06-17").and_hms_opt(0, 0, 0).unwrap();
        let lost = prices.iter().find(|(at, ..)| *at == begin).unwrap();
        assert_eq!(lost.1, money(on_the_17th));
        let paid: Decimal = prices.iter().map(|(_, price, kwh)| price * kwh).sum();
        assert_eq!(paid.round_dp(2), money(sum), "kWh by kWh as on the bill");
    }
}

/// At each quarter-hour what the next kWh costs, and how many are drawn.
fn prices_of_the_next_kwh(
    pieces: &[Piece],
    series: &[Point],
) -> Vec<(NaiveDateTime, Decimal, Decimal)> {
    let zero = (Decimal::ZERO, Decimal::ZERO);
    let (mut charged, mut prices) = (zero, Vec::new());
    for piece in pieces {
        let (before, mut passed) = (piece.terms.before(charged), zero);
        let days = piece.from..piece.to;
        for point in series.iter().filter(|point| days.contains(&point.start.date())) {
            let kwh = decimal_kwh(point.import).unwrap();
            let (price, _) = piece.terms.prices_after(point.start, before, passed);
            prices.push((point.start, price.unwrap(), kwh));
            passed.0 += kwh;
        }
        charged.0 += passed.0;
    }
    prices
}

#[test]
fn demand_is_of_its_part_of_the_month() {
    let at = |price: &str| written(json!({"demandPerKw": price}));
    let pieces = vec![
        piece(1, "2026-06-01", "2026-06-11", at("3")),
        piece(2, "2026-06-11", "2026-07-01", at("6")),
    ];
    let series =
        month("2026-06-01", |at| (if at.date() < day("2026-06-11") { 5.0 } else { 2.5 }, 0.0));
    // 20 kW × 3 × 10/30 and 10 kW × 6 × 20/30.
    assert_eq!(due("2026-06", pieces, series), "60.00");
}

#[test]
fn prices_of_one_month() {
    let hours_of = |kwh: f64| kwh / (30.0 * 96.0);
    let weekend = |import: f64| {
        move |at: NaiveDateTime| {
            let is_weekend = matches!(
                chrono::Datelike::weekday(&at),
                chrono::Weekday::Sat | chrono::Weekday::Sun
            );
            (if is_weekend { import / (4.0 * 96.0) } else { 0.0 }, 0.0)
        }
    };
    let cases: [(&str, serde_json::Value, Vec<Point>, &str); 3] = [
        (
            "tax on what is supplied",
            json!({"taxPercent": "10", "energy": [{"direction": "import", "price": "0.30"},
                {"direction": "export", "price": "0.10"}]}),
            month("2026-06-01", |_| (hours_of(4_000.0), hours_of(8_800.0))),
            "440.00",
        ),
        (
            "negative price",
            json!({"energy": [{"direction": "import", "price": "-0.40"}]}),
            month("2026-06-01", |_| (hours_of(10.0), 0.0)),
            "-4.00",
        ),
        (
            "Saturday dear, Sunday cheap",
            json!({"energy": [{"direction": "import", "price": "9", "days": "weekday"},
                {"direction": "import", "price": ".1795", "days": ["saturday"]},
                {"direction": "import", "price": ".0895", "days": "sunday"}]}),
            month("2026-06-01", weekend(1_000.0)),
            "269.00",
        ),
    ];
    for (name, terms, series, expected) in cases {
        let pieces = vec![piece(1, "2026-06-01", "2026-07-01", written(terms))];
        assert_eq!(due("2026-06", pieces, series), expected, "{name}");
    }
}

#[test]
fn energy_without_a_price_is_told_with_its_times() {
    let terms: Terms = terms(json!([
        {"direction": "import", "price": "5", "fromTime": "06:00", "toTime": "22:00"}]));
    let mut inputs = inputs(1, Side::Prosumer, month("2025-05-01", |_| (0.25, 0.5)));
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", terms)];
    let bill = bill(&inputs);
    assert_eq!((bill.unpriced_import, bill.unpriced_export), (money("248"), money("1488")));
    let times: Vec<_> = bill.unpriced.iter().map(|time| (time.from, time.to, time.kwh)).collect();
    let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    assert_eq!(times.len(), 32, "export has no price at all: it is unpaid");
    assert_eq!(times[0], (at("2025-05-01T00:00:00"), at("2025-05-01T06:00:00"), money("6")));
    assert_eq!(times[31], (at("2025-05-31T22:00:00"), at("2025-06-01T00:00:00"), money("2")));
}
