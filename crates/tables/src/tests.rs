use std::io::Cursor;

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx};
use chrono::TimeDelta;
use domain::language::Language;

use super::*;

/// The night in which the clocks of Berlin go back, by half-hours.
fn night() -> Table {
    let from: DateTime<Utc> = "2026-10-24T23:00:00Z".parse().unwrap();
    let row = |i: i32| {
        vec![
            Value::Time(from + TimeDelta::minutes(30) * i),
            Value::Number(1234.56 + f64::from(i), 1),
            Value::Exact(Decimal::new(-1250, 2)),
            Value::text("=cmd|' /C calc'!A0"),
            Value::Unknown,
        ]
    };
    Table {
        title: "Energy: Main/Grid".to_owned(),
        zone: chrono_tz::Europe::Berlin,
        columns: vec![
            Column::new("From"),
            Column::in_unit("Energy", "kWh"),
            Column::in_unit("Cost", "€"),
            Column::new("Name"),
            Column::in_unit("Loss", "kWh"),
        ],
        rows: (0..5).map(row).collect(),
        empty: "There are no figures.".to_owned(),
        facts: vec![("Site".to_owned(), "Mill".to_owned())],
    }
}

fn opened(table: &Table) -> (Vec<String>, Range<Data>) {
    let mut book = Xlsx::new(Cursor::new(xlsx::write(table, "About").unwrap())).unwrap();
    let names = book.sheet_names();
    let sheet = book.worksheet_range(&names[0]).unwrap();
    (names, sheet)
}

#[test]
fn a_workbook_has_heads_with_units_figures_and_local_times() {
    let (names, sheet) = opened(&night());
    assert_eq!(names, ["Energy MainGrid", "About"]);
    let heads: Vec<_> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let times = ["From (UTC+02:00, UTC+01:00)", "From: UTC±"];
    assert_eq!(heads, [&times[..], &["Energy (kWh)", "Cost (€)", "Name", "Loss (kWh)"]].concat());
    let local = |row: u32| sheet.get_value((row, 0)).unwrap().as_datetime().unwrap().to_string();
    let offset = |row: u32| sheet.get_value((row, 1)).unwrap().to_string();
    let at = |row| (local(row), offset(row));
    // Two o'clock comes twice.
    assert_eq!(at(1), ("2026-10-25 01:00:00".to_owned(), "+02:00".to_owned()));
    assert_eq!(at(3), ("2026-10-25 02:00:00".to_owned(), "+02:00".to_owned()));
    assert_eq!(at(5), ("2026-10-25 02:00:00".to_owned(), "+01:00".to_owned()));
    assert_eq!(sheet.get_value((1, 2)), Some(&Data::Float(1234.6)));
    assert_eq!(sheet.get_value((1, 3)), Some(&Data::Float(-12.5)));
    let name = Data::String("=cmd|' /C calc'!A0".to_owned());
    assert_eq!(sheet.get_value((1, 4)), Some(&name));
    assert_eq!(sheet.get_value((1, 5)).unwrap_or(&Data::Empty), &Data::Empty);
}

#[test]
fn a_workbook_has_a_sheet_for_each_table_and_one_for_the_facts_of_all() {
    let long = "Losses by node of the northern hall";
    let tables = [long, long, "About"].map(|title| Table { title: title.to_owned(), ..night() });
    let facts = vec![("Period".to_owned(), "October".to_owned())];
    let book = Book { title: "Report".to_owned(), tables: tables.into(), facts };
    let mut book = Xlsx::new(Cursor::new(xlsx::write_book(&book, "About").unwrap())).unwrap();
    let names =
        ["Losses by node of the northern", "Losses by node of the norther 2", "About", "About 2"];
    assert_eq!(book.sheet_names(), names);
    let second = book.worksheet_range(names[1]).unwrap();
    assert_eq!(second.get_value((1, 2)), Some(&Data::Float(1234.6)));
    let facts = book.worksheet_range("About 2").unwrap();
    assert_eq!(facts.get_value((0, 1)), Some(&Data::String("October".to_owned())));
    assert_eq!(facts.height(), 1);
}

