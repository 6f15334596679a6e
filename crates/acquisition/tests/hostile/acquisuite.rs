//! Files that AcquiSuite loggers upload, and the forms they come in.

use std::io::Write as _;

use acquisition::acquisuite::{
    Columns, Entry, Form, Line, Log, Part, Point, checked, points, read, text,
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{Field, Quality};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{config, damage, damaged};

/// Bytes that a file may have once unpacked, each of which may stand for three of a replacement.
const LARGEST_TEXT: usize = 3 * (16 << 20);

/// A row of a log: when, kWh, kW.
type Row = (i64, f64, f64);

#[derive(Debug, Clone, Copy)]
enum Kind {
    Csv,
    Xml,
}

impl Kind {
    fn file(self, rows: &[Row]) -> String {
        let stamp = |at: i64| time(at).format("%Y-%m-%d %H:%M:%S").to_string();
        let line = |(at, kwh, kw): &Row| match self {
            Self::Csv => format!("'{}',0,0x00,0x02,{kwh},{kw},\r\n", stamp(*at)),
            Self::Xml => format!(
                "<record><time zone=\"UTC\">{}</time><error text=\"Ok\">0</error>\
                 <point number=\"0\" name=\"Energy\" units=\"kWh\" value=\"{kwh}\"/>\
                 <point number=\"1\" name=\"Real Power\" units=\"kW\" value=\"{kw}\"/></record>",
                stamp(*at)
            ),
        };
        let lines: String = rows.iter().map(line).collect();
        match self {
            Self::Csv => lines,
            Self::Xml => format!(
                "<?xml version=\"1.0\"?><DAS><mode>LOGFILEUPLOAD</mode><devices><device>\
                 <address>12</address><records>{lines}</records></device></devices></DAS>"
            ),
        }
    }
}

fn time(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap()
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn listed() -> Vec<Point> {
    points(
        "POINT00NAME=Energy\nPOINT00UNITS=kWh\nPOINT01NAME=Real Power\nPOINT01UNITS=kW\nPOINT02NAME=Unused\n",
    )
}

fn logs(bytes: &[u8]) -> Result<Vec<Log>, domain::devices::logger::upload::UploadRefusal> {
    read(&text(bytes)?, |_| Columns::new(&listed(), []))
}

/// A file with rows, plain or packed.
fn file() -> impl Strategy<Value = (Vec<Row>, Vec<u8>)> {
    let row = (0_i64..4_000_000_000, 0.0..1e9, -1e6..1e6);
    let kind = prop_oneof![Just(Kind::Csv), Just(Kind::Xml)];
    (vec(row, 0..12), kind, any::<bool>()).prop_map(|(rows, kind, pack)| {
        let text = kind.file(&rows);
        let bytes = if pack { packed(&text) } else { text.into_bytes() };
        (rows, bytes)
    })
}

/// What is read is finite and no more than was sent; what is refused says why.
fn is_settled(bytes: &[u8]) -> Result<(), TestCaseError> {
    let text = match text(bytes) {
        Ok(text) => text,
        Err(why) => {
            prop_assert!(!why.to_string().is_empty() && !why.as_str().is_empty());
            return Ok(());
        }
    };
    prop_assert!(text.len() <= LARGEST_TEXT);
    prop_assert!(points(&text).len() <= 1_000);
    let logs = match read(&text, |_| Columns::new(&listed(), [])) {
        Ok(logs) => logs,
        Err(why) => {
            let words = why.to_string();
            prop_assert!(!words.is_empty() && words.len() <= 1_000, "{words}");
            return Ok(());
        }
    };
    let lines: Vec<&Line> = logs.iter().flat_map(|log| &log.lines).collect();
    prop_assert!(lines.len() <= text.len());
    for line in lines {
        match line {
            Ok(Entry::Reading { values, .. }) => prop_assert!(values.not_finite().is_none()),
            Ok(_) => {}
            Err(why) => prop_assert!(!why.to_string().is_empty()),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_bytes_are_read_or_refused(
        bytes in crate::bytes(),
        begin in proptest::sample::select(vec![&b""[..], b"<", b"<DAS>", b"\x1f\x8b", b"\x1f\x8b\x08\0"]),
    ) {
        is_settled(&[begin, &bytes].concat())?;
    }

    #[test]
    fn a_damaged_file_is_read_or_refused((_, bytes) in file(), damage in damage()) {
        let changed = damaged(&bytes, &damage);
        is_settled(&changed)?;
        let sum = checked(&bytes, None).unwrap();
        prop_assert_eq!(checked(&changed, Some(&sum)).is_ok(), bytes == changed);
    }

    #[test]
    fn an_untouched_file_says_what_it_said((rows, bytes) in file()) {
        let logs = logs(&bytes).unwrap();
        let read: Vec<Row> = logs
            .iter()
            .flat_map(|log| &log.lines)
            .map(|line| match line {
                Ok(Entry::Reading { at, quality: Quality::Good, values, .. }) => {
                    let value = |field| values.get(field).unwrap();
                    (at.timestamp(), value(Field::TotalEnergyKwh), value(Field::ActivePowerKw))
                }
                other => panic!("{other:?}"),
            })
            .collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn any_form_is_read_or_refused(
        parts in vec((".{0,20}", proptest::option::of(".{0,40}"), crate::bytes()), 0..6),
        mode in "[A-Za-z]{0,20}",
    ) {
        let part = |(name, file_name, bytes): (String, _, Vec<u8>)| Part {
            name,
            file_name,
            bytes: Bytes::from(bytes),
        };
        let mode = ("MODE".to_owned(), None, mode.into_bytes());
        let form = match Form::new(parts.into_iter().chain([mode]).map(part)) {
            Ok(form) => form,
            Err(why) => {
                prop_assert!(why.to_string().len() <= 1_000);
                return Ok(());
            }
        };
        let refused = [
            form.mode().err(),
            form.device().err(),
            form.file("LOGFILE").err(),
        ];
        for why in refused.into_iter().flatten() {
            let words = why.to_string();
            prop_assert!(!words.is_empty() && words.len() <= 1_000, "{words}");
        }
    }
}
