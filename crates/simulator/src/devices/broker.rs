//! The MQTT broker of the plant: what its meters and a program that reads them need of MQTT 3.1.1, that is
//! deliveries at most or at least once, retained messages and last wills. A session ends with its
//! connection, and nothing outlives the process.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use rumqttc::mqttbytes::v4::Codec;
use rumqttc::{
    ConnAck, Connect, ConnectReturnCode, LastWill, Packet, PubAck, Publish, QoS, SubAck, Subscribe,
    SubscribeReasonCode, UnsubAck, matches, valid_filter, valid_topic,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::codec::Framed;
use tokio_util::sync::CancellationToken;

const MOST_CONNECTIONS: usize = 100;
const MOST_PACKET_BYTES: usize = 20 * 1024;
/// Messages that wait for a client that lags; what comes then it misses.
const MOST_WAITING: usize = 1_000;
/// How long a connection may say nothing before it says who it is.
const INTRODUCTION: Duration = Duration::from_secs(5);

/// Serves on a loopback port until `stop` is cancelled.
///
/// # Errors
/// When no port can be opened.
pub async fn start(stop: CancellationToken) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        if let Some(Err(error)) = stop.run_until_cancelled(serve(listener, stop.clone())).await {
            tracing::error!(%error, %address, "the demo broker stopped");
        }
    });
    Ok((address, task))
}

async fn serve(listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let broker = Arc::new(Broker::default());
    loop {
        let (stream, _) = listener.accept().await?;
        let (broker, stop) = (Arc::clone(&broker), stop.clone());
        if broker.clients().len() >= MOST_CONNECTIONS {
            tracing::warn!("the demo broker has {MOST_CONNECTIONS} clients and takes no other");
            continue;
        }
        tokio::spawn(async move {
            let ended = stop.run_until_cancelled(broker.attend(stream)).await;
            if let Some(Err(error)) = ended {
                tracing::debug!(%error, "a client of the demo broker is let go");
            }
        });
    }
}

/// Who listens to what, and what is kept for those to come.
#[derive(Default)]
struct Broker {
    next: AtomicU64,
    clients: Mutex<BTreeMap<u64, Client>>,
    retained: Mutex<BTreeMap<String, Publish>>,
}

struct Client {
    filters: Vec<(String, QoS)>,
    waiting: mpsc::Sender<Publish>,
}

type Connection = Framed<TcpStream, Codec>;

