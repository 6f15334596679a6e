//! Devices as they publish: Shelly, Tasmota, zigbee2mqtt.

use chrono::DateTime;
use domain::Field;
use domain::devices::{DeviceState, Protocol};
use serde_json::{Value, json};

use crate::collector::device;
use crate::mqtt::scene;

#[tokio::test]
async fn a_shelly_of_the_second_generation_reports_what_changed() {
    let settings = json!({"device": "shellypro3em-a", "values": [
            {"topic": "{device}/events/rpc", "field": "activePowerKw", "unit": "W",
                "path": "$.params['em:{channel}'].total_act_power"},
            {"topic": "{device}/events/rpc", "field": "energyImportKwh", "unit": "Wh",
                "path": "$.params['emdata:{channel}'].total_act"}],
        "status": {"topic": "{device}/online", "online": ["true"], "offline": ["false"]},
        "timePath": "$.params.ts"});
    let (collector, supervisor, mut publisher) =
        scene(vec![device(1, Protocol::Mqtt, &settings)]).await;
    let topic = "shellypro3em-a/events/rpc";
    let notify = |params: Value| json!({"src": "x", "method": "NotifyStatus", "params": params});
    let other = notify(json!({"ts": 1_700_000_000.0, "sys": {"cfg_rev": 3}}));
    publisher.publish(topic, &other.to_string()).await;
    collector
        .until("its word", |seen| seen.told(1, DeviceState::Offline, "none with a value yet"))
        .await;
    let power = notify(json!({"ts": 1_700_000_000.5, "em:0": {"total_act_power": -1250.5}}));
    let energy = notify(json!({"ts": 1_700_000_060, "emdata:0": {"total_act": 5_000}}));
    publisher.publish(topic, &power.to_string()).await;
    publisher.publish(topic, &energy.to_string()).await;
    collector.until("both", |seen| seen.count(1) == 2).await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, -1.2505));
        assert!(seen.has(1, Field::EnergyImportKwh, 5.0));
        let times: Vec<_> = seen.of(1).map(|reading| reading.at).collect();
        let expected = [1_700_000_000_500, 1_700_000_060_000];
        assert_eq!(times, expected.map(|ms| DateTime::from_timestamp_millis(ms).unwrap()));
        assert_eq!(seen.state(1), Some(DeviceState::Online));
    });
    publisher.publish("shellypro3em-a/online", "false").await;
    collector.until("its end", |seen| seen.state(1) == Some(DeviceState::Offline)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_tasmota_with_several_channels_feeds_a_meter_for_each() {
    let settings = |channel: u8| {
        json!({"device": "tasmota_7", "channel": channel, "values": [
            {"topic": "tele/{device}/SENSOR", "field": "activePowerKw", "unit": "W",
                "path": "$.ENERGY.Power[{channel}]"},
            {"topic": "tele/{device}/SENSOR", "field": "voltageL1", "path": "$.ENERGY.Voltage"}],
        "status": {"topic": "tele/{device}/LWT", "online": ["Online"], "offline": ["Offline"]}})
    };
    let devices =
        vec![device(1, Protocol::Mqtt, &settings(0)), device(2, Protocol::Mqtt, &settings(1))];
    let (collector, supervisor, mut publisher) = scene(devices).await;
    let sensor = json!({"Time": "2026-05-01T12:00:00",
        "ENERGY": {"Total": 4.6, "Power": [100, 250], "Voltage": 231}});
    publisher.publish("tele/tasmota_7/SENSOR", &sensor.to_string()).await;
    collector.until("both", |seen| seen.count(1) == 1 && seen.count(2) == 1).await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, 0.1) && seen.has(2, Field::ActivePowerKw, 0.25));
        assert!(seen.has(2, Field::VoltageL1, 231.0));
    });
    publisher.publish("tele/tasmota_7/LWT", "Offline").await;
    collector.until("its last will", |seen| seen.state(2) == Some(DeviceState::Offline)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn values_of_several_topics_are_one_reading() {
    let settings = json!({"values": [
        {"topic": "plug/sensor/power/state", "field": "activePowerKw", "unit": "W"},
        {"topic": "plug/sensor/energy/state", "field": "totalEnergyKwh"}],
        "status": {"topic": "plug/availability", "path": "$.state"}});
    let (collector, supervisor, mut publisher) =
        scene(vec![device(1, Protocol::Mqtt, &settings)]).await;
    publisher.publish("plug/sensor/power/state", "1500").await;
    publisher.publish("plug/sensor/energy/state", "12.5").await;
    collector.until("the reading", |seen| seen.count(1) == 1).await;
    collector.look(|seen| {
        let reading = seen.of(1).next().unwrap();
        assert_eq!(reading.values.active_power_kw, Some(1.5));
        assert_eq!(reading.values.total_energy_kwh, Some(12.5));
    });
    publisher.publish("plug/availability", r#"{"state": "offline"}"#).await;
    collector.until("its absence", |seen| seen.state(1) == Some(DeviceState::Offline)).await;
    supervisor.stop().await;
}
