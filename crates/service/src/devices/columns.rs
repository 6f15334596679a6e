//! Settings of devices as flat columns: names and texts, as a table or a form has them.

use std::collections::BTreeMap;

use domain::devices::refusal::table::CellRefusal;
use domain::devices::settings::{Kind, SETTINGS};
use domain::operation::typed::TypedRefusal;
use serde_json::{Map, Value};

use crate::Error;
use crate::meters::energy_meters::settings::hidden;

/// The column of the settings that have none of their own: a JSON object.
pub(super) const REST: &str = "communication";

/// Texts by the names of their columns.
pub(super) type Cells = BTreeMap<&'static str, String>;

/// Settings as columns. The object of the rest is left out where it is empty.
pub(super) fn split(settings: &Value) -> Cells {
    let (own, rest) = parted(settings);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut cells: Cells = own.iter().map(|(name, value)| (*name, text(value))).collect();
    if !rest.is_empty() {
        cells.insert(REST, Value::Object(rest).to_string());
    }
    cells
}

/// The settings with a column of their own, and the rest: there stays also one whose value a column could
/// not give back.
fn parted(settings: &Value) -> (BTreeMap<&'static str, Value>, Map<String, Value>) {
    let mut rest = settings.as_object().cloned().unwrap_or_default();
    let mut own = BTreeMap::new();
    for setting in SETTINGS {
        let fits = match (&setting.kind, rest.get(setting.name)) {
            (Kind::Text | Kind::Address | Kind::Words(_), Some(Value::String(text))) => {
                is_plain(text)
            }
            (Kind::Whole, Some(Value::Number(number))) => number.is_i64(),
            (Kind::Flag, Some(Value::Bool(_))) => true,
            _ => false,
        };
        if fits && let Some(value) = rest.remove(setting.name) {
            own.insert(setting.name, value);
        }
    }
    (own, rest)
}

/// Whether a text is the same once the blanks around it are cut off.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text
}

/// The settings that the texts of some columns say, over those that are stored: a column without a text
/// stays as it is, an empty text takes back what was set. An address that is shown without its query stands
/// for the stored one.
///
/// # Errors
/// The column whose text is not of its kind.
pub(super) fn join<'a>(
    stored: Option<&Value>,
    text: impl Fn(&str) -> Option<&'a str>,
) -> Result<Value, Error> {
    let (mut own, mut rest) = stored.map(parted).unwrap_or_default();
    match text(REST).map(str::trim) {
        None => {}
        Some("") => rest.clear(),
        Some(text) => rest = object(text)?,
    }
    for setting in SETTINGS.iter().filter(|setting| setting.has_column()) {
        let name = setting.name;
        let stored = own.get(name).and_then(Value::as_str);
        let is_stored = |text: &&str| stored.is_some_and(|it| hidden::stands_for(name, text, it));
        match text(name).map(str::trim).filter(|text| !is_stored(text)) {
            None => {}
            Some("") => drop(own.remove(name)),
            Some(text) => drop(own.insert(name, value(name, &setting.kind, text)?)),
        }
        if own.contains_key(name) && rest.contains_key(name) {
            return Err(Error::invalid(REST, CellRefusal::OwnColumn { name, rest: REST }));
        }
    }
    rest.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(Value::Object(rest))
}

/// The settings that have no column.
///
/// # Errors
/// The text is no JSON object.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, Error> {
    let wrong = |error: serde_json::Error| CellRefusal::NoObject { why: error.to_string() };
    serde_json::from_str(text).map_err(|error| Error::invalid(REST, wrong(error)))
}

/// The value that a text says.
///
/// # Errors
/// The text is not of the kind, by the name.
pub(super) fn value(name: &str, kind: &Kind, text: &str) -> Result<Value, Error> {
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
        Kind::List => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(parts.collect())
        }
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
            let cells = split(&settings);
            let texts = |name: &str| cells.get(name).map(String::as_str);
            assert_eq!(join(None, texts).unwrap(), settings);
            assert_eq!(join(Some(&settings), texts).unwrap(), settings);
            assert_eq!(join(Some(&settings), |_| None).unwrap(), settings);
        }
    }

    #[test]
    fn a_column_is_said_over_what_is_stored() {
        let stored = json!({"url": "http://h/?key=k", "method": "POST", "headers": {"A": "b"}});
        let said = |column: &str, text: &'static str| {
            join(Some(&stored), |name| (name == column).then_some(text)).unwrap()
        };
        let without = |name: &str| {
            let mut left = stored.clone();
            left.as_object_mut().unwrap().remove(name);
            left
        };
        assert_eq!(said("method", " "), without("method"));
        assert_eq!(said("communication", ""), without("headers"));
        assert_eq!(said("url", "http://h/?…"), stored);
        assert_eq!(said("url", "http://other/")["url"], "http://other/");
    }

    #[test]
    fn a_text_that_is_not_of_its_kind_is_refused_by_its_column() {
        let refused = |name, text: &str| {
            let cells = Cells::from([("host", "h".to_owned()), (name, text.to_owned())]);
            match join(None, |name| cells.get(name).map(String::as_str)) {
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
