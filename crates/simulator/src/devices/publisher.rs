//! A meter that publishes over MQTT by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::Values;
use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::document::Document;
use super::live::Live;

/// How often a meter publishes.
const INTERVAL: Duration = Duration::from_secs(5);
/// Between two attempts to reach the broker, and how many before giving up.
const RETRY: Duration = Duration::from_millis(50);
const ATTEMPTS: u32 = 100;

/// What a publishing meter sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payload {
    /// A plain number on a topic per value.
    Numbers,
    /// A JSON object on one topic.
    Object,
}

/// A publishing meter.
#[derive(Debug, Clone)]
pub(super) struct Publisher {
    pub(super) live: Arc<Live>,
    /// Index of the meter.
    pub(super) meter: usize,
    pub(super) number: &'static str,
    pub(super) payload: Payload,
}

/// Values sent as plain numbers: setting, last level of the topic, value.
type Part = (&'static str, &'static str, fn(&Values) -> Option<f64>);

const PARTS: [Part; 6] = [
    ("topicPower", "power", |values| values.active_power_kw),
    ("topicEnergy", "total", |values| values.total_energy_kwh),
    ("topicVoltage", "voltage", |values| values.voltage_l1),
    ("topicCurrent", "current", |values| values.current_l1),
    ("topicPowerFactor", "power_factor", |values| values.power_factor),
    ("topicFrequency", "frequency", |values| values.frequency_hz),
];

impl Publisher {
    fn topic(&self, last: &str) -> String {
        format!("pune-works/{}/{last}", self.number.to_lowercase())
    }

    /// `communication` of the meter.
    pub(super) fn communication(&self, broker: SocketAddr) -> Value {
        let mut settings = json!({
            "host": broker.ip().to_string(),
            "port": broker.port(),
            "topicStatus": self.topic("status"),
        });
        match self.payload {
            Payload::Object => settings["topicPower"] = json!(self.topic("energy")),
            Payload::Numbers => {
                for (setting, last, _) in PARTS {
                    settings[setting] = json!(self.topic(last));
                }
            }
        }
        settings
    }

    /// What it sends now: topic and payload.
    fn messages(&self) -> Vec<(String, String)> {
        let values = self.live.values(self.meter);
        match self.payload {
            Payload::Object => {
                vec![(self.topic("energy"), json!(Document::from(values)).to_string())]
            }
            Payload::Numbers => PARTS
                .iter()
                .filter_map(|(_, last, value)| {
                    value(&values).map(|value| (self.topic(last), value.to_string()))
                })
                .collect(),
        }
    }

    /// Connects and publishes until `stop` is cancelled.
    pub(super) async fn start(
        self,
        broker: SocketAddr,
        stop: CancellationToken,
    ) -> Result<JoinHandle<()>, ConnectionError> {
        let mut options = MqttOptions::new(
            format!("meter-{}", self.number),
            broker.ip().to_string(),
            broker.port(),
        );
        options.set_keep_alive(Duration::from_secs(15));
        options.set_last_will(LastWill::new(
            self.topic("status"),
            "offline",
            QoS::AtLeastOnce,
            true,
        ));
        let (client, mut events) = AsyncClient::new(options, 32);
        connect(&mut events).await?;
        Ok(tokio::spawn(async move {
            let follow = self.follow(&client, events);
            let publish = self.publish(&client);
            stop.run_until_cancelled(async { tokio::join!(follow, publish) }).await;
        }))
    }

    /// Keeps the connection going, and says so after each new one.
    async fn follow(&self, client: &AsyncClient, mut events: EventLoop) {
        self.say_online(client);
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(_))) => self.say_online(client),
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, meter = self.number, "no connection to the demo broker");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    fn say_online(&self, client: &AsyncClient) {
        let said = client.try_publish(self.topic("status"), QoS::AtLeastOnce, true, "online");
        if let Err(error) = said {
            tracing::warn!(%error, meter = self.number, "the demo meter cannot say that it is online");
        }
    }

    async fn publish(&self, client: &AsyncClient) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            for (topic, payload) in self.messages() {
                let sent = client.publish(topic, QoS::AtLeastOnce, false, payload).await;
                if let Err(error) = sent {
                    tracing::warn!(%error, meter = self.number, "the demo meter cannot publish");
                }
            }
        }
    }
}

/// Knocks until the broker opens.
async fn connect(events: &mut EventLoop) -> Result<(), ConnectionError> {
    let mut attempt = 1;
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => return Ok(()),
            Ok(_) => {}
            Err(error) if attempt >= ATTEMPTS => return Err(error),
            Err(_) => {
                attempt += 1;
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}
