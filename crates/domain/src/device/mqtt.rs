//! Settings of a meter that publishes over MQTT.

use serde::Deserialize;
use serde_json::Value;

use super::{SettingError, strict};
use crate::Field;

/// What a topic carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// One value as a plain number, or several in a JSON object.
    Value(Field),
    /// The word online or offline.
    Status,
}

/// Settings of a meter that publishes over MQTT.
#[derive(Debug, Clone, PartialEq)]
pub struct MqttSettings {
    /// The named broker to use; `default` unless stated.
    pub broker: String,
    /// A direct broker, which needs no name.
    pub host: Option<String>,
    /// Port of the direct broker.
    pub port: u16,
    /// Topics to follow and what they carry; wildcards are allowed.
    pub topics: Vec<(String, Topic)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    broker: Option<String>,
    host: Option<String>,
    port: Option<i64>,
    topic_power: Option<String>,
    topic_energy: Option<String>,
    topic_voltage: Option<String>,
    topic_current: Option<String>,
    topic_power_factor: Option<String>,
    topic_frequency: Option<String>,
    topic_status: Option<String>,
}

const DEFAULT_PORT: u16 = 1883;

pub(super) fn parse(settings: &Value) -> Result<MqttSettings, SettingError> {
    let raw: Raw = strict(settings)?;
    let port = match raw.port {
        None => DEFAULT_PORT,
        Some(port) => u16::try_from(port).ok().filter(|&port| port > 0).ok_or_else(|| {
            SettingError::new(
                "port",
                format!("port is {port}: it must be a whole number from 1 to 65535"),
            )
        })?,
    };
    let named = [
        ("topicPower", raw.topic_power, Topic::Value(Field::ActivePowerKw)),
        ("topicEnergy", raw.topic_energy, Topic::Value(Field::TotalEnergyKwh)),
        ("topicVoltage", raw.topic_voltage, Topic::Value(Field::VoltageL1)),
        ("topicCurrent", raw.topic_current, Topic::Value(Field::CurrentL1)),
        ("topicPowerFactor", raw.topic_power_factor, Topic::Value(Field::PowerFactor)),
        ("topicFrequency", raw.topic_frequency, Topic::Value(Field::FrequencyHz)),
        ("topicStatus", raw.topic_status, Topic::Status),
    ];
    let mut topics = Vec::new();
    for (name, topic, meaning) in named {
        let Some(topic) = topic else { continue };
        check_filter(name, &topic)?;
        topics.push((topic, meaning));
    }
    if !topics.iter().any(|(_, meaning)| *meaning != Topic::Status) {
        return Err(SettingError::new(
            "topicPower",
            "no topic with values: give topicPower or topicEnergy",
        ));
    }
    Ok(MqttSettings {
        broker: raw.broker.unwrap_or_else(|| "default".to_owned()),
        host: raw.host,
        port,
        topics,
    })
}

/// MQTT 3.1.1, section 4.7: `+` stands alone in its level, `#` alone in the last.
fn check_filter(name: &str, topic: &str) -> Result<(), SettingError> {
    let levels: Vec<_> = topic.split('/').collect();
    let last = levels.len() - 1;
    let well_formed = levels.iter().enumerate().all(|(i, level)| match *level {
        "+" => true,
        "#" => i == last,
        level => !level.contains(['+', '#', '\0']),
    });
    if well_formed && !topic.is_empty() && topic.len() <= 65_535 {
        Ok(())
    } else {
        Err(SettingError::new(
            name,
            format!("`{topic}` is not a topic: + stands alone in a level, # alone in the last"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_guides_body_is_read_as_written() {
        let settings = parse(&json!({
            "topicPower": "building/energy/power", "topicEnergy": "building/energy/total",
            "topicVoltage": "building/energy/voltage", "topicCurrent": "building/energy/current",
            "topicStatus": "building/energy/status"}))
        .unwrap();
        assert_eq!(settings.topics.len(), 5);
        assert_eq!(settings.broker, "default");
    }

    #[test]
    fn a_malformed_topic_and_no_topic_are_refused() {
        let wild = parse(&json!({"topicPower": "a/b#"})).unwrap_err();
        assert_eq!(wild.field, "communication.topicPower");
        assert!(parse(&json!({"topicStatus": "a/status"})).is_err());
    }
}
