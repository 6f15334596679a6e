//! Brokers that come late, go away, and storage that is down.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use domain::devices::{Device, DeviceState, Protocol};
use domain::energy::interval::{Decisions, DieselRegister, Read, Rules, fold};
use domain::readings::cadence::Cadences;
use domain::{Field, Quality, Reading};
use serde_json::json;
use tokio::time::sleep;

use crate::broker::{self, Publisher, Wire, free_port};
use crate::collector::{Collector, Seen, device};

fn meter() -> Device {
    device(1, Protocol::Mqtt, &json!({"topicPower": "m/p"}))
}

/// Publishes until the value has come.
async fn arrives(collector: &Collector, publisher: &mut Publisher, value: f64) {
    while collector.look(|seen| !seen.has(1, Field::ActivePowerKw, value)) {
        publisher.publish("m/p", &value.to_string()).await;
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_broker_that_starts_later_is_found() {
    let port = free_port();
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "test");
    supervisor.apply(vec![meter()]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Offline, "cannot be reached"))
        .await;
    let _broker = broker::start(port).await;
    arrives(&collector, &mut Publisher::connect(port), 5.0).await;
    collector.until("its health", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_broker_that_restarts_and_forgets_is_subscribed_to_again() {
    let port = free_port();
    let broker = broker::start(port).await;
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "test");
    supervisor.apply(vec![meter()]).await;
    arrives(&collector, &mut Publisher::connect(port), 1.0).await;
    broker.kill().await;
    collector
        .until("the loss", |seen| seen.told(1, DeviceState::Offline, "cannot be reached"))
        .await;
    let _broker = broker::start(port).await;
    arrives(&collector, &mut Publisher::connect(port), 2.0).await;
    collector.until("its health", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_connection_that_breaks_again_and_again_loses_nothing() {
    const VALUES: u32 = 300;
    let port = free_port();
    let _broker = broker::start(port).await;
    let wire = Wire::to(port).await;
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(wire.port, "test");
    supervisor.apply(vec![meter()]).await;
    let mut publisher = Publisher::connect(port);
    arrives(&collector, &mut publisher, 0.5).await;
    for value in 1..=VALUES {
        publisher.publish("m/p", &value.to_string()).await;
        // What is published now is cut off on its way, or waits at the broker for the next connection.
        if value % 60 == 0 {
            let before = collector.look(|seen| seen.losses(1));
            wire.cut();
            collector.until("the loss", |seen| seen.losses(1) > before).await;
        } else if value % 60 == 59 {
            let come = |seen: &Seen| seen.has(1, Field::ActivePowerKw, f64::from(value));
            collector.until("all so far", come).await;
        }
    }
    collector
        .until("every value", |seen| {
            (1..=VALUES).all(|value| seen.has(1, Field::ActivePowerKw, f64::from(value)))
        })
        .await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_message_is_acknowledged_only_when_it_is_stored() {
    let port = free_port();
    let _broker = broker::start(port).await;
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "test");
    supervisor.apply(vec![meter()]).await;
    let mut publisher = Publisher::connect(port);
    arrives(&collector, &mut publisher, 1.0).await;
    collector.stores(false);
    publisher.publish("m/p", "77").await;
    collector
        .until("the attempt", |seen| {
            seen.turned_away.iter().any(|reading| reading.values.active_power_kw == Some(77.0))
        })
        .await;
    // The program ends before storage is back: the broker must still have the message.
    supervisor.stop().await;
    assert!(!collector.look(|seen| seen.has(1, Field::ActivePowerKw, 77.0)));
    collector.stores(true);
    let mut supervisor = collector.supervisor(port, "test");
    supervisor.apply(vec![meter()]).await;
    collector.until("the message again", |seen| seen.has(1, Field::ActivePowerKw, 77.0)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn what_came_while_nobody_listened_is_estimated_and_in_order() {
    let port = free_port();
    let _broker = broker::start(port).await;
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "test");
    let mut meter = meter();
    meter.poll = Duration::from_secs(5);
    supervisor.apply(vec![meter.clone()]).await;
    let mut publisher = Publisher::connect(port);
    arrives(&collector, &mut publisher, 1.0).await;
    supervisor.stop().await;
    for value in ["11", "12", "13"] {
        publisher.publish("m/p", value).await;
    }
    let mut supervisor = collector.supervisor(port, "test");
    supervisor.apply(vec![meter]).await;
    collector.until("the last", |seen| seen.has(1, Field::ActivePowerKw, 13.0)).await;
    collector.look(|seen| {
        let late: Vec<_> =
            seen.of(1).filter(|reading| reading.values.active_power_kw >= Some(11.0)).collect();
        let values: Vec<_> = late.iter().filter_map(|r| r.values.active_power_kw).collect();
        assert_eq!(values, [11.0, 12.0, 13.0]);
        assert!(late.iter().all(|reading| reading.quality == Quality::Estimated));
        assert!(late.is_sorted_by(|a, b| a.at < b.at));
        let seconds: f64 =
            late.windows(2).map(|two| (two[1].at - two[0].at).as_seconds_f64()).sum();
        assert!(seconds > 0.0);
        assert!(energy(&late).abs() < 1e-12, "power of an uncertain time is no energy");
        let dated: Vec<_> =
            late.iter().map(|&r| Reading { quality: Quality::Good, ..r.clone() }).collect();
        assert!(energy(&dated.iter().collect::<Vec<_>>()) > 0.0);
    });
    supervisor.stop().await;
}

/// What readings of power add up to, kWh.
fn energy(readings: &[&Reading]) -> f64 {
    let rules = Rules {
        register: None,
        net: false,
        step_kwh: 0.01,
        step_is_stated: true,
        modulus_kwh: None,
        rated: None,
        poll: TimeDelta::seconds(5),
        cadences: Cadences::default(),
        event_driven: true,
        diesel: DieselRegister::Increment,
        exchanges: Vec::new(),
        decisions: Decisions::default(),
        anew: BTreeSet::new(),
    };
    let read = |reading: &&Reading| Read {
        at: reading.at,
        quality: reading.quality,
        is_estimate: reading.is_estimate(),
        values: reading.values.clone(),
    };
    let reads: Vec<_> = readings.iter().map(read).collect();
    let bounds = [reads[0].at, reads[0].at + TimeDelta::minutes(15)];
    fold(&rules, None, &reads, &bounds).intervals[0].import.0
}
