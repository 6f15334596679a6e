//! JSON bodies, read strictly: what is unknown, missing or wrong is refused by name.

use domain::operation::request::ChangeRefusal;
pub(crate) use domain::patch::merge as merge_patch;
use domain::strict;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Error;

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedField {
    /// Its name.
    pub field: String,
    /// What it says before.
    pub before: Value,
    /// What it says after.
    pub after: Value,
}

/// Reads an object.
///
/// # Errors
/// [`Error::Invalid`] with the first field at fault.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    strict::read(value).map_err(Error::from)
}

/// Refuses texts that the database cannot hold.
///
/// # Errors
/// [`Error::Invalid`] with the first field whose text has a NUL.
pub fn without_nul(value: &Value) -> Result<(), Error> {
    match nul(value) {
        None => Ok(()),
        Some(path) => Err(Error::invalid(path, ChangeRefusal::Nul)),
    }
}

/// The path of the first text with a NUL, which Postgres cannot hold.
fn nul(value: &Value) -> Option<String> {
    let within = |name: String, value: &Value| {
        nul(value).map(|rest| if rest.is_empty() { name.clone() } else { format!("{name}.{rest}") })
    };
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, item)| within(format!("[{i}]"), item))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let shown = name.replace('\0', "\u{fffd}");
            if name.contains('\0') { Some(shown) } else { within(shown, value) }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_nul_is_found_wherever_it_stands() {
        assert_eq!(nul(&json!({"a": {"b": ["x", "y\0"]}})).as_deref(), Some("a.b.[1]"));
        assert_eq!(nul(&json!({"a": "b"})), None);
    }
}
