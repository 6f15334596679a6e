//! Which meter is selected, which row has the focus, and what is folded.

use domain::MeterId;
use domain::meters::view::tree::{Folds, Key, Others, Tree};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;

use texts::console::log_refusal;
use ui::period::{Chosen, join};

/// What the person has folded; it stays so while they look at other pages.
#[derive(Clone, Copy)]
pub(crate) struct Folded(RwSignal<Option<Folds>>);

impl Folded {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }
}

/// The selection, which stands in the address, and the folds.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    /// The meter that the address names, whether it is there or not.
    pub(super) asked: Memo<Option<i64>>,
    pub(super) selected: Memo<Option<MeterId>>,
    pub(super) folds: Memo<Folds>,
    pub(super) focused: RwSignal<Option<Key>>,
    choice: Folded,
    set_selected: SignalSetter<Option<i64>>,
    tree: Memo<Tree>,
    others: Memo<Others>,
    period: Chosen,
}

impl Selection {
    pub(super) fn new(tree: Memo<Tree>, others: Memo<Others>) -> Self {
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        let (selected, set_selected) = query_signal_with_options::<i64>("meter", options);
        let choice = expect_context::<Folded>();
        let folds = Memo::new(move |_| choice.0.get().unwrap_or_else(|| tree.with(Folds::first)));
        let asked = selected;
        let selected = Memo::new(move |_| {
            asked.get().map(MeterId).filter(|&id| tree.with(|tree| tree.card(id).is_some()))
        });
        Self {
            asked,
            selected,
            folds,
            focused: RwSignal::new(selected.get_untracked().map(Key::Meter)),
            choice,
            set_selected,
            tree,
            others,
            period: expect_context(),
        }
    }

    /// Selects a row. What stands for several meters takes the focus alone.
    pub(super) fn select(self, key: Key) {
        self.focused.set(Some(key));
        if let Key::Meter(id) = key {
            self.set_selected.set(Some(id.0));
        }
    }

    pub(super) fn clear(self) {
        self.set_selected.set(None);
    }

    /// Opens the meter's own page, which the browser loads.
    pub(super) fn open(self, id: MeterId) {
        let address = join(&format!("/meters/{id}"), &self.period.query_now());
        log_refusal(window().location().assign(&address), "the meter's page is not opened");
    }

    pub(super) fn is_folded(self, key: Key) -> bool {
        self.folds.with_untracked(|folds| folds.has(key))
    }

    pub(super) fn fold(self, key: Key, fold: bool) {
        let mut folds = self.folds.get_untracked();
        folds.set(key, fold);
        self.choice.0.set(Some(folds));
    }

    /// Unfolds whatever hides a meter.
    pub(super) fn uncover(self, id: MeterId) {
        let mut folds = self.folds.get_untracked();
        let changed = self.tree.with_untracked(|tree| {
            self.others.with_untracked(|others| folds.uncover(tree, others, id))
        });
        if changed {
            self.choice.0.set(Some(folds));
        }
    }

    pub(super) fn expand_all(self) {
        self.choice.0.set(Some(self.others.with_untracked(Folds::none)));
    }

    /// Folds everything below the roots.
    pub(super) fn fold_all(self) {
        self.choice.0.set(Some(self.tree.with_untracked(Folds::all)));
    }
}
