//! Meters that publish to the broker, which keeps what they say until it was taken. Now and then one says
//! something twice, or something older after something newer; some never say when.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

use crate::ledger::{Ledger, Told};
use crate::plan::{Meter, PUBLISHING};

/// Each publishes so often.
const EVERY: Duration = Duration::from_secs(5);
const RETRY: Duration = Duration::from_millis(200);
/// Of a hundred messages, so many are sent twice, and so many after the next.
const TWICE: u32 = 5;
const LATER: u32 = 5;

/// The publishing of all of them.
pub(crate) struct Publisher {
    pending: Arc<AtomicI64>,
    counts: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    publishing: JoinHandle<()>,
    following: JoinHandle<()>,
}

impl Publisher {
    pub(crate) fn start(port: u16, ledger: Ledger, seed: u64) -> Self {
        let mut options = MqttOptions::new("meters", "127.0.0.1", port);
        options.set_clean_session(false).set_keep_alive(Duration::from_secs(5));
        let (client, events) = AsyncClient::new(options, 10_000);
        let (pending, stop) = (Arc::<AtomicI64>::default(), Arc::<AtomicBool>::default());
        let following = tokio::spawn(follow(events, Arc::clone(&pending)));
        let counts = Arc::<AtomicBool>::default();
        let meters = Meters {
            client,
            ledger,
            pending: Arc::clone(&pending),
            counts: Arc::clone(&counts),
            stop: Arc::clone(&stop),
        };
        let publishing = tokio::spawn(meters.publish(seed));
        Self { pending, counts, stop, publishing, following }
    }

    /// The program listens by now: what is published from here on has to arrive.
    pub(crate) fn count_from_now(&self) {
        self.counts.store(true, Ordering::Relaxed);
    }

    /// Publishes no more, and waits until the broker has taken all; answers how many it did not take in time.
    pub(crate) async fn end(self, within: Duration) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.publishing.await.ok();
        let taken = async {
            while self.pending.load(Ordering::Relaxed) > 0 {
                sleep(RETRY).await;
            }
        };
        tokio::time::timeout(within, taken).await.ok();
        self.following.abort();
        // What was sent again is acknowledged again.
        usize::try_from(self.pending.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

/// Counts down what the broker has taken.
async fn follow(mut events: EventLoop, pending: Arc<AtomicI64>) {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::PubAck(_))) => {
                pending.fetch_sub(1, Ordering::Relaxed);
            }
            Ok(_) => {}
            Err(_) => sleep(RETRY).await,
        }
    }
}

/// What publishes.
struct Meters {
    client: AsyncClient,
    ledger: Ledger,
    pending: Arc<AtomicI64>,
    counts: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
}

impl Meters {
    async fn publish(self, seed: u64) {
        let mut random = StdRng::seed_from_u64(seed ^ 0x6d71_7474);
        let mut next = interval(EVERY / u32::try_from(PUBLISHING).unwrap_or(1));
        let mut later: Vec<Option<Value>> = vec![None; PUBLISHING];
        for n in (0..PUBLISHING).cycle() {
            next.tick().await;
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let counts = self.counts.load(Ordering::Relaxed);
            let Some(told) = self.ledger.tell(Meter::publishing(n), Utc::now()) else { break };
            let meter = Meter::publishing(n);
            let text = message(meter, &told);
            let mut messages = Vec::new();
            if meter.is_timeless() {
                messages.push(text);
            } else if later[n].is_none() && random.random_range(0..100) < LATER {
                later[n] = Some(text);
            } else {
                let is_twice = random.random_range(0..100) < TWICE;
                messages.extend([text.clone()].into_iter().chain(is_twice.then_some(text)));
                messages.extend(later[n].take());
            }
            for message in messages {
                self.send(n, &message).await;
            }
            if counts {
                // The broker keeps what it is given, and is given again what it did not take.
                self.ledger.acknowledge(meter, &[told]);
            }
        }
        for (n, left) in later.into_iter().enumerate() {
            if let Some(message) = left {
                self.send(n, &message).await;
            }
        }
    }

    async fn send(&self, n: usize, message: &Value) {
        let (topic, text) = (topic(n), message.to_string());
        if self.client.publish(topic, QoS::AtLeastOnce, false, text).await.is_ok() {
            self.pending.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn message(meter: Meter, told: &Told) -> Value {
    if meter.is_timeless() {
        return json!({"total_kwh": told.wh as f64 / 1_000.0});
    }
    let at = told.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    json!({"total_kwh": told.wh as f64 / 1_000.0, "timestamp": at})
}

fn topic(n: usize) -> String {
    format!("meters/{n}")
}

/// `communication` of a meter, at the program's own broker.
pub(crate) fn communication(n: usize) -> Value {
    json!({"topicEnergy": topic(n)})
}
