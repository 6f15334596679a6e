//! The connection to a broker as a stream of events.

use std::net::SocketAddr;
use std::time::Duration;

use domain::devices::mqtt::Broker;
use domain::devices::reason::mqtt::Unheard;
use domain::devices::reason::unreached::Unreached;
use domain::message::Message;
use futures::Stream;
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, Packet, Publish, SubAck,
};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::tls::Tls;
use crate::backoff::Backoff;
use crate::outbound::{self, Outbound};

/// The largest packet taken in; a larger one would break the connection each time it is sent again.
const LARGEST_PACKET: usize = 16 << 20;
/// Acknowledgements and subscriptions that may wait to be sent: more than there are packet ids, so
/// that handing one over never has to wait.
const WAITING: usize = 1 << 17;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Of a look: the answer to a ping stands behind all that the broker has kept, which may be much.
const LOOK_KEEP_ALIVE: Duration = Duration::from_mins(2);
/// Some brokers take no long names.
const LONGEST_USER: usize = 16;

/// What happens on a connection.
pub(crate) enum LinkEvent {
    /// It stands. With a session, the broker remembers the subscriptions and sends what came while
    /// nobody listened.
    Connected {
        session: bool,
    },
    /// It broke or could not be made, for this reason; it is tried again.
    Lost(Message),
    Message(Publish),
    /// The answer to a subscription.
    Subscribed(SubAck),
}

/// Who connects to brokers, and how.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Name by which a broker knows the session.
    pub(crate) client_id: String,
    /// Whether the broker keeps subscriptions and messages while nobody listens.
    pub(crate) persistent: bool,
    /// Where connections may go.
    pub(crate) outbound: Outbound,
}

impl Caller {
    /// The installation `name`, whose sessions are kept. Each user of a broker has its own.
    pub(crate) fn installation(name: &str, broker: &Broker, outbound: Outbound) -> Self {
        // A session without a name cannot be kept.
        let name = if name.is_empty() { "wattlens" } else { name };
        let user = broker.login.iter().flat_map(|login| login.username.chars());
        let user: String = user.filter(char::is_ascii_alphanumeric).take(LONGEST_USER).collect();
        let client_id = if user.is_empty() { name.to_owned() } else { format!("{name}-{user}") };
        Self { client_id, persistent: true, outbound }
    }
}

/// Connects, and connects again for ever. The stream holds on to work in progress between two
/// looks at it, so nothing is lost when the reader turns to something else meanwhile.
pub(crate) fn open(
    broker: Broker,
    caller: Caller,
) -> (AsyncClient, impl Stream<Item = LinkEvent> + use<>) {
    // What is acknowledged by whom is settled here, once for all connections.
    let options = MqttOptions::new(&caller.client_id, &broker.host, broker.port);
    let options = complete(options, &broker, &caller);
    let (client, event_loop) = AsyncClient::new(options, WAITING);
    let link = Link {
        broker,
        caller,
        tls: None,
        event_loop,
        connected: false,
        backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
        wait: Duration::ZERO,
    };
    let events =
        futures::stream::unfold(link, |mut link| async { Some((link.next().await, link)) });
    (client, events)
}

struct Link {
    broker: Broker,
    caller: Caller,
    /// Made when it is needed first.
    tls: Option<Tls>,
    event_loop: EventLoop,
    connected: bool,
    backoff: Backoff,
    /// How long to wait before the next attempt to connect.
    wait: Duration,
}

impl Link {
    async fn next(&mut self) -> LinkEvent {
        if !self.connected {
            sleep(self.wait).await;
            return match self.connect().await {
                Ok(session) => {
                    self.connected = true;
                    self.backoff.succeed();
                    LinkEvent::Connected { session }
                }
                Err(reason) => self.lost(reason),
            };
        }
        loop {
            match self.event_loop.poll().await {
                Ok(Event::Incoming(Packet::Publish(message))) => {
                    return LinkEvent::Message(message);
                }
                Ok(Event::Incoming(Packet::SubAck(answer))) => {
                    return LinkEvent::Subscribed(answer);
                }
                Ok(_) => {}
                Err(error) => return self.lost(said(&error)),
            }
        }
    }

    fn lost(&mut self, reason: Message) -> LinkEvent {
        self.connected = false;
        self.wait = self.backoff.fail();
        // What waited to be sent was meant for the old connection.
        self.event_loop.pending.clear();
        let broker = self.broker.to_string();
        LinkEvent::Lost(Unheard::Broker { broker, why: Box::new(reason) }.into())
    }

    /// Connects to the first address that answers and tells whether the broker kept our session.
    async fn connect(&mut self) -> Result<bool, Message> {
        let found = self.caller.outbound.resolve(&self.broker.host, self.broker.port).await;
        let mut reason = Unreached::Silent.into();
        for address in found.map_err(|error| outbound::said(&error))? {
            let options = match self.reach(address).await {
                Ok(options) => options,
                Err(why) => {
                    reason = why;
                    continue;
                }
            };
            self.event_loop.mqtt_options = complete(options, &self.broker, &self.caller);
            self.event_loop.network_options.set_connection_timeout(CONNECT_LIMIT.as_secs());
            match self.event_loop.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(answer))) => return Ok(answer.session_present),
                Ok(_) => reason = Unheard::NoGreeting.into(),
                Err(error) => reason = said(&error),
            }
        }
        Err(reason)
    }

    /// How the client reaches an address of the broker: directly, or through TLS.
    async fn reach(&mut self, address: SocketAddr) -> Result<MqttOptions, Message> {
        let client_id = &self.caller.client_id;
        if !self.broker.tls {
            let host = match address {
                SocketAddr::V4(v4) => v4.ip().to_string(),
                SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
            };
            return Ok(MqttOptions::new(client_id, host, self.broker.port));
        }
        let tls = match &mut self.tls {
            Some(tls) => tls,
            none => {
                none.insert(Tls::new(&self.broker.host, self.broker.ca_certificate.as_deref())?)
            }
        };
        let tcp = timeout(CONNECT_LIMIT, TcpStream::connect(address)).await;
        let tcp = tcp.map_err(|_| Unreached::Silent)?;
        let socket = match tcp {
            Ok(tcp) => tls.open(tcp).await,
            Err(error) => Err(error),
        };
        socket.map(|socket| socket.options(client_id)).map_err(|error| outbound::said(&error))
    }
}

/// Why the client lost a connection, or made none.
fn said(error: &ConnectionError) -> Message {
    match error {
        ConnectionError::Io(error) => Unheard::Io { why: Box::new(outbound::said(error)) }.into(),
        other => Message::foreign(other.to_string()),
    }
}

fn complete(mut options: MqttOptions, broker: &Broker, caller: &Caller) -> MqttOptions {
    options
        .set_keep_alive(if caller.persistent { KEEP_ALIVE } else { LOOK_KEEP_ALIVE })
        .set_clean_session(!caller.persistent)
        .set_manual_acks(true)
        .set_max_packet_size(LARGEST_PACKET, LARGEST_PACKET);
    if let Some(login) = &broker.login {
        options.set_credentials(&login.username, &login.password);
    }
    options
}
