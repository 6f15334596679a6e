//! Values over MQTT, through a real broker.

use std::time::Duration;

use acquisition::Supervisor;
use chrono::DateTime;
use domain::devices::{Device, DeviceState, Protocol};
use domain::{DeviceId, Field, Quality};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::broker::{self, Broker, Publisher, free_port};
use crate::collector::{Collector, device};

fn meter(id: i64, settings: &Value) -> Device {
    device(id, Protocol::Mqtt, settings)
}

/// A broker, devices that follow it, and one who publishes.
pub(crate) async fn scene(devices: Vec<Device>) -> (Collector, Supervisor, Publisher) {
    let port = free_port();
    scene_at(broker::start(port).await, port, devices).await
}

/// The same with a broker that is there already.
pub(crate) async fn scene_at(
    broker: Broker,
    port: u16,
    devices: Vec<Device>,
) -> (Collector, Supervisor, Publisher) {
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "test");
    let ids: Vec<_> = devices.iter().map(|device| device.id).collect();
    supervisor.apply(devices).await;
    collector
        .until("the connection", |seen| {
            ids.iter().all(|id| seen.told(id.0, DeviceState::Offline, "no message yet"))
        })
        .await;
    let mut publisher = Publisher::keeping(broker, port);
    // Subscriptions take effect a moment after the connection.
    let warm = meter(99, &json!({"topicPower": "warm/up"}));
    let mut probe = collector.supervisor(port, "probe");
    probe.apply(vec![warm]).await;
    while collector.look(|seen| seen.count(99) == 0) {
        publisher.publish("warm/up", "1").await;
        sleep(Duration::from_millis(20)).await;
    }
    probe.stop().await;
    (collector, supervisor, publisher)
}

