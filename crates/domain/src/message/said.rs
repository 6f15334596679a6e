//! A sentence as it stands in an answer, beside a code that says what became of the request.

use std::borrow::Cow;

use serde::Serialize;

use super::{Message, Params};

/// What is wrong, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Said {
    /// What is wrong and how to mend it, in English.
    pub message: String,
    /// Stable code of that sentence, such as `alarm_rule.no_channel`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'static, str>>,
    /// What stands in the sentence, by name.
    #[serde(skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

impl From<Message> for Said {
    fn from(message: Message) -> Self {
        let is_ours = !message.is_foreign();
        let Message { code, params, message } = message;
        Self { message, reason: is_ours.then_some(code), params }
    }
}

impl From<Said> for Message {
    fn from(Said { message, reason, params }: Said) -> Self {
        match reason {
            Some(code) => Self { code, params, message },
            None => Self::foreign(message),
        }
    }
}
