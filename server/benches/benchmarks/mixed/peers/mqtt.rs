//! A broker, and the meters that publish to it, one after the other.

use std::time::Duration;

use benchmark::Result;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use tokio::time::{interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::mixed::meter;
use crate::mixed::plant::{OFTEN, PUBLISHING};

/// Between two attempts to go on after a failure.
const RETRY: Duration = Duration::from_millis(50);

/// Answers the port, once the broker lets clients in.
pub(super) async fn start() -> Result<u16> {
    let (address, _) = simulator::devices::broker::start(CancellationToken::new()).await?;
    let options = MqttOptions::new("bridge", address.ip().to_string(), address.port());
    let (client, mut events) = AsyncClient::new(options, 100);
    while !matches!(events.poll().await?, Event::Incoming(Packet::ConnAck(_))) {}
    tokio::spawn(follow(events));
    tokio::spawn(publish(client));
    Ok(address.port())
}

async fn follow(mut events: EventLoop) {
    loop {
        if let Err(error) = events.poll().await {
            eprintln!("MQTT: {error}");
            sleep(RETRY).await;
        }
    }
}

async fn publish(client: AsyncClient) {
    let mut next = interval(OFTEN / PUBLISHING);
    for n in (0..PUBLISHING).cycle() {
        next.tick().await;
        let text = meter::document(meter::now()).to_string();
        let sent = client.publish(format!("meters/{n}"), QoS::AtLeastOnce, false, text).await;
        if let Err(error) = sent {
            eprintln!("MQTT: {error}");
        }
    }
}
