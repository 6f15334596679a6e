use chrono::DateTime;
use domain::devices::{Communication, Protocol};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn settings(settings: &Value) -> MqttSettings {
    let mut settings = settings.clone();
    if settings.get("values").is_none() {
        settings["topicPower"] = json!("p");
    }
    match Communication::parse(Protocol::Mqtt, &settings).unwrap() {
        Communication::Mqtt(settings) => settings,
        other => panic!("{other:?}"),
    }
}

/// What a message means on the first topic of the settings, with the unit of its maker if `topic` has
/// one.
fn heard(of: &Value, topic: &str, payload: &str) -> Result<Said, Message> {
    let settings = settings(of);
    read(topic, &settings.topics[0].1, &settings, payload.as_bytes())
}

fn values(of: &Value, topic: &str, payload: &str) -> Vec<(Field, f64)> {
    match heard(of, topic, payload) {
        Ok(Said::Sample(sample)) => sample.values.present().collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn plain_numbers_and_documents_are_both_understood() {
    let guide = json!({});
    assert_eq!(values(&guide, "a", " 25.5\n"), [(Field::ActivePowerKw, 25.5)]);
    assert_eq!(values(&guide, "a", "\"-3\""), [(Field::ActivePowerKw, -3.0)]);
    assert_eq!(values(&guide, "a", r#"{"power_kw": 2, "voltage": "230"}"#).len(), 2);
}

#[test]
fn a_makers_topic_takes_its_units_unless_others_are_stated() {
    let topic = "shellies/x/emeter/0/power";
    assert_eq!(values(&json!({}), topic, "1500"), [(Field::ActivePowerKw, 1.5)]);
    let stated = json!({"units": {"power": "kW"}});
    assert_eq!(values(&stated, topic, "1500"), [(Field::ActivePowerKw, 1500.0)]);
    let watts = json!({"units": {"power": "W"}, "invert": true});
    assert_eq!(values(&watts, "a", r#"{"power": 500}"#), [(Field::ActivePowerKw, -0.5)]);
    assert_eq!(values(&watts, "a", "500"), [(Field::ActivePowerKw, -0.5)]);
}

#[test]
fn values_stand_at_their_places_with_their_time() {
    let of = json!({"timePath": "$.params.ts", "values": [
        {"topic": "d/events/rpc", "field": "activePowerKw", "unit": "W",
            "path": "$.params['em:0'].total_act_power"},
        {"topic": "d/events/rpc", "field": "activePowerKw", "unit": "W",
            "path": "$.params['switch:0'].apower"},
    ]});
    let three = r#"{"src": "d", "method": "NotifyStatus", "params": {"ts": 1656356400.5,
        "em:0": {"id": 0, "total_act_power": 2484.782}}}"#;
    let Ok(Said::Sample(sample)) = heard(&of, "d/events/rpc", three) else { panic!() };
    assert_eq!(sample.values.active_power_kw, Some(2.484_782));
    assert_eq!(sample.at, DateTime::from_timestamp_millis(1_656_356_400_500));
    let one = r#"{"params": {"ts": 1656356400, "switch:0": {"apower": "8.9"}}}"#;
    assert_eq!(values(&of, "", one), [(Field::ActivePowerKw, 0.0089)]);
    let other = r#"{"params": {"ts": 1656356400, "sys": {"available_updates": {}}}}"#;
    assert!(
        matches!(heard(&of, "", other), Ok(Said::Other(why)) if why.to_string().contains("switch:0"))
    );
    let unset = r#"{"params": {"ts": 12.5, "switch:0": {"apower": 1}}}"#;
    let Ok(Said::Sample(sample)) = heard(&of, "", unset) else { panic!() };
    assert_eq!((sample.at, sample.problems.len(), sample.remarks.len()), (None, 0, 1));
}

#[test]
fn a_value_without_a_place_keeps_its_unit_in_a_document_too() {
    let of = json!({"values": [
        {"topic": "t", "field": "activePowerKw", "unit": "W", "invert": true},
        {"topic": "t", "field": "voltageL1", "unit": "mV", "path": "$.u"},
    ]});
    assert_eq!(values(&of, "t", "1500"), [(Field::ActivePowerKw, -1.5)]);
    let document = r#"{"power": 1500, "u": 230000, "energy": 7, "timestamp": 1656356400}"#;
    let Ok(Said::Sample(sample)) = heard(&of, "t", document) else { panic!() };
    let expected = [(Field::ActivePowerKw, -1.5), (Field::VoltageL1, 230.0)];
    assert_eq!(sample.values.present().collect::<Vec<_>>(), expected);
    assert_eq!(sample.at, DateTime::from_timestamp(1_656_356_400, 0));
}

#[test]
fn a_value_that_is_none_is_named_and_the_others_are_kept() {
    let of = json!({"values": [
        {"topic": "t", "field": "activePowerKw", "path": "$.ENERGY.Power[1]"},
        {"topic": "t", "field": "voltageL1", "path": "$.ENERGY.Voltage"},
        {"topic": "t", "field": "currentL1", "path": "$.ENERGY.Power[*]"},
    ]});
    let payload = r#"{"ENERGY": {"Power": [5, "high"], "Voltage": 230}}"#;
    let Ok(Said::Sample(sample)) = heard(&of, "t", payload) else { panic!() };
    assert_eq!(sample.values.present().collect::<Vec<_>>(), [(Field::VoltageL1, 230.0)]);
    let reason = sample.reason().unwrap();
    assert!(reason.message.contains("high") && reason.message.contains("several"), "{reason}");
    assert!(heard(&of, "t", "5").unwrap_err().message.contains("JSON"));
}

#[test]
fn a_status_is_one_of_its_words() {
    let told = |words: &StatusWords, payload: &str| {
        read("a", &Topic::Status(words.clone()), &settings(&json!({})), payload.as_bytes())
    };
    let usual = StatusWords::default();
    assert_eq!(told(&usual, "Online"), Ok(Said::Online(true)));
    assert_eq!(told(&usual, "offline"), Ok(Said::Online(false)));
    assert!(told(&usual, "1").unwrap_err().message.contains("neither online nor offline"));
    let path = domain::devices::JsonPath::parse("$.state").ok();
    let placed = StatusWords { path, ..StatusWords::default() };
    assert_eq!(told(&placed, r#"{"state": "online"}"#), Ok(Said::Online(true)));
    assert_eq!(told(&placed, "offline"), Ok(Said::Online(false)));
    let truth = StatusWords {
        path: None,
        online: vec!["true".to_owned()],
        offline: vec!["false".to_owned()],
    };
    assert_eq!(told(&truth, "true"), Ok(Said::Online(true)));
}

#[test]
fn what_is_not_a_value_is_named() {
    let guide = settings(&json!({}));
    for (payload, named) in [
        (&b"abc"[..], "abc"),
        (b"", "``"),
        (b"{\"power\":", "power"),
        (b"[1, 2]", "object"),
        (b"\xff\xfe", "text"),
        (b"{\"state\": 1}", "power_kw"),
    ] {
        let reason = read("a", &guide.topics[0].1, &guide, payload).unwrap_err();
        assert!(reason.message.contains(named), "{reason}");
    }
    for word in ["NaN", "-nan", "inf"] {
        let said = read("a", &guide.topics[0].1, &guide, word.as_bytes());
        assert!(matches!(said, Ok(Said::Other(_))), "{word}: {said:?}");
    }
}

proptest! {
    #[test]
    fn no_payload_is_too_odd(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        let guide = settings(&json!({}));
        if let Ok(Said::Sample(sample)) = read("a", &guide.topics[0].1, &guide, &payload) {
            prop_assert!(sample.values.not_finite().is_none());
        }
    }
}
