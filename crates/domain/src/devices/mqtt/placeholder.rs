//! `{device}` and `{channel}` in topics and paths.

use super::super::SettingError;
use super::super::refusal::mqtt::MqttRefusal;
use super::filter;

const DEVICE: &str = "{device}";
const CHANNEL: &str = "{channel}";

/// What stands for the placeholders.
pub(super) struct Names {
    device: Option<String>,
    channel: String,
}

impl Names {
    /// Names that may stand in a topic.
    pub(super) fn new(
        device: Option<String>,
        channel: Option<String>,
    ) -> Result<Self, SettingError> {
        let channel = channel.unwrap_or_else(|| "0".to_owned());
        let named = device.iter().map(|name| ("device", name));
        for (setting, name) in named.chain([("channel", &channel)]) {
            if name.is_empty() || name.contains(['+', '#', '\0', '{', '}', '\'', '"']) {
                return Err(SettingError::new(setting, MqttRefusal::Name { name: name.clone() }));
            }
        }
        Ok(Self { device, channel })
    }

    /// A text with its placeholders replaced.
    pub(super) fn replace(&self, at: &str, text: &str) -> Result<String, SettingError> {
        let text = text.replace(CHANNEL, &self.channel);
        if !text.contains(DEVICE) {
            return Ok(text);
        }
        let Some(device) = &self.device else {
            let (at, placeholder) = (at.to_owned(), DEVICE);
            return Err(SettingError::new(
                "device",
                MqttRefusal::NoDevice { at, text, placeholder },
            ));
        };
        Ok(text.replace(DEVICE, device))
    }

    /// A topic with its placeholders replaced, checked.
    pub(super) fn fill(&self, at: &str, topic: &str) -> Result<String, SettingError> {
        let topic = self.replace(at, topic)?;
        if filter::is_well_formed(&topic) {
            return Ok(topic);
        }
        Err(SettingError::new(at, MqttRefusal::NoFilter { topic }))
    }
}

/// The filter of all topics that a topic with placeholders can become; none where a placeholder is
/// only part of a level, or nothing else is left.
pub(super) fn filter_of(topic: &str) -> Option<String> {
    let levels = topic.split('/').map(|level| match level {
        DEVICE | CHANNEL => Some("+"),
        level if level.contains('{') => None,
        level => Some(level),
    });
    let levels: Vec<_> = levels.collect::<Option<_>>()?;
    levels.iter().any(|level| *level != "+").then(|| levels.join("/"))
}
