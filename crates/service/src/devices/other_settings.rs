//! The settings without a column of their own as fields of a form: texts in, settings out, and back.

use std::collections::BTreeMap;

use domain::Field;
use domain::devices::refusal::table::CellRefusal;
use domain::devices::settings::{Kind, OTHER_SETTINGS};
use domain::figures::written;
use serde_json::map::Entry;
use serde_json::{Map, Number, Value, json};

use super::columns::{self, REST, is_plain, object};
use super::rows::{self, field};
use crate::Error;
pub use crate::meters::energy_meters::settings::secrets::is_secret_header;

/// The table of the headers of a request.
pub const HEADERS: &str = "headers";
/// The texts of its rows.
pub const OF_HEADER: [&str; 2] = ["name", "value"];

/// The table of the values that are picked out of messages.
pub const VALUES: &str = "values";
/// The texts of its rows.
pub const OF_VALUE: [&str; 9] =
    ["topic", "field", "path", "unit", "scale", "invert", "sum", "negativePath", "negativeWhen"];

/// Rows of these tables at most.
pub const MOST_ROWS: usize = 40;

/// The field with the names of the stored headers that carry secrets, with which the form began.
const KEPT_HEADERS: &str = "headers.kept";

/// Texts by the names of their fields.
type Texts = BTreeMap<String, String>;

/// The names of all fields.
pub fn fields() -> impl Iterator<Item = String> {
    let plain = OTHER_SETTINGS.iter().map(|other| other.name.to_owned());
    plain
        .chain(rows::fields(HEADERS, MOST_ROWS, &OF_HEADER))
        .chain(rows::fields(VALUES, MOST_ROWS, &OF_VALUE))
        .chain([KEPT_HEADERS.to_owned()])
}

/// Adds what the fields say to settings.
///
/// # Errors
/// A text that is not of the kind of its field; a setting that stands there already.
pub(super) fn put(all: &mut Map<String, Value>, texts: &Texts) -> Result<(), Error> {
    for other in OTHER_SETTINGS {
        let text = texts.get(other.name).map(|text| text.trim()).unwrap_or_default();
        if !text.is_empty() {
            insert(all, other.name, columns::value(other.name, &other.kind, text)?)?;
        }
    }
    put_headers(all, texts)?;
    let values = rows::filled(texts, VALUES);
    if values.is_empty() {
        return Ok(());
    }
    let values = values.iter().map(|(at, row)| value(*at, row)).collect::<Result<Vec<_>, _>>()?;
    insert(all, VALUES, values.into())
}

fn put_headers(all: &mut Map<String, Value>, texts: &Texts) -> Result<(), Error> {
    // A stored secret stays, and is added when the settings are stored.
    if let Some(Value::Object(headers)) = all.get_mut(HEADERS) {
        headers.retain(|name, value| !(value.is_null() && is_secret_header(name)));
    }
    let headers = rows::filled(texts, HEADERS);
    if headers.is_empty() {
        return Ok(());
    }
    let Value::Object(all) = all.entry(HEADERS).or_insert_with(|| json!({})) else {
        return Err(has_field(HEADERS));
    };
    for (at, row) in &headers {
        let text = |of: &'static str| row.get(of).ok_or_else(|| empty(HEADERS, *at, of));
        let name = *text("name")?;
        if is_secret_header(name) && !row.contains_key("value") {
            continue;
        }
        let value = *text("value")?;
        if all.insert(name.to_owned(), value.into()).is_some() {
            let twice = CellRefusal::Twice { name: name.to_owned() };
            return Err(Error::invalid(field(HEADERS, *at, "name"), twice));
        }
    }
    Ok(())
}

/// A header of the form that carries a secret. Its value is typed where the device is stored.
pub struct SecretHeader {
    pub name: String,
    /// The field of its value.
    pub field: String,
    /// Whether the device has it already.
    pub is_stored: bool,
}

/// The headers of the form that carry secrets.
pub fn secret_headers(texts: &Texts) -> Vec<SecretHeader> {
    let stored = kept_headers(texts);
    let secret = |(at, row): (usize, BTreeMap<&str, &str>)| {
        let name = row.get("name").filter(|name| is_secret_header(name))?;
        Some(SecretHeader {
            name: (*name).to_owned(),
            field: field(HEADERS, at, "value"),
            is_stored: stored.contains(name),
        })
    };
    rows::filled(texts, HEADERS).into_iter().filter_map(secret).collect()
}

