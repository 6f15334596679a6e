//! The connection to a broker as a stream of events.

use std::net::SocketAddr;
use std::time::Duration;

use futures::Stream;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, Publish, SubAck};
use tokio::time::sleep;

use super::address::Address;
use crate::backoff::Backoff;
use crate::outbound;

/// The largest packet taken in; a larger one would break the connection each time it is sent again.
const LARGEST_PACKET: usize = 16 << 20;
/// Acknowledgements and subscriptions that may wait to be sent: more than there are packet ids, so
/// that handing one over never has to wait.
const WAITING: usize = 1 << 17;
const CONNECT_LIMIT_SECONDS: u64 = 5;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What happens on a connection.
pub(super) enum LinkEvent {
    /// It stands. With a session, the broker remembers the subscriptions and sends what came while
    /// nobody listened.
    Connected { session: bool },
    /// It broke or could not be made, for this reason; it is tried again.
    Lost(String),
    /// A message.
    Message(Publish),
    /// The answer to a subscription.
    Subscribed(SubAck),
}

/// Connects, and connects again for ever. The stream holds on to work in progress between two
/// looks at it, so nothing is lost when the reader turns to something else meanwhile.
pub(super) fn open(
    address: Address,
    client_id: &str,
) -> (AsyncClient, impl Stream<Item = LinkEvent> + use<>) {
    // A session without a name cannot be kept.
    let client_id = if client_id.is_empty() { "wattlens" } else { client_id };
    let options = options(&address, client_id, address.host.clone());
    let (client, event_loop) = AsyncClient::new(options, WAITING);
    let link = Link {
        address,
        client_id: client_id.to_owned(),
        event_loop,
        connected: false,
        backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
        wait: Duration::ZERO,
    };
    let events =
        futures::stream::unfold(link, |mut link| async { Some((link.next().await, link)) });
    (client, events)
}

fn options(address: &Address, client_id: &str, host: String) -> MqttOptions {
    let mut options = MqttOptions::new(client_id, host, address.port);
    options
        .set_keep_alive(KEEP_ALIVE)
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_max_packet_size(LARGEST_PACKET, LARGEST_PACKET);
    if let Some((user, password)) = &address.login {
        options.set_credentials(user, password);
    }
    options
}

struct Link {
    address: Address,
    client_id: String,
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
                Err(reason) => self.lost(&reason),
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
                Err(error) => return self.lost(&error.to_string()),
            }
        }
    }

    fn lost(&mut self, reason: &str) -> LinkEvent {
        self.connected = false;
        self.wait = self.backoff.fail();
        // What waited to be sent was meant for the old connection.
        self.event_loop.pending.clear();
        LinkEvent::Lost(format!("the broker {} cannot be reached: {reason}", self.address))
    }

    /// Connects to the first address that answers and tells whether the broker kept our session.
    async fn connect(&mut self) -> Result<bool, String> {
        let found = outbound::resolve(&self.address.host, self.address.port).await;
        let mut reason = String::new();
        for address in found.map_err(|error| error.to_string())? {
            let host = match address {
                SocketAddr::V4(v4) => v4.ip().to_string(),
                SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
            };
            self.event_loop.mqtt_options = options(&self.address, &self.client_id, host);
            self.event_loop.network_options.set_connection_timeout(CONNECT_LIMIT_SECONDS);
            match self.event_loop.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(answer))) => return Ok(answer.session_present),
                Ok(_) => "it did not greet first".clone_into(&mut reason),
                Err(error) => reason = error.to_string(),
            }
        }
        Err(reason)
    }
}
