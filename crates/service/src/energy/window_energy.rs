//! The meters of a site with what they counted in a window, and the balances of its nodes.
//!
//! Where meters were moved inside the window it is cut there: each piece is balanced with the tree as
//! it stood then, and the balances are added.

mod balances;
mod complete;
mod under_way;
mod unmetered;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::MeterId;
use domain::energy::window::{Known, Window};
use domain::losses::unmetered::Unmetered;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use futures::{StreamExt as _, TryStreamExt as _, stream};

pub(crate) use balances::{Complete, NodeBalance, Part, Whole};
pub(crate) use unmetered::{unmetered_kwh, unmetered_of_site};

use crate::energy::explain::{Explain, Registers, UsedFactor};
use crate::energy::{self, Counted};
use crate::window::as_learned;
use crate::{Core, Error};
use complete::Stretches;

/// Stretches that are asked for at once.
const AT_ONCE: usize = 4;

/// A stretch of the window in which nothing was moved.
struct Piece {
    window: Window,
    tree: Arc<Tree>,
    /// What the meters counted in it; none where it is the whole window.
    counted: Option<HashMap<MeterId, Counted>>,
}

/// A stretch of the window in which nothing was moved, with what the meters counted in it.
#[derive(Clone, Copy)]
pub(crate) struct Span<'a> {
    /// The stretch.
    pub(crate) window: Window,
    /// Where the meters hung.
    pub(crate) tree: &'a Tree,
    pub(crate) counted: &'a HashMap<MeterId, Counted>,
}

/// What a site's meters counted in a window.
pub(crate) struct WindowEnergy {
    pub(crate) site: Site,
    pub(crate) window: Window,
    pieces: Vec<Piece>,
    /// Over the whole window.
    counted: HashMap<MeterId, Counted>,
    unmetered: Vec<Unmetered>,
    stretches: Stretches,
}

impl WindowEnergy {
    /// Of the whole site, or of a node with its children and theirs.
    pub(crate) async fn load(
        service: &Core,
        site: Site,
        window: Window,
        only: Option<MeterId>,
    ) -> Result<Self, Error> {
        let pool = service.figures_pool();
        let (unmetered, trees) = tokio::try_join!(service.unmetered(&site), service.trees(&site))?;
        let learned = |(window, tree): (Window, Tree)| async move {
            let meters = as_learned(pool, tree.into_meters(), window.to).await?;
            let tree = Arc::new(Tree::new(meters));
            Ok::<_, Error>(Piece { window, tree, counted: None })
        };
        let pieces = stream::iter(trees.stood(window)).map(learned).buffered(AT_ONCE);
        let mut pieces: Vec<Piece> = pieces.try_collect().await?;
        // In the order of their ids, rows that lie side by side are read one after the other.
        let mut needed: BTreeMap<MeterId, &Meter> = BTreeMap::new();
        for piece in &pieces {
            needed.extend(scope(&piece.tree, only).into_iter().map(|meter| (meter.id, meter)));
        }
        let needed: Vec<&Meter> = needed.into_values().collect();
        let mut in_pieces = Vec::new();
        if pieces.len() > 1 {
            for piece in &pieces {
                let (site, window, meters) = (&site, piece.window, scope(&piece.tree, only));
                in_pieces
                    .push(async move { energy::counted(service, site, &meters, window).await });
            }
        }
        let (counted, in_pieces): (_, Vec<_>) = tokio::try_join!(
            energy::counted(service, &site, &needed, window),
            stream::iter(in_pieces).buffered(AT_ONCE).try_collect(),
        )?;
        for (piece, counted) in pieces.iter_mut().zip(in_pieces) {
            piece.counted = Some(counted);
        }
        let (unmetered, stretches) = (unmetered.to_vec(), Stretches::default());
        let mut figures = Self { site, window, pieces, counted, unmetered, stretches };
        figures.stretches = Stretches::load(service, &figures, only).await?;
        Ok(figures)
    }

    /// The tree as it stood at the end of the window.
    pub(crate) fn tree(&self) -> &Tree {
        // A window has at least one piece.
        &self.pieces[self.pieces.len() - 1].tree
    }

    /// The stretches of the window in which nothing was moved, in order of time; at least one.
    pub(crate) fn spans(&self) -> impl DoubleEndedIterator<Item = Span<'_>> {
        self.pieces.iter().map(|piece| {
            let counted = self.in_piece(piece);
            Span { window: piece.window, tree: &piece.tree, counted }
        })
    }

    /// A meter as it stood last in the window.
    pub(crate) fn meter(&self, id: MeterId) -> Option<&Meter> {
        self.spans().rev().find_map(|span| span.tree.get(id))
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

    /// Declared load that no meter sees.
    pub(crate) fn unmetered(&self) -> &[Unmetered] {
        &self.unmetered
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
        let mut places: HashMap<MeterId, usize> = HashMap::new();
        for piece in self.pieces.iter().rev() {
            for child in piece.tree.children(node) {
                let known = known_of(self.in_piece(piece), child.id);
                let before = places.get(&child.id).and_then(|place| children.get_mut(*place));
                if let Some((_, sum)) = before {
                    *sum = sum.zip(known).map(|(sum, known)| sum.and(known));
                } else {
                    places.insert(child.id, children.len());
                    children.push((child, known));
                }
            }
        }
        children
    }

    /// The basis of a figure that rests on meters.
    pub(crate) fn explain<'m>(
        &self,
        formula: &str,
        meters: impl Iterator<Item = &'m Meter>,
        factors: Vec<UsedFactor>,
    ) -> Explain {
        let of = |meter: &Meter| Registers::of(meter, self.counted(meter.id));
        let (formula, readings) = (formula.to_owned(), meters.map(of).collect());
        Explain { formula, readings, factors, tariff: None }
    }

    fn in_piece<'a>(&'a self, piece: &'a Piece) -> &'a HashMap<MeterId, Counted> {
        piece.counted.as_ref().unwrap_or(&self.counted)
    }
}

fn known_of(counted: &HashMap<MeterId, Counted>, id: MeterId) -> Option<Known> {
    counted.get(&id)?.known
}

fn scope(tree: &Tree, only: Option<MeterId>) -> Vec<&Meter> {
    let Some(node) = only else { return tree.meters().iter().collect() };
    let children: Vec<&Meter> = tree.below(node).collect();
    let below = children.iter().flat_map(|child| tree.children(child.id));
    tree.get(node).into_iter().chain(children.iter().copied()).chain(below).collect()
}
