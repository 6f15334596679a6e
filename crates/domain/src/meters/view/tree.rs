//! The tree of meters as rows: which are shown, and where each stands among its siblings.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::MeterId;
use crate::live::MeterCard;

/// Up to so many meters, everything is unfolded at first.
const MOST_UNFOLDED: usize = 200;

/// Meters with their children, in the order of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    cards: Arc<Vec<MeterCard>>,
    index: HashMap<MeterId, usize>,
    children: HashMap<Option<MeterId>, Vec<MeterId>>,
}

impl Tree {
    /// A meter whose parent is not among the meters is a root.
    pub fn of(cards: Arc<Vec<MeterCard>>) -> Self {
        let index: HashMap<_, _> = cards.iter().enumerate().map(|(i, card)| (card.id, i)).collect();
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        for card in cards.iter() {
            let parent = card.parent.filter(|parent| index.contains_key(parent));
            children.entry(parent).or_default().push(card.id);
        }
        Self { cards, index, children }
    }

    /// How many meters there are.
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// How many levels they stand on.
    pub fn levels(&self) -> usize {
        self.cards.iter().map(|card| card.level).collect::<HashSet<_>>().len()
    }

    /// What does not change about a meter.
    pub fn card(&self, id: MeterId) -> Option<&MeterCard> {
        self.index.get(&id).map(|&i| &self.cards[i])
    }

    /// The meters right below one, or the roots.
    pub fn children(&self, id: Option<MeterId>) -> &[MeterId] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether anything hangs below a meter.
    pub fn is_node(&self, id: MeterId) -> bool {
        !self.children(Some(id)).is_empty()
    }

    /// Everything below a meter.
    pub fn below(&self, id: MeterId) -> Vec<MeterId> {
        let mut found: Vec<_> = self.children(Some(id)).to_vec();
        let mut at = 0;
        while at < found.len() {
            found.extend_from_slice(self.children(Some(found[at])));
            at += 1;
        }
        found
    }

    /// Meters with children.
    pub fn nodes(&self) -> impl Iterator<Item = MeterId> + '_ {
        self.children.keys().copied().flatten()
    }

    /// From the parent of a meter up to its root.
    pub fn ancestors(&self, id: MeterId) -> impl Iterator<Item = MeterId> + '_ {
        let parent = |id| self.card(id).and_then(|card| card.parent);
        std::iter::successors(parent(id), move |&id| parent(id)).take(self.cards.len())
    }

    /// What is meant by a filter.
    pub fn meant(&self, is_meant: impl Fn(&MeterCard) -> bool) -> BTreeSet<MeterId> {
        self.cards.iter().filter(|card| is_meant(card)).map(|card| card.id).collect()
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Meter(MeterId),
    /// The small children of a meter, taken together.
    Others(MeterId),
}

/// A row that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub key: Key,
    /// What it hangs below in the tree.
    pub parent: Option<Key>,
    /// Steps from the root, from 0.
    pub depth: usize,
    /// Its place among its siblings, from 1.
    pub place: usize,
    /// How many there are.
    pub siblings: usize,
    /// Whether it can be unfolded.
    pub is_node: bool,
    /// Whether it is shown only for what is below it.
    pub only_path: bool,
}

/// What is folded in a tree: nodes, unless stated otherwise open; others, unless stated closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folds {
    folded: HashSet<MeterId>,
    opened: HashSet<MeterId>,
}

impl Folds {
    /// What is folded before anyone chose: nothing, unless the plant is large; then what is below the
    /// third level.
    pub fn first(tree: &Tree) -> Self {
        if tree.len() <= MOST_UNFOLDED {
            return Self::default();
        }
        let folded = tree.nodes().filter(|&id| tree.ancestors(id).count() >= 2).collect();
        Self { folded, opened: HashSet::new() }
    }

    /// Everything below the roots.
    pub fn all(tree: &Tree) -> Self {
        let below = |id: &MeterId| tree.card(*id).is_some_and(|card| card.parent.is_some());
        Self { folded: tree.nodes().filter(below).collect(), opened: HashSet::new() }
    }

    /// Nothing, the others of nodes included.
    pub fn none(others: &Others) -> Self {
        Self { folded: HashSet::new(), opened: others.keys().copied().collect() }
    }

