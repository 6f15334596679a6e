//! Cuts a window for meters that are counted together where one of them was moved, whatever was moved elsewhere.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::sync::Arc;

use domain::MeterId;
use domain::energy::window::Window;
use domain::losses::balance;
use domain::meters::hierarchy::Tree;
use domain::meters::{Meter, SourceKind};

/// A stretch of a window, with the tree at its end.
pub(crate) type Stood = (Window, Arc<Tree>);

/// Meters that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Group {
    /// A node with what hangs below it.
    Node(MeterId),
    /// The boundary of the site.
    Boundary,
    /// The meters that energy comes in through.
    Sources,
}

/// Meters that the figures of a group rest on, each with how it counts.
type Shape = Vec<(MeterId, Option<bool>, bool)>;

impl Group {
    /// The meters of the group.
    pub(super) fn meters(self, tree: &Tree) -> Vec<MeterId> {
        match self {
            Self::Node(node) => {
                iter::once(node).chain(tree.children(node).map(|child| child.id)).collect()
            }
            Self::Boundary => self.shape(tree).into_iter().map(|(meter, ..)| meter).collect(),
            Self::Sources => tree.sources().into_iter().map(|(meter, _)| meter.id).collect(),
        }
    }

    fn shape(self, tree: &Tree) -> Shape {
        match self {
            Self::Node(node) => {
                let children = tree.children(node);
                let children = children.map(|child| (child.id, Some(child.feeds_parent), true));
                // A meter above may have a tariff of its own.
                let above = tree.ancestors(node).map(|meter| (meter.id, None, false));
                children.chain(above).collect()
            }
            Self::Boundary => {
                let ends = balance::boundary(tree);
                let ends =
                    ends.map(|(meter, enters)| (meter.id, Some(enters), tree.is_node(meter.id)));
                let alone = tree.counted().filter(|meter| tree.is_alone(meter));
                ends.chain(alone.map(|meter| (meter.id, None, false))).collect()
            }
            Self::Sources => Vec::new(),
        }
    }

    /// All of a site; of one node, its own and those of the nodes below it.
    fn all(stood: &[Stood], only: Option<MeterId>) -> HashSet<Self> {
        let nodes = stood.iter().flat_map(|(_, tree)| tree.nodes());
        let nodes = nodes
            .filter(|node| only.is_none_or(|only| node.id == only || node.parent == Some(only)));
        let nodes = nodes.map(|node| Self::Node(node.id));
        let site = [Self::Boundary, Self::Sources].into_iter().filter(|_| only.is_none());
        nodes.chain(site).collect()
    }
}

/// The groups in which something was moved, each with the stretches in which nothing was. `stood` are those in which
/// nothing was moved anywhere.
pub(super) fn cut(stood: &[Stood], only: Option<MeterId>) -> HashMap<Group, Vec<Stood>> {
    if stood.len() < 2 {
        return HashMap::new();
    }
    let sources: Vec<_> = stood.iter().map(|(_, tree)| sources(tree)).collect();
    let groups = Group::all(stood, only).into_iter();
    let groups = groups.map(|group| (group, joined(group, stood, &sources)));
    groups.filter(|(_, stretches)| stretches.len() > 1).collect()
}

/// The stretches in which nothing that the balance of a node rests on was moved.
pub(crate) fn of_node(node: MeterId, stood: Vec<Stood>) -> Vec<Stood> {
    if stood.len() < 2 {
        return stood;
    }
    let sources: Vec<_> = stood.iter().map(|(_, tree)| sources(tree)).collect();
    joined(Group::Node(node), &stood, &sources)
}

/// Stretches put together where nothing that a group rests on differs: the sources do too, which say at which price a
/// loss is counted.
fn joined(group: Group, stood: &[Stood], sources: &[Vec<Source>]) -> Vec<Stood> {
    let mut all: Vec<(Stood, _)> = Vec::new();
    for ((window, tree), sources) in stood.iter().zip(sources) {
        let shape = (sources, group.shape(tree));
        let tree = Arc::clone(tree);
        match all.last_mut() {
            Some(((last, of), before)) if *before == shape => (last.to, *of) = (window.to, tree),
            _ => all.push(((*window, tree), shape)),
        }
    }
    all.into_iter().map(|(stood, _)| stood).collect()
}

/// A source, with whether it feeds what is above it, and whether it stands by itself.
type Source = (MeterId, SourceKind, bool, bool);

fn sources(tree: &Tree) -> Vec<Source> {
    let of = |(meter, kind): (&Meter, SourceKind)| {
        (meter.id, kind, meter.feeds_parent, tree.is_alone(meter))
    };
    tree.sources().into_iter().map(of).collect()
}
