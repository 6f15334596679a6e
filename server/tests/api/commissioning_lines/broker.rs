//! An MQTT broker, and a client that leaves messages on it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings};
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Runs a broker until the process ends, and answers its port.
pub(super) async fn start() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let listen = listener.local_addr().unwrap();
    drop(listener);
    std::thread::spawn(move || serve(listen));
    while TcpStream::connect(listen).await.is_err() {
        sleep(Duration::from_millis(10)).await;
    }
    listen.port()
}

fn serve(listen: SocketAddr) {
    let connections = ConnectionSettings {
        connection_timeout_ms: 5000,
        max_payload_size: 1 << 16,
        max_inflight_count: 100,
        auth: None,
        external_auth: None,
        dynamic_filters: true,
    };
    let server = ServerSettings {
        name: "test".to_owned(),
        listen,
        tls: None,
        next_connection_delay_ms: 1,
        connections,
    };
    let router = RouterConfig {
        max_connections: 100,
        max_outgoing_packet_count: 200,
        max_segment_size: 1 << 20,
        max_segment_count: 10,
        ..RouterConfig::default()
    };
    let v4 = Some(HashMap::from([("test".to_owned(), server)]));
    Broker::new(Config { router, v4, ..Config::default() }).start().unwrap();
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
