//! The meters of a site with what they counted in a window, and the balances of its nodes.
//!
//! Where meters were moved inside the window it is cut there: each piece is balanced with the tree as
//! it stood then, and the balances are added.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::balance::Balance;
use domain::hierarchy::Tree;
use domain::meter::Meter;
use domain::site::Site;
use domain::window::{self, Known, Window};
use domain::{Kwh, MeterId};
use storage::unmetered::Unmetered;

use crate::energy::{self, Counted};
use crate::window::tree;
use crate::{Error, Service};

/// A stretch of the window in which nothing was moved.
struct Piece {
    window: Window,
    tree: Tree,
    /// What the meters counted in it; none where it is the whole window.
    counted: Option<HashMap<MeterId, Counted>>,
}

/// What a site's meters counted in a window.
pub(crate) struct Figures {
    /// The site.
    pub(crate) site: Site,
    /// The window.
    pub(crate) window: Window,
    pieces: Vec<Piece>,
    /// Over the whole window.
    counted: HashMap<MeterId, Counted>,
    unmetered: Vec<Unmetered>,
}

/// A balance with the declared load in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NodeBalance {
    /// The balance.
    pub(crate) balance: Balance,
    /// Declared load below the node that no meter sees.
    pub(crate) unmetered: Kwh,
}

impl Figures {
    /// Of the whole site, or of a node with its children and theirs.
    pub(crate) async fn load(
        service: &Service,
        site: Site,
        window: Window,
        only: Option<MeterId>,
    ) -> Result<Self, Error> {
        let pool = service.pool();
        let (moves, unmetered) = tokio::try_join!(
            storage::placements::moves(pool, site.id, window.from, window.to),
            storage::unmetered::of(pool, site.id),
        )?;
        let mut pieces = Vec::new();
        let mut needed: HashMap<MeterId, Meter> = HashMap::new();
        for window in cut(window, &moves) {
            let tree = tree(service, &site, window).await?;
            needed.extend(scope(&tree, only).into_iter().map(|meter| (meter.id, meter.clone())));
            pieces.push(Piece { window, tree, counted: None });
        }
        let needed: Vec<&Meter> = needed.values().collect();
        let counted = energy::counted(service, &site, &needed, window).await?;
        if pieces.len() > 1 {
            for piece in &mut pieces {
                let meters = scope(&piece.tree, only);
                let counted = energy::counted(service, &site, &meters, piece.window).await?;
                piece.counted = Some(counted);
            }
        }
        Ok(Self { site, window, pieces, counted, unmetered })
    }

    /// The tree as it stood at the end of the window.
    pub(crate) fn tree(&self) -> &Tree {
        // A window has at least one piece.
        &self.pieces[self.pieces.len() - 1].tree
    }

    /// What a meter counted over the whole window.
    pub(crate) fn counted(&self, id: MeterId) -> Option<&Counted> {
        self.counted.get(&id)
    }

    /// Its energy over the whole window.
    pub(crate) fn known(&self, id: MeterId) -> Option<Known> {
        self.counted.get(&id)?.known
    }

    /// What all meters counted over the whole window.
    pub(crate) fn all(&self) -> &HashMap<MeterId, Counted> {
        &self.counted
    }

    /// Every meter that was a node in the window, parents first.
    pub(crate) fn nodes(&self) -> Vec<&Meter> {
        let mut seen = HashSet::new();
        let pieces = self.pieces.iter().rev();
        pieces.flat_map(|piece| piece.tree.nodes()).filter(|node| seen.insert(node.id)).collect()
    }

    /// The meters that hung below a node in the window, each with what it counted while it did.
    pub(crate) fn children(&self, node: MeterId) -> Vec<(&Meter, Option<Known>)> {
        let mut children: Vec<(&Meter, Option<Known>)> = Vec::new();
        for piece in self.pieces.iter().rev() {
            for child in piece.tree.children(node) {
                let known = self.in_piece(piece, child.id);
                match children.iter_mut().find(|(meter, _)| meter.id == child.id) {
                    Some((_, sum)) => {
                        *sum = sum.zip(known).map(|(sum, known)| sum.and(known));
                    }
                    None => children.push((child, known)),
                }
            }
        }
        children
    }

    fn in_piece(&self, piece: &Piece, id: MeterId) -> Option<Known> {
        piece.counted.as_ref().unwrap_or(&self.counted).get(&id)?.known
    }

