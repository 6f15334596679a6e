//! The trees of a site as they stood in the past.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::{Known, Window};
use domain::energy::{QUARTER, floor};
use domain::losses::balance::Balance;
use domain::losses::unmetered::Unmetered;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use storage::meters::placements::Placement;
use storage::span::Span;

use crate::energy::window_energy::{self, Stood, unmetered_kwh};
use crate::losses::power_loss::Lost;
use crate::window::cut;

/// Where a meter hung, from an instant on; without one, always.
type Placed = (Option<DateTime<Utc>>, Placement);

/// A site's meters with where they hung when.
pub(crate) struct Past {
    meters: Vec<Meter>,
    placements: HashMap<MeterId, Vec<Placed>>,
    /// When something was moved, ascending, on whole quarter-hours.
    moves: Vec<DateTime<Utc>>,
    /// When the tree changed: moves and retirements, ascending.
    changes: Vec<DateTime<Utc>>,
    /// Trees by how many changes had been.
    trees: HashMap<usize, Arc<Tree>>,
}

impl Past {
    pub(crate) fn new(
        meters: Vec<Meter>,
        history: Vec<(MeterId, Option<DateTime<Utc>>, Placement)>,
    ) -> Self {
        let mut placements: HashMap<MeterId, Vec<Placed>> = HashMap::new();
        let mut moves = Vec::new();
        for (meter, since, placement) in history {
            let since = since.and_then(|since| floor(since, QUARTER));
            let of_meter = placements.entry(meter).or_default();
            // The first placement of a meter moves nothing.
            moves.extend(since.filter(|_| !of_meter.is_empty()));
            of_meter.push((since, placement));
        }
        let mut changes = moves.clone();
        changes.extend(meters.iter().filter_map(|meter| meter.retired_at));
        for list in [&mut moves, &mut changes] {
            list.sort_unstable();
            list.dedup();
        }
        Self { meters, placements, moves, changes, trees: HashMap::new() }
    }

    /// A window, cut where something was moved.
    pub(crate) fn pieces(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Window> {
        cut(Window { from, to }, self.moves.iter().copied())
    }

    /// A window of a node, cut where something was moved that its balance rests on.
    pub(crate) fn stretches(&mut self, window: Span) -> Vec<Stood> {
        let pieces = self.pieces(window.from, window.to).into_iter();
        let stood = pieces.map(|piece| (piece, Arc::clone(self.tree(piece.from)))).collect();
        window_energy::of_node(window.meter, stood)
    }

    /// The longest part of a window in which nothing was moved, retired or declared; of two the later one.
    pub(crate) fn longest(&self, window: Window, loads: &[Unmetered]) -> Window {
        let declared = loads.iter().map(|load| load.valid_from);
        let cuts = self.changes.iter().copied().chain(declared);
        let parts = cut(window, cuts.filter_map(|at| floor(at, QUARTER))).into_iter();
        parts.max_by_key(|part| part.to - part.from).unwrap_or(window)
    }

    /// When something was hung below each node or taken away last, up to an instant; a node below which
    /// nothing changed is absent.
    pub(crate) fn changed(&self, up_to: DateTime<Utc>) -> HashMap<MeterId, DateTime<Utc>> {
        let mut changed: HashMap<MeterId, DateTime<Utc>> = HashMap::new();
        let mut note = |node: Option<MeterId>, at: Option<DateTime<Utc>>| {
            if let Some((node, at)) = node.zip(at.filter(|at| *at <= up_to)) {
                let last = changed.entry(node).or_insert(at);
                *last = at.max(*last);
            }
        };
        for meter in &self.meters {
            let placed = self.placements.get(&meter.id).map(Vec::as_slice).unwrap_or_default();
            for pair in placed.windows(2) {
                let (since, place) = &pair[1];
                note(pair[0].1.parent, *since);
                note(place.parent, *since);
            }
            note(placed.last().map_or(meter.parent, |(_, place)| place.parent), meter.retired_at);
        }
        changed
    }

    /// The tree just after an instant, with the meters that were not yet retired.
    pub(crate) fn tree(&mut self, at: DateTime<Utc>) -> &Arc<Tree> {
        let number = self.changes.partition_point(|&change| change <= at);
        let Self { meters, placements, trees, .. } = self;
        trees.entry(number).or_insert_with(|| {
            let placed = |meter: &Meter| {
                let all = placements.get(&meter.id).map(Vec::as_slice).unwrap_or_default();
                let last = all.iter().rfind(|(since, _)| since.is_none_or(|since| since <= at));
                let place = last.or(all.first()).map(|(_, place)| place);
                place.map_or_else(|| meter.clone(), |place| place.of(meter.clone()))
            };
            let lived = |meter: &&Meter| meter.retired_at.is_none_or(|retired| retired > at);
            Arc::new(Tree::new(meters.iter().filter(lived).map(placed).collect()))
        })
    }

    /// The balances of a node over the pieces of a window in which anything hung below it.
    pub(crate) fn balance(
        &mut self,
        window: Span,
        unmetered: &[Unmetered],
        known: impl Fn(MeterId, Window) -> Option<Known>,
    ) -> Vec<Piece> {
        let node = window.meter;
        let mut balanced = Vec::new();
        for (piece, tree) in self.stretches(window) {
            let Some(meter) = tree.get(node).filter(|_| tree.is_node(node)) else { continue };
            let own = known(node, piece);
            let children = tree.children(node).map(|child| (child, known(child.id, piece)));
            let balance = domain::losses::compared::balance((meter, own), children);
            let load = unmetered_kwh(unmetered, node, piece, own);
            let balance = balance.with_unmetered(load);
            balanced.push(Piece { tree, window: piece, balance });
        }
        balanced
    }
}

/// The balance of a node over a piece of a window.
pub(crate) struct Piece {
    tree: Arc<Tree>,
    window: Window,
    balance: Balance,
}

impl Piece {
    pub(crate) fn lost(&self, node: MeterId) -> Lost<'_> {
        let (tree, balance) = (&self.tree, &self.balance);
        Lost { tree, node: Some(node), window: self.window, balance, counted: None }
    }
}

/// The balance of the whole window; none where nothing hung below the node.
pub(crate) fn sum(pieces: &[Piece]) -> Option<Balance> {
    domain::losses::compared::joined(
        pieces.iter().map(|piece| (piece.window, piece.balance.clone())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_judged_by_its_longest_part_in_which_nothing_changed() {
        let at = |hour: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour);
        let place =
            || Placement { parent: None, feeds_parent: false, placed: None, meter_type: None };
        let moved = vec![(MeterId(1), None, place()), (MeterId(1), Some(at(10)), place())];
        let past = Past::new(Vec::new(), moved);
        let day = Window { from: at(0), to: at(24) };
        assert_eq!(past.longest(day, &[]), Window { from: at(10), to: at(24) });
        let load = Unmetered {
            meter_id: MeterId(1),
            valid_from: at(18),
            power_kw: 5.0,
            reason: String::new(),
        };
        assert_eq!(past.longest(day, &[load]), Window { from: at(0), to: at(10) });
        let night = Window { from: at(24), to: at(30) };
        assert_eq!(past.longest(night, &[]), night);
    }
}