    /// Whether a row is folded.
    pub fn has(&self, key: Key) -> bool {
        match key {
            Key::Meter(id) => self.folded.contains(&id),
            Key::Others(id) => !self.opened.contains(&id),
        }
    }

    /// Folds or unfolds a row.
    pub fn set(&mut self, key: Key, fold: bool) {
        let (set, put, id) = match key {
            Key::Meter(id) => (&mut self.folded, fold, id),
            Key::Others(id) => (&mut self.opened, !fold, id),
        };
        if put {
            set.insert(id);
        } else {
            set.remove(&id);
        }
    }

    /// Unfolds whatever hides a meter; false where nothing does.
    pub fn uncover(&mut self, tree: &Tree, others: &Others, id: MeterId) -> bool {
        let before = self.clone();
        for above in tree.ancestors(id) {
            self.folded.remove(&above);
        }
        let parent = tree.card(id).and_then(|card| card.parent);
        if let Some(parent) = parent
            && others.get(&parent).is_some_and(|small| small.contains(&id))
        {
            self.opened.insert(parent);
        }
        *self != before
    }
}

/// Small children by their parent, which are shown as one row until it is unfolded.
pub type Others = HashMap<MeterId, Vec<MeterId>>;

/// The rows to show: all that are not below a folded one. With a filter, what is `meant` with the way to
/// it, folded or not.
pub fn rows(
    tree: &Tree,
    folds: &Folds,
    others: &Others,
    meant: Option<&BTreeSet<MeterId>>,
) -> Vec<Row> {
    let path: Option<BTreeSet<MeterId>> =
        meant.map(|meant| meant.iter().flat_map(|&id| tree.ancestors(id)).collect());
    let walk = Walk { tree, others, meant: meant.zip(path.as_ref()) };
    let mut found = Vec::new();
    let mut open = Vec::new();
    walk.push(None, 0, &mut open);
    while let Some(row) = open.pop() {
        if meant.is_some() || !folds.has(row.key) {
            walk.push(Some(row.key), row.depth + 1, &mut open);
        }
        found.push(row);
    }
    found
}

/// What the rows of a tree are taken from.
struct Walk<'a> {
    tree: &'a Tree,
    others: &'a Others,
    meant: Option<(&'a BTreeSet<MeterId>, &'a BTreeSet<MeterId>)>,
}