#[tokio::test]
async fn plain_values_of_a_meter_become_one_reading() {
    let guide = json!({"topicPower": "building/energy/power", "topicEnergy": "building/energy/total",
        "topicVoltage": "building/energy/voltage", "topicCurrent": "building/energy/current",
        "topicStatus": "building/energy/status"});
    let (collector, supervisor, mut publisher) = scene(vec![meter(1, &guide)]).await;
    publisher.publish("building/energy/power", "25.5").await;
    publisher.publish("building/energy/total", "15420.3").await;
    publisher.publish("building/energy/voltage", "230.1").await;
    publisher.publish("building/energy/current", "110.8").await;
    collector.until("the reading", |seen| seen.count(1) == 1).await;
    collector.look(|seen| {
        let reading = seen.of(1).next().unwrap();
        assert_eq!(reading.values.present().count(), 4);
        assert_eq!(reading.values.active_power_kw, Some(25.5));
        assert_eq!(reading.quality, Quality::Good);
        assert_eq!(seen.state(1), Some(DeviceState::Online));
    });
    publisher.publish("building/energy/status", "offline").await;
    collector
        .until("the meter's own word", |seen| {
            seen.told(1, DeviceState::Offline, "the meter says that it is offline")
        })
        .await;
    publisher.publish("building/energy/status", "online").await;
    collector.until("its return", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_row_closes_after_a_while_or_when_a_topic_repeats() {
    let settings = json!({"topicPower": "m/p", "topicVoltage": "m/v"});
    let (collector, supervisor, mut publisher) = scene(vec![meter(1, &settings)]).await;
    publisher.publish("m/p", "1").await;
    publisher.publish("m/p", "2").await;
    collector.until("both", |seen| seen.count(1) == 2).await;
    collector.look(|seen| {
        let powers: Vec<_> = seen.of(1).map(|reading| reading.values.active_power_kw).collect();
        assert_eq!(powers, [Some(1.0), Some(2.0)]);
        assert!(seen.of(1).map(|reading| reading.at).is_sorted());
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn documents_wildcards_and_shared_topics_are_understood() {
    let devices = vec![
        meter(1, &json!({"topicPower": "hall/+/data"})),
        meter(2, &json!({"topicPower": "hall/a/data"})),
        meter(3, &json!({"topicPower": "shellies/shellyem-abc123/emeter/0/power"})),
    ];
    let (collector, supervisor, mut publisher) = scene(devices).await;
    publisher
        .publish(
            "hall/a/data",
            r#"{"power_kw": "25.5", "voltage": 230.2, "timestamp": 1700000000}"#,
        )
        .await;
    publisher.publish("shellies/shellyem-abc123/emeter/0/power", "1500").await;
    collector
        .until("all", |seen| seen.count(1) == 1 && seen.count(2) == 1 && seen.count(3) == 1)
        .await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::VoltageL1, 230.2));
        assert!(seen.has(2, Field::ActivePowerKw, 25.5));
        assert!(seen.has(3, Field::ActivePowerKw, 1.5));
        let time = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert!(seen.of(1).chain(seen.of(2)).all(|reading| reading.at == time));
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn what_is_retained_is_no_reading_of_now_unless_it_says_when_it_was() {
    let port = free_port();
    let _broker = broker::start(port).await;
    let mut publisher = Publisher::connect(port);
    publisher.retain("old/power", "7").await;
    publisher.retain("dated/power", r#"{"power": 8, "timestamp": "2026-01-01T00:00:00Z"}"#).await;
    let devices = vec![
        meter(1, &json!({"topicPower": "old/power"})),
        meter(2, &json!({"topicPower": "dated/power"})),
    ];
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "test");
    supervisor.apply(devices).await;
    collector.until("the dated one", |seen| seen.has(2, Field::ActivePowerKw, 8.0)).await;
    publisher.publish("old/power", "9").await;
    collector.until("the new one", |seen| seen.has(1, Field::ActivePowerKw, 9.0)).await;
    collector.look(|seen| assert_eq!(seen.count(1), 1));
    supervisor.stop().await;
}

#[tokio::test]
async fn messages_that_cannot_be_read_are_counted_kept_and_do_not_come_back() {
    let (collector, supervisor, mut publisher) =
        scene(vec![meter(1, &json!({"topicPower": "m/p"}))]).await;
    for _ in 0..12 {
        publisher.publish("m/p", "over the moon").await;
    }
    collector
        .until("the reason", |seen| {
            seen.told(1, DeviceState::Error, "12 messages could not be read")
                && seen.told(1, DeviceState::Error, "`over the moon` is not a number")
        })
        .await;
    let unreadable = supervisor.unreadable(DeviceId(1));
    assert_eq!((unreadable.count, unreadable.last.len()), (12, 10));
    publisher.publish("m/p", "3").await;
    collector.until("a good one", |seen| seen.has(1, Field::ActivePowerKw, 3.0)).await;
    collector.until("its health", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn many_meters_that_publish_at_once_all_arrive() {
    const METERS: i64 = 92;
    let settings = |id| {
        json!({"topicPower": format!("m/{id}/p"), "topicEnergy": format!("m/{id}/e"),
            "topicVoltage": format!("m/{id}/v")})
    };
    let devices = (101..=100 + METERS).map(|id| meter(id, &settings(id))).collect();
    let (collector, supervisor, mut publisher) = scene(devices).await;
    // Each meter's third topic stays silent, so that no row is ever complete.
    for (topic, value) in [("p", "1.5"), ("e", "100")] {
        for id in 101..=100 + METERS {
            publisher.publish(&format!("m/{id}/{topic}"), value).await;
        }
    }
    collector
        .until("all values", |seen| {
            (101..=100 + METERS).all(|id| {
                seen.has(id, Field::ActivePowerKw, 1.5)
                    && seen.has(id, Field::TotalEnergyKwh, 100.0)
            })
        })
        .await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_broker_nobody_knows_is_an_error() {
    let collector = Collector::start();
    let supervisor =
        collector.run(vec![meter(1, &json!({"broker": "roof", "topicPower": "m/p"}))]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Error, "no broker named `roof`"))
        .await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_broker_at_an_address_no_broker_has_is_never_connected_to() {
    let collector = Collector::start();
    let settings = json!({"host": "169.254.169.254", "topicPower": "m/p"});
    let supervisor = collector.run(vec![meter(1, &settings)]).await;
    collector
        .until("the refusal", |seen| {
            seen.told(1, DeviceState::Offline, "not an address of a meter")
        })
        .await;
    supervisor.stop().await;
}

#[tokio::test]
async fn devices_come_change_and_go_while_the_others_go_on() {
    let first = meter(1, &json!({"topicPower": "m/1"}));
    let (collector, mut supervisor, mut publisher) =
        scene(vec![first.clone(), meter(2, &json!({"topicPower": "m/2"}))]).await;
    supervisor.apply(vec![first, meter(2, &json!({"topicPower": "n/2"}))]).await;
    while collector.look(|seen| !seen.has(2, Field::ActivePowerKw, 5.0)) {
        publisher.publish("m/1", "4").await;
        publisher.publish("m/2", "6").await;
        publisher.publish("n/2", "5").await;
        sleep(Duration::from_millis(20)).await;
    }
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, 4.0));
        assert_eq!(seen.health.iter().filter(|h| h.device == DeviceId(1)).count(), 2);
    });
    supervisor.stop().await;
}
