//! A broker, and the meters that publish to it, one after the other.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use rumqttd::protocol::v4::V4;
use rumqttd::{ConnectionSettings, LinkType, Router, RouterConfig, Server, ServerSettings};
use tokio::time::{interval, sleep};

use crate::plant::{OFTEN, PUBLISHING};
use crate::{Result, meter};

/// Between two attempts to reach the broker, which opens its port a moment after it was started.
const RETRY: Duration = Duration::from_millis(50);

/// Answers the port, once the broker lets clients in.
pub(super) async fn start() -> Result<u16> {
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let router = Router::new(
        0,
        RouterConfig {
            max_connections: 10,
            max_outgoing_packet_count: 200,
            max_segment_size: 64 * 1024,
            max_segment_count: 4,
            ..RouterConfig::default()
        },
    );
    let mut broker = Server::new(settings(address), router.spawn(), V4);
    tokio::spawn(async move { broker.start(LinkType::Remote).await });
    let options = MqttOptions::new("bridge", address.ip().to_string(), address.port());
    let (client, mut events) = AsyncClient::new(options, 100);
    while !matches!(events.poll().await, Ok(Event::Incoming(Packet::ConnAck(_)))) {
        sleep(RETRY).await;
    }
    tokio::spawn(follow(events));
    tokio::spawn(publish(client));
    Ok(address.port())
}

fn settings(listen: SocketAddr) -> ServerSettings {
    ServerSettings {
        name: "bench".to_owned(),
        listen,
        tls: None,
        next_connection_delay_ms: 0,
        connections: ConnectionSettings {
            connection_timeout_ms: 5000,
            max_payload_size: 20 * 1024,
            max_inflight_count: 100,
            auth: None,
            external_auth: None,
            dynamic_filters: true,
        },
    }
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