fn foreign(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl Broker {
    fn clients(&self) -> MutexGuard<'_, BTreeMap<u64, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn retained(&self) -> MutexGuard<'_, BTreeMap<String, Publish>> {
        self.retained.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Attends to a client until it leaves; its will is done where it does not say goodbye.
    async fn attend(&self, stream: TcpStream) -> io::Result<()> {
        let codec =
            Codec { max_incoming_size: MOST_PACKET_BYTES, max_outgoing_size: MOST_PACKET_BYTES };
        let mut connection = Framed::new(stream, codec);
        let first = timeout(INTRODUCTION, connection.next()).await?;
        let Some(Packet::Connect(Connect { last_will, .. })) =
            first.transpose().map_err(foreign)?
        else {
            return Ok(());
        };
        let welcome = ConnAck::new(ConnectReturnCode::Success, false);
        connection.send(Packet::ConnAck(welcome)).await.map_err(foreign)?;

        let (sender, mut waiting) = mpsc::channel(MOST_WAITING);
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.clients().insert(id, Client { filters: Vec::new(), waiting: sender });
        let ended = self.exchange(id, &mut connection, &mut waiting).await;
        self.clients().remove(&id);
        if let (Some(will), false) = (last_will, matches!(ended, Ok(Farewell::Said))) {
            let LastWill { topic, message, qos, retain } = will;
            let mut publish = Publish::new(topic, qos, message);
            publish.retain = retain;
            self.deliver(publish);
        }
        ended.map(|_| ())
    }

    async fn exchange(
        &self,
        id: u64,
        connection: &mut Connection,
        waiting: &mut mpsc::Receiver<Publish>,
    ) -> io::Result<Farewell> {
        let mut number = 0_u16;
        loop {
            let answer = tokio::select! {
                packet = connection.next() => match packet.transpose().map_err(foreign)? {
                    None => return Ok(Farewell::Missing),
                    Some(Packet::Disconnect) => return Ok(Farewell::Said),
                    Some(packet) => self.answer(id, packet)?,
                },
                message = waiting.recv() => {
                    let Some(mut message) = message else { return Ok(Farewell::Missing) };
                    if message.qos != QoS::AtMostOnce {
                        number = number.checked_add(1).unwrap_or(1);
                        message.pkid = number;
                    }
                    Some(Packet::Publish(message))
                }
            };
            if let Some(answer) = answer {
                connection.send(answer).await.map_err(foreign)?;
            }
        }
    }

    fn answer(&self, id: u64, packet: Packet) -> io::Result<Option<Packet>> {
        Ok(match packet {
            Packet::Publish(publish) => {
                let acknowledged = PubAck::new(publish.pkid);
                let qos = publish.qos;
                if qos == QoS::ExactlyOnce || !is_topic(&publish.topic) {
                    return Err(io::ErrorKind::Unsupported.into());
                }
                self.deliver(publish);
                (qos == QoS::AtLeastOnce).then_some(Packet::PubAck(acknowledged))
            }
            Packet::Subscribe(asked) => Some(Packet::SubAck(self.subscribe(id, asked))),
            Packet::Unsubscribe(asked) => {
                if let Some(client) = self.clients().get_mut(&id) {
                    client.filters.retain(|(filter, _)| !asked.topics.contains(filter));
                }
                Some(Packet::UnsubAck(UnsubAck::new(asked.pkid)))
            }
            Packet::PingReq => Some(Packet::PingResp),
            _ => None,
        })
    }

    fn subscribe(&self, id: u64, asked: Subscribe) -> SubAck {
        let mut codes = Vec::new();
        for filter in asked.filters {
            if !valid_filter(&filter.path) {
                codes.push(SubscribeReasonCode::Failure);
                continue;
            }
            let qos = filter.qos.min_of(QoS::AtLeastOnce);
            codes.push(SubscribeReasonCode::Success(qos));
            let kept: Vec<_> = self.retained().values().cloned().collect();
            if let Some(client) = self.clients().get_mut(&id) {
                client.filters.push((filter.path, qos));
                let newest = client.filters.len() - 1;
                for message in &kept {
                    client.hand(message, &client.filters[newest..]);
                }
            }
        }
        SubAck::new(asked.pkid, codes)
    }

    /// Hands a message to everybody who listens to its topic, and keeps it where it is to be retained.
    fn deliver(&self, mut message: Publish) {
        if message.retain {
            let mut retained = self.retained();
            if message.payload.is_empty() {
                retained.remove(&message.topic);
            } else {
                retained.insert(message.topic.clone(), message.clone());
            }
        }
        message.retain = false;
        for client in self.clients().values() {
            client.hand(&message, &client.filters);
        }
    }
}

impl Client {
    /// Hands a message over, where one of the filters is for it. Who does not keep up misses it.
    fn hand(&self, message: &Publish, filters: &[(String, QoS)]) {
        let fits = filters.iter().find(|(filter, _)| matches(&message.topic, filter));
        if let Some((_, qos)) = fits {
            let message = Publish { qos: message.qos.min_of(*qos), pkid: 0, ..message.clone() };
            if self.waiting.try_send(message).is_err() {
                tracing::warn!("a client of the demo broker does not keep up and misses a message");
            }
        }
    }
}

/// How a client leaves.
enum Farewell {
    Said,
    Missing,
}

/// Whether a message may be published there; rumqttc reads the first byte of a topic as a character.
fn is_topic(topic: &str) -> bool {
    valid_topic(topic) && topic.starts_with(|first: char| first.is_ascii())
}

trait Lower {
    /// The weaker promise of two.
    fn min_of(self, other: Self) -> Self;
}

impl Lower for QoS {
    fn min_of(self, other: Self) -> Self {
        if (self as u8) < (other as u8) { self } else { other }
    }
}
