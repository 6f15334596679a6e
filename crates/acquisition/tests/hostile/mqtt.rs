//! Payloads of MQTT messages, in every shape that settings can ask for.

use acquisition::probe::mqtt::{Heard, heard};
use domain::Field;
use domain::devices::reason::look::Remark;
use domain::devices::{Communication, MqttSettings, Protocol};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{bytes, config, damage, damaged};

const TOPIC: &str = "plant/hall";
/// More words than these no message is worth, with the problems of all its values.
const MOST_WORDS: usize = 20_000;

/// A shape of message: the settings that read it.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Number,
    Names,
    Places,
    Unplaced,
    Status,
    StatusPlace,
}

const SHAPES: [Shape; 6] = [
    Shape::Number,
    Shape::Names,
    Shape::Places,
    Shape::Unplaced,
    Shape::Status,
    Shape::StatusPlace,
];

impl Shape {
    fn settings(self) -> MqttSettings {
        let written = match self {
            Self::Number | Self::Names => json!({"topicPower": TOPIC}),
            Self::Places => json!({"timePath": "$.params.ts", "values": [
                {"topic": TOPIC, "field": "activePowerKw", "unit": "W",
                    "path": "$.params['em:0'].total_act_power"},
                {"topic": TOPIC, "field": "voltageL1", "path": "$.params['em:0'].a_voltage"}]}),
            Self::Unplaced => {
                json!({"values": [{"topic": TOPIC, "field": "activePowerKw", "unit": "W"}]})
            }
            Self::Status => json!({"topicPower": "p", "status": {"topic": TOPIC}}),
            Self::StatusPlace => {
                json!({"topicPower": "p", "status": {"topic": TOPIC, "path": "$.state"}})
            }
        };
        match Communication::parse(Protocol::Mqtt, &written).unwrap() {
            Communication::Mqtt(settings) => settings,
            other => panic!("{other:?}"),
        }
    }

    /// What a good meter sends.
    fn message(self, kw: f64, volts: f64, at: i64) -> String {
        let document: Value = match self {
            Self::Number => return kw.to_string(),
            Self::Unplaced => return (kw * 1000.0).to_string(),
            Self::Status => return "online".to_owned(),
            Self::Names => json!({"power_kw": kw, "voltage": volts.to_string(), "timestamp": at}),
            Self::Places => json!({"src": "x", "params": {"ts": at,
                "em:0": {"total_act_power": kw * 1000.0, "a_voltage": volts}}}),
            Self::StatusPlace => json!({"state": "online"}),
        };
        document.to_string()
    }

    fn hear(self, payload: &[u8]) -> Heard {
        heard(&self.settings(), TOPIC, payload, false).unwrap()
    }
}

/// Every message gives values or says in words why not, and neither without measure.
fn is_settled(heard: &Heard) -> Result<(), TestCaseError> {
    let words = heard.remark.as_ref().map_or("", |said| &said.message);
    prop_assert!(heard.values.not_finite().is_none());
    prop_assert!(heard.values.present().next().is_some() || !words.is_empty());
    prop_assert!(words.len() <= MOST_WORDS, "{} bytes of words", words.len());
    prop_assert!(heard.payload.chars().count() <= 2_000);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_bytes_are_read_or_refused(payload in bytes()) {
        for shape in SHAPES {
            is_settled(&shape.hear(&payload))?;
        }
    }

    #[test]
    fn a_damaged_message_is_read_or_refused(
        shape in proptest::sample::select(&SHAPES[..]), kw in -1e4..1e4, volts in 0.0..500.0,
        at in 1_000_000_000_i64..4_000_000_000, damage in damage(),
    ) {
        let message = shape.message(kw, volts, at);
        is_settled(&shape.hear(&damaged(message.as_bytes(), &damage)))?;
    }

    #[test]
    fn an_untouched_message_says_what_it_said(
        kw in -1e4..1e4, volts in 0.0..500.0, at in 1_000_000_000_i64..4_000_000_000,
    ) {
        for shape in SHAPES {
            let heard = shape.hear(shape.message(kw, volts, at).as_bytes());
            let near = |field, value: f64| {
                heard.values.get(field).is_some_and(|got| (got - value).abs() <= value.abs() * 1e-12)
            };
            if matches!(shape, Shape::Status | Shape::StatusPlace) {
                prop_assert_eq!(heard.remark, Some(Remark::Online.into()));
                continue;
            }
            prop_assert!(near(Field::ActivePowerKw, kw), "{shape:?}: {heard:?}");
            prop_assert_eq!(&heard.remark, &None);
            if matches!(shape, Shape::Names | Shape::Places) {
                prop_assert!(near(Field::VoltageL1, volts), "{shape:?}: {heard:?}");
                prop_assert_eq!(heard.measured.map(|time| time.timestamp()), Some(at));
            }
        }
    }
}