#[test]
fn within_one_offset_the_head_alone_has_it() {
    let mut table = night();
    table.rows.truncate(2);
    let (_, sheet) = opened(&table);
    assert_eq!(sheet.get_value((0, 0)).unwrap().to_string(), "From (UTC+02:00)");
    assert_eq!(sheet.get_value((0, 1)).unwrap().to_string(), "Energy (kWh)");
}

#[test]
fn a_csv_is_in_the_marks_of_its_language_and_runs_nothing() {
    let mut table = night();
    table.rows.drain(1..4);
    assert_eq!(
        csv::write(&table, Language::En),
        "\u{feff}From,Energy (kWh),Cost (€),Name,Loss (kWh)\r\n\
         2026-10-25T01:00:00+02:00,1234.6,-12.50,'=cmd|' /C calc'!A0,\r\n\
         2026-10-25T02:00:00+01:00,1238.6,-12.50,'=cmd|' /C calc'!A0,\r\n"
    );
    assert_eq!(
        csv::write(&table, Language::De),
        "\u{feff}From;Energy (kWh);Cost (€);Name;Loss (kWh)\r\n\
         2026-10-25T01:00:00+02:00;1234,6;-12,50;'=cmd|' /C calc'!A0;\r\n\
         2026-10-25T02:00:00+01:00;1238,6;-12,50;'=cmd|' /C calc'!A0;\r\n"
    );
}

#[test]
fn texts_are_quoted_where_they_hold_what_separates() {
    assert_eq!(csv::cell("a,\"b\"", ','), "\"a,\"\"b\"\"\"");
    assert_eq!(csv::cell("a,b", ';'), "a,b");
    assert_eq!(csv::cell("  @SUM(A1)", ','), "'  @SUM(A1)");
    assert_eq!(csv::cell("\u{ff1d}1+1", ','), "'\u{ff1d}1+1");
}

#[test]
fn without_rows_there_are_heads_and_a_sentence() {
    let table = Table { rows: Vec::new(), ..night() };
    let (_, sheet) = opened(&table);
    assert_eq!(sheet.get_value((0, 1)).unwrap().to_string(), "Energy (kWh)");
    assert_eq!(sheet.get_value((1, 0)).unwrap().to_string(), "There are no figures.");
    assert!(csv::write(&table, Language::En).ends_with("Loss (kWh)\r\nThere are no figures.\r\n"));
}

#[test]
fn a_head_may_end_in_its_unit() {
    let head = |text: &str| Column::of_head(text).head();
    let heads = ["Loss, kWh", "Error, \u{b1} kWh", "Loss kWh", "As metered"].map(head);
    assert_eq!(heads, ["Loss (kWh)", "Error (\u{b1} kWh)", "Loss (kWh)", "As metered"]);
}

#[test]
fn nothing_is_never_negative() {
    assert_eq!(rounded(-0.04, 1).to_string(), "0");
    assert_eq!(rounded(0.25, 1).to_string(), "0.3");
}

#[test]
fn any_title_becomes_the_name_of_a_sheet() {
    let cases = [
        (
            "\u{1f3ed} Halle Nord, Hauptverteilung Süd 2",
            "\u{1f3ed} Halle Nord, Hauptverteilung",
            "About",
        ),
        ("about", "about", "About 2"),
        ("History", "History 1", "About"),
        ("a\u{1f}b\u{ffff}c", "abc", "About"),
        ("[]:*?/\\", "1", "About"),
    ];
    for (title, expected, facts) in cases {
        let (names, _) = opened(&Table { title: title.to_owned(), ..night() });
        assert_eq!(names, [expected, facts], "{title:?}");
    }
}
