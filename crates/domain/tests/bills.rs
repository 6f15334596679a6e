//! Bills that were published or reported, computed as the program computes them.
#![cfg(test)]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::MeterId;
use domain::bills::settlement::{Settled, Trade};
use domain::bills::tariff::{AcrossVersions, TariffId, Terms};
use domain::bills::{Bill, BillLineKind, Inputs, Piece, Point, Side, bill};
use field_cases::{Input, Right};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

const METER: MeterId = MeterId(1);
const NEIGHBOUR: MeterId = MeterId(2);

fn days(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from((to - from).num_days()).unwrap()
}

fn terms(version: &serde_json::Map<String, Value>) -> Terms {
    let mut version = version.clone();
    version.remove("validFrom");
    serde_json::from_value(version.into()).unwrap()
}

/// The days of the month by the version that prices them.
fn pieces(case: &field_cases::Bill) -> Vec<Piece> {
    let (first, end) = (case.month, case.end());
    let mut pieces = Vec::new();
    let versions = case.tariff.iter().zip(case.validity().unwrap());
    for (id, (version, (valid_from, valid_to))) in (1..).zip(versions) {
        let (from, to) = (valid_from.max(first), valid_to.map_or(end, |to| to.min(end)));
        if from < to {
            let terms = terms(version);
            let name = "Tariff".to_owned();
            let valid_from = Some(valid_from);
            let next =
                Piece { id: Some(TariffId(id)), name, valid_from, from, to, terms, blocks: None };
            Piece::join(&mut pieces, next);
        }
    }
    for piece in &mut pieces {
        if piece.terms.across_versions == AcrossVersions::Prorate {
            piece.terms = piece.terms.for_days(days(piece.from, piece.to), days(first, end));
        }
    }
    pieces
}

fn settled(case: &field_cases::Bill, trade: &field_cases::Trade) -> Settled {
    let is_bought = trade.bought > 0.0;
    let units = Decimal::try_from(trade.bought.max(trade.sold)).unwrap();
    let trade = Trade {
        id: "00000000-0000-0000-0000-000000000001".to_owned(),
        at: case.quarters()[0].at,
        buyer: if is_bought { METER } else { NEIGHBOUR },
        seller: if is_bought { NEIGHBOUR } else { METER },
        units,
        price: Decimal::try_from(trade.price).unwrap(),
    };
    Settled { trade, settled: units }
}

fn inputs(case: &field_cases::Bill) -> Inputs {
    let point = |quarter: &field_cases::Quarter| Point {
        start: quarter.local,
        import: quarter.import_kwh,
        export: quarter.export_kwh,
        coverage: 1.0,
        estimated: 0.0,
    };
    let series: Vec<Point> = case.quarters().iter().map(point).collect();
    let exports = series.iter().any(|point| point.export > 0.0);
    Inputs {
        meter: METER,
        month: case.month.format("%Y-%m").to_string().parse().unwrap(),
        currency: case.currency.clone(),
        side: if exports { Side::Prosumer } else { Side::Consumer },
        pieces: pieces(case),
        left_out: Vec::new(),
        series,
        coverage: 1.0,
        estimated: 0.0,
        trades: case.trades.iter().map(|trade| settled(case, trade)).collect(),
        corrections: Vec::new(),
    }
}

fn energy(bill: &Bill) -> BTreeMap<(usize, usize), (f64, String)> {
    let of_energy = bill.lines.iter().filter_map(|line| {
        let (BillLineKind::Import { line: place } | BillLineKind::Export { line: place }) =
            line.kind
        else {
            return None;
        };
        Some(((line.piece?, place), (line.quantity.to_f64()?, line.amount.to_string())))
    });
    of_energy.collect()
}

fn is_right(bill: &Bill, right: &Right) -> bool {
    let lines = energy(bill);
    let is_there = |line: &field_cases::Line| {
        lines
            .get(&(line.version, line.line))
            .is_some_and(|(kwh, amount)| (kwh - line.kwh).abs() < 1e-5 && *amount == line.amount)
    };
    right.amount_due.as_ref() == Some(&bill.amount_due.to_string())
        && right.lines.iter().all(is_there)
}

#[test]
fn each_case_comes_to_what_is_right() {
    let mut wrong = Vec::new();
    for (name, case) in field_cases::all().unwrap() {
        let Input::Bill(input) = &case.input else { continue };
        let refused = input.tariff.iter().find_map(|version| terms(version).check().err());
        match (refused, &case.right.refused) {
            (Some(_), Some(_)) => {}
            (Some(refused), None) => wrong.push(format!("{name}: refused, {refused}")),
            (None, Some(code)) => wrong.push(format!("{name}: not refused as {code}")),
            (None, None) => {
                let bill = bill(&inputs(input));
                if !is_right(&bill, &case.right) || !bill.unpriced.is_empty() {
                    let due = bill.amount_due;
                    let lines: Vec<_> =
                        bill.lines.iter().map(|l| (&l.name, l.quantity, l.amount)).collect();
                    wrong.push(format!("{name}: {due}, {lines:?}; right {:?}", case.right));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