    /// Balance of a node; none where nothing hung below it.
    pub(crate) fn balance(&self, node: MeterId) -> Option<NodeBalance> {
        let mut whole: Option<(Balance, f64)> = None;
        let mut unmetered = Kwh::ZERO;
        for piece in &self.pieces {
            let Some(meter) = piece.tree.get(node).filter(|_| piece.tree.is_node(node)) else {
                continue;
            };
            let own = self.in_piece(piece, node);
            let children =
                piece.tree.children(node).map(|child| (child, self.in_piece(piece, child.id)));
            let balance = window::balance((meter, own), children);
            let load = unmetered_kwh(&self.unmetered, node, piece.window, own);
            let balance = balance.with_unmetered(load);
            unmetered += load;
            let seconds = (piece.window.to - piece.window.from).as_seconds_f64();
            whole = Some(match whole {
                None => (balance, seconds),
                Some((sum, before)) => {
                    (sum.then(balance, before / (before + seconds)), before + seconds)
                }
            });
        }
        whole.map(|(balance, _)| NodeBalance { balance, unmetered })
    }

    /// Balance of the whole site.
    pub(crate) fn whole(&self) -> Balance {
        let energy = |id| self.known(id).map(|known| known.energy);
        let balance = domain::balance::of_site(self.tree(), energy);
        let nodes: HashSet<MeterId> = self.unmetered.iter().map(|load| load.meter).collect();
        let load = |node| unmetered_kwh(&self.unmetered, node, self.window, self.known(node));
        let load: Kwh = nodes.into_iter().map(load).sum();
        balance.with_unmetered(load)
    }
}

/// The window cut at each move.
fn cut(window: Window, moves: &[DateTime<Utc>]) -> Vec<Window> {
    let ends = moves.iter().copied().chain([window.to]);
    let starts = std::iter::once(window.from).chain(moves.iter().copied());
    starts.zip(ends).map(|(from, to)| Window { from, to }).collect()
}

fn scope(tree: &Tree, only: Option<MeterId>) -> Vec<&Meter> {
    let Some(node) = only else { return tree.meters().iter().collect() };
    let children: Vec<&Meter> = tree.below(node).collect();
    let below = children.iter().flat_map(|child| tree.children(child.id));
    tree.get(node).into_iter().chain(children.iter().copied()).chain(below).collect()
}

/// Declared load of a whole site in a window.
pub(crate) fn unmetered_of_site(loads: &[Unmetered], tree: &Tree, window: Window) -> Kwh {
    let nodes: HashSet<MeterId> = loads.iter().map(|load| load.meter).collect();
    let nodes = nodes.into_iter().filter(|node| tree.is_node(*node));
    nodes.map(|node| unmetered_kwh(loads, node, window, None)).sum()
}

/// Declared load of a node in a window, for the time that its own energy is known for: beyond it there
/// is nothing that the load could be part of. `loads` stand by node and time.
pub(crate) fn unmetered_kwh(
    loads: &[Unmetered],
    node: MeterId,
    window: Window,
    known: Option<Known>,
) -> Kwh {
    let window = known.map_or(window, |known| Window {
        from: window.from.max(known.from),
        to: window.to.min(known.to),
    });
    let own: Vec<&Unmetered> = loads.iter().filter(|load| load.meter == node).collect();
    let mut sum = Kwh::ZERO;
    for (i, load) in own.iter().enumerate() {
        let until = own.get(i + 1).map_or(window.to, |next| next.valid_from).min(window.to);
        let hours = (until - load.valid_from.max(window.from)).as_seconds_f64() / 3600.0;
        sum += Kwh(load.power_kw * hours.max(0.0));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    #[test]
    fn declared_load_counts_from_its_day_until_the_next() {
        let load = |hour, power_kw| Unmetered {
            meter: MeterId(1),
            valid_from: at(hour),
            power_kw,
            reason: String::new(),
        };
        let loads = [load(0, 2.0), load(10, 5.0), load(20, 0.0)];
        let kwh = |from, to| {
            unmetered_kwh(&loads, MeterId(1), Window { from: at(from), to: at(to) }, None).0
        };
        assert_eq!((kwh(-4, 0), kwh(-4, 4), kwh(8, 12), kwh(15, 30)), (0.0, 8.0, 14.0, 25.0));
        assert_eq!(cut(Window { from: at(0), to: at(9) }, &[at(4)]).len(), 2);
    }
}
