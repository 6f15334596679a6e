mod corrections;
mod doubts;
mod estimate;
mod published;
mod reversed;
mod versions;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::{
    Bill, BillLine, BillLineKind, Inputs, Piece, Point, QuarterHour, Side, bill, intervals,
};
use crate::bills::settlement::{Energy, Settled, Trade, settle};
use crate::bills::tariff::{EnergyLine, TariffId, Terms};
use crate::{MeterId, Quality};

fn money(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn terms(energy: serde_json::Value) -> Terms {
    let mut written = json!({});
    written["energy"] = energy;
    serde_json::from_value(written).unwrap()
}

fn flat() -> Terms {
    terms(json!([{"direction": "import", "price": "6.0"}, {"direction": "export", "price": "4.0"}]))
}

fn piece(id: i64, from: &str, to: &str, terms: Terms) -> Piece {
    Piece {
        id: Some(TariffId(id)),
        name: "Standard".to_owned(),
        valid_from: Some(day(from)),
        from: day(from),
        to: day(to),
        terms,
        blocks: None,
    }
}

fn point(start: NaiveDateTime, import: f64, export: f64) -> Point {
    Point { start, import, export, coverage: 1.0, estimated: 0.0 }
}

/// The quarter-hours of May 2025 in a zone without summer time, import at night, export at noon.
fn quarters(import: f64, export: f64) -> Vec<Point> {
    let start = day("2025-05-01").and_hms_opt(0, 0, 0).unwrap();
    let all = (0..31 * 96).map(|n| {
        let (at, quarter) = (start + TimeDelta::minutes(15 * i64::from(n)), n % 96);
        let noon = (40..56).contains(&quarter);
        let (day, night) = (31.0 * 16.0, 31.0 * 80.0);
        if noon { point(at, 0.0, export / day) } else { point(at, import / night, 0.0) }
    });
    all.collect()
}

fn days(import: f64, export: f64) -> Vec<Point> {
    let first = day("2025-05-01");
    let all = first.iter_days().take(31);
    all.map(|day| point(day.and_hms_opt(0, 0, 0).unwrap(), import / 31.0, export / 31.0)).collect()
}

fn inputs(meter: i64, side: Side, series: Vec<Point>) -> Inputs {
    Inputs {
        meter: MeterId(meter),
        month: "2025-05".parse().unwrap(),
        currency: "INR".to_owned(),
        side,
        pieces: vec![piece(1, "2025-05-01", "2025-06-01", flat())],
        left_out: Vec::new(),
        series,
        coverage: 1.0,
        estimated: 0.0,
        trades: Vec::new(),
        corrections: Vec::new(),
    }
}

fn settled(seller: i64, buyer: i64, units: &str, price: &str) -> Settled {
    let trade = Trade {
        id: "00000000-0000-0000-0000-000000000001".to_owned(),
        at: "2025-05-10T12:00:00Z".parse::<DateTime<Utc>>().unwrap(),
        buyer: MeterId(buyer),
        seller: MeterId(seller),
        units: money(units),
        price: money(price),
    };
    Settled { settled: trade.units, trade }
}

fn adds_up(bill: &Bill) {
    assert_eq!(bill.lines.iter().map(|line| line.amount).sum::<Decimal>(), bill.amount_due);
    for line in bill.lines.iter().chain(&super::credit_note(bill).lines) {
        let name = bill.name_of(line);
        assert_eq!((name.is_foreign(), &name.message), (false, &line.name));
    }
}

#[test]
fn a_consumer_of_150_kwh_who_bought_30_for_150_pays_870() {
    for series in [days(150.0, 0.0), quarters(150.0, 0.0)] {
        let mut inputs = inputs(2, Side::Consumer, series);
        inputs.trades = vec![settled(1, 2, "30", "5")];
        let bill = bill(&inputs);
        assert_eq!(bill.consumed, money("150"));
        assert_eq!((bill.bought, bill.grid_used), (money("30"), money("120")));
        assert_eq!((bill.grid_rate, bill.p2p_cost), (money("6"), money("150")));
        assert_eq!(bill.amount_due.to_string(), "870.00");
        adds_up(&bill);
    }
}

#[test]
fn a_prosumer_who_made_120_kwh_and_sold_40_is_paid_190() {
    for series in [days(100.0, 120.0), quarters(100.0, 120.0)] {
        let mut inputs = inputs(1, Side::Prosumer, series);
        inputs.trades = vec![settled(1, 2, "40", "11.75")];
        let bill = bill(&inputs);
        assert_eq!((bill.grid_used, bill.grid_exported), (money("100"), money("80")));
        assert_eq!((bill.sold, bill.p2p_earning), (money("40"), money("470")));
        let credit = bill.grid_exported * bill.grid_credit_rate + bill.p2p_earning;
        assert_eq!(credit, money("790"), "what it is paid is its use and 190 more");
        assert_eq!(bill.amount_due.to_string(), "-190.00");
        adds_up(&bill);
    }
}

#[test]
fn a_consumer_is_not_credited_for_what_its_register_says_it_made() {
    let bill = bill(&inputs(1, Side::Consumer, days(100.0, 50.0)));
    assert_eq!((bill.produced, bill.amount_due), (Decimal::ZERO, money("600.00")));
}

#[test]
fn bought_energy_leaves_every_time_of_day_in_its_proportion() {
    let night = json!([{"direction": "import", "price": "10"},
        {"direction": "import", "price": "5", "fromTime": "22:00", "toTime": "06:00"}]);
    let mut inputs = inputs(2, Side::Consumer, quarters(150.0, 0.0));
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", terms(night))];
    let before = bill(&inputs);
    inputs.trades = vec![settled(1, 2, "30", "5")];
    let after = bill(&inputs);
    let kwh = |bill: &Bill, place: usize| bill.lines[place].quantity.round_dp(6).normalize();
    assert_eq!([kwh(&before, 0), kwh(&before, 1)], [money("90"), money("60")]);
    assert_eq!([kwh(&after, 0), kwh(&after, 1)], [money("72"), money("48")]);
    assert_eq!(after.grid_rate, money("8"), "the average of the month");
    assert_eq!(after.amount_due.to_string(), "1110.00");
    adds_up(&after);
}

/// What bounds let in at most: more than any meter counts, at more than anybody charges.
#[test]
fn the_largest_figures_make_a_bill() {
    let largest = json!([{"direction": "import", "price": "1000000000"},
        {"direction": "export", "price": "1000000000"}]);
    let mut dear = terms(largest);
    dear.demand_per_kw = money("1000000000");
    dear.fixed_per_day = money("1000000000");
    dear.tax_percent = money("100");
    for side in [Side::Consumer, Side::Prosumer] {
        let series = quarters(31.0 * 80.0 * 1e12, 31.0 * 16.0 * 1e12);
        let mut inputs = inputs(1, side, series);
        inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", dear.clone())];
        inputs.trades = vec![settled(1, 2, "1000000000", "1000000000")];
        adds_up(&bill(&inputs));
    }
}

#[test]
fn a_month_with_two_versions_of_a_tariff_has_the_lines_of_both() {
    let dearer = terms(json!([{"direction": "import", "price": "7"}]));
    let mut inputs = inputs(2, Side::Consumer, days(310.0, 0.0));
    inputs.pieces = vec![
        piece(1, "2025-05-01", "2025-05-11", flat()),
        piece(2, "2025-05-11", "2025-06-01", dearer),
    ];
    let bill = bill(&inputs);
    let lines: Vec<_> = bill.lines.iter().map(|l| (l.piece, l.quantity, l.amount)).collect();
    assert_eq!(
        lines,
        [(Some(0), money("100"), money("600.00")), (Some(1), money("210"), money("1470.00")),]
    );
    adds_up(&bill);
}

#[test]
fn demand_is_of_what_the_meter_drew_and_tax_is_not_on_trades() {
    let mut inputs = inputs(2, Side::Consumer, quarters(150.0, 0.0));
    let mut with_demand = flat();
    with_demand.demand_per_kw = money("100");
    with_demand.tax_percent = money("10");
    with_demand.fixed_per_day = money("1");
    inputs.series[0].import += 0.5;
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", with_demand)];
    inputs.trades = vec![settled(1, 2, "30.5", "5")];
    let bill = bill(&inputs);
    let line = |kind| bill.lines.iter().find(|line: &&BillLine| line.kind == kind).unwrap();
    let drawn = inputs.series[0].import * 4.0;
    let demand = line(BillLineKind::Demand).quantity;
    assert!((demand - Decimal::try_from(drawn).unwrap()).abs() < money("0.000001"), "{demand}");
    let grid: Decimal = bill
        .lines
        .iter()
        .filter(|l| l.kind != BillLineKind::Tax && l.piece.is_some())
        .map(|l| l.amount)
        .sum();
    let tax = line(BillLineKind::Tax);
    assert_eq!((tax.quantity, tax.piece), (grid, Some(0)));
    assert_eq!(line(BillLineKind::Bought).amount, money("152.50"));
    adds_up(&bill);
}

#[test]
fn netting_sets_what_is_left_of_export_against_what_is_left_of_import() {
    let mut netted = flat();
    netted.netting = crate::bills::tariff::Netting::Month;
    let mut inputs = inputs(1, Side::Prosumer, days(100.0, 120.0));
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", netted)];
    assert_eq!(bill(&inputs).amount_due.to_string(), "-80.00", "20 kWh are credited");
    inputs.trades = vec![settled(1, 2, "40", "5")];
    let bill = bill(&inputs);
    assert_eq!(bill.amount_due.to_string(), "-80.00", "20 kWh are charged, 40 sold at 5");
    adds_up(&bill);
}

#[test]
fn lines_are_named_by_what_they_hold_for() {
    let line = |line: serde_json::Value| {
        serde_json::from_value::<EnergyLine>(line).unwrap().name().message
    };
    let named = [
        (json!({"direction": "import", "price": "1"}), "Consumption"),
        (
            json!({"direction": "import", "price": "1", "fromTime": "16:00", "toTime": "21:00",
                "days": "weekday"}),
            "Consumption, 16:00 to 21:00, Monday to Friday",
        ),
        (
            json!({"direction": "export", "price": "1", "fromMonth": 10, "toMonth": 3}),
            "Export credit, October to March",
        ),
        (json!({"direction": "export", "price": "-1"}), "Export, negative price"),
        (
            json!({"direction": "import", "price": "1", "fromKwh": 100, "toKwh": 200.5}),
            "Consumption, 100 to 200.5 kWh",
        ),
    ];
    for (written, name) in named {
        assert_eq!(line(written), name);
    }
}

fn hours(points: &[Point]) -> Vec<QuarterHour> {
    let of = |point: &Point| QuarterHour {
        at: point.start.and_utc(),
        end: point.start.and_utc() + TimeDelta::minutes(15),
        point: *point,
        quality: Quality::Good,
    };
    points.iter().map(of).collect()
}

#[test]
fn the_quarter_hours_of_every_energy_line_add_up_to_it() {
    let night = json!([{"direction": "import", "price": "10", "toKwh": 60},
        {"direction": "import", "price": "12", "fromKwh": 60},
        {"direction": "import", "price": "5", "fromTime": "22:00", "toTime": "06:00"},
        {"direction": "export", "price": "4"}]);
    let mut inputs = inputs(1, Side::Prosumer, quarters(150.0, 120.0));
    inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", terms(night))];
    inputs.trades = vec![settled(1, 2, "40", "11.75"), settled(3, 1, "20", "3")];
    let bill = bill(&inputs);
    let metered = hours(&inputs.series);
    assert_eq!(bill.lines.len(), 6);
    for line in &bill.lines {
        let found = intervals(&inputs, &metered, line);
        let sum: Decimal = found.iter().map(|interval| interval.kwh).sum();
        assert!((sum - line.quantity).abs() < money("0.00001"), "{}: {sum}", line.name);
        let amount: Decimal = found.iter().map(|interval| interval.amount).sum();
        assert!((amount - line.amount).abs() < money("0.006"), "{}: {amount}", line.name);
    }
}

/// A price that is the same at all times, or by blocks, or by months, days and holidays.
fn daily_terms() -> impl Strategy<Value = Terms> {
    let price = || 1..2_000_u32;
    let lines = prop_oneof![
        price().prop_map(|p| json!([{"direction": "import", "price": Decimal::new(p.into(), 2)},
            {"direction": "export", "price": Decimal::new(p.into(), 3)}])),
        (price(), price(), 1..200_u32).prop_map(|(a, b, bound)| json!([
            {"direction": "import", "price": Decimal::new(a.into(), 2), "toKwh": bound},
            {"direction": "import", "price": Decimal::new(b.into(), 2), "fromKwh": bound}])),
        (price(), price()).prop_map(|(a, b)| json!([
            {"direction": "import", "price": Decimal::new(a.into(), 2)},
            {"direction": "import", "price": Decimal::new(b.into(), 2), "days": "weekend"}])),
    ];
    (lines, any::<bool>(), 0..30_u32, 0..3_u32).prop_map(|(lines, netted, tax, fixed)| {
        let mut terms = terms(lines);
        terms.tax_percent = tax.into();
        terms.fixed_per_day = fixed.into();
        if netted {
            terms.netting = crate::bills::tariff::Netting::Month;
        }
        terms
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_bill_is_the_sum_of_its_lines_and_energy_is_conserved(
        terms in daily_terms(),
        import in 0.0..400.0_f64,
        export in 0.0..400.0_f64,
        cut in 2..31_u32,
        share in 0.0..1.0_f64,
    ) {
        let mut inputs = inputs(1, Side::Prosumer, days(import, export));
        let middle = format!("2025-05-{cut:02}");
        inputs.pieces = vec![
            piece(1, "2025-05-01", &middle, terms),
            piece(2, &middle, "2025-06-01", flat()),
        ];
        let sold = format!("{:.3}", export * share);
        let bought = format!("{:.3}", import * share);
        inputs.trades = vec![settled(1, 2, &sold, "3.333"), settled(2, 1, &bought, "2.5")];
        let bill = bill(&inputs);
        prop_assert_eq!(bill.lines.iter().map(|l| l.amount).sum::<Decimal>(), bill.amount_due);
        prop_assert!((bill.grid_used + bill.bought - bill.consumed).abs() <= money("0.001"));
        prop_assert!((bill.grid_exported + bill.sold - bill.produced).abs() <= money("0.001"));
    }

    #[test]
    fn bills_of_a_market_pay_each_other_to_the_last_paisa(
        energy in proptest::collection::vec((0.0..90.0_f64, 0.0..90.0_f64), 4),
        agreed in proptest::collection::vec((0..4_i64, 0..4_i64, 1..60_000_i64, 1..9_999_i64), 0..12),
    ) {
        let all: Vec<Inputs> = (0..).zip(&energy).map(|(meter, (import, export))| {
            inputs(meter, Side::Prosumer, days(*import, *export))
        }).collect();
        let metered: BTreeMap<MeterId, Energy> = all.iter().map(|inputs| {
            let bill = bill(inputs);
            (inputs.meter, Energy { consumed: bill.consumed, produced: bill.produced })
        }).collect();
        let trades: Vec<Trade> = (0..).zip(agreed).filter(|(_, (s, b, ..))| s != b).map(
            |(n, (seller, buyer, units, price))| Trade {
                id: format!("{n:04}"),
                units: Decimal::new(units, 3),
                price: Decimal::new(price, 3),
                ..settled(seller, buyer, "1", "1").trade
            },
        ).collect();
        let market = settle(&trades, &metered);
        let bills: Vec<Bill> = all.into_iter().map(|mut inputs| {
            let mine = |s: &&Settled| [s.trade.buyer, s.trade.seller].contains(&inputs.meter);
            inputs.trades = market.iter().filter(mine).cloned().collect();
            bill(&inputs)
        }).collect();
        let sum = |of: fn(&Bill) -> Decimal| bills.iter().map(of).sum::<Decimal>();
        prop_assert_eq!(sum(|bill| bill.p2p_cost), sum(|bill| bill.p2p_earning));
        prop_assert_eq!(sum(|bill| bill.bought), sum(|bill| bill.sold));
        for bill in &bills {
            prop_assert!(bill.bought <= bill.consumed && bill.sold <= bill.produced);
        }
    }

    #[test]
    fn days_give_the_bill_of_their_quarter_hours(terms in daily_terms()) {
        let by_quarter = quarters(150.0, 120.0);
        let mut by_day: Vec<Point> = Vec::new();
        for point in &by_quarter {
            match by_day.last_mut().filter(|last| last.start.date() == point.start.date()) {
                Some(last) => { last.import += point.import; last.export += point.export; }
                None => by_day.push(*point),
            }
        }
        let of = |series| {
            let mut inputs = inputs(1, Side::Prosumer, series);
            inputs.pieces = vec![piece(1, "2025-05-01", "2025-06-01", terms.clone())];
            bill(&inputs)
        };
        let (quarters, days) = (of(by_quarter), of(by_day));
        prop_assert!((quarters.amount_due - days.amount_due).abs() <= money("0.01"));
        prop_assert_eq!(quarters.consumed, days.consumed);
    }
}
