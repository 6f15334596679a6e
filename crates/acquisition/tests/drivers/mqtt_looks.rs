//! Looking at a meter and at a broker.

use std::time::Duration;

use acquisition::Outbound;
use acquisition::probe::mqtt::{discover, test_read};
use domain::devices::mqtt::Broker;
use domain::devices::{Communication, MqttSettings, Protocol};
use serde_json::{Value, json};

use crate::broker::{self, Publisher, free_port};

const OPEN: Outbound = Outbound::new(true);

fn settings(settings: &Value) -> MqttSettings {
    match Communication::parse(Protocol::Mqtt, settings).unwrap() {
        Communication::Mqtt(settings) => settings,
        other => panic!("{other:?}"),
    }
}

async fn started() -> (Broker, Publisher) {
    let port = free_port();
    let broker = broker::start(port).await;
    (Broker { port, ..Broker::local() }, Publisher::keeping(broker, port))
}

#[tokio::test]
async fn a_look_shows_what_came_and_what_is_made_of_it() {
    let (broker, mut publisher) = started().await;
    publisher.retain("shellies/em/emeter/0/power", "1500").await;
    publisher.retain("hall/voltage", "high").await;
    let settings = settings(&json!({"topicPower": "shellies/em/emeter/0/power",
        "topicVoltage": "hall/voltage"}));
    let probe = test_read(&settings, &broker, OPEN, Duration::from_secs(30)).await.unwrap();
    assert_eq!(probe.values.active_power_kw, Some(1.5));
    assert!(probe.notes[0].message.contains("taken for W"), "{:?}", probe.notes);
    assert!(probe.latency.is_some_and(|latency| latency < Duration::from_secs(30)));
    let of = |topic: &str| probe.messages.iter().find(|heard| heard.topic == topic).unwrap();
    let (power, voltage) = (of("shellies/em/emeter/0/power"), of("hall/voltage"));
    assert!(power.retained && power.remark.as_ref().unwrap().message.contains("no reading of now"));
    assert_eq!(voltage.payload, "high");
    assert!(voltage.remark.as_ref().unwrap().message.contains("`high` is not a number"));
}

#[tokio::test]
async fn silent_topics_and_brokers_are_named() {
    let (broker, _publisher) = started().await;
    let settings = settings(&json!({"topicPower": "Hall/power"}));
    let time = Duration::from_secs(1);
    let probe = test_read(&settings, &broker, OPEN, time).await.unwrap();
    assert!(probe.messages.is_empty());
    assert!(probe.notes[0].message.contains("Hall/power"), "{:?}", probe.notes);
    let nobody = Broker { port: free_port(), ..Broker::local() };
    let reason = test_read(&settings, &nobody, OPEN, time).await.unwrap_err();
    assert!(reason.message.contains("cannot be reached"), "{reason}");
    let guarded = test_read(&settings, &broker, Outbound::new(false), time).await.unwrap_err();
    assert!(guarded.message.contains("this machine"), "{guarded}");
}

#[tokio::test]
async fn devices_that_announce_themselves_are_listed() {
    let (broker, mut publisher) = started().await;
    let sensor = |extra: &Value| {
        let mut sensor = json!({"device_class": "power", "unit_of_measurement": "W",
            "state_topic": "zigbee2mqtt/Plug", "device": {"ids": ["0x1"], "name": "Plug"}});
        for (name, value) in extra.as_object().unwrap() {
            sensor[name] = value.clone();
        }
        sensor.to_string()
    };
    let power = sensor(&json!({"value_template": "{{ value_json.power | float }}"}));
    publisher.retain("homeassistant/sensor/0x1/power/config", &power).await;
    let odd = sensor(&json!({"device_class": "voltage", "value_template": "{{ value * 2 }}"}));
    publisher.retain("homeassistant/sensor/0x1/voltage/config", &odd).await;
    let found = discover(&broker, OPEN, Duration::from_secs(30)).await.unwrap();
    assert_eq!(found.found.len(), 1, "{found:?}");
    let plug = settings(&found.found[0].communication);
    assert_eq!(plug.topics[0].0, "zigbee2mqtt/Plug");
    assert!(found.unusable[0].reason.message.contains("value * 2"), "{found:?}");
}
