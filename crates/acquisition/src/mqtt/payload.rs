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
        let document = serde_json::from_str::<Value>(text);
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
        (Topic::Value(field), None) => plain(*field, text, settings.plain_scale(*field, topic)),
        (Topic::Values(picks), Some(document)) => picked(picks, settings, &document),
        (Topic::Values(picks), None) => match picks.iter().find(|pick| pick.path.is_none()) {
            Some(pick) => plain(pick.field, text, pick.scale),
            None => Err(BadMessage::NotDocument { said: excerpt(text) }.into()),
        },
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

fn plain(field: Field, text: &str, scale: f64) -> Result<Said, Message> {
    let value = json::numeric(&Value::String(text.trim_matches('"').to_owned()))
        .filter(|value| value.is_finite())
        .ok_or_else(|| BadMessage::NotNumber { said: excerpt(text) })?;
    let mut sample = ChannelSample::default();
    sample.put(field, Ok(value * scale));
    Ok(Said::Sample(Box::new(sample)))
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

fn picked(picks: &[Pick], settings: &MqttSettings, document: &Value) -> Result<Said, Message> {
    match json::pick(document, picks) {
        Ok(mut sample) => {
            if let Some(stated) = document.get("timestamp").filter(|_| settings.time.is_none()) {
                sample.at = Some(json::timestamp("timestamp", stated)?);
            }
            json::stamp(document, settings.time.as_ref(), &mut sample);
            Ok(Said::Sample(Box::new(sample)))
        }
        Err(why) => Ok(Said::Other(why)),
    }
}

#[cfg(test)]
mod tests;
