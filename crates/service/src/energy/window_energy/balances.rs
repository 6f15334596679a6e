//! The balances of nodes and of the site, and what of them is no loss.

use std::collections::{HashMap, HashSet};

use domain::energy::window::Window;
use domain::losses::balance::{self, Balance};
use domain::meters::hierarchy::Tree;
use domain::{Kwh, MeterId};

use super::moved::Group;
use super::{Piece, WindowEnergy, known_of, unmetered_kwh};
use crate::energy::Counted;

/// A balance with the declared load in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NodeBalance {
    pub(crate) balance: Balance,
    /// Declared load below the node that no meter sees.
    pub(crate) unmetered: Kwh,
    /// Where it is incomplete: what it was while all meters were known.
    pub(crate) complete: Option<Complete>,
}

/// The balance of a node over the longest stretch of the window for which all its meters are known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Complete {
    /// The stretch.
    pub(crate) window: Window,
    /// Its balance; it has a loss.
    pub(crate) balance: Balance,
}

/// The loss of a site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whole {
    /// The balance at its boundary; where a meter there is not known, that of the complete nodes
    /// together; where there is none, incomplete.
    pub(crate) balance: Balance,
    /// The nodes that it leaves out; none where the boundary is known.
    pub(crate) left_out: Vec<MeterId>,
}

/// A balance over a stretch in which nothing was moved.
pub(crate) struct Part<'a> {
    /// Where the meters hung.
    pub(crate) tree: &'a Tree,
    /// The stretch.
    pub(crate) window: Window,
    /// The balance, with the declared load in it.
    pub(crate) balance: Balance,
    /// The energy of the meters in the stretch.
    pub(crate) counted: &'a HashMap<MeterId, Counted>,
    unmetered: Kwh,
}

impl WindowEnergy {
    /// Balance of a node; none where nothing hung below it.
    pub(crate) fn balance(&self, node: MeterId) -> Option<NodeBalance> {
        let (balance, unmetered) = sum(self.parts(node))?;
        let is_open = balance.loss.is_none();
        let complete = is_open.then(|| self.complete_parts(node)).and_then(complete);
        Some(NodeBalance { balance, unmetered, complete })
    }

    /// The balances of a node that its balance is the sum of.
    pub(crate) fn parts(&self, node: MeterId) -> Vec<Part<'_>> {
        let pieces = self.pieces(Group::Node(node)).iter();
        pieces
            .filter_map(|piece| self.part(node, &piece.tree, piece.window, &piece.counted))
            .collect()
    }

    /// The same for the time for which an incomplete node is complete.
    pub(crate) fn complete_parts(&self, node: MeterId) -> Vec<Part<'_>> {
        let stretches = self.stretches.of(node);
        stretches
            .filter_map(|(tree, window, counted)| self.part(node, tree, window, counted))
            .collect()
    }

    fn part<'a>(
        &self,
        node: MeterId,
        tree: &'a Tree,
        window: Window,
        counted: &'a HashMap<MeterId, Counted>,
    ) -> Option<Part<'a>> {
        let meter = tree.get(node).filter(|_| tree.is_node(node))?;
        let own = known_of(counted, node);
        let children = tree.children(node).map(|child| (child, known_of(counted, child.id)));
        let balance = domain::losses::compared::balance((meter, own), children);
        let unmetered = unmetered_kwh(&self.unmetered, node, window, own);
        let balance = balance.with_unmetered(unmetered);
        Some(Part { tree, window, balance, counted, unmetered })
    }

    /// Balance of the whole site at its boundary.
    pub(crate) fn boundary(&self) -> Balance {
        let whole = sum(self.boundary_parts()).map(|(balance, _)| balance);
        // A window has at least one piece, and each has a boundary.
        whole.unwrap_or_else(|| balance::of_site(self.tree(), |_| None))
    }

    /// The balances that the boundary's is the sum of.
    pub(crate) fn boundary_parts(&self) -> Vec<Part<'_>> {
        let nodes: HashSet<MeterId> = self.unmetered.iter().map(|load| load.meter_id).collect();
        let pieces = self.pieces(Group::Boundary);
        let mut parts = Vec::with_capacity(pieces.len());
        for Piece { window, tree, counted } in pieces {
            let window = *window;
            let balance = domain::losses::compared::of_site(tree, |id| known_of(counted, id));
            let below = nodes.iter().filter(|node| tree.is_node(**node));
            let load =
                |id: &MeterId| unmetered_kwh(&self.unmetered, *id, window, known_of(counted, *id));
            let unmetered: Kwh = below.map(load).sum();
            let balance = balance.with_unmetered(unmetered);
            parts.push(Part { tree, window, balance, counted, unmetered });
        }
        parts
    }

    /// The loss of the whole site, with the coverage that every page shows of it: that of its nodes.
    pub(crate) fn whole(&self) -> Whole {
        let boundary = self.boundary();
        let balances = self.nodes().into_iter();
        let balances: Vec<(MeterId, Balance)> =
            balances.filter_map(|node| Some((node.id, sum(self.parts(node.id))?.0))).collect();
        let of_nodes = balance::coverage(balances.iter().map(|(_, balance)| balance));
        let coverage = of_nodes.unwrap_or(boundary.coverage);
        if boundary.loss.is_some() {
            let balance = Balance { coverage, ..boundary };
            return Whole { balance, left_out: Vec::new() };
        }
        let (known, left_out): (Vec<_>, Vec<_>) =
            balances.iter().partition(|(_, balance)| balance.loss.is_some());
        let known: HashMap<MeterId, &Balance> =
            known.into_iter().map(|(node, balance)| (*node, balance)).collect();
        let inner = known.keys().map(|node| self.passed_on(*node, |id| known.contains_key(&id)));
        let together = balance::together(&known.values().copied().collect::<Vec<_>>(), inner.sum());
        Whole {
            balance: Balance { coverage, ..together.unwrap_or(boundary) },
            left_out: left_out.into_iter().map(|(node, _)| *node).collect(),
        }
    }

    /// What passed from a node into nodes below it, and back.
    fn passed_on(&self, node: MeterId, is_counted: impl Fn(MeterId) -> bool) -> Kwh {
        let children = self.children(node).into_iter();
        let inner = children.filter(|(child, _)| !child.feeds_parent && is_counted(child.id));
        inner.filter_map(|(_, known)| Some(known?.energy)).map(|e| e.import + e.export).sum()
    }
}

/// Balances of stretches that follow each other, and the declared load in them.
fn sum(parts: Vec<Part<'_>>) -> Option<(Balance, Kwh)> {
    let unmetered = parts.iter().map(|part| part.unmetered).sum();
    let balance = domain::losses::compared::joined(
        parts.into_iter().map(|part| (part.window, part.balance)),
    )?;
    Some((balance, unmetered))
}

fn complete(parts: Vec<Part<'_>>) -> Option<Complete> {
    let window = Window { from: parts.first()?.window.from, to: parts.last()?.window.to };
    let (balance, _) = sum(parts)?;
    balance.loss.is_some().then_some(Complete { window, balance })
}
