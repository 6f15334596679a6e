//! The meters of a site with what they counted in a window, and the balances of its nodes.
//!
//! The balances that a meter is part of are cut where it was moved inside the window: each piece is
//! balanced with the tree as it stood then, and the balances are added.

mod balances;
mod complete;
mod moved;
mod under_way;
mod unmetered;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::slice;
use std::sync::Arc;

use domain::MeterId;
use domain::energy::window::{Known, Window};
use domain::losses::unmetered::Unmetered;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use futures::{StreamExt as _, TryStreamExt as _, stream};

pub(crate) use balances::{Complete, NodeBalance, Part, Whole};
pub(crate) use moved::{Stood, of_node};
pub(crate) use unmetered::{unmetered_kwh, unmetered_of_site};

use crate::energy::explain::{Explain, Registers, UsedFactor};
use crate::energy::{self, Counted};
use crate::{Core, Error};
use complete::Stretches;
use moved::Group;

/// Stretches that are asked for at once.
const AT_ONCE: usize = 4;

/// The figures of meters, each by its id.
type CountedById = Arc<HashMap<MeterId, Counted>>;

/// A stretch of the window, with the tree at its end and what meters counted in it.
struct Piece {
    window: Window,
    tree: Arc<Tree>,
    counted: CountedById,
}

/// A stretch of the window in which no source was moved, with what the sources counted in it.
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
    /// The trees as they stood, in order of time.
    trees: Vec<Arc<Tree>>,
    /// The whole window.
    whole: Piece,
    /// The pieces of it for those in which something was moved.
    moved: HashMap<Group, Vec<Piece>>,
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
        let (unmetered, trees) = tokio::try_join!(service.unmetered(&site), service.trees(&site))?;
        let trees = trees.as_learned(service.figures_pool(), window.to).await?;
        let stood = trees.stood(window).into_iter();
        let stood: Vec<Stood> = stood.map(|(window, tree)| (window, Arc::new(tree))).collect();
        // In the order of their ids, rows that lie side by side are read one after the other.
        let mut needed: BTreeMap<MeterId, &Meter> = BTreeMap::new();
        for (_, tree) in &stood {
            needed.extend(scope(tree, only).into_iter().map(|meter| (meter.id, meter)));
        }
        let needed: Vec<&Meter> = needed.into_values().collect();
        let moved = moved::cut(&stood, only);
        let mut in_pieces: HashMap<Window, (&Tree, BTreeSet<MeterId>)> = HashMap::new();
        for (group, pieces) in &moved {
            for (window, tree) in pieces {
                let (_, meters) = in_pieces.entry(*window).or_insert((tree, BTreeSet::new()));
                meters.extend(group.meters(tree));
            }
        }
        let its_site = &site;
        let in_pieces = in_pieces.into_iter().map(|(window, (tree, ids))| async move {
            let meters: Vec<&Meter> = ids.iter().filter_map(|id| tree.get(*id)).collect();
            let counted = energy::counted(service, its_site, &meters, window).await?;
            Ok::<_, Error>((window, Arc::new(counted)))
        });
        let in_pieces: Vec<_> = in_pieces.collect();
        let (counted, in_pieces): (_, HashMap<Window, CountedById>) = tokio::try_join!(
            energy::counted(service, its_site, &needed, window),
            stream::iter(in_pieces).buffer_unordered(AT_ONCE).try_collect(),
        )?;
        let moved = pieces(moved, &in_pieces);
        let trees: Vec<Arc<Tree>> = stood.into_iter().map(|(_, tree)| tree).collect();
        let tree = trees.last().cloned().unwrap_or_default();
        let whole = Piece { window, tree, counted: Arc::new(counted) };
        let (unmetered, stretches) = (unmetered.to_vec(), Stretches::default());
        let mut figures = Self { site, window, trees, whole, moved, unmetered, stretches };
        figures.stretches = Stretches::load(service, &figures, only).await?;
        Ok(figures)
    }

    /// The tree as it stood at the end of the window.
    pub(crate) fn tree(&self) -> &Tree {
        &self.whole.tree
    }

    /// The stretches of the window in which no source was moved, in order of time; at least one.
    pub(crate) fn spans_of_sources(&self) -> impl Iterator<Item = Span<'_>> {
        let pieces = self.pieces(Group::Sources).iter();
        pieces.map(|Piece { window, tree, counted }| Span { window: *window, tree, counted })
    }

    /// The pieces of the window in which nothing of a group was moved, in order of time; at least one.
    fn pieces(&self, group: Group) -> &[Piece] {
        self.moved.get(&group).map_or(slice::from_ref(&self.whole), Vec::as_slice)
    }

    /// A meter as it stood last in the window.
    pub(crate) fn meter(&self, id: MeterId) -> Option<&Meter> {
        self.trees.iter().rev().find_map(|tree| tree.get(id))
    }

    /// What a meter counted over the whole window.
    pub(crate) fn counted(&self, id: MeterId) -> Option<&Counted> {
        self.whole.counted.get(&id)
    }

    /// Its energy over the whole window.
    pub(crate) fn known(&self, id: MeterId) -> Option<Known> {
        self.whole.counted.get(&id)?.known
    }

    /// What all meters counted over the whole window.
    pub(crate) fn all(&self) -> &HashMap<MeterId, Counted> {
        &self.whole.counted
    }

    /// Declared load that no meter sees.
    pub(crate) fn unmetered(&self) -> &[Unmetered] {
        &self.unmetered
    }

    /// Every meter that was a node in the window, parents first.
    pub(crate) fn nodes(&self) -> Vec<&Meter> {
        let mut seen = HashSet::new();
        let nodes = self.trees.iter().rev().flat_map(|tree| tree.nodes());
        nodes.filter(|node| seen.insert(node.id)).collect()
    }

    /// The meters that hung below a node in the window, each with what it counted while it did.
    pub(crate) fn children(&self, node: MeterId) -> Vec<(&Meter, Option<Known>)> {
        let mut children: Vec<(&Meter, Option<Known>)> = Vec::new();
        let mut places: HashMap<MeterId, usize> = HashMap::new();
        for piece in self.pieces(Group::Node(node)).iter().rev() {
            for child in piece.tree.children(node) {
                let known = known_of(&piece.counted, child.id);
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
}

/// The pieces of groups with what was counted in them.
fn pieces(
    moved: HashMap<Group, Vec<Stood>>,
    counted: &HashMap<Window, CountedById>,
) -> HashMap<Group, Vec<Piece>> {
    let piece = |(window, tree): Stood| {
        let counted = counted.get(&window).cloned().unwrap_or_default();
        Piece { window, tree, counted }
    };
    let of_group =
        |(group, stood): (Group, Vec<Stood>)| (group, stood.into_iter().map(piece).collect());
    moved.into_iter().map(of_group).collect()
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
