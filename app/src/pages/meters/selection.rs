//! Which meter is selected, which has the focus, and what is folded.

use std::collections::HashSet;

use domain::MeterId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{query_signal_with_options, use_navigate};
use wasm_bindgen::JsCast;

use super::tree::{Row, Tree};
use crate::period::{Chosen, join};

/// Up to so many meters, everything is unfolded at first.
const MOST_UNFOLDED: usize = 200;

/// What the person has folded; it stays so while they look at other pages.
#[derive(Clone, Copy)]
pub(crate) struct Folded(RwSignal<Option<HashSet<MeterId>>>);

impl Folded {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }
}

/// Id of a row's element.
pub(super) fn row_id(id: MeterId) -> String {
    format!("meter-{id}")
}

/// The selection, which stands in the address, and the folds.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    pub(super) selected: Memo<Option<MeterId>>,
    pub(super) folded: Memo<HashSet<MeterId>>,
    pub(super) focused: RwSignal<Option<MeterId>>,
    choice: Folded,
    set_selected: SignalSetter<Option<i64>>,
    tree: Memo<Tree>,
    open: StoredValue<Box<dyn Fn(MeterId) + Send + Sync>>,
}

impl Selection {
    pub(super) fn new(tree: Memo<Tree>) -> Self {
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        let (selected, set_selected) = query_signal_with_options::<i64>("meter", options);
        let choice = expect_context::<Folded>();
        let folded = Memo::new(move |_| choice.0.get().unwrap_or_else(|| tree.with(first_folds)));
        let navigate = use_navigate();
        let period = expect_context::<Chosen>();
        let open = move |id: MeterId| {
            let address = join(&format!("/meters/{id}"), &period.query_now());
            navigate(&address, NavigateOptions::default());
        };
        let selected = Memo::new(move |_| {
            selected.get().map(MeterId).filter(|&id| tree.with(|tree| tree.card(id).is_some()))
        });
        Self {
            selected,
            folded,
            focused: RwSignal::new(selected.get_untracked()),
            choice,
            set_selected,
            tree,
            open: StoredValue::new(Box::new(open)),
        }
    }

    pub(super) fn select(self, id: MeterId) {
        self.focused.set(Some(id));
        self.set_selected.set(Some(id.0));
    }

    pub(super) fn clear(self) {
        self.set_selected.set(None);
    }

    /// Selects a meter and moves the focus to its row.
    pub(super) fn go(self, id: MeterId) {
        self.select(id);
        let row = document().get_element_by_id(&row_id(id));
        if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok())
            && row.focus().is_err()
        {
            leptos::logging::warn!("row {id} takes no focus");
        }
    }

    /// Brings the row of what the address selects into view, once, when the page opens.
    pub(super) fn reveal(self) {
        Effect::new(move |_| {
            let row = untrack(|| self.selected.get()).map(row_id);
            if let Some(row) = row.and_then(|id| document().get_element_by_id(&id)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }

    /// Opens the meter's own page.
    pub(super) fn open(self, id: MeterId) {
        self.open.with_value(|open| open(id));
    }

    pub(super) fn is_folded(self, id: MeterId) -> bool {
        self.folded.with(|folded| folded.contains(&id))
    }

    pub(super) fn fold(self, id: MeterId, fold: bool) {
        let mut folded = self.folded.get_untracked();
        if fold {
            folded.insert(id)
        } else {
            folded.remove(&id)
        };
        self.choice.0.set(Some(folded));
    }

    pub(super) fn expand_all(self) {
        self.choice.0.set(Some(HashSet::new()));
    }

    /// Folds everything below the roots.
    pub(super) fn fold_all(self) {
        let nodes = self.tree.with_untracked(|tree| {
            tree.nodes().filter(|&id| tree.card(id).is_some_and(|c| c.parent.is_some())).collect()
        });
        self.choice.0.set(Some(nodes));
    }

    /// The row that Tab goes to: the focused one while it is shown, else the first.
    pub(super) fn tab_stop(self, rows: &[Row]) -> Option<MeterId> {
        let focused = self.focused.get().or(self.selected.get());
        focused.filter(|id| rows.iter().any(|row| row.id == *id)).or(rows.first().map(|row| row.id))
    }
}

/// What is folded before anyone chose: nothing, unless the plant is large; then what is below the
/// third level.
fn first_folds(tree: &Tree) -> HashSet<MeterId> {
    if tree.len() <= MOST_UNFOLDED {
        return HashSet::new();
    }
    tree.nodes().filter(|&id| tree.ancestors(id).count() >= 2).collect()
}
