//! Settings of a meter that publishes over MQTT.

mod broker;
pub mod filter;
mod makers;
mod placeholder;
mod values;

use serde::Deserialize;
use serde_json::Value;

pub use self::broker::{Broker, BrokerRef, DEFAULT_BROKER, Login};
use self::placeholder::Names;
pub use self::values::Units;
use self::values::{RawStatus, RawUnits, RawValue};
use super::json_path;
use super::modbus::is_directed;
use super::reason::look::Remark;
use super::refusal::mqtt::MqttRefusal;
use super::settings::{device_settings, raw_settings};
use super::{JsonPath, Pick, SettingError, strict, unit};
use crate::Field;

/// What a topic carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Topic {
    /// One value as a plain number, or several in a JSON object by their usual names.
    Value(Field),
    /// Values that stand at known places.
    Values(Vec<Pick>),
    /// Whether the meter is there.
    Status(StatusWords),
}

/// The words by which a meter says whether it is there, in any letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusWords {
    /// Where the word stands in a JSON object; a plain message is the word itself.
    pub path: Option<JsonPath>,
    /// It is there.
    pub online: Vec<String>,
    /// It is not.
    pub offline: Vec<String>,
}

impl Default for StatusWords {
    fn default() -> Self {
        Self { path: None, online: vec!["online".to_owned()], offline: vec!["offline".to_owned()] }
    }
}

/// Settings of a meter that publishes over MQTT.
#[derive(Debug, Clone, PartialEq)]
pub struct MqttSettings {
    /// The broker that its topics are on.
    pub broker: BrokerRef,
    /// Topics to follow and what they carry; wildcards are allowed.
    pub topics: Vec<(String, Topic)>,
    /// Where a JSON message says when its values held; without, at `timestamp` where it uses the
    /// usual names.
    pub time: Option<JsonPath>,
    /// What power and energy of [`Topic::Value`] are stated in.
    pub units: Units,
    /// Turns power and power factor of [`Topic::Value`], as for a reversed current transformer. In
    /// the scales of picked values it is included.
    pub invert: bool,
}

impl MqttSettings {
    /// What a value under its usual name is multiplied by.
    pub fn scale(&self, field: Field) -> f64 {
        self.turned(field, self.units.of(field).unwrap_or(1.0))
    }

    /// What a plain number on a topic of [`Topic::Value`] is multiplied by: the unit that is stated
    /// for it, else the one in which its maker publishes on such topics.
    pub fn plain_scale(&self, field: Field, topic: &str) -> f64 {
        let unit = self.units.of(field).or_else(|| makers::habit(topic).map(|habit| habit.scale));
        self.turned(field, unit.unwrap_or(1.0))
    }

    /// What is assumed about the topics and stands nowhere in the settings.
    pub fn notes(&self) -> Vec<Remark> {
        let assumed = self.topics.iter().filter_map(|(topic, meaning)| {
            let Topic::Value(field) = meaning else { return None };
            let habit = makers::habit(topic).filter(|_| self.units.of(*field).is_none())?;
            let unit = unit::name(*field, habit.scale)?;
            Some(Remark::Assumed { topic: topic.clone(), unit, profile: habit.profile })
        });
        assumed.collect()
    }

    fn turned(&self, field: Field, scale: f64) -> f64 {
        if self.invert && is_directed(field) { -scale } else { scale }
    }
}

device_settings!(raw_settings! mqtt);

pub(super) fn parse(settings: &Value) -> Result<MqttSettings, SettingError> {
    let mut raw: Raw = strict(settings)?;
    let names = Names::new(raw.device.take(), raw.channel.take().map(text))?;
    let mut topics = guide_topics(&mut raw, &names)?;
    for (filter, picks) in values::by_topic(&raw.values, &names, raw.invert)? {
        if topics.iter().any(|(known, _)| *known == filter) {
            return Err(SettingError::new("values", MqttRefusal::Twice { topic: filter }));
        }
        topics.push((filter, picks));
    }
    if topics.is_empty() {
        return Err(SettingError::new("topicPower", MqttRefusal::NoTopic));
    }
    let status = raw.topic_status.take().map(|topic| {
        let topic = names.fill("topicStatus", &topic)?;
        Ok((topic, Topic::Status(StatusWords::default())))
    });
    topics.extend(status.transpose()?);
    topics.extend(raw.status.take().map(|status| status.parse(&names)).transpose()?);
    Ok(MqttSettings {
        topics,
        time: json_path::at("timePath", raw.time_path.take().as_deref())?,
        units: raw.units.take().map(RawUnits::parse).transpose()?.unwrap_or_default(),
        invert: raw.invert,
        broker: broker::parse(raw)?,
    })
}

