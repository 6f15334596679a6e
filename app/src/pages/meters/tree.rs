//! The tree as rows: which are shown, and where each stands among its siblings.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::MeterId;
use domain::live::MeterCard;

use crate::components::search::is_meant;

/// Meters with their children, in the order of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    cards: Arc<Vec<MeterCard>>,
    index: HashMap<MeterId, usize>,
    children: HashMap<Option<MeterId>, Vec<MeterId>>,
}

impl Tree {
    /// A meter whose parent is not among the meters is a root.
    pub(super) fn of(cards: Arc<Vec<MeterCard>>) -> Self {
        let index: HashMap<_, _> = cards.iter().enumerate().map(|(i, card)| (card.id, i)).collect();
        let mut children: HashMap<_, Vec<_>> = HashMap::new();
        for card in cards.iter() {
            let parent = card.parent.filter(|parent| index.contains_key(parent));
            children.entry(parent).or_default().push(card.id);
        }
        Self { cards, index, children }
    }

    pub(super) fn len(&self) -> usize {
        self.cards.len()
    }

    pub(super) fn levels(&self) -> usize {
        self.cards.iter().map(|card| card.level).collect::<HashSet<_>>().len()
    }

    pub(super) fn card(&self, id: MeterId) -> Option<&MeterCard> {
        self.index.get(&id).map(|&i| &self.cards[i])
    }

    pub(super) fn children(&self, id: Option<MeterId>) -> &[MeterId] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_node(&self, id: MeterId) -> bool {
        !self.children(Some(id)).is_empty()
    }

    /// Everything below a meter.
    pub(super) fn below(&self, id: MeterId) -> Vec<MeterId> {
        let mut found: Vec<_> = self.children(Some(id)).to_vec();
        let mut at = 0;
        while at < found.len() {
            found.extend_from_slice(self.children(Some(found[at])));
            at += 1;
        }
        found
    }

    /// Meters with children.
    pub(super) fn nodes(&self) -> impl Iterator<Item = MeterId> + '_ {
        self.children.keys().copied().flatten()
    }

    /// From the parent of a meter up to its root.
    pub(super) fn ancestors(&self, id: MeterId) -> impl Iterator<Item = MeterId> + '_ {
        let parent = |id| self.card(id).and_then(|card| card.parent);
        std::iter::successors(parent(id), move |&id| parent(id)).take(self.cards.len())
    }
}

/// A row that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub(super) id: MeterId,
    pub(super) parent: Option<MeterId>,
    /// Steps from the root, from 0.
    pub(super) depth: usize,
    pub(super) place: usize,
    pub(super) siblings: usize,
    pub(super) is_node: bool,
    /// Whether it is shown only for what is below it.
    pub(super) only_path: bool,
}

/// The rows to show: all that are not below a folded one; with a filter, what is meant with the way
/// to it, folded or not.
pub(super) fn rows(tree: &Tree, folded: &HashSet<MeterId>, filter: &str) -> Vec<Row> {
    let filter = filter.trim();
    let meant: Option<HashSet<MeterId>> = (!filter.is_empty()).then(|| {
        let meant = tree.cards.iter().filter(|card| is_meant(card, filter));
        meant.map(|card| card.id).collect()
    });
    let on_path = meant
        .as_ref()
        .map(|meant| meant.iter().flat_map(|&id| tree.ancestors(id)).collect::<HashSet<MeterId>>());
    let shown = |id: &MeterId| {
        meant.as_ref().is_none_or(|m| m.contains(id))
            || on_path.as_ref().is_some_and(|p| p.contains(id))
    };
    let mut found = Vec::new();
    let mut open = Vec::new();
    push(tree, None, 0, shown, &mut open);
    while let Some(mut row) = open.pop() {
        row.only_path = meant.as_ref().is_some_and(|meant| !meant.contains(&row.id));
        if meant.is_some() || !folded.contains(&row.id) {
            push(tree, Some(row.id), row.depth + 1, shown, &mut open);
        }
        found.push(row);
    }
    found
}

/// Puts the shown children of a meter on the stack, the first on top.
fn push(
    tree: &Tree,
    parent: Option<MeterId>,
    depth: usize,
    shown: impl Fn(&MeterId) -> bool,
    open: &mut Vec<Row>,
) {
    let children: Vec<_> = tree.children(parent).iter().copied().filter(shown).collect();
    let siblings = children.len();
    let row = |(i, id): (usize, MeterId)| {
        let is_node = tree.is_node(id);
        Row { id, parent, depth, place: i + 1, siblings, is_node, only_path: false }
    };
    open.extend(children.into_iter().enumerate().map(row).rev());
}

#[cfg(test)]
mod tests {
    use domain::meter::SourceKind;

    use super::*;

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
        };
        Tree::of(Arc::new(vec![
            card(1, None, "Grid"),
            card(2, Some(1), "Unit A"),
            card(3, Some(1), "Unit B"),
            card(4, Some(2), "Press"),
            card(5, Some(3), "Oven"),
            card(6, Some(99), "Stray"),
        ]))
    }

    fn ids(folded: &[i64], filter: &str) -> Vec<i64> {
        let folded = folded.iter().map(|&id| MeterId(id)).collect();
        rows(&tree(), &folded, filter).iter().map(|row| row.id.0).collect()
    }

    #[test]
    fn children_follow_their_parent_and_nobody_is_lost() {
        assert_eq!(ids(&[], ""), [1, 2, 4, 3, 5, 6]);
    }

    #[test]
    fn what_is_below_a_folded_meter_is_hidden() {
        assert_eq!(ids(&[2], ""), [1, 2, 3, 5, 6]);
        assert_eq!(ids(&[1], ""), [1, 6]);
    }

    #[test]
    fn a_filter_shows_the_way_to_what_it_finds_even_where_folded() {
        assert_eq!(ids(&[1, 3], "oven"), [1, 3, 5]);
        let found = rows(&tree(), &HashSet::new(), "oven");
        assert_eq!(found.iter().map(|row| row.only_path).collect::<Vec<_>>(), [true, true, false]);
        assert!(ids(&[], "nothing").is_empty());
    }

    #[test]
    fn a_row_knows_its_place_among_its_siblings() {
        let rows = rows(&tree(), &HashSet::new(), "");
        let b = rows.iter().find(|row| row.id == MeterId(3)).unwrap();
        assert_eq!((b.place, b.siblings, b.depth, b.is_node), (2, 2, 1, true));
    }

    #[test]
    fn everything_below_is_found() {
        assert_eq!(tree().below(MeterId(1)).len(), 4);
    }
}
