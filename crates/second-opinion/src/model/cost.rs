//! What a loss costs: what each quarter-hour lost, at the price of its time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::exact::{Exact, ratio, zero};
use crate::model::Truth;
use crate::model::balance::of_node;
use crate::model::bill::{cents, wins};
use crate::model::flow::Window;
use crate::scenario::{Scenario, Tariff};

const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// What the loss of a node costs, in cents; none where no price holds, where it depends on the energy of
/// the month, or where it would be rounded either way.
pub fn of_node_in(scenario: &Scenario, truth: &Truth, node: usize, window: Window) -> Option<i64> {
    let mut sum = zero();
    for piece in quarters(window) {
        if let Some(balance) = of_node(truth, node, piece) {
            sum += balance.loss() * price(scenario, piece.0)?;
        }
    }
    cents(&sum)
}

/// A window cut at each quarter-hour.
fn quarters((from, to): Window) -> Vec<Window> {
    let mut pieces = Vec::new();
    let mut at = from;
    while at < to {
        let past = TimeDelta::microseconds(at.timestamp_micros().rem_euclid(900_000_000));
        let next = (at - past + QUARTER).min(to);
        pieces.push((at, next));
        at = next;
    }
    pieces
}

/// What a kWh costs at an instant, in cents.
fn price(scenario: &Scenario, at: DateTime<Utc>) -> Option<Exact> {
    let zone: chrono_tz::Tz = scenario.zone.parse().ok()?;
    let local = at.with_timezone(&zone).naive_local();
    let day = local.date().to_string();
    let in_force = |tariff: &&Tariff| tariff.from <= day;
    if let Some(tariff) = scenario.tariffs.iter().rev().find(in_force) {
        let blocks = tariff.lines.iter().any(|line| line.block.is_some());
        let holds = |place: &usize| !tariff.lines[*place].is_export && wins(tariff, *place, local);
        let line = (0..tariff.lines.len()).find(holds).filter(|_| !blocks)?;
        return Some(ratio(tariff.lines[line].price_mills, 10));
    }
    // Prices of scenarios have two decimals.
    let cents = scenario.price.as_ref()?.replace('.', "").parse().ok()?;
    Some(ratio(cents, 1))
}
