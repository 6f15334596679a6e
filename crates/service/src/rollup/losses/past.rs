//! The trees of a site as they stood in the past.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::balance::Balance;
use domain::hierarchy::Tree;
use domain::meter::Meter;
use domain::trail::{QUARTER, floor};
use domain::window::{Known, Window};
use storage::placements::Placement;
use storage::readings::Span;
use storage::unmetered::Unmetered;

use super::of_piece;
use crate::figures::unmetered_kwh;

/// Where a meter hung, from an instant on; without one, always.
type Placed = (Option<DateTime<Utc>>, Placement);

/// A site's meters with where they hung when.
pub(super) struct Past {
    meters: Vec<Meter>,
    placements: HashMap<MeterId, Vec<Placed>>,
    /// When something was moved, ascending, on whole quarter-hours.
    moves: Vec<DateTime<Utc>>,
    /// When the tree changed: moves and retirements, ascending.
    changes: Vec<DateTime<Utc>>,
    /// Trees by how many changes had been.
    trees: HashMap<usize, Tree>,
}

impl Past {
    pub(super) fn new(
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
    pub(super) fn pieces(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Window> {
        let inside = self.moves.iter().copied().filter(|&at| from < at && at < to);
        let ends: Vec<_> = inside.chain([to]).collect();
        let starts = std::iter::once(from).chain(ends.iter().copied());
        starts.zip(&ends).map(|(from, &to)| Window { from, to }).collect()
    }

    /// The tree just after an instant, with the meters that were not yet retired.
    pub(super) fn tree(&mut self, at: DateTime<Utc>) -> &Tree {
        let number = self.changes.partition_point(|&change| change <= at);
        let Self { meters, placements, trees, .. } = self;
        trees.entry(number).or_insert_with(|| {
            let placed = |meter: &Meter| {
                let all = placements.get(&meter.id).map(Vec::as_slice).unwrap_or_default();
                let last = all.iter().rfind(|(since, _)| since.is_none_or(|since| since <= at));
                let place = last.or(all.first()).map(|(_, place)| *place);
                place.map_or_else(
                    || meter.clone(),
                    |place| Meter {
                        parent: place.parent,
                        feeds_parent: place.feeds_parent,
                        ..meter.clone()
                    },
                )
            };
            let lived = |meter: &&Meter| meter.retired_at.is_none_or(|retired| retired > at);
            Tree::new(meters.iter().filter(lived).map(placed).collect())
        })
    }

    /// Balance of a node over a window; none where nothing hung below it.
    pub(super) fn balance(
        &mut self,
        window: Span,
        unmetered: &[Unmetered],
        known: impl Fn(MeterId, Window) -> Option<Known>,
    ) -> Option<Balance> {
        let mut whole: Option<(Balance, f64)> = None;
        for piece in self.pieces(window.from, window.to) {
            let tree = self.tree(piece.from);
            let Some(balance) = of_piece(tree, window.meter, |meter| known(meter, piece)) else {
                continue;
            };
            let own = known(window.meter, piece);
            let load = unmetered_kwh(unmetered, window.meter, piece, own);
            let balance = balance.with_unmetered(load);
            let seconds = (piece.to - piece.from).as_seconds_f64();
            whole = Some(match whole {
                None => (balance, seconds),
                Some((sum, before)) => {
                    (sum.then(balance, before / (before + seconds)), before + seconds)
                }
            });
        }
        whole.map(|(balance, _)| balance)
    }
}
