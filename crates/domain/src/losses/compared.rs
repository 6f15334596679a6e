//! Meters of one window held against each other.
//!
//! Those whose last readings lie a few polls apart are compared all the same: the mean power over the
//! time one of them lacks is added to the error. Where one lacks more than that, or all of the window, it
//! is silent, and the balance is incomplete: it has no loss, but for the time that all of them are known for.
//! A meter that is read once an hour is silent so for most of it: what its load did meanwhile, nobody knows.
//! So is one whose export register is read as seldom, however often its import is.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::MeterId;
use crate::energy::window::{Known, Window};
use crate::losses::balance::{self, Balance};
use crate::meters::Meter;
use crate::meters::hierarchy::Tree;

/// Times are added up from shares of quarter-hours.
const ROUNDING: TimeDelta = TimeDelta::milliseconds(1);

/// Balance of `node` against its direct children over one window.
pub fn balance<'a>(
    node: (&'a Meter, Option<Known>),
    children: impl IntoIterator<Item = (&'a Meter, Option<Known>)>,
) -> Balance {
    let mut parts: Vec<_> = std::iter::once(node).chain(children).collect();
    let silent = compare(&mut parts);
    let mut parts = parts.into_iter().map(|(meter, known)| (meter, known.map(|k| k.energy)));
    let node = parts.next().unwrap_or((node.0, None));
    balance::of_node(node, parts).silent(silent)
}

/// Balance of a whole site at its boundary over one window.
pub fn of_site(tree: &Tree, known: impl Fn(MeterId) -> Option<Known>) -> Balance {
    let mut parts: Vec<_> =
        balance::boundary(tree).map(|(meter, _)| (meter, known(meter.id))).collect();
    let silent = compare(&mut parts);
    let compared: HashMap<MeterId, Option<Known>> =
        parts.into_iter().map(|(meter, known)| (meter.id, known)).collect();
    let energy = |id| compared.get(&id).copied().unwrap_or_else(|| known(id)).map(|k| k.energy);
    balance::of_site(tree, energy).silent(silent)
}

/// The time that all meters are known for; none where one is not known, or they have none in common.
pub fn common(meters: impl IntoIterator<Item = Option<Known>>) -> Option<Window> {
    let mut shared: Option<Window> = None;
    for known in meters {
        let known = known?;
        let (from, to) = (known.from, known.told_to());
        shared = Some(match shared {
            None => Window { from, to },
            Some(all) => Window { from: all.from.max(from), to: all.to.min(to) },
        });
    }
    shared.filter(|window| window.from < window.to)
}

/// The balance over windows that follow each other; none without any.
pub fn joined(parts: impl IntoIterator<Item = (Window, Balance)>) -> Option<Balance> {
    let length = |window: Window| (window.to - window.from).as_seconds_f64();
    let join = |(sum, before): (Balance, f64), (next, seconds): (Balance, f64)| {
        (sum.then(next, before / (before + seconds)), before + seconds)
    };
    let parts = parts.into_iter().map(|(window, balance)| (balance, length(window)));
    parts.reduce(join).map(|(balance, _)| balance)
}

/// Widens the errors of meters that lack a little of what the others are known for; those that lack more
/// are silent.
fn compare(parts: &mut [(&Meter, Option<Known>)]) -> Vec<MeterId> {
    let known = || parts.iter().filter_map(|(_, known)| *known);
    let first = known().map(|known| known.from).min();
    let last = known().map(|known| known.told_to()).max();
    let mut silent = Vec::new();
    for (meter, known) in parts {
        let (Some(known), Some(first), Some(last)) = (known, first, last) else { continue };
        let (late, early) = (known.from - first, last - known.told_to());
        let (unknown, length) = (known.unknown, known.to - known.from);
        let is_all = !unknown.is_zero() && unknown + ROUNDING >= length;
        let is_unknown = unknown > known.lag_limit || is_all;
        if late > known.lag_limit || early > known.lag_limit || is_unknown {
            silent.push(meter.id);
        }
        let share = (late + early).as_seconds_f64() / (known.to - known.from).as_seconds_f64();
        known.energy.uncertain += (known.energy.import + known.energy.export) * share;
    }
    silent
}
