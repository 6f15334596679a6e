//! What the tree is drawn from, and how a stretch of its rows is drawn.

use std::collections::HashMap;
use std::ops::Range;

use domain::MeterId;
use domain::live::MeterLive;
use domain::meters::view::tree::{Key, Others, Row, Tree};
use domain::meters::view::{Counted, MetersPage};
use leptos::prelude::*;

use super::row::{self, Drawn, Place};
use super::selection::Selection;
use ui::components::mark::MeterState;
use ui::live::Meters;
use ui::period::Address;

/// What the period adds to a meter; none of one that it knows nothing of.
pub(super) type Figures = HashMap<MeterId, Option<Counted>>;

type Values = HashMap<MeterId, MeterLive>;

/// What the tree is drawn from. Copies share it.
#[derive(Clone, Copy)]
pub(super) struct Scene {
    pub(super) live: Meters,
    pub(super) page: RwSignal<MetersPage>,
    pub(super) figures: RwSignal<Figures>,
    pub(super) tree: Memo<Tree>,
    pub(super) others: Memo<Others>,
    pub(super) selection: Selection,
    pub(super) rows: Memo<Vec<Row>>,
    /// Meters that someone should look after, as of the newest message.
    pub(super) troubled: Memo<Vec<MeterId>>,
    pub(super) address: Address,
}

impl Scene {
    /// Meters in trouble.
    pub(super) fn troubled(live: Meters) -> Memo<Vec<MeterId>> {
        Memo::new(move |_| {
            let is_troubled = |value: &&MeterLive| MeterState::of(value).is_trouble();
            live.read(|values| values.values().filter(is_troubled).map(|value| value.id).collect())
        })
    }

    /// Whatever runs is run again when a drawing would be another.
    pub(super) fn track(self) {
        self.live.status.at.track();
        self.page.track();
        self.figures.track();
        self.rows.track();
        self.selection.selected.track();
        self.selection.focused.track();
        self.address.period();
    }

    /// The rows of a stretch as they are drawn.
    pub(super) fn draw(self, stretch: &Range<usize>) -> Vec<(Key, Drawn)> {
        let query = untrack(|| self.address.period());
        let stop = self.stop(stretch);
        let selected = self.selection.selected.get_untracked().map(Key::Meter);
        let hidden = self.hidden_troubles();
        let rows = self.rows.read_untracked();
        untrack(|| {
            self.live.read(|values| {
                let row = |(index, row): (usize, &Row)| {
                    let place = Place {
                        index,
                        is_folded: self.selection.is_folded(row.key),
                        is_selected: Some(row.key) == selected,
                        is_stop: Some(row.key) == stop,
                        troubled: hidden.get(&row.key).copied().unwrap_or_default(),
                    };
                    Some((row.key, self.drawn(row, &place, &query, values)?))
                };
                let shown = rows.iter().enumerate().skip(stretch.start).take(stretch.len());
                shown.filter_map(row).collect()
            })
        })
    }

    fn drawn(self, row: &Row, place: &Place, query: &str, values: &Values) -> Option<Drawn> {
        match row.key {
            Key::Meter(id) => self.tree.with_untracked(|tree| {
                let card = tree.card(id)?;
                self.figures.with_untracked(|figures| {
                    let live = values.get(&id)?;
                    let counted = figures.get(&id).and_then(Option::as_ref);
                    Some(row::meter(row, place, (card, live), counted, query))
                })
            }),
            Key::Others(parent) => self.page.with_untracked(|page| {
                let small = page.others.iter().find(|small| small.parent == parent)?;
                let kw = |id: &MeterId| values.get(id)?.power_kw;
                // A sum with a part that nobody knows is no sum.
                let kw = small.meters.iter().map(kw).sum();
                Some(row::others(row, place, small.meters.len(), kw, &small.energy))
            }),
        }
    }

    /// The row that Tab goes to: the focused one while it is drawn, else the first that is.
    fn stop(self, stretch: &Range<usize>) -> Option<Key> {
        let selection = self.selection;
        let wanted = selection.focused.get_untracked();
        let wanted = wanted.or_else(|| selection.selected.get_untracked().map(Key::Meter));
        self.rows.with_untracked(|rows| {
            let shown = rows.get(stretch.start..stretch.end.min(rows.len())).unwrap_or_default();
            let found = shown.iter().map(|row| row.key).find(|&key| Some(key) == wanted);
            found.or_else(|| shown.first().map(|row| row.key))
        })
    }

    /// How many meters in trouble each folded row hides.
    fn hidden_troubles(self) -> HashMap<Key, usize> {
        let mut hidden = HashMap::new();
        self.tree.with_untracked(|tree| {
            self.others.with_untracked(|others| {
                for &id in &*self.troubled.read_untracked() {
                    let parent = tree.card(id).and_then(|card| card.parent);
                    let is_small = |parent: &MeterId| {
                        others.get(parent).is_some_and(|small| small.contains(&id))
                    };
                    let small = parent.filter(is_small).map(Key::Others);
                    for key in tree.ancestors(id).map(Key::Meter).chain(small) {
                        if self.selection.is_folded(key) {
                            *hidden.entry(key).or_default() += 1;
                        }
                    }
                }
            });
        });
        hidden
    }
}