/// The stored headers that carry secrets and are no longer in the form.
pub(super) fn removed_headers(texts: &Texts) -> Vec<String> {
    let left = secret_headers(texts);
    let is_left = |name: &str| left.iter().any(|header| header.name == name);
    kept_headers(texts).into_iter().filter(|name| !is_left(name)).map(str::to_owned).collect()
}

fn kept_headers(texts: &Texts) -> Vec<&str> {
    texts.get(KEPT_HEADERS).map(|names| names.split(',').collect()).unwrap_or_default()
}

/// Takes the values of headers that carry secrets out of texts of an address.
pub(super) fn withhold_secrets(texts: &mut Texts) {
    for header in secret_headers(texts) {
        texts.remove(&header.field);
    }
}

/// One of `values`.
fn value(at: usize, row: &BTreeMap<&str, &str>) -> Result<Value, Error> {
    let refused = |of: &str, why: CellRefusal| Error::invalid(field(VALUES, at, of), why);
    let mut value = Map::new();
    for of in ["topic", "field", "unit"] {
        value.extend(row.get(of).map(|text| (of.to_owned(), Value::from(*text))));
    }
    for of in ["invert", "sum"] {
        let Some(text) = row.get(of) else { continue };
        let is = text.parse::<bool>();
        let is = is.map_err(|_| refused(of, CellRefusal::NoFlag { text: (*text).to_owned() }))?;
        value.insert(of.to_owned(), is.into());
    }
    if let Some(text) = row.get("scale") {
        let no_number = || refused("scale", CellRefusal::NoNumber { text: (*text).to_owned() });
        value.insert("scale".to_owned(), Value::Number(number(text).ok_or_else(no_number)?));
    }
    let path = match ["path", "negativePath", "negativeWhen"].map(|of| row.get(of)) {
        [None, None, None] => return Ok(Value::Object(value)),
        [Some(path), None, None] => json!(path),
        [Some(path), Some(other), Some(is)] => {
            json!({"path": path, "negativeWhen": {"path": other, "is": is}})
        }
        [None, ..] => return Err(empty(VALUES, at, "path")),
        [_, None, _] => return Err(empty(VALUES, at, "negativePath")),
        [_, _, None] => return Err(empty(VALUES, at, "negativeWhen")),
    };
    value.insert("path".to_owned(), path);
    Ok(Value::Object(value))
}

/// A number, whole where it is written so.
fn number(text: &str) -> Option<Number> {
    let number = written(text)?;
    serde_json::from_str(text).ok().or_else(|| Number::from_f64(number))
}

fn empty(table: &str, at: usize, name: &'static str) -> Error {
    Error::invalid(field(table, at, name), CellRefusal::Empty { name })
}

fn has_field(name: &'static str) -> Error {
    Error::invalid(REST, CellRefusal::OwnColumn { name, rest: REST })
}

/// Puts a setting, or a part of one, where there is none yet.
fn insert(all: &mut Map<String, Value>, name: &'static str, value: Value) -> Result<(), Error> {
    let place = match name.split_once('.') {
        None => all.entry(name),
        Some((outer, inner)) => {
            let Value::Object(parts) = all.entry(outer).or_insert_with(|| json!({})) else {
                return Err(has_field(name));
            };
            parts.entry(inner)
        }
    };
    match place {
        Entry::Vacant(free) => {
            free.insert(value);
            Ok(())
        }
        Entry::Occupied(_) => Err(has_field(name)),
    }
}

/// Moves settings that are written as JSON into the fields that they have. Where one of these is filled in, the JSON
/// stays as it is.
pub(super) fn spread(texts: &mut Texts) {
    let Some(Ok(mut rest)) = texts.get(REST).map(|text| object(text)) else { return };
    let shown = take(&mut rest);
    if shown.keys().any(|name| texts.contains_key(name)) {
        return;
    }
    texts.remove(REST);
    if !rest.is_empty() {
        texts.insert(REST.to_owned(), Value::Object(rest).to_string());
    }
    texts.extend(shown);
}

/// Takes what fields can show out of settings. What they could not give back stays there.
fn take(rest: &mut Map<String, Value>) -> Texts {
    // `true` is the first meter of a unit.
    if rest.get("sunspec") == Some(&Value::Bool(true)) {
        rest.insert("sunspec".to_owned(), 1.into());
    }
    let mut shown = Texts::new();
    for other in OTHER_SETTINGS {
        let text = value_at(rest, other.name).and_then(|value| text(&other.kind, value));
        if let Some(text) = text {
            remove(rest, other.name);
            shown.insert(other.name.to_owned(), text);
        }
    }
    if let Some(texts) = rest.get(HEADERS).and_then(header_texts) {
        rest.remove(HEADERS);
        let stored = secret_headers(&texts).into_iter();
        let stored = stored.filter(|header| !texts.contains_key(&header.field));
        let stored: Vec<_> = stored.map(|header| header.name).collect();
        if !stored.is_empty() {
            shown.insert(KEPT_HEADERS.to_owned(), stored.join(","));
        }
        shown.extend(texts);
    }
    if let Some(texts) = rest.get(VALUES).and_then(value_texts) {
        rest.remove(VALUES);
        shown.extend(texts);
    }
    shown
}

