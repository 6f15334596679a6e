//! The MQTT broker of the plant.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use rumqttd::protocol::v4::V4;
use rumqttd::{ConnectionSettings, LinkType, Router, RouterConfig, Server, ServerSettings};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const MOST_CONNECTIONS: usize = 100;
const MOST_PAYLOAD_BYTES: usize = 20 * 1024;
/// What the broker keeps of each topic for clients that lag, in bytes.
const SEGMENT_BYTES: usize = 64 * 1024;
const SEGMENTS: usize = 4;

fn settings(listen: SocketAddr) -> ServerSettings {
    ServerSettings {
        name: "demo".to_owned(),
        listen,
        tls: None,
        next_connection_delay_ms: 0,
        connections: ConnectionSettings {
            connection_timeout_ms: 5000,
            max_payload_size: MOST_PAYLOAD_BYTES,
            max_inflight_count: 100,
            auth: None,
            external_auth: None,
            dynamic_filters: true,
        },
    }
}

/// Serves MQTT 3.1.1 until `stop` is cancelled. The broker opens its port a moment later and cannot
/// choose one itself, so that clients have to be ready to knock twice.
pub(super) fn start(stop: CancellationToken) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let router = Router::new(
        0,
        RouterConfig {
            max_connections: MOST_CONNECTIONS,
            max_outgoing_packet_count: 200,
            max_segment_size: SEGMENT_BYTES,
            max_segment_count: SEGMENTS,
            ..RouterConfig::default()
        },
    )
    .spawn();
    let mut server = Server::new(settings(address), router, V4);
    let task = tokio::spawn(async move {
        let ended = stop.run_until_cancelled(server.start(LinkType::Remote)).await;
        if let Some(Err(error)) = ended {
            tracing::error!(%error, %address, "the demo broker stopped");
        }
    });
    Ok((address, task))
}
