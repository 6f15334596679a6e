//! The table of registers of a form: texts in, rows out, and back.

use std::collections::BTreeMap;

use domain::Field;
use domain::devices::refusal::registers::RegisterRefusal;
use domain::devices::refusal::table::CellRefusal;
use domain::devices::register_table::{ByteOrder, RegisterRow, check, field_of};
use domain::devices::{Function, NumberType};
use domain::figures::written;
use domain::message::Message;
use serde_json::Value;

use super::rows;
use crate::Error;

/// Rows of the table at most: as many as a reading has values.
pub const MOST_ROWS: usize = Field::ALL.len();

/// The texts of a row.
pub const OF_ROW: [&str; 6] = ["channel", "function", "address", "type", "order", "scale"];

/// The beginning of all fields of the table.
pub const NAME: &str = "registers";

/// The field that says that a form has the table, however empty that is.
pub const SHOWN: &str = "registers.shown";

/// A field of a row.
pub fn field(row: usize, of: &str) -> String {
    rows::field(NAME, row, of)
}

/// All fields of the table.
pub(super) fn fields() -> impl Iterator<Item = String> {
    rows::fields(NAME, MOST_ROWS, &OF_ROW).chain([SHOWN.to_owned()])
}

/// The rows as texts.
pub(super) fn texts(rows: &[RegisterRow]) -> impl Iterator<Item = (String, String)> {
    let of_row = |(at, row): (usize, &RegisterRow)| {
        [
            (field(at, "channel"), row.field.json().to_owned()),
            (field(at, "function"), word(row.function)),
            (field(at, "address"), row.address.to_string()),
            (field(at, "type"), word(row.number)),
            (field(at, "order"), row.order.as_str().to_owned()),
            (field(at, "scale"), row.scale.to_string()),
        ]
    };
    rows.iter().enumerate().flat_map(of_row)
}

/// A word of the settings, such as `holding`.
pub fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|word| Some(word.as_str()?.to_owned()))
        .unwrap_or_default()
}

/// The rows that were typed, each with its place in the form; none where the form has no table.
///
/// # Errors
/// The first field at fault.
pub(super) fn typed(
    texts: &BTreeMap<String, String>,
) -> Result<Option<Vec<(usize, RegisterRow)>>, Error> {
    if !texts.contains_key(SHOWN) {
        return Ok(None);
    }
    let mut rows = Vec::new();
    for at in 0..MOST_ROWS {
        rows.extend(row(texts, at)?.map(|row| (at, row)));
    }
    let bare: Vec<_> = rows.iter().map(|(_, row)| *row).collect();
    check(&bare).map_err(|(place, refusal)| {
        let of =
            if matches!(refusal, RegisterRefusal::Channel { .. }) { "channel" } else { "address" };
        let at = |place: usize| rows.get(place).map_or(place, |(at, _)| *at);
        // The rows of a form may have empty ones between them.
        let refusal = match refusal {
            RegisterRefusal::Channel { row } => RegisterRefusal::Channel { row: at(row - 1) + 1 },
            RegisterRefusal::Overlap { row, first, last } => {
                RegisterRefusal::Overlap { row: at(row - 1) + 1, first, last }
            }
            other => other,
        };
        Error::invalid(field(at(place), of), refusal)
    })?;
    Ok(Some(rows))
}

fn row(texts: &BTreeMap<String, String>, at: usize) -> Result<Option<RegisterRow>, Error> {
    let text = |of: &str| {
        let text = texts.get(&field(at, of)).map(|text| text.trim());
        text.filter(|text| !text.is_empty())
    };
    let refused = |of, message: Message| Err(Error::invalid(field(at, of), message));
    let (channel, address) = match (text("channel"), text("address")) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return refused("channel", RegisterRefusal::NoChannel.into()),
        (Some(_), None) => return refused("address", RegisterRefusal::NoAddress.into()),
        (Some(channel), Some(address)) => (channel, address),
    };
    let unknown =
        |of, text: &str| refused(of, RegisterRefusal::Unknown { text: text.to_owned() }.into());
    let Some(channel) = Field::parse(channel) else { return unknown("channel", channel) };
    let Ok(address) = address.parse() else {
        return refused("address", CellRefusal::NoAddress { text: address.to_owned() }.into());
    };
    let (function, number) = (text("function"), text("type"));
    let Some(function) = function.map_or(Some(Function::default()), parsed) else {
        return unknown("function", function.unwrap_or_default());
    };
    let Some(number) = number.map_or(Some(NumberType::default()), parsed) else {
        return unknown("type", number.unwrap_or_default());
    };
    let order = text("order");
    let Some(order) = order.map_or(Some(ByteOrder::default()), ByteOrder::parse) else {
        return unknown("order", order.unwrap_or_default());
    };
    let scale = text("scale").unwrap_or("1");
    let Some(scale) = written(scale).filter(|scale| scale.is_finite()) else {
        return refused("scale", CellRefusal::NoNumber { text: scale.to_owned() }.into());
    };
    Ok(Some(RegisterRow { field: channel, address, function, number, order, scale }))
}

