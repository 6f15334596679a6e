//! Devices as a table of texts (RFC 4180), out and in.

use csv::{Position, ReaderBuilder, StringRecord};
use domain::devices::refusal::table::TableRefusal;
use domain::operation::request::ChangeRefusal;

use super::columns::Cells;
use super::line::{self, NUMBER, columns};
use crate::Error;
use crate::meters::energy_meters::ConnectedMeter;

/// Texts that a spreadsheet would take for a formula begin so; an apostrophe goes before them.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// A spreadsheet's mark at the beginning of UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Lines of a table at most.
const MOST_LINES: usize = 50_000;

/// The table of some meters.
pub(super) fn write(meters: &[ConnectedMeter]) -> String {
    let mut text = String::new();
    record(&mut text, columns().map(str::to_owned));
    for meter in meters {
        let mut cells = line::cells(meter);
        record(&mut text, columns().map(|name| guarded(cells.remove(name).unwrap_or_default())));
    }
    text
}

fn record(text: &mut String, cells: impl Iterator<Item = String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\r', '\n']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// A text as a spreadsheet takes it for a text. One that begins with an apostrophe before such a
/// character gets another, so that [`plain`] gives it back.
fn guarded(text: String) -> String {
    if text.trim_start_matches(['\'', ' ']).starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text
    }
}

/// What [`guarded`] was given.
fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches(['\'', ' ']).starts_with(FORMULA) => rest,
        _ => text,
    }
}

/// A line of a table.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it begins in the text, counted from 1.
    pub(super) line: u64,
    /// Those of columns that the table does not have are absent, empty ones are not.
    pub(super) cells: Result<Cells, Error>,
}

/// Reads the lines of a table, also those that are at fault. Its first line names the columns; commas
/// or semicolons part them.
///
/// # Errors
/// The text is no table, or its columns are not those of a device; the line where, counted from 1.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, Box<(u64, Error)>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
        let line = before.split(|byte| *byte == b'\n').count() as u64;
        Box::new((line, Error::refused("not_utf8", TableRefusal::NotUtf8)))
    })?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let by = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(by)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let head = match records.next() {
        Some(Ok(head)) => head,
        Some(Err(_)) | None => StringRecord::new(),
    };
    let columns = header(&head).map_err(|error| Box::new((1, error)))?;
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), read: 0, line: 1 };
    for record in records {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, |at| lines.at(at));
            let refusal = TableRefusal::BreaksOff { why: error.to_string() };
            Box::new((line, Error::invalid("line", refusal)))
        })?;
        let line = record.position().map_or(1, |at| lines.at(at));
        if record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MOST_LINES {
            let too_long = TableRefusal::TooLong { most: MOST_LINES };
            let refusal = Error::refused("wrong_count", too_long);
            return Err(Box::new((line, refusal)));
        }
        rows.push(Row { line, cells: cells(&columns, &record) });
    }
    Ok(rows)
}

/// Counts the lines of a text from its beginning on.
struct Lines<'a> {
    text: &'a [u8],
    read: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins. A record is said to begin at once after the one before it:
    /// what is left of that one's end of line is passed over.
    fn at(&mut self, position: &Position) -> u64 {
        let begin = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(self.text.len());
        let is_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let rest = self.text.get(begin..).unwrap_or_default();
        let begin = begin + rest.iter().take_while(is_end).count();
        let passed = self.text.get(self.read..begin).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count() as u64 - 1;
        self.read = begin;
        self.line
    }
}

fn header(record: &StringRecord) -> Result<Vec<&'static str>, Error> {
    let mut found = Vec::new();
    for name in record {
        let name = name.trim();
        let Some(known) = columns().find(|known| *known == name) else {
            let known = columns().collect::<Vec<_>>().join(", ");
            return Err(Error::refused(
                "unknown_field",
                TableRefusal::NoColumn { name: name.to_owned(), known },
            )
            .at(name));
        };
        if found.contains(&known) {
            return Err(Error::invalid(known, TableRefusal::ColumnTwice { name: known }));
        }
        found.push(known);
    }
    if !found.contains(&NUMBER) {
        return Err(
            Error::refused("missing_field", TableRefusal::NoNumber { name: NUMBER }).at(NUMBER)
        );
    }
    Ok(found)
}

fn cells(columns: &[&'static str], record: &StringRecord) -> Result<Cells, Error> {
    if record.len() != columns.len() {
        return Err(Error::refused(
            "wrong_count",
            TableRefusal::Cells { cells: record.len(), columns: columns.len() },
        ));
    }
    let texts = record.iter().map(|text| plain(text).to_owned());
    let cells: Cells = columns.iter().copied().zip(texts).collect();
    match cells.iter().find(|(_, text)| text.contains('\0')) {
        Some((name, _)) => Err(Error::invalid(*name, ChangeRefusal::Nul)),
        None => Ok(cells),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> (u64, String) {
        let (line, error) = *read(bytes).unwrap_err();
        (line, error.to_string())
    }

    #[test]
    fn texts_come_back_as_they_were() {
        for text in ["=1+1", "-5", " =1+1", "' @x", "'=1", "''@x", "'plain", "it's", "", "\tx"] {
            assert_eq!(plain(&guarded(text.to_owned())), text);
            assert!(!guarded(text.to_owned()).starts_with(FORMULA));
        }
    }

    #[test]
    fn a_spreadsheets_table_is_read() {
        let text = "\u{feff}meterNumber;meterName\r\nM-1;\"Main; \"\"old\"\"\"\r\n;\r\n'-2;x\r\n";
        let table = read(text.as_bytes()).unwrap();
        let rows: Vec<_> =
            table.iter().map(|row| (row.line, row.cells.as_ref().unwrap())).collect();
        assert_eq!(rows[0].1["meterName"], "Main; \"old\"");
        assert_eq!((rows[1].0, rows[1].1["meterNumber"].as_str()), (4, "-2"));
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn what_is_no_such_table_is_refused_with_its_line() {
        assert_eq!(fault(b"meterNumber,meterName\nA,B\nC,\xff\n").0, 3);
        assert!(fault(b"meterNumber,colour\n").1.contains("\"colour\""));
        assert!(fault(b"meterNumber,meterNumber\n").1.contains("twice"));
        assert!(fault(b"meterName\nx\n").1.contains("meterNumber"));
        assert!(fault(b"").1.contains("meterNumber"));
        let table = read(b"meterNumber,meterName\nA,B,C\nD,E\n").unwrap();
        assert!(table[0].cells.is_err() && table[1].cells.is_ok());
    }
}
