//! The keyboard in the tree, as the ARIA pattern of a tree grid has it.

use domain::MeterId;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::selection::Selection;
use super::tree::Row;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Go(MeterId),
    Fold(MeterId, bool),
    Open(MeterId),
    Clear,
}

/// What a key asks for on the row at `at`.
fn act(key: &str, rows: &[Row], at: usize, is_folded: impl Fn(MeterId) -> bool) -> Option<Act> {
    let row = rows.get(at)?;
    let go = |at: usize| rows.get(at).map(|row| Act::Go(row.id));
    match key {
        "ArrowDown" => go(at + 1),
        "ArrowUp" => go(at.checked_sub(1)?),
        "Home" => go(0),
        "End" => go(rows.len().checked_sub(1)?),
        "ArrowRight" if row.is_node && is_folded(row.id) => Some(Act::Fold(row.id, false)),
        "ArrowRight" if row.is_node => go(at + 1),
        "ArrowLeft" if row.is_node && !is_folded(row.id) => Some(Act::Fold(row.id, true)),
        "ArrowLeft" => row.parent.map(Act::Go),
        "Enter" => Some(Act::Open(row.id)),
        "Escape" => Some(Act::Clear),
        _ => None,
    }
}

/// Does what a key pressed in the tree asks for.
pub(super) fn press(event: &KeyboardEvent, selection: Selection, rows: Memo<Vec<Row>>) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let asked = rows.with_untracked(|rows| {
        let stop = untrack(|| selection.tab_stop(rows));
        let at = rows.iter().position(|row| Some(row.id) == stop)?;
        act(&event.key(), rows, at, |id| untrack(|| selection.is_folded(id)))
    });
    let Some(asked) = asked else { return };
    event.prevent_default();
    match asked {
        Act::Go(id) => selection.go(id),
        Act::Fold(id, fold) => selection.fold(id, fold),
        Act::Open(id) => selection.open(id),
        Act::Clear => selection.clear(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |id: i64, parent: Option<i64>, is_node| Row {
            id: MeterId(id),
            parent: parent.map(MeterId),
            depth: 0,
            place: 1,
            siblings: 1,
            is_node,
            only_path: false,
        };
        vec![row(1, None, true), row(2, Some(1), true), row(3, Some(2), false)]
    }

    #[test]
    fn arrows_walk_and_stop_at_the_ends() {
        let open = |_| false;
        assert_eq!(act("ArrowDown", &rows(), 0, open), Some(Act::Go(MeterId(2))));
        assert_eq!(act("ArrowDown", &rows(), 2, open), None);
        assert_eq!(act("ArrowUp", &rows(), 0, open), None);
        assert_eq!(act("End", &rows(), 0, open), Some(Act::Go(MeterId(3))));
        assert_eq!(act("Home", &rows(), 2, open), Some(Act::Go(MeterId(1))));
    }

    #[test]
    fn sideways_folds_unfolds_and_changes_level() {
        assert_eq!(act("ArrowLeft", &rows(), 1, |_| false), Some(Act::Fold(MeterId(2), true)));
        assert_eq!(act("ArrowLeft", &rows(), 1, |_| true), Some(Act::Go(MeterId(1))));
        assert_eq!(act("ArrowRight", &rows(), 1, |_| true), Some(Act::Fold(MeterId(2), false)));
        assert_eq!(act("ArrowRight", &rows(), 1, |_| false), Some(Act::Go(MeterId(3))));
        assert_eq!(act("ArrowLeft", &rows(), 2, |_| false), Some(Act::Go(MeterId(2))));
    }

    #[test]
    fn enter_opens_and_escape_clears() {
        assert_eq!(act("Enter", &rows(), 2, |_| false), Some(Act::Open(MeterId(3))));
        assert_eq!(act("Escape", &rows(), 2, |_| false), Some(Act::Clear));
        assert_eq!(act("x", &rows(), 2, |_| false), None);
    }
}
