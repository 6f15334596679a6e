//! Brokers of another maker, which is mosquitto, and a client that publishes.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rumqttc::{AsyncClient, ConnectionError, Event, MqttOptions, Packet, QoS};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};

/// Far longer than mosquitto takes for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Whether nobody has `port`.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A broker that forgets everything at its end, which comes when this is dropped.
pub(crate) struct Broker {
    process: Child,
    _files: TempDir,
}

impl Broker {
    /// Ends it at once.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}

/// Starts a broker for everybody.
pub(crate) async fn start(port: u16) -> Broker {
    let files = tempfile::tempdir().unwrap();
    let process = run(files.path(), port, "allow_anonymous true\n").await;
    Broker { process, _files: files }
}

/// The same, which has sent all that it has to send in the end, however slowly that is taken.
pub(crate) async fn start_patient(port: u16) -> Broker {
    let files = tempfile::tempdir().unwrap();
    let settings = "allow_anonymous true\nmax_queued_messages 0\n";
    let process = run(files.path(), port, settings).await;
    Broker { process, _files: files }
}

/// The same, for those who have the password alone.
pub(crate) async fn start_with(port: u16, user: &str, password: &str) -> Broker {
    let files = tempfile::tempdir().unwrap();
    let list = files.path().join("passwords");
    let mut entry = Command::new(program("mosquitto_passwd"));
    let entry = entry.args(["-b", "-c"]).arg(&list).args([user, password]).stderr(Stdio::null());
    assert!(entry.status().await.unwrap().success());
    let settings = format!("allow_anonymous false\npassword_file {}\n", list.display());
    let process = run(files.path(), port, &settings).await;
    Broker { process, _files: files }
}

/// Runs mosquitto with its files in a folder, and returns when it listens.
pub(crate) async fn run(files: &Path, port: u16, settings: &str) -> Child {
    // Only root heeds `user`: otherwise it would give up its right to write here.
    let settings = format!("listener {port} 127.0.0.1\nuser root\n{settings}");
    let config = files.join("mosquitto.conf");
    fs::write(&config, settings).unwrap();
    let mut command = Command::new(program("mosquitto"));
    command.arg("-c").arg(config).stderr(Stdio::null()).kill_on_drop(true);
    // A client that comes back while nobody listens may be given the port itself for a moment.
    let started = async {
        loop {
            if is_free(port) {
                let mut process = command.spawn().unwrap();
                tokio::select! {
                    biased;
                    _ = process.wait() => {}
                    () = listening(port) => return process,
                }
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let Ok(process) = timeout(PATIENCE, started).await else { panic!("mosquitto does not listen") };
    process
}

/// Daemons are often outside a user's path.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let daemons = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"].map(PathBuf::from);
    let mut programs = std::env::split_paths(&path).chain(daemons).map(|at| at.join(name));
    let Some(program) = programs.find(|program| program.is_file()) else {
        panic!(
            "{name} is missing: `apt-get install mosquitto` or `brew install mosquitto` installs it, \
             and `cargo xtask test --only rust-tests` says how to get it elsewhere"
        );
    };
    program
}

/// Waits until something listens on `port`.
pub(crate) async fn listening(port: u16) {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        sleep(Duration::from_millis(10)).await;
    }
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

/// Publishes to a broker, and knows when the broker has it.
pub(crate) struct Publisher {
    /// Where it runs for this publisher alone.
    _broker: Option<Broker>,
    client: AsyncClient,
    taken: mpsc::UnboundedReceiver<()>,
}

impl Publisher {
    pub(crate) fn connect(port: u16) -> Self {
        Self::with(port, |_| {})
    }

    /// To a broker that ends with this publisher.
    pub(crate) fn keeping(broker: Broker, port: u16) -> Self {
        Self { _broker: Some(broker), ..Self::connect(port) }
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
        Self { _broker: None, client, taken }
    }

    pub(crate) async fn publish(&mut self, topic: &str, payload: &str) {
        self.send(topic, payload, false).await;
    }

    pub(crate) async fn retain(&mut self, topic: &str, payload: &str) {
        self.send(topic, payload, true).await;
    }

    /// Without waiting for the broker to have it: whatever is published next comes after it.
    pub(crate) async fn retain_soon(&self, topic: &str, payload: &str) {
        self.client.publish(topic, QoS::AtMostOnce, true, payload).await.unwrap();
    }

    async fn send(&mut self, topic: &str, payload: &str, retain: bool) {
        self.client.publish(topic, QoS::AtLeastOnce, retain, payload).await.unwrap();
        self.taken.recv().await.unwrap();
    }
}
