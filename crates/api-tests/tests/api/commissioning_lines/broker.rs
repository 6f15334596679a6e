//! An MQTT broker, and a client that leaves messages on it.

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use tokio_util::sync::CancellationToken;

/// Runs a broker until the test ends, and answers its port.
pub(super) async fn start() -> u16 {
    let (address, _) = simulator::devices::broker::start(CancellationToken::new()).await.unwrap();
    address.port()
}

/// Leaves messages on a broker for whoever comes later, and returns when it has them.
pub(super) async fn retain(port: u16, messages: &[(&str, String)]) {
    let options = MqttOptions::new("announcer", "127.0.0.1", port);
    let (client, mut events) = AsyncClient::new(options, 100);
    for (topic, payload) in messages {
        client.publish(*topic, QoS::AtLeastOnce, true, payload.clone()).await.unwrap();
    }
    let mut taken = 0;
    while taken < messages.len() {
        if let Event::Incoming(Packet::PubAck(_)) = events.poll().await.unwrap() {
            taken += 1;
        }
    }
}