impl Walk<'_> {
    /// Puts the shown children of a row on the stack, the first on top.
    fn push(&self, parent: Option<Key>, depth: usize, open: &mut Vec<Row>) {
        let children = self.below(parent);
        let siblings = children.len();
        let row = |(i, key): (usize, Key)| {
            let (is_node, only_path) = match key {
                Key::Meter(id) => {
                    let only_path = self.meant.is_some_and(|(meant, _)| !meant.contains(&id));
                    (self.tree.is_node(id), only_path)
                }
                Key::Others(_) => (true, false),
            };
            Row { key, parent, depth, place: i + 1, siblings, is_node, only_path }
        };
        open.extend(children.into_iter().enumerate().map(row).rev());
    }

    fn below(&self, parent: Option<Key>) -> Vec<Key> {
        let id = match parent {
            Some(Key::Others(id)) => {
                let small = self.others.get(&id).map_or(&[][..], Vec::as_slice);
                return small.iter().copied().map(Key::Meter).collect();
            }
            Some(Key::Meter(id)) => Some(id),
            None => None,
        };
        let children = self.tree.children(id).iter().copied();
        if let Some((meant, path)) = self.meant {
            let shown = |id: &MeterId| meant.contains(id) || path.contains(id);
            return children.filter(shown).map(Key::Meter).collect();
        }
        match id.and_then(|id| Some((id, self.others.get(&id)?))) {
            Some((id, small)) => {
                let small: HashSet<_> = small.iter().collect();
                let large = children.filter(|child| !small.contains(child)).map(Key::Meter);
                large.chain([Key::Others(id)]).collect()
            }
            None => children.map(Key::Meter).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meters::SourceKind;

    fn tree() -> Tree {
        let card = |id: i64, parent: Option<i64>, name: &str| MeterCard {
            id: MeterId(id),
            number: format!("M-{id}"),
            name: name.into(),
            meter_type: "Unit".into(),
            kind: SourceKind::Load,
            level: 0,
            parent: parent.map(MeterId),
            feeds_parent: false,
            area: None,
            is_aside: false,
        };
        Tree::of(Arc::new(vec![
            card(1, None, "Grid"),
            card(2, Some(1), "Unit A"),
            card(3, Some(1), "Unit B"),
            card(4, Some(2), "Press"),
            card(5, Some(3), "Oven"),
            card(6, Some(99), "Stray"),
            card(7, Some(3), "Lamp"),
            card(8, Some(3), "Fan"),
        ]))
    }

    fn folded(ids: &[i64]) -> Folds {
        let mut folds = Folds::default();
        for &id in ids {
            folds.set(Key::Meter(MeterId(id)), true);
        }
        folds
    }

    fn others() -> Others {
        Others::from([(MeterId(3), vec![MeterId(7), MeterId(8)])])
    }

    /// Ids of the rows; that of a row of others is its parent's, below zero.
    fn ids(rows: &[Row]) -> Vec<i64> {
        let id = |row: &Row| match row.key {
            Key::Meter(id) => id.0,
            Key::Others(id) => -id.0,
        };
        rows.iter().map(id).collect()
    }

    fn shown(folds: &Folds, others: &Others, filter: Option<&str>) -> Vec<Row> {
        let tree = tree();
        let meant = filter.map(|name| tree.meant(|card| card.name == name));
        rows(&tree, folds, others, meant.as_ref())
    }

    #[test]
    fn children_follow_their_parent_and_nobody_is_lost() {
        let rows = shown(&Folds::default(), &Others::new(), None);
        assert_eq!(ids(&rows), [1, 2, 4, 3, 5, 7, 8, 6]);
    }

    #[test]
    fn what_is_below_a_folded_meter_is_hidden() {
        let none = Others::new();
        assert_eq!(ids(&shown(&folded(&[2, 3]), &none, None)), [1, 2, 3, 6]);
        assert_eq!(ids(&shown(&folded(&[1]), &none, None)), [1, 6]);
    }

    #[test]
    fn small_children_stand_as_one_row_until_it_is_unfolded() {
        let mut folds = Folds::default();
        assert_eq!(ids(&shown(&folds, &others(), None)), [1, 2, 4, 3, 5, -3, 6]);
        folds.set(Key::Others(MeterId(3)), false);
        let rows = shown(&folds, &others(), None);
        assert_eq!(ids(&rows), [1, 2, 4, 3, 5, -3, 7, 8, 6]);
        assert_eq!((rows[6].depth, rows[6].parent), (3, Some(Key::Others(MeterId(3)))));
        assert_eq!(ids(&shown(&Folds::none(&others()), &others(), None)).len(), 9);
    }

    #[test]
    fn a_filter_shows_the_way_to_what_it_finds_even_where_folded() {
        let rows = shown(&folded(&[1, 3]), &others(), Some("Lamp"));
        assert_eq!(ids(&rows), [1, 3, 7]);
        assert_eq!(rows.iter().map(|row| row.only_path).collect::<Vec<_>>(), [true, true, false]);
        assert!(shown(&Folds::default(), &others(), Some("nothing")).is_empty());
    }

    #[test]
    fn a_row_knows_its_place_among_its_siblings() {
        let rows = shown(&Folds::default(), &Others::new(), None);
        let b = rows.iter().find(|row| row.key == Key::Meter(MeterId(3))).unwrap();
        assert_eq!((b.place, b.siblings, b.depth, b.is_node), (2, 2, 1, true));
    }

    #[test]
    fn whatever_hides_a_meter_is_unfolded() {
        let (tree, mut folds) = (tree(), folded(&[1, 2, 3]));
        assert!(folds.uncover(&tree, &others(), MeterId(8)));
        assert_eq!(ids(&shown(&folds, &others(), None)), [1, 2, 3, 5, -3, 7, 8, 6]);
        assert!(!folds.uncover(&tree, &others(), MeterId(8)));
        assert_eq!(tree.below(MeterId(1)).len(), 6);
    }
}
