//! Damaged and hostile uploads.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const CSV: &str = "'2026-01-31 18:30:00',0,0x00,0x02,100.5,6.219,,39.05\r\n\
    '2026-01-31 18:45:00',139,,,,,,\r\n'2026-01-31 19:00:00',160\r\n";
const XML: &str = r#"<?xml version="1.0"?><DAS><mode>LOGFILEUPLOAD</mode><devices><device>
    <address>12</address><records><record><time zone="UTC">2026-01-31 18:30:00</time>
    <error text="Ok">0</error><point number="0" name="Energy Consumption" units="kWh" value="1"/>
    </record></records></device></devices></DAS>"#;
const INI: &str = "POINT00NAME=Energy\nPOINT00UNITS=kWh\nPOINT01NAME=Real Power\nPOINT01UNITS=kW\n";

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A body with some of its bytes changed, and cut off somewhere or not.
fn damaged() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let bodies = vec![CSV.as_bytes().to_vec(), XML.into(), packed(CSV), packed(XML), INI.into()];
    let edits = vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
    let cut = prop::option::of(any::<prop::sample::Index>());
    (prop::sample::select(bodies), edits, cut).prop_map(|(body, edits, cut)| {
        let mut changed = body.clone();
        for (at, byte) in edits {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        if let Some(cut) = cut {
            changed.truncate(cut.index(changed.len()));
        }
        (body, changed)
    })
}

fn every_value_is_finite(logs: &[Log]) -> bool {
    let finite = |line: &Line| match line {
        Ok(Entry::Reading { values, .. }) => values.not_finite().is_none(),
        _ => true,
    };
    logs.iter().flat_map(|log| &log.lines).all(finite)
}

proptest! {
    #[test]
    fn a_damaged_file_never_passes_its_checksum((body, changed) in damaged()) {
        let sum = checked(&body, None).unwrap();
        prop_assert_eq!(checked(&changed, Some(&sum)).is_ok(), body == changed);
    }

    #[test]
    fn a_damaged_file_without_a_checksum_is_read_or_refused((_, changed) in damaged()) {
        let listed = points(INI);
        if let Ok(text) = text(&changed)
            && let Ok(logs) = read(&text, |_| Columns::new(&listed, []))
        {
            prop_assert!(every_value_is_finite(&logs));
        }
        points(&String::from_utf8_lossy(&changed));
    }

    #[test]
    fn any_form_is_read_or_refused(
        parts in vec((".{0,20}", prop::option::of(".{0,40}"), vec(any::<u8>(), 0..64)), 0..6)
    ) {
        let part = |(name, file_name, bytes)| Part { name, file_name, bytes: Bytes::from(bytes) };
        if let Ok(form) = Form::new(parts.into_iter().map(part)) {
            form.mode().ok();
            form.device().ok();
            form.file("LOGFILE").ok();
            is_config_name(form.file_name());
        }
    }
}
