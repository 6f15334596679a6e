//! Which meter is selected, which row has the focus, and what is folded.

use domain::MeterId;
use domain::meters::view::tree::{Folds, Key, Others, Tree};
use leptos::prelude::*;
use texts::console::log_refusal;
use ui::json;
use ui::period::{Address, join};
use web_sys::Storage;

/// The name under which the browser keeps what is folded, while its reader looks at other pages.
const KEPT: &str = "folds";

/// The selection, which stands in the address, and the folds.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    pub(super) selected: Memo<Option<MeterId>>,
    pub(super) folds: Memo<Folds>,
    pub(super) focused: RwSignal<Option<Key>>,
    /// The folds that the reader chose.
    chosen: RwSignal<Option<Folds>>,
    address: Address,
    tree: Memo<Tree>,
    others: Memo<Others>,
}

impl Selection {
    pub(super) fn new(address: Address, tree: Memo<Tree>, others: Memo<Others>) -> Self {
        let chosen = RwSignal::new(None);
        // Later: what the server drew knows nothing of it.
        Effect::new(move |_| chosen.set(kept()));
        let folds = Memo::new(move |_| chosen.get().unwrap_or_else(|| tree.with(Folds::first)));
        let selected = Memo::new(move |_| {
            let asked = address.get("meter").and_then(|id| id.parse().ok()).map(MeterId);
            asked.filter(|&id| tree.with(|tree| tree.card(id).is_some()))
        });
        let focused = RwSignal::new(selected.get_untracked().map(Key::Meter));
        Self { selected, folds, focused, chosen, address, tree, others }
    }

    /// Selects a row. What stands for several meters takes the focus alone.
    pub(super) fn select(self, key: Key) {
        self.focused.set(Some(key));
        if let Key::Meter(id) = key {
            self.address.change("meter", &id.to_string());
        }
    }

    pub(super) fn clear(self) {
        self.address.change("meter", "");
    }

    pub(super) fn open(self, id: MeterId) {
        let address = join(&format!("/meters/{id}"), &untrack(|| self.address.period()));
        log_refusal(location().assign(&address), "the meter is not opened");
    }

    pub(super) fn is_folded(self, key: Key) -> bool {
        self.folds.with_untracked(|folds| folds.has(key))
    }

    pub(super) fn fold(self, key: Key, fold: bool) {
        let mut folds = self.folds.get_untracked();
        folds.set(key, fold);
        self.keep(folds);
    }

    /// Unfolds whatever hides a meter.
    pub(super) fn uncover(self, id: MeterId) {
        let mut folds = self.folds.get_untracked();
        let changed = self.tree.with_untracked(|tree| {
            self.others.with_untracked(|others| folds.uncover(tree, others, id))
        });
        if changed {
            self.keep(folds);
        }
    }

    pub(super) fn expand_all(self) {
        self.keep(self.others.with_untracked(Folds::none));
    }

    /// Folds everything below the roots.
    pub(super) fn fold_all(self) {
        self.keep(self.tree.with_untracked(Folds::all));
    }

    fn keep(self, folds: Folds) {
        if let (Some(storage), Ok(text)) = (storage(), json::write(&folds)) {
            log_refusal(storage.set_item(KEPT, &text), "what is folded is not remembered");
        }
        self.chosen.set(Some(folds));
    }
}

fn kept() -> Option<Folds> {
    json::read(&storage()?.get_item(KEPT).ok()??).ok()
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
