//! What a message says.

use domain::device::Topic;
use serde_json::Value;

use super::topic::unit_of;
use crate::json::{self, excerpt};
use crate::sample::Sample;

/// Longer messages are not looked into.
const LONGEST: usize = 1 << 20;

/// What a message says.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// Values.
    Sample(Box<Sample>),
    /// The meter itself is online, or not.
    Online(bool),
}

/// Reads a payload.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn read(topic: &str, meaning: &Topic, payload: &[u8]) -> Result<Message, String> {
    if payload.len() > LONGEST {
        return Err(format!("{} bytes are too many", payload.len()));
    }
    let text = str::from_utf8(payload).map_err(|_| "it is not text".to_owned())?.trim();
    match meaning {
        Topic::Status if text.eq_ignore_ascii_case("online") => Ok(Message::Online(true)),
        Topic::Status if text.eq_ignore_ascii_case("offline") => Ok(Message::Online(false)),
        Topic::Status => Err(format!("`{}` is neither online nor offline", excerpt(text))),
        Topic::Value(_) if text.starts_with('{') => {
            let document: Value = serde_json::from_str(text)
                .map_err(|error| format!("`{}` is not JSON: {error}", excerpt(text)))?;
            let sample = document.as_object().map_or_else(|| Err(String::new()), json::read)?;
            Ok(Message::Sample(Box::new(sample)))
        }
        Topic::Value(field) => {
            let value = json::number(&Value::String(text.trim_matches('"').to_owned()))
                .ok()
                .filter(|value| value.is_finite())
                .ok_or_else(|| format!("`{}` is not a number", excerpt(text)))?;
            let mut sample = Sample::default();
            sample.put(*field, Ok(value * unit_of(topic)));
            Ok(Message::Sample(Box::new(sample)))
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Field;
    use proptest::prelude::*;

    use super::*;

    const POWER: Topic = Topic::Value(Field::ActivePowerKw);

    fn values(topic: &str, payload: &str) -> Vec<(Field, f64)> {
        match read(topic, &POWER, payload.as_bytes()) {
            Ok(Message::Sample(sample)) => sample.values.present().collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn plain_numbers_and_documents_are_both_understood() {
        assert_eq!(values("a", " 25.5\n"), [(Field::ActivePowerKw, 25.5)]);
        assert_eq!(values("a", "\"-3\""), [(Field::ActivePowerKw, -3.0)]);
        assert_eq!(values("a", r#"{"power_kw": 2, "voltage": "230"}"#).len(), 2);
        assert_eq!(values("shellies/x/emeter/0/power", "1500"), [(Field::ActivePowerKw, 1.5)]);
    }

    #[test]
    fn a_status_is_one_of_two_words() {
        assert_eq!(read("a", &Topic::Status, b"Online"), Ok(Message::Online(true)));
        assert_eq!(read("a", &Topic::Status, b"offline"), Ok(Message::Online(false)));
        assert!(read("a", &Topic::Status, b"1").is_err());
    }

    #[test]
    fn what_is_not_a_value_is_named() {
        for (payload, named) in [
            (&b"abc"[..], "abc"),
            (b"NaN", "NaN"),
            (b"inf", "inf"),
            (b"", "``"),
            (b"{\"power\":", "power"),
            (b"\xff\xfe", "text"),
            (b"{\"state\": 1}", "power_kw"),
        ] {
            let reason = read("a", &POWER, payload).unwrap_err();
            assert!(reason.contains(named), "{reason}");
        }
    }

    proptest! {
        #[test]
        fn no_payload_is_too_odd(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(Message::Sample(sample)) = read("a", &POWER, &payload) {
                prop_assert!(sample.values.not_finite().is_none());
            }
        }
    }
}
