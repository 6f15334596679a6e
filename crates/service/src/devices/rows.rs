//! The fields of a form that stand in the rows of a table: each is called by the table, the number of its row from 0,
//! and its name in the row, with dots between.

use std::collections::BTreeMap;

/// A field of a row.
pub fn field(table: &str, row: usize, of: &str) -> String {
    format!("{table}.{row}.{of}")
}

/// The row of a field and its name there; none of a field that does not stand in the table.
pub fn place<'a>(table: &str, field: &'a str) -> Option<(usize, &'a str)> {
    let (row, of) = field.strip_prefix(table)?.strip_prefix('.')?.split_once('.')?;
    Some((row.parse().ok()?, of))
}

/// All fields of a table.
pub(super) fn fields(
    table: &'static str,
    most: usize,
    of_row: &'static [&'static str],
) -> impl Iterator<Item = String> {
    (0..most).flat_map(move |row| of_row.iter().map(move |of| field(table, row, of)))
}

/// The rows with a text, each by its place in the form, with its texts by their names.
pub(super) fn filled<'a>(
    texts: &'a BTreeMap<String, String>,
    table: &str,
) -> BTreeMap<usize, BTreeMap<&'a str, &'a str>> {
    let mut rows: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, text) in texts {
        let text = text.trim();
        if let Some((row, of)) = place(table, name).filter(|_| !text.is_empty()) {
            rows.entry(row).or_default().insert(of, text);
        }
    }
    rows
}