/// A number or a text, as text.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn guide_topics(raw: &mut Raw, names: &Names) -> Result<Vec<(String, Topic)>, SettingError> {
    let guide = [
        ("topicPower", raw.topic_power.take(), Field::ActivePowerKw),
        ("topicEnergy", raw.topic_energy.take(), Field::TotalEnergyKwh),
        ("topicVoltage", raw.topic_voltage.take(), Field::VoltageL1),
        ("topicCurrent", raw.topic_current.take(), Field::CurrentL1),
        ("topicPowerFactor", raw.topic_power_factor.take(), Field::PowerFactor),
        ("topicFrequency", raw.topic_frequency.take(), Field::FrequencyHz),
    ];
    let mut topics = Vec::new();
    for (name, topic, field) in guide {
        let Some(topic) = topic else { continue };
        topics.push((names.fill(name, &topic)?, Topic::Value(field)));
    }
    Ok(topics)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(settings: &Value) -> String {
        parse(settings).unwrap_err().field
    }

    #[test]
    fn the_guides_body_is_read_as_written() {
        let settings = parse(&json!({
            "topicPower": "building/energy/power", "topicEnergy": "building/energy/total",
            "topicVoltage": "building/energy/voltage", "topicCurrent": "building/energy/current",
            "topicStatus": "building/energy/status"}))
        .unwrap();
        assert_eq!(settings.topics.len(), 5);
        assert_eq!(settings.broker, BrokerRef::Named("default".to_owned()));
        assert_eq!(settings.units, Units::default());
    }

    #[test]
    fn a_unit_that_is_assumed_is_told() {
        let shelly = json!({"topicPower": "shellies/shellyem-abc123/emeter/0/power",
            "topicEnergy": "building/energy/total"});
        let notes = parse(&shelly).unwrap().notes();
        let told = notes[0].to_string();
        assert!(told.contains("taken for W") && told.contains("shelly-gen1"), "{told}");
        assert_eq!(notes.len(), 1);
        let mut stated = shelly;
        stated["units"] = json!({"power": "kW"});
        assert!(parse(&stated).unwrap().notes().is_empty());
    }

    #[test]
    fn values_are_gathered_by_topic_in_the_fields_own_units() {
        let settings = parse(&json!({"device": "em-7", "channel": 1, "invert": true, "values": [
            {"topic": "{device}/events", "field": "activePowerKw", "path": "$['em:{channel}'].w",
                "unit": "W"},
            {"topic": "{device}/total", "field": "energyImportKwh", "scale": 0.5, "unit": "Wmin"},
            {"topic": "{device}/events", "field": "voltageL1", "path": "$.v", "invert": true},
        ], "status": {"topic": "{device}/online", "online": ["true"], "offline": ["false"]},
        "timePath": "$.ts"}))
        .unwrap();
        let [(events, Topic::Values(picks)), (total, Topic::Values(energy)), (_, status)] =
            settings.topics.as_slice()
        else {
            panic!("{:?}", settings.topics);
        };
        assert_eq!((events.as_str(), total.as_str()), ("em-7/events", "em-7/total"));
        assert_eq!(picks[0].parts[0].path, JsonPath::parse("$['em:1'].w").unwrap());
        assert_eq!((picks[0].scale, picks[1].scale), (-1e-3, -1.0));
        assert!((energy[0].scale * 120_000.0 - 1.0).abs() < 1e-12);
        let Topic::Status(words) = status else { panic!("{status:?}") };
        assert_eq!(words.online, ["true"]);
        assert!(settings.time.is_some());
    }

    #[test]
    fn a_broker_is_named_or_given_with_all_that_belongs_to_it() {
        let given = parse(&json!({"host": "10.0.0.2", "tls": true, "username": "anna",
            "password": "secret", "topicPower": "p"}));
        let BrokerRef::Direct(broker) = given.unwrap().broker else { panic!("named") };
        assert_eq!((broker.port, broker.tls), (8883, true));
        assert!(!format!("{broker:?}").contains("secret"));
        for (extra, field) in [
            (json!({"port": 1883}), "communication.port"),
            (json!({"tls": true}), "communication.tls"),
            (json!({"username": "anna"}), "communication.username"),
            (json!({"host": "a", "broker": "roof"}), "communication.broker"),
            (json!({"host": "a", "port": 0}), "communication.port"),
            (json!({"host": "a", "password": "x"}), "communication.username"),
            (json!({"host": " "}), "communication.host"),
        ] {
            let mut settings = extra;
            settings["topicPower"] = json!("p");
            assert_eq!(fault(&settings), field, "{settings}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        let value = |extra: Value| {
            let mut value = json!({"topic": "a/b", "field": "activePowerKw"});
            for (name, of) in extra.as_object().unwrap() {
                value[name] = of.clone();
            }
            json!({"values": [value]})
        };
        for (settings, field) in [
            (json!({"topicPower": "a/b#"}), "topicPower"),
            (json!({"topicStatus": "a/status"}), "topicPower"),
            (json!({"topicPower": "{device}/p"}), "device"),
            (json!({"topicPower": "p", "device": "a+b"}), "device"),
            (json!({"topicPower": "p", "colour": 1}), "colour"),
            (json!({"topicPower": "p", "units": {"power": "kWh"}}), "units.power"),
            (json!({"topicPower": "p", "timePath": "ts"}), "timePath"),
            (
                json!({"topicPower": "a/b", "values": [{"topic": "a/b", "field": "voltageL1"}]}),
                "values",
            ),
            (value(json!({"field": "power"})), "values[0].field"),
            (value(json!({"unit": "V"})), "values[0].unit"),
            (value(json!({"path": "power"})), "values[0].path"),
            (value(json!({"scale": 0})), "values[0].scale"),
            (value(json!({"topic": "a/#/b"})), "values[0].topic"),
            (value(json!({"colour": 1})), "values[0].colour"),
            (
                json!({"values": [
                    {"topic": "t", "field": "energyImportKwh", "path": "$.a", "sum": true},
                    {"topic": "t", "field": "energyImportKwh", "path": "$.b", "sum": true}]}),
                "values[1]",
            ),
            (
                json!({"topicPower": "p", "status": {"topic": "s", "online": ["a"], "offline": ["a"]}}),
                "status.offline",
            ),
        ] {
            assert_eq!(fault(&settings), format!("communication.{field}"), "{settings}");
        }
    }
}
