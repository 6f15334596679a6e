//! What a loss costs: what each quarter-hour lost, at the price of import of its time, or of export where
//! the site returned more than it drew.

use chrono::{DateTime, TimeDelta, Utc};

use crate::exact::{Exact, ratio, zero};
use crate::model::Truth;
use crate::model::balance::of_node;
use crate::model::bill::{cents, wins};
use crate::model::carbon::is_grid;
use crate::model::flow::{Window, flow};
use crate::scenario::{Scenario, Tariff};

const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// What the loss of a node costs, in cents; none where no price holds, where it depends on the energy of
/// the month, or where it would be rounded either way.
pub fn of_node_in(scenario: &Scenario, truth: &Truth, node: usize, window: Window) -> Option<i64> {
    let mut sum = zero();
    for piece in quarters(window) {
        if let Some(balance) = of_node(truth, node, piece) {
            sum += balance.loss() * price(scenario, piece.0, exports(truth, piece)?)?;
        }
    }
    cents(&sum)
}

/// Whether the site returned more than it drew in the quarter-hour of a piece; none where it was as much.
fn exports(truth: &Truth, (from, to): Window) -> Option<bool> {
    let past = TimeDelta::microseconds(from.timestamp_micros().rem_euclid(900_000_000));
    let quarter = (from - past, from - past + QUARTER);
    let grid = (0..truth.meters.len()).filter(|place| is_grid(truth, *place, to));
    let flows = grid.filter_map(|place| flow(&truth.meters[place], quarter));
    let (import, export) = flows.fold((zero(), zero()), |(import, export), flow| {
        (import + flow.import, export + flow.export)
    });
    let is_open = import == export && import != zero();
    (!is_open).then_some(export > import)
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

/// What a kWh costs at an instant, in cents, while the site exports or not.
fn price(scenario: &Scenario, at: DateTime<Utc>, exports: bool) -> Option<Exact> {
    let zone: chrono_tz::Tz = scenario.zone.parse().ok()?;
    let local = at.with_timezone(&zone).naive_local();
    let day = local.date().to_string();
    let in_force = |tariff: &&Tariff| tariff.from <= day;
    let tariff = scenario.tariffs.iter().rev().find(in_force);
    if let Some(tariff) = tariff {
        let blocks = tariff.lines.iter().any(|line| line.block.is_some());
        let line = |is_export| {
            let holds = |place: &usize| {
                tariff.lines[*place].is_export == is_export && wins(tariff, *place, local)
            };
            let line = (0..tariff.lines.len()).find(holds)?;
            Some(ratio(tariff.lines[line].price_mills, 10))
        };
        let import = line(false).filter(|_| !blocks)?;
        let earns = exports && !tariff.is_netted;
        return Some(if earns { line(true).unwrap_or_else(zero) } else { import });
    }
    // Prices of scenarios have two decimals.
    let cents = scenario.price.as_ref()?.replace('.', "").parse().ok()?;
    Some(if exports { zero() } else { ratio(cents, 1) })
}