fn parsed<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}

/// The field of the form for a refused setting of a register.
pub(super) fn refused_field(setting: &str, rows: &[(usize, RegisterRow)]) -> Option<String> {
    let inner = setting.strip_prefix("communication.registers")?;
    let mut parts = inner.trim_start_matches('.').split('.');
    let name = parts.next().unwrap_or_default();
    let own = field_of(name);
    let at = rows.iter().find(|(_, row)| Some(row.field) == own).map_or(0, |(at, _)| *at);
    let of = parts.next().filter(|of| OF_ROW.contains(of)).unwrap_or("address");
    Some(field(at, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(rows: &[(usize, &str, &str)]) -> BTreeMap<String, String> {
        let typed = rows.iter().map(|(row, of, text)| (field(*row, of), (*text).to_owned()));
        typed.chain([(SHOWN.to_owned(), "1".to_owned())]).collect()
    }

    type Cells<'a> = &'a [(usize, &'a str, &'a str)];

    #[test]
    fn what_is_wrong_is_said_at_its_row() {
        let ok = [(0, "channel", "activePowerKw"), (0, "address", "10"), (0, "type", "u32")];
        let with = |more: &[(usize, &str, &str)]| {
            let texts = form(&[&ok[..], more].concat());
            typed(&texts).err().map(|error| match error {
                Error::Invalid { field: Some(field), message, .. } => (field, message.to_string()),
                other => panic!("{other:?}"),
            })
        };
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[(0, "address", " ")]).unwrap().0, "registers.0.address");
        let cases: [(Cells<'_>, &str, &str); 9] = [
            (&[(2, "address", "11")], "registers.2.channel", "choose"),
            (&[(2, "channel", "voltageL1")], "registers.2.address", "give the address"),
            (&[(0, "address", "40,001")], "registers.0.address", "no address"),
            (&[(0, "type", "u33")], "registers.0.type", "none of the choices"),
            (&[(0, "order", "acbd")], "registers.0.order", "none of the choices"),
            // It may be a thousand.
            (&[(0, "scale", "1,000")], "registers.0.scale", "1,000"),
            (&[(0, "scale", "1.000,5")], "registers.0.scale", "1.000,5"),
            (
                &[(3, "channel", "voltageL1"), (3, "address", "11")],
                "registers.3.address",
                "row 1 reads the registers 10 to 11",
            ),
            (
                &[(3, "channel", "activePowerKw"), (3, "address", "90")],
                "registers.3.channel",
                "row 1 reads this channel already",
            ),
        ];
        for (more, field, said) in cases {
            let refused = with(more).unwrap();
            assert!(refused.0 == field && refused.1.contains(said), "{refused:?}");
        }
    }

    #[test]
    fn a_scale_may_have_a_decimal_comma() {
        let row = [(0, "channel", "activePowerKw"), (0, "address", "10")];
        for (text, scale) in [("0,001", 0.001), ("-0,1", -0.1), ("2,5", 2.5), ("0.001", 0.001)] {
            let typed_rows = form(&[&row[..], &[(0, "scale", text)]].concat());
            let rows = typed(&typed_rows).unwrap().unwrap();
            assert!((rows[0].1.scale - scale).abs() < 1e-12, "{text}: {rows:?}");
        }
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let typed_rows = form(&[
            (0, "channel", "totalEnergyKwh"),
            (0, "address", "40069"),
            (0, "function", "input"),
            (0, "type", "u64"),
            (0, "order", "cdab"),
            (0, "scale", "0.001"),
        ]);
        let rows: Vec<_> =
            typed(&typed_rows).unwrap().unwrap().into_iter().map(|it| it.1).collect();
        let again: BTreeMap<_, _> =
            texts(&rows).chain([(SHOWN.to_owned(), "1".to_owned())]).collect();
        assert_eq!(again, typed_rows);
    }
}
