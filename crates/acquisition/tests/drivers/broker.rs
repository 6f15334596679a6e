//! A real MQTT broker, in this process or in one of its own that can be killed, and a client that
//! publishes.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rumqttc::{AsyncClient, ConnectionError, Event, MqttOptions, Packet, QoS};
use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc};
use tokio::time::sleep;

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Whether nobody has `port`.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Runs a broker on `port` until the process ends, for those who have the password, or for all.
fn serve(port: u16, login: Option<(&str, &str)>) {
    let connections = ConnectionSettings {
        connection_timeout_ms: 5000,
        max_payload_size: 1 << 20,
        max_inflight_count: 100,
        auth: login.map(|(user, password)| HashMap::from([(user.to_owned(), password.to_owned())])),
        external_auth: None,
        dynamic_filters: true,
    };
    let server = ServerSettings {
        name: "test".to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
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

/// Waits until something listens on `port`.
pub(crate) async fn listening(port: u16) {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        sleep(Duration::from_millis(10)).await;
    }
}

/// Starts a broker inside this process.
pub(crate) async fn start(port: u16) {
    std::thread::spawn(move || serve(port, None));
    listening(port).await;
}

/// The same, for those who have the password alone.
pub(crate) async fn start_with(port: u16, user: &'static str, password: &'static str) {
    std::thread::spawn(move || serve(port, Some((user, password))));
    listening(port).await;
}

/// The way to a broker, which can be cut and comes back by itself.
pub(crate) struct Wire {
    pub(crate) port: u16,
    cut: Arc<Notify>,
}

impl Wire {
    pub(crate) async fn to(broker: u16) -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(Notify::new());
        let cuts = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let cut = Arc::clone(&cuts);
                tokio::spawn(async move {
                    let mut far = TcpStream::connect((Ipv4Addr::LOCALHOST, broker)).await.unwrap();
                    tokio::select! {
                        () = cut.notified() => {}
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    }
                });
            }
        });
        Self { port, cut }
    }

    /// Cuts all connections that stand.
    pub(crate) fn cut(&self) {
        self.cut.notify_waiters();
    }
}

const PORT: &str = "BROKER_PORT";

/// Starts a broker as a process of its own, which ends when the handle is dropped.
pub(crate) async fn spawn(port: u16) -> Child {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "broker::runs_as_a_process"])
        .env(PORT, port.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    listening(port).await;
    child
}

#[test]
#[ignore = "the broker's own process, started by other tests"]
fn runs_as_a_process() {
    if let Some(port) = std::env::var(PORT).ok().and_then(|port| port.parse().ok()) {
        serve(port, None);
    }
}

/// Publishes to a broker, and knows when the broker has it.
pub(crate) struct Publisher {
    client: AsyncClient,
    taken: mpsc::UnboundedReceiver<()>,
}

impl Publisher {
    pub(crate) fn connect(port: u16) -> Self {
        Self::with(port, |_| {})
    }

    /// One who has a password.
    pub(crate) fn connect_as(port: u16, user: &str, password: &str) -> Self {
        Self::with(port, |options| {
            options.set_credentials(user, password);
        })
    }

    fn with(port: u16, change: impl FnOnce(&mut MqttOptions)) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let mut options = MqttOptions::new(format!("publisher-{number}"), "127.0.0.1", port);
        change(&mut options);
        let (client, mut events) = AsyncClient::new(options, 1000);
        let (take, taken) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::PubAck(_))) => drop(take.send(())),
                    Ok(_) => {}
                    Err(ConnectionError::RequestsDone) => break,
                    Err(_) => sleep(Duration::from_millis(50)).await,
                }
            }
        });
        Self { client, taken }
    }

    pub(crate) async fn publish(&mut self, topic: &str, payload: &str) {
        self.send(topic, payload, false).await;
    }

    pub(crate) async fn retain(&mut self, topic: &str, payload: &str) {
        self.send(topic, payload, true).await;
    }

    async fn send(&mut self, topic: &str, payload: &str, retain: bool) {
        self.client.publish(topic, QoS::AtLeastOnce, retain, payload).await.unwrap();
        self.taken.recv().await.unwrap();
    }
}
