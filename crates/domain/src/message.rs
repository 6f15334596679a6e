//! Sentences that people read: which one it is, what stands in it, and how it reads in English.
//!
//! Whatever refuses, explains or warns says so by an enum that [`messages!`] declares, in its area. Such a
//! sentence is stored and answered as a [`Message`]; words of another language are found by its code,
//! where a person reads it.

mod declared;
mod english;
mod params;
mod said;
mod text;

use crate::stored::stored;
use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use declared::Declared;
pub(crate) use declared::{code, messages};
pub use english::English;
pub(crate) use english::{in_english, maybe_in_english};
pub use params::Params;
pub use said::Said;
pub use text::Text;

/// The code of what another program or a person said in words of its own.
const FOREIGN: &str = "foreign";

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// Which one, such as `alarm_rule.no_channel`.
    pub code: Cow<'static, str>,
    /// What stands in it, by name.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// The sentence in English.
    pub message: String,
}

stored!(json Message);

/// What stands in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Param {
    /// A count, an id, a year.
    Whole(i64),
    /// A name, a time, or a figure with its decimal point and thousands as English has them.
    Text(String),
    /// A sentence within the sentence.
    Message(Box<Message>),
    /// Several of them.
    List(Vec<Message>),
}

impl Message {
    /// Stands between the sentences of a list.
    pub const BETWEEN: &'static str = "; ";

    pub(crate) fn new(
        code: String,
        params: impl IntoIterator<Item = (&'static str, Param)>,
        message: String,
    ) -> Self {
        Self { code: code.into(), params: Params::new(params), message: storable(message) }
    }

    /// What another program or a person said; it stays as it is in every language.
    pub fn foreign(said: impl Into<String>) -> Self {
        Self { code: FOREIGN.into(), params: Params::default(), message: storable(said.into()) }
    }

    /// Whether it is said in words of somebody else's.
    pub fn is_foreign(&self) -> bool {
        self.code == FOREIGN
    }
}

/// What others say may have a NUL in it, which Postgres stores neither in text nor in JSON.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Sentences of which one follows the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentences(pub Vec<Message>);

impl fmt::Display for Sentences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, message) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(Message::BETWEEN)?;
            }
            write!(f, "{message}")?;
        }
        Ok(())
    }
}

impl From<Sentences> for Param {
    fn from(sentences: Sentences) -> Self {
        Self::List(sentences.0)
    }
}

impl From<Message> for Param {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

impl From<Box<Message>> for Param {
    fn from(message: Box<Message>) -> Self {
        Self::Message(message)
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What is written as text in a sentence.
macro_rules! written {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Param {
            fn from(it: $kind) -> Self {
                Self::Text(it.to_string())
            }
        }
    )*};
}

written!(
    f64,
    usize,
    u64,
    char,
    chrono::NaiveDate,
    chrono::NaiveDateTime,
    chrono::DateTime<chrono::Utc>,
    rust_decimal::Decimal,
    uuid::Uuid
);

/// What is a whole number.
macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Param {
            fn from(it: $kind) -> Self {
                Self::Whole(it.into())
            }
        }
    )*};
}

whole!(i64, i32, i16, u32, u16, u8);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::month::MonthError;

    #[test]
    fn what_others_say_can_be_stored() {
        assert_eq!(Message::foreign("550 no\0such").message, "550 no\u{fffd}such");
        let refused = Message::from(MonthError::NoMonth { text: "2026\0".to_owned() });
        let stored = serde_json::to_string(&refused).unwrap();
        assert!(!stored.contains("\\u0000"), "{stored}");
    }

    #[test]
    fn a_stored_sentence_is_read_whatever_stands_in_it() {
        let stored = r#"{"code":"a.b","params":{"a":true,"b":1.5,"c":null,"d":18446744073709551615},
            "message":"m"}"#;
        let read: Message = serde_json::from_str(stored).unwrap();
        assert_eq!(read.params.get("a"), Some(&Param::Text("true".to_owned())));
        assert_eq!(read.params.get("d"), Some(&Param::Text(u64::MAX.to_string())));
    }
}
