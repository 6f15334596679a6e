//! What a message says.

use domain::Field;
use domain::devices::Pick;
use domain::devices::mqtt::{MqttSettings, StatusWords, Topic};
use domain::devices::reason::answer::BadDocument;
use domain::devices::reason::mqtt::BadMessage;
use domain::message::Message;
use serde_json::Value;

use crate::json::{self, excerpt};
use crate::sample::ChannelSample;

/// Longer messages are not looked into.
const LONGEST: usize = 1 << 20;

/// What a message says.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    /// Values.
    Sample(Box<ChannelSample>),
    /// The meter itself is online, or not.
    Online(bool),
    /// It was understood and carries none of the values, for this reason. Some devices report all
    /// that happens to them on one topic.
    Other(BadDocument),
}

/// Reads a payload.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(
    topic: &str,
    meaning: &Topic,
    settings: &MqttSettings,
    payload: &[u8],
) -> Result<Said, Message> {
    if payload.len() > LONGEST {
        return Err(BadMessage::TooLong { bytes: payload.len() }.into());
    }
    let text = str::from_utf8(payload).map_err(|_| BadMessage::NotText)?.trim();
    let document = if text.starts_with(['{', '[']) {
        let document = json::parse(text);
        let wrong = |error: serde_json::Error| BadMessage::NotJson {
            said: excerpt(text),
            why: error.to_string(),
        };
        Some(document.map_err(wrong)?)
    } else {
        None
    };
    match (meaning, document) {
        (Topic::Status(words), document) => status(words, text, document.as_ref()),
        (Topic::Value(_), Some(document)) => usual_names(settings, &document),
        (Topic::Value(_) | Topic::Values(_), None) if json::is_no_number(text) => {
            Ok(Said::Other(BadDocument::NoNumber { said: excerpt(text) }))
        }
        (Topic::Value(field), None) => {
            let mut sample = ChannelSample::default();
            sample.put(*field, Ok(number(text, None)? * settings.plain_scale(*field, topic)));
            Ok(Said::Sample(Box::new(sample)))
        }
        (Topic::Values(picks), Some(document)) => Ok(picked(picks, settings, &document)),
        (Topic::Values(picks), None) => {
            let mut whole = picks.iter().filter(|pick| pick.parts.is_empty()).peekable();
            if whole.peek().is_none() {
                return Err(BadMessage::NotDocument { said: excerpt(text) }.into());
            }
            let mut sample = ChannelSample::default();
            for pick in whole {
                let value = number(text, pick.unit.as_deref())? * pick.scale;
                sample.put(pick.field, Ok(value));
                sample.addends.extend(pick.is_addend.then_some(pick.field));
            }
            Ok(Said::Sample(Box::new(sample)))
        }
    }
}

fn status(words: &StatusWords, text: &str, document: Option<&Value>) -> Result<Said, Message> {
    let found = match (&words.path, document) {
        (Some(path), Some(document)) => path.find(document)?,
        _ => None,
    };
    let word = match found {
        Some(Value::String(word)) => word.clone(),
        Some(other) => other.to_string(),
        None => text.trim_matches('"').to_owned(),
    };
    let among =
        |words: &[String]| words.iter().any(|known| known.eq_ignore_ascii_case(word.trim()));
    if among(&words.online) {
        Ok(Said::Online(true))
    } else if among(&words.offline) {
        Ok(Said::Online(false))
    } else {
        let (online, offline) = (words.online.join(", "), words.offline.join(", "));
        Err(BadMessage::NoStatus { said: excerpt(&word), online, offline }.into())
    }
}

/// The number of a plain message.
fn number(text: &str, unit: Option<&str>) -> Result<f64, Message> {
    let stripped = text.trim_matches('"');
    let plain = json::numeric(&Value::String(stripped.to_owned()));
    let value = plain.or_else(|| json::written_with(stripped, unit?));
    let value = value.filter(|value| value.is_finite());
    value.ok_or_else(|| BadMessage::NotNumber { said: excerpt(text) }.into())
}

/// A document with the usual names, in the units that the settings state.
fn usual_names(settings: &MqttSettings, document: &Value) -> Result<Said, Message> {
    let Some(object) = document.as_object() else {
        return Err(BadMessage::NotObject { said: excerpt(&document.to_string()) }.into());
    };
    let mut sample = json::read(object)?;
    for &field in Field::ALL {
        let value = sample.values.get(field).map(|value| value * settings.scale(field));
        sample.values.set(field, value);
    }
    json::stamp(document, settings.time.as_ref(), &mut sample);
    Ok(Said::Sample(Box::new(sample)))
}

fn picked(picks: &[Pick], settings: &MqttSettings, document: &Value) -> Said {
    match json::pick(document, picks) {
        Ok(mut sample) => {
            if let Some(stated) =
                document.get("timestamp").filter(|of| settings.time.is_none() && !of.is_null())
            {
                json::note_time("timestamp", stated, &mut sample);
            }
            json::stamp(document, settings.time.as_ref(), &mut sample);
            Said::Sample(Box::new(sample))
        }
        Err(why) => Said::Other(why),
    }
}

#[cfg(test)]
mod tests;
