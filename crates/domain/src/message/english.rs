//! Sentences in answers that hold them in English alone.

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::Message;

/// A sentence that an answer holds in English alone, while pages put it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct English(pub Message);

/// Writes a sentence of a row in English alone.
pub(crate) fn in_english<S: Serializer>(said: &Message, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&said.message)
}

/// The same of one that may be absent.
#[expect(clippy::ref_option, reason = "serde hands a field over like that")]
pub(crate) fn maybe_in_english<S: Serializer>(
    said: &Option<Message>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    said.as_ref().map(|said| &said.message).serialize(serializer)
}

impl<T: Into<Message>> From<T> for English {
    fn from(said: T) -> Self {
        Self(said.into())
    }
}

impl Deref for English {
    type Target = Message;

    fn deref(&self) -> &Message {
        &self.0
    }
}

impl fmt::Display for English {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for English {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.message)
    }
}
