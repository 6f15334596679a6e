//! CSV (RFC 4180) as spreadsheets take it: UTF-8 with a byte order mark, and in German `;` between the cells, since the
//! comma stands in the figures.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono_tz::Tz;
use domain::language::Language;

use crate::{Column, Table, Value, rounded};

/// Spreadsheets read a file as UTF-8 by this.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A spreadsheet would take a text that begins so for a formula.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes a table in a language.
pub fn write(table: &Table, language: Language) -> String {
    let separator = language.of(',', ';');
    let mut text = String::from(BYTE_ORDER_MARK);
    line(
        &mut text,
        separator,
        table.columns.iter().map(|column| cell(&Column::head(column), separator)),
    );
    for row in &table.rows {
        let cells = row.iter().map(|value| written(value, table.zone, language, separator));
        line(&mut text, separator, cells);
    }
    if table.rows.is_empty() {
        line(&mut text, separator, std::iter::once(cell(&table.empty, separator)));
    }
    text
}

/// A text as the cell of a CSV: no spreadsheet takes it for a formula, and what separates cells is quoted.
pub fn cell(text: &str, separator: char) -> String {
    // Some take away the blanks first.
    let is_formula = text.trim_start_matches(' ').starts_with(FORMULA);
    let text = if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    if text.contains(['"', separator, '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

fn line(text: &mut String, separator: char, cells: impl Iterator<Item = String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(separator);
        }
        text.push_str(&cell);
    }
    text.push_str("\r\n");
}

fn written(value: &Value, zone: Tz, language: Language, separator: char) -> String {
    let marked = |figure: String| figure.replace('.', language.of(".", ","));
    match value {
        Value::Unknown => String::new(),
        Value::Text(text) => cell(text, separator),
        Value::Number(value, places) => marked(format!("{:.places$}", rounded(*value, *places))),
        Value::Exact(amount) => marked(domain::figures::unsigned_zero(*amount).to_string()),
        Value::Time(at) => {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = write!(text, "{}", at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%:z"));
            text
        }
        Value::Day(day) => day.to_string(),
    }
}
