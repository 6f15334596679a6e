//! Sentences in answers that have always had their English under a name of its own.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FOREIGN, Message, Params};

/// A sentence as a part of an answer, whose fields stand beside the others of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Text {
    /// The sentence in English.
    pub text: String,
    /// Stable code of the sentence, such as `alarm.voltage`.
    #[serde(default = "foreign", skip_serializing_if = "is_foreign")]
    pub reason: Cow<'static, str>,
    /// What stands in it, by name.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

const fn foreign() -> Cow<'static, str> {
    Cow::Borrowed(FOREIGN)
}

fn is_foreign(code: &str) -> bool {
    code == FOREIGN
}

impl From<Message> for Text {
    fn from(Message { code, params, message }: Message) -> Self {
        Self { text: message, reason: code, params }
    }
}

impl From<Text> for Message {
    fn from(Text { text, reason, params }: Text) -> Self {
        Self { code: reason, params, message: text }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
