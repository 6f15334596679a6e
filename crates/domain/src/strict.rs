//! Strict reading of JSON objects: what is unknown, missing or wrong is named by its path.

mod said;

use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

use crate::message::Message;
pub use said::{Carried, Expected, Found, Known, Refused};

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It means nothing here.
    Unknown,
    /// It is needed and absent.
    Missing,
    /// Its value has the wrong type or cannot be.
    Value,
}

impl FaultKind {
    /// The code as programs see it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_field",
            Self::Missing => "missing_field",
            Self::Value => "invalid_value",
        }
    }
}

/// The first field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field, such as `retention.rawDays`; none where the whole object is at fault.
    pub field: Option<String>,
    /// What is wrong with it.
    pub kind: FaultKind,
    /// The same in words.
    pub message: Message,
}

impl Fault {
    /// A value of a field that cannot be.
    pub fn value(field: &str, message: impl Into<Message>) -> Self {
        Self { field: Some(field.to_owned()), kind: FaultKind::Value, message: message.into() }
    }
}

/// Reads a text that its type parses, and carries the sentence of one that cannot be.
///
/// # Errors
/// It is no text, or cannot be parsed.
pub fn parsed<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Into<Message>>,
    D: Deserializer<'de>,
{
    let text = String::deserialize(from)?;
    text.parse().map_err(|refused| D::Error::custom(Carried::new(refused)))
}

/// Reads what is a number or a text in JSON, and carries the sentence of what is neither.
///
/// # Errors
/// It is neither.
pub fn number_or_text<'de, T, D>(
    from: D,
    number: impl FnOnce(i64) -> T,
    text: impl FnOnce(String) -> T,
    refused: impl Into<Message>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let given = Value::deserialize(from)?;
    if let Some(given) = given.as_i64() {
        return Ok(number(given));
    }
    match given {
        Value::String(given) => Ok(text(given)),
        _ => Err(D::Error::custom(Carried::new(refused))),
    }
}

/// Reads an object.
///
/// # Errors
/// The first field at fault, or the whole when it is not an object.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    if !value.is_object() {
        let message = Refused::NoObject.into();
        return Err(Fault { field: None, kind: FaultKind::Value, message });
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        fault(&path, &error.into_inner().to_string())
    })
}

/// Places an error of serde: it names unknown and missing fields in what it says, not in the path.
fn fault(path: &str, text: &str) -> Fault {
    let refused = Refused::of(text);
    let (kind, name) = match &refused {
        Some(Refused::Unknown { name, .. }) => (FaultKind::Unknown, name.as_str()),
        Some(Refused::Missing { name }) => (FaultKind::Missing, name.as_str()),
        _ => (FaultKind::Value, ""),
    };
    let field = match (path, name) {
        ("." | "", "") => None,
        ("." | "", name) => Some(name.to_owned()),
        (path, "") => Some(path.to_owned()),
        (path, name) if path.rsplit('.').next() == Some(name) => Some(path.to_owned()),
        (path, name) => Some(format!("{path}.{name}")),
    };
    let said = refused.map(Message::from).or_else(|| said::carried(text));
    Fault { field, kind, message: said.unwrap_or_else(|| Message::foreign(text)) }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its reading is tested")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading is tested")]
        count: u8,
    }

    #[derive(Debug)]
    struct Even;

    impl<'de> Deserialize<'de> for Even {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            let number = u8::deserialize(from)?;
            let refused = || Carried::new(Refused::Missing { name: number.to_string() });
            number
                .is_multiple_of(2)
                .then_some(Self)
                .ok_or_else(|| serde::de::Error::custom(refused()))
        }
    }

    fn refused(value: &Value) -> (Option<String>, FaultKind) {
        let fault = read::<Outer>(value).unwrap_err();
        (fault.field, fault.kind)
    }

    #[test]
    fn each_fault_is_named_by_its_path() {
        let at = |path: &str| Some(path.to_owned());
        assert_eq!(refused(&json!({})), (at("inner"), FaultKind::Missing));
        assert_eq!(refused(&json!({"inner": {}})), (at("inner.count"), FaultKind::Missing));
        assert_eq!(refused(&json!({"inner": {"x": 1}})), (at("inner.x"), FaultKind::Unknown));
        assert_eq!(
            refused(&json!({"inner": {"count": "1"}})),
            (at("inner.count"), FaultKind::Value)
        );
        assert_eq!(refused(&json!([{"count": 1}])), (None, FaultKind::Value));
    }

    #[test]
    fn a_sentence_of_ours_comes_through_serde_as_it_was() {
        #[derive(Debug, Deserialize)]
        struct Numbers {
            #[expect(dead_code, reason = "only its reading is tested")]
            even: Even,
        }
        let fault = read::<Numbers>(&json!({"even": 3})).unwrap_err();
        assert_eq!(fault.message, Refused::Missing { name: "3".to_owned() }.into());
        assert_eq!((fault.field.as_deref(), fault.kind), (Some("even"), FaultKind::Value));
    }
}
