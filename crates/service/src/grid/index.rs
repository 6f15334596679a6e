//! Transformers in memory, found by place and room.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use domain::grid::feasibility::{Bounds, Need, Place, Room, Transformer, TransformerId};
use rstar::{AABB, Envelope as _, ParentNode, RTree, RTreeNode, RTreeObject};
use storage::grid::transformers::Stored;

use super::reach::{Point, Reach};

/// From so many changes at once it is quicker to build the tree anew.
const MANY: usize = 10_000;

/// All transformers, in an R*-tree of points on the unit sphere, whose straight distances order them
/// as great circles do. Values that change are part of the tree, so that a search passes over what has
/// no room for the request.
#[derive(Default)]
pub(super) struct Index {
    tree: RTree<Leaf>,
    by_id: HashMap<TransformerId, Arc<Stored>>,
}

struct Leaf {
    stored: Arc<Stored>,
    point: Point,
    room: Room,
}

impl Leaf {
    fn new(stored: Arc<Stored>) -> Self {
        let point = stored.transformer.place.on_unit_sphere();
        let room = stored.transformer.loading.room();
        Self { stored, point, room }
    }
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.stored.transformer.id == other.stored.transformer.id
    }
}

impl RTreeObject for Leaf {
    type Envelope = Reach;

    fn envelope(&self) -> Reach {
        Reach::of(self.point, self.room)
    }
}

impl Index {
    /// Builds it from all transformers.
    pub(super) fn load(all: Vec<Stored>) -> Self {
        Self::build(
            all.into_iter().map(|stored| (stored.transformer.id, Arc::new(stored))).collect(),
        )
    }

    fn build(by_id: HashMap<TransformerId, Arc<Stored>>) -> Self {
        let leaves = by_id.values().map(|stored| Leaf::new(Arc::clone(stored))).collect();
        Self { tree: RTree::bulk_load(leaves), by_id }
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Takes in states; those that are not newer than what is known change nothing.
    pub(super) fn apply(&mut self, changed: Vec<Stored>) {
        let is_newer = |known: &HashMap<TransformerId, Arc<Stored>>, stored: &Stored| {
            known.get(&stored.transformer.id).is_none_or(|known| known.version < stored.version)
        };
        let rebuild = changed.len() > MANY;
        for stored in changed {
            if !is_newer(&self.by_id, &stored) {
                continue;
            }
            let id = stored.transformer.id;
            let stored = Arc::new(stored);
            let before = self.by_id.insert(id, Arc::clone(&stored));
            if !rebuild {
                if let Some(before) = before {
                    self.tree.remove(&Leaf::new(before));
                }
                self.tree.insert(Leaf::new(stored));
            }
        }
        if rebuild {
            *self = Self::build(std::mem::take(&mut self.by_id));
        }
    }

    /// Forgets a transformer that is gone.
    pub(super) fn remove(&mut self, id: TransformerId) {
        if let Some(before) = self.by_id.remove(&id) {
            self.tree.remove(&Leaf::new(before));
        }
    }

    /// Transformers with their distance in metres, the nearest first; only those with room, where
    /// something is needed. Those at one place come in the order in which they were created.
    pub(super) fn nearest(
        &self,
        from: Place,
        need: Option<Need>,
    ) -> impl Iterator<Item = (&Arc<Stored>, f64)> {
        let mut search = Search { point: from.on_unit_sphere(), need, waiting: BinaryHeap::new() };
        search.open(self.tree.root());
        search.map(move |leaf| {
            let place = leaf.stored.transformer.place;
            (&leaf.stored, from.distance_m(place))
        })
    }

    /// Transformers in a part of the map.
    pub(super) fn within(&self, bounds: &Bounds) -> impl Iterator<Item = &Transformer> {
        let places = surround(bounds);
        let mut open = vec![self.tree.root()];
        let mut found = Vec::new().into_iter();
        let bounds = *bounds;
        std::iter::from_fn(move || {
            loop {
                if let Some(transformer) = found.next() {
                    return Some(transformer);
                }
                let node = open.pop()?;
                let mut leaves = Vec::new();
                for child in node.children() {
                    match child {
                        RTreeNode::Leaf(leaf) => leaves.push(&leaf.stored.transformer),
                        RTreeNode::Parent(parent) if parent.envelope().meets(&places) => {
                            open.push(parent);
                        }
                        RTreeNode::Parent(_) => {}
                    }
                }
                leaves.retain(|transformer| bounds.contains(transformer.place));
                found = leaves.into_iter();
            }
        })
    }
}

/// A box around all points of a part of the map.
fn surround(bounds: &Bounds) -> AABB<Point> {
    // Over more than a hemisphere, the corners are not the farthest points from the middle.
    if bounds.width() > 90.0 {
        return AABB::from_corners([-1.0; 3], [1.0; 3]);
    }
    let middle = bounds.middle().on_unit_sphere();
    let corners = [bounds.south, bounds.north]
        .map(|latitude| Place { latitude, longitude: bounds.east }.on_unit_sphere());
    let radius = corners.map(|corner| square_distance(middle, corner).sqrt());
    AABB::from_center(middle, radius[0].max(radius[1]) + 1e-9)
}

fn square_distance(one: Point, other: Point) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
}

/// Best first: whatever is nearest is opened or answered next.
struct Search<'a> {
    point: Point,
    need: Option<Need>,
    waiting: BinaryHeap<Waiting<'a>>,
}

struct Waiting<'a> {
    square_distance: f64,
    node: &'a RTreeNode<Leaf>,
}

impl<'a> Search<'a> {
    fn open(&mut self, parent: &'a ParentNode<Leaf>) {
        for node in parent.children() {
            let (may_take, square_distance) = match node {
                RTreeNode::Leaf(leaf) => (
                    self.need.is_none_or(|need| leaf.room.takes(need)),
                    square_distance(self.point, leaf.point),
                ),
                RTreeNode::Parent(parent) => {
                    let reach = parent.envelope();
                    (reach.may_take(self.need), reach.distance_2(&self.point))
                }
            };
            if may_take {
                self.waiting.push(Waiting { square_distance, node });
            }
        }
    }
}

impl<'a> Iterator for Search<'a> {
    type Item = &'a Leaf;

    fn next(&mut self) -> Option<&'a Leaf> {
        loop {
            match self.waiting.pop()?.node {
                RTreeNode::Leaf(leaf) => return Some(leaf),
                RTreeNode::Parent(parent) => self.open(parent),
            }
        }
    }
}

impl Waiting<'_> {
    /// Nodes before transformers, since they may hold others just as near; those by creation.
    fn place(&self) -> Option<i64> {
        match self.node {
            RTreeNode::Leaf(leaf) => Some(leaf.stored.n),
            RTreeNode::Parent(_) => None,
        }
    }
}

impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_distance = other.square_distance.total_cmp(&self.square_distance);
        by_distance.then_with(|| other.place().cmp(&self.place()))
    }
}

impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting<'_> {}
