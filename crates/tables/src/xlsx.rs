//! XLSX: figures, times and days are cells of their kind, so that a spreadsheet can reckon with them.
//!
//! A time is the site's local time, and the head of its column has the offset from UTC. Where the clock was changed
//! within the table, the head has both offsets, and the next column that of each row.

use std::fmt::Write as _;
use std::slice;

use chrono::{DateTime, NaiveDateTime, Offset as _, Timelike as _, Utc};
use chrono_tz::Tz;
use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{DocProperties, Format, Workbook, Worksheet, XlsxError};

use crate::{Book, Column, Table, Value, rounded};

/// The characters that the name of a sheet cannot have, and the most that it may have.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
const LONGEST: usize = 31;

/// Writes a table; the name of its second sheet, which has the facts, is `about`.
///
/// # Errors
/// The table has more rows, or a text more characters, than a sheet holds.
pub fn write(table: &Table, about: &str) -> Result<Vec<u8>, XlsxError> {
    saved(&table.title, slice::from_ref(table), (&table.facts, about))
}

/// Writes a workbook of several tables; its last sheet, `about`, has the facts.
///
/// # Errors
/// A table has more rows, or a text more characters, than a sheet holds.
pub fn write_book(book: &Book, about: &str) -> Result<Vec<u8>, XlsxError> {
    saved(&book.title, &book.tables, (&book.facts, about))
}

fn saved(
    title: &str,
    tables: &[Table],
    (facts, about): (&[(String, String)], &str),
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(title));
    let mut names = Vec::new();
    for table in tables {
        let name = free_name(&table.title, &names);
        write_table(book.add_worksheet().set_name(&name)?, table)?;
        names.push(name);
    }
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(free_name(about, &names))?;
    for ((name, fact), row) in facts.iter().zip(0..) {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        sheet.write_string(row, 1, fact)?;
    }
    sheet.autofit();
    book.save_to_buffer()
}

fn write_table(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let mut place = 0;
    for (i, column) in table.columns.iter().enumerate() {
        let kind = Kind::of(table, i);
        sheet.write_string_with_format(0, place, head(column, &kind), &bold)?;
        for (value, row) in table.cells(i).zip(1..) {
            write_cell(sheet, (row, place), value, table.zone, &kind)?;
        }
        place += 1;
        if kind.offsets.len() > 1 {
            sheet.write_string_with_format(0, place, format!("{}: UTC±", column.name), &bold)?;
            for (value, row) in table.cells(i).zip(1..) {
                if let Value::Time(at) = value {
                    sheet.write_string(row, place, offset(*at, table.zone))?;
                }
            }
            place += 1;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (false, Some(last)) = (table.rows.is_empty(), place.checked_sub(1)) {
        let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, rows, last)?;
    }
    sheet.autofit();
    if table.rows.is_empty() {
        sheet.write_string(1, 0, &table.empty)?;
    }
    Ok(())
}

/// The form in which the times of a column are written.
struct Kind {
    /// The offsets from UTC of its times, in their order.
    offsets: Vec<String>,
    has_seconds: bool,
}

impl Kind {
    fn of(table: &Table, column: usize) -> Self {
        let (mut offsets, mut has_seconds) = (Vec::new(), false);
        for value in table.cells(column) {
            if let Value::Time(at) = value {
                let offset = offset(*at, table.zone);
                if !offsets.contains(&offset) {
                    offsets.push(offset);
                }
                has_seconds |= at.second() > 0;
            }
        }
        Self { offsets, has_seconds }
    }
}

fn head(column: &Column, kind: &Kind) -> String {
    if kind.offsets.is_empty() {
        return column.head();
    }
    let offsets: Vec<String> = kind.offsets.iter().map(|offset| format!("UTC{offset}")).collect();
    format!("{} ({})", column.name, offsets.join(", "))
}

/// The offset from UTC of an instant, such as `+02:00`.
fn offset(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).offset().fix().to_string()
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    zone: Tz,
    kind: &Kind,
) -> Result<(), XlsxError> {
    match value {
        Value::Unknown => {}
        Value::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Value::Number(value, places) => {
            let format = figure(*places);
            sheet.write_number_with_format(row, column, rounded(*value, *places), &format)?;
        }
        Value::Exact(amount) => {
            let format = figure(usize::try_from(amount.scale()).unwrap_or_default());
            match amount.to_f64() {
                Some(value) => sheet.write_number_with_format(row, column, value, &format)?,
                None => sheet.write_string(row, column, amount.to_string())?,
            };
        }
        Value::Time(at) => {
            let seconds = if kind.has_seconds { ":ss" } else { "" };
            let format = Format::new().set_num_format(format!("yyyy-mm-dd hh:mm{seconds}"));
            let local: NaiveDateTime = at.with_timezone(&zone).naive_local();
            let local = local.with_nanosecond(0).unwrap_or(local);
            sheet.write_datetime_with_format(row, column, local, &format)?;
        }
        Value::Day(day) => {
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_datetime_with_format(row, column, day, &format)?;
        }
    }
    Ok(())
}

/// Thousands apart, and so many decimal places.
fn figure(places: usize) -> Format {
    let mut format = String::from("#,##0");
    if places > 0 {
        // Writing to a string cannot fail.
        let _ = write!(format, ".{}", "0".repeat(places));
    }
    Format::new().set_num_format(format)
}

/// A title as the name of a sheet: Excel counts UTF-16 units, takes no control characters, and keeps "History" to itself.
fn sheet_name(title: &str, longest: usize) -> String {
    const RESERVED: &str = "history";
    let is_allowed = |letter: &char| {
        !FORBIDDEN.contains(letter)
            && !letter.is_control()
            && !matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units <= longest
    };
    let name: String = title.chars().filter(is_allowed).take_while(fits).collect();
    match name.trim_matches(['\'', ' ']) {
        "" => "1".to_owned(),
        name if name.eq_ignore_ascii_case(RESERVED) => format!("{name} 1"),
        name => name.to_owned(),
    }
}

/// A title as the name of a sheet that no other one has.
fn free_name(title: &str, taken: &[String]) -> String {
    let is_free =
        |name: &String| taken.iter().all(|other| other.to_lowercase() != name.to_lowercase());
    let numbered = |number: usize| {
        let end = if number == 1 { String::new() } else { format!(" {number}") };
        sheet_name(title, LONGEST - end.len()) + &end
    };
    // Of one name more than there are sheets, one is free.
    (1..=taken.len() + 1).map(numbered).find(is_free).unwrap_or_default()
}
