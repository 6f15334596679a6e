//! The cost of a loss: what each quarter-hour lost, at the price of its time: what it would have saved while the
//! site imports, or earned while it exports.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::{Signed as _, Zero as _};

use crate::exact::{Exact, ratio, zero};
use crate::model::Truth;
use crate::model::balance::{of_node, pieces};
use crate::model::bill::{cents, wins};
use crate::model::carbon::is_bought;
use crate::model::flow::{Window, flow};
use crate::scenario::{Scenario, Tariff};

const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// What the loss of a node costs, in cents; none where no price holds, where it depends on the energy of
/// the month, or where it would be rounded either way.
pub fn of_node_in(scenario: &Scenario, truth: &Truth, node: usize, window: Window) -> Option<i64> {
    let mut sum = zero();
    for piece in quarters(window) {
        let loss = of_node(truth, node, piece).map(|balance| balance.loss());
        if let Some(loss) = loss.filter(|loss| !loss.is_zero()) {
            sum += loss * price(scenario, piece.0, exports(truth, quarter_of(piece.0))?)?;
        }
    }
    cents(&sum)
}

/// A window cut at each quarter-hour.
fn quarters((from, to): Window) -> Vec<Window> {
    let mut pieces = Vec::new();
    let mut at = from;
    while at < to {
        let next = quarter_of(at).1.min(to);
        pieces.push((at, next));
        at = next;
    }
    pieces
}

/// The whole quarter-hour of an instant.
fn quarter_of(at: DateTime<Utc>) -> Window {
    let past = TimeDelta::microseconds(at.timestamp_micros().rem_euclid(900_000_000));
    (at - past, at - past + QUARTER)
}

/// Whether the site delivers more than it draws; none where that is not known, or would be rounded either way.
fn exports(truth: &Truth, window: Window) -> Option<bool> {
    let (mut drawn, mut passed) = (zero(), zero());
    for piece in pieces(truth, window) {
        for place in (0..truth.meters.len()).filter(|place| is_bought(truth, *place, piece.1)) {
            let flow = flow(&truth.meters[place], piece).filter(|flow| flow.unknown.is_zero())?;
            drawn += &flow.import - &flow.export;
            passed += flow.import + flow.export;
        }
    }
    (!drawn.is_zero() || passed.is_zero()).then(|| drawn.is_negative())
}

/// The price of a kWh, drawn or delivered, at an instant, in cents.
fn price(scenario: &Scenario, at: DateTime<Utc>, is_export: bool) -> Option<Exact> {
    let zone: chrono_tz::Tz = scenario.zone.parse().ok()?;
    let local = at.with_timezone(&zone).naive_local();
    let day = local.date().to_string();
    let in_force = |tariff: &&Tariff| tariff.from <= day;
    if let Some(tariff) = scenario.tariffs.iter().rev().find(in_force) {
        let by_month = tariff.is_netted || tariff.lines.iter().any(|line| line.block.is_some());
        let of = |place: &usize| tariff.lines[*place].is_export == is_export;
        let holds = |place: &usize| of(place) && wins(tariff, *place, local);
        let line = (0..tariff.lines.len()).find(holds);
        // Export without a line is unpaid.
        let mills = line.map_or(0, |line| tariff.lines[line].price_mills);
        return (!by_month).then(|| ratio(mills, 10));
    }
    // Without any price nothing is known of the cost of either; prices have two decimals.
    let cents = scenario.price.as_ref()?.replace('.', "").parse().ok()?;
    Some(if is_export { zero() } else { ratio(cents, 1) })
}
