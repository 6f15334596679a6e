//! The keyboard in the tree, as the ARIA pattern of a tree grid has it.

use domain::MeterId;
use domain::meters::view::tree::{Key, Row};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Go(Key),
    Fold(Key, bool),
    Open(MeterId),
    Clear,
}

/// Rows that a page up or down passes over.
const PAGE: usize = 20;

/// What a key asks for on the row at `at`.
pub(super) fn act(
    key: &str,
    rows: &[Row],
    at: usize,
    is_folded: impl Fn(Key) -> bool,
) -> Option<Act> {
    let row = rows.get(at)?;
    let last = rows.len().checked_sub(1)?;
    let go = |at: usize| rows.get(at).map(|row| Act::Go(row.key));
    match key {
        "ArrowDown" => go(at + 1),
        "ArrowUp" => go(at.checked_sub(1)?),
        "PageDown" => go((at + PAGE).min(last)),
        "PageUp" => go(at.saturating_sub(PAGE)),
        "Home" => go(0),
        "End" => go(last),
        "ArrowRight" if row.is_node && is_folded(row.key) => Some(Act::Fold(row.key, false)),
        "ArrowRight" if row.is_node => go(at + 1),
        "ArrowLeft" if row.is_node && !is_folded(row.key) => Some(Act::Fold(row.key, true)),
        "ArrowLeft" => row.parent.map(Act::Go),
        "Enter" => Some(match row.key {
            Key::Meter(id) => Act::Open(id),
            Key::Others(_) => Act::Fold(row.key, !is_folded(row.key)),
        }),
        "Escape" => Some(Act::Clear),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn meter(id: i64) -> Key {
        Key::Meter(MeterId(id))
    }

    const OTHERS: Key = Key::Others(MeterId(1));

    fn rows() -> Vec<Row> {
        let row = |key, parent, is_node| Row {
            key,
            parent,
            depth: 0,
            place: 1,
            siblings: 1,
            is_node,
            only_path: false,
        };
        vec![
            row(meter(1), None, true),
            row(meter(2), Some(meter(1)), true),
            row(meter(3), Some(meter(2)), false),
            row(OTHERS, Some(meter(1)), true),
        ]
    }

    #[test]
    fn arrows_walk_and_stop_at_the_ends() {
        let open = |_| false;
        assert_eq!(act("ArrowDown", &rows(), 0, open), Some(Act::Go(meter(2))));
        assert_eq!(act("ArrowDown", &rows(), 3, open), None);
        assert_eq!(act("ArrowUp", &rows(), 0, open), None);
        assert_eq!(act("End", &rows(), 0, open), Some(Act::Go(OTHERS)));
        assert_eq!(act("Home", &rows(), 2, open), Some(Act::Go(meter(1))));
        assert_eq!(act("PageDown", &rows(), 0, open), Some(Act::Go(OTHERS)));
        assert_eq!(act("PageUp", &rows(), 3, open), Some(Act::Go(meter(1))));
    }

    #[test]
    fn sideways_folds_unfolds_and_changes_level() {
        assert_eq!(act("ArrowLeft", &rows(), 1, |_| false), Some(Act::Fold(meter(2), true)));
        assert_eq!(act("ArrowLeft", &rows(), 1, |_| true), Some(Act::Go(meter(1))));
        assert_eq!(act("ArrowRight", &rows(), 1, |_| true), Some(Act::Fold(meter(2), false)));
        assert_eq!(act("ArrowRight", &rows(), 1, |_| false), Some(Act::Go(meter(3))));
        assert_eq!(act("ArrowLeft", &rows(), 2, |_| false), Some(Act::Go(meter(2))));
    }

    #[test]
    fn enter_opens_a_meter_and_unfolds_others_and_escape_clears() {
        assert_eq!(act("Enter", &rows(), 2, |_| false), Some(Act::Open(MeterId(3))));
        assert_eq!(act("Enter", &rows(), 3, |_| true), Some(Act::Fold(OTHERS, false)));
        assert_eq!(act("Escape", &rows(), 2, |_| false), Some(Act::Clear));
        assert_eq!(act("x", &rows(), 2, |_| false), None);
    }
}
