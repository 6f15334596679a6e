//! Settings of devices as flat columns: names and texts, as a table or a form has them.

use std::collections::BTreeMap;

use domain::devices::refusal::table::CellRefusal;
use domain::devices::settings::{Kind, SETTINGS};
use domain::operation::typed::TypedRefusal;
use serde_json::{Map, Value};

use crate::Error;

/// The column of the settings that have none of their own: a JSON object.
pub(crate) const REST: &str = "communication";

/// Texts by the names of their columns.
pub(crate) type Cells = BTreeMap<&'static str, String>;

/// Settings as columns. A setting whose value a column could not give back stays in the object of the
/// rest, which is left out where it is empty.
pub(crate) fn split(settings: &Value) -> Cells {
    let mut rest = settings.as_object().cloned().unwrap_or_default();
    let mut cells = Cells::new();
    for setting in SETTINGS {
        let text = match (&setting.kind, rest.get(setting.name)) {
            (Kind::Text | Kind::Address | Kind::Words(_), Some(Value::String(text)))
                if is_plain(text) =>
            {
                text.clone()
            }
            (Kind::Whole, Some(Value::Number(number))) if number.is_i64() => number.to_string(),
            (Kind::Flag, Some(Value::Bool(flag))) => flag.to_string(),
            _ => continue,
        };
        rest.remove(setting.name);
        cells.insert(setting.name, text);
    }
    if !rest.is_empty() {
        cells.insert(REST, Value::Object(rest).to_string());
    }
    cells
}

/// Whether a text is the same once the blanks around it are cut off.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text
}

/// Columns as settings.
///
/// # Errors
/// The column whose text is not of its kind.
pub(crate) fn join(cells: &Cells) -> Result<Value, Error> {
    let mut settings = match cells.get(REST).map(|text| text.trim()).filter(|text| !text.is_empty())
    {
        None => Map::new(),
        Some(text) => object(text)?,
    };
    for setting in SETTINGS {
        let name = setting.name;
        let text = cells.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let Some(text) = text else { continue };
        if settings.insert(name.to_owned(), value(name, &setting.kind, text)?).is_some() {
            return Err(Error::invalid(REST, CellRefusal::OwnColumn { name, rest: REST }));
        }
    }
    Ok(Value::Object(settings))
}

/// The settings that have no column.
///
/// # Errors
/// The text is no JSON object.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, Error> {
    let wrong = |error: serde_json::Error| CellRefusal::NoObject { why: error.to_string() };
    serde_json::from_str(text).map_err(|error| Error::invalid(REST, wrong(error)))
}

fn value(name: &str, kind: &Kind, text: &str) -> Result<Value, Error> {
    let written = || text.to_owned();
    match kind {
        Kind::Whole => text
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| Error::invalid(name, TypedRefusal::NotWhole { text: written() })),
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(Error::invalid(name, CellRefusal::NoFlag { text: written() })),
        },
        _ => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_come_back_as_they_were() {
        let all = [
            json!({"host": "10.0.0.1", "port": 502, "unitId": 3, "registers": {"power": 20480}}),
            json!({"host": " ", "port": "502", "unitId": 3.5, "invert": true, "registers": {}}),
            json!({"topicPower": "a,\"b\"", "status": {"topic": "x"}, "tls": false}),
            json!({"url": "http://h/", "headers": {"Accept": "*/*"}, "method": "POST"}),
            json!({}),
        ];
        for settings in all {
            assert_eq!(join(&split(&settings)).unwrap(), settings);
        }
    }

    #[test]
    fn a_text_that_is_not_of_its_kind_is_refused_by_its_column() {
        let refused = |name, text: &str| {
            let cells = Cells::from([("host", "h".to_owned()), (name, text.to_owned())]);
            match join(&cells) {
                Err(Error::Invalid { field, .. }) => field,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused("port", "five").as_deref(), Some("port"));
        assert_eq!(refused("tls", "maybe").as_deref(), Some("tls"));
        assert_eq!(refused(REST, "[1]").as_deref(), Some(REST));
        assert_eq!(refused(REST, "{\"host\": \"x\"}").as_deref(), Some(REST));
    }
}
