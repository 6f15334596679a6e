//! Why meters are not read, as the live state tells it, in the reader's language.

use domain::language::Language;
use domain::live::Snapshot;
use serde_json::Value;

use super::{in_language, told};

/// How a reason begins in a message; where there is none, it is null.
const REASON: &str = "\"reason\":\"";

/// Puts the reasons of a page's first state into the language of whoever reads it.
pub fn put_into_words(snapshot: &mut Snapshot) {
    for reason in snapshot.values.iter_mut().filter_map(|value| value.reason.as_mut()) {
        *reason = told(reason);
    }
}

/// A message of the live stream, which is encoded once for all who listen, with the reasons in a
/// language; none where it stays as it is.
pub fn in_message(json: &str, language: Language) -> Option<String> {
    if language == Language::En || !json.contains(REASON) {
        return None;
    }
    let mut message: Value = serde_json::from_str(json).ok()?;
    for value in message.get_mut("values")?.as_array_mut()? {
        if let Some(Value::String(reason)) = value.get_mut("reason") {
            *reason = in_language(reason, language);
        }
    }
    Some(message.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str =
        r#"{"id":7,"values":[{"id":1,"reason":null},{"id":2,"reason":"no new reading"}]}"#;

    #[test]
    fn reasons_are_put_into_german_and_nothing_else_is() {
        let german = in_message(MESSAGE, Language::De).unwrap();
        let german: Value = serde_json::from_str(&german).unwrap();
        assert_eq!(german["id"], 7);
        assert_eq!(german["values"][0]["reason"], Value::Null);
        assert_eq!(german["values"][1]["reason"], "keine neue Ablesung");
    }

    #[test]
    fn a_message_in_english_or_without_reasons_is_sent_as_it_is() {
        assert_eq!(in_message(MESSAGE, Language::En), None);
        assert_eq!(in_message(r#"{"values":[{"id":1,"reason":null}]}"#, Language::De), None);
    }
}