fn value_at<'a>(settings: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    match name.split_once('.') {
        None => settings.get(name),
        Some((outer, inner)) => settings.get(outer)?.get(inner),
    }
}

fn remove(settings: &mut Map<String, Value>, name: &str) {
    let (outer, inner) = name.split_once('.').unwrap_or((name, ""));
    if let Some(Value::Object(parts)) = settings.get_mut(outer) {
        parts.remove(inner);
        if !parts.is_empty() {
            return;
        }
    }
    settings.remove(outer);
}

/// The text of a value; none where it would not give the value back.
fn text(kind: &Kind, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?.join(", ")
        }
        other => other.to_string(),
    };
    let gives_back = columns::value("", kind, &text).is_ok_and(|again| again == *value);
    (is_plain(&text) && gives_back).then_some(text)
}

fn header_texts(headers: &Value) -> Option<Texts> {
    let headers = headers.as_object().filter(|headers| headers.len() <= MOST_ROWS)?;
    let mut texts = Texts::new();
    for (at, (name, value)) in headers.iter().enumerate() {
        if !is_plain(name) {
            return None;
        }
        texts.insert(field(HEADERS, at, "name"), name.clone());
        if value.is_null() && is_secret_header(name) {
            continue;
        }
        let value = value.as_str().filter(|value| is_plain(value))?;
        texts.insert(field(HEADERS, at, "value"), value.to_owned());
    }
    Some(texts)
}

fn value_texts(values: &Value) -> Option<Texts> {
    let values = values.as_array().filter(|values| (1..=MOST_ROWS).contains(&values.len()))?;
    let mut texts = Texts::new();
    for (at, one) in values.iter().enumerate() {
        for (name, part) in one.as_object()? {
            match (name.as_str(), part) {
                ("path", Value::Object(path)) => {
                    let text = |value: Option<&Value>| Some(value?.as_str()?.to_owned());
                    let when = path.get("negativeWhen")?;
                    texts.insert(field(VALUES, at, "path"), text(path.get("path"))?);
                    texts.insert(field(VALUES, at, "negativePath"), text(when.get("path"))?);
                    texts.insert(field(VALUES, at, "negativeWhen"), text(when.get("is"))?);
                }
                // A select has the names that the API answers with, not those of columns.
                ("field", Value::String(text))
                    if Field::parse(text).is_none_or(|field| field.json() != text) =>
                {
                    return None;
                }
                (name, Value::String(text)) => {
                    texts.insert(field(VALUES, at, name), text.clone());
                }
                (name, part) => {
                    texts.insert(field(VALUES, at, name), part.to_string());
                }
            }
        }
    }
    let rows = rows::filled(&texts, VALUES);
    let again = rows.iter().map(|(at, row)| value(*at, row).ok()).collect::<Option<Vec<_>>>();
    (again.as_ref() == Some(values)).then_some(texts)
}

/// The field of a refused setting, such as `communication.values[0].path`.
pub(super) fn refused_field(setting: &str, texts: &Texts) -> Option<String> {
    let setting = setting.strip_prefix("communication.")?;
    if OTHER_SETTINGS.iter().any(|other| other.name == setting) {
        return Some(setting.to_owned());
    }
    if let Some(name) = setting.strip_prefix("headers.") {
        let headers = rows::filled(texts, HEADERS);
        let is_named = |row: &BTreeMap<&str, &str>| row.get("name") == Some(&name);
        let (at, _) = headers.iter().find(|(_, row)| is_named(row))?;
        return Some(field(HEADERS, *at, "name"));
    }
    let inner = setting.strip_prefix(VALUES)?;
    let (number, of) = match inner.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((number, of)) => (number.parse().ok()?, of.trim_start_matches('.')),
        None => (0, "topic"),
    };
    let values = rows::filled(texts, VALUES);
    let at = values.keys().nth(number)?;
    let of = OF_VALUE.into_iter().find(|known| *known == of).unwrap_or("field");
    Some(field(VALUES, *at, of))
}

#[cfg(test)]
mod tests;
