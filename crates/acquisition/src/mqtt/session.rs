//! What is known about a broker's meters while messages come and readings go.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::devices::mqtt::Topic;
use domain::devices::reason::Trouble;
use domain::devices::reason::mqtt::Unheard;
use domain::devices::{Communication, Device, DeviceState};
use domain::message::Message;
use domain::{DeviceId, MeterId, Reading};
use rumqttc::{AsyncClient, Publish, QoS, SubAck, SubscribeFilter, SubscribeReasonCode};
use tokio::time::Instant;

use super::acks::{Acks, Ticket};
use super::link::LinkEvent;
use super::meter::{Closed, Held, Meter};
use super::payload::{self, Said};
use super::row::{Part, Row};
use super::topic::Routes;
use super::unreadable::UnreadableLog;
use crate::sample::ChannelSample;
use crate::{Outbox, Outcome};

/// How often silences are looked for and health is repeated.
const TICK: Duration = Duration::from_secs(1);
/// Brokers send only so many messages before the first is acknowledged, some as few as ten. When
/// this many wait in open rows and nothing more comes, the rows are what holds the broker up.
const HELD: usize = 10;
const STALL: Duration = Duration::from_millis(50);
/// Storage that takes longer holds a broker up that waits for as many acknowledgements.
const SLOW: Duration = Duration::from_millis(100);
/// Topics in one subscription: well below the size of packet that brokers take.
const TOPICS_AT_ONCE: usize = 50;

/// What is known about a broker's meters.
pub(super) struct Session {
    client: AsyncClient,
    outbox: Outbox,
    unreadable: UnreadableLog,
    meters: HashMap<DeviceId, Meter>,
    routes: Routes,
    /// Why there is no connection, or nothing when there is one; unknown at first.
    link: Option<Result<(), Message>>,
    subscribed: BTreeSet<String>,
    /// Subscriptions sent and not answered yet, in order.
    asked: VecDeque<Vec<String>>,
    acks: Acks,
    closed: Vec<Closed>,
    last_message: Instant,
    /// When readings were handed to storage last.
    handed_over: Instant,
    held: Held,
    next_tick: Instant,
}

impl Session {
    pub(super) fn new(client: AsyncClient, outbox: Outbox, unreadable: UnreadableLog) -> Self {
        Self {
            client,
            outbox,
            unreadable,
            meters: HashMap::new(),
            routes: Routes::default(),
            link: None,
            subscribed: BTreeSet::new(),
            asked: VecDeque::new(),
            acks: Acks::default(),
            closed: Vec::new(),
            last_message: Instant::now(),
            handed_over: Instant::now(),
            held: Held::until(Instant::now()),
            next_tick: Instant::now() + TICK,
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(self.link, Some(Ok(())))
    }

    /// Makes the meters match the devices; what did not change keeps its row and its state.
    pub(super) async fn take_over(&mut self, devices: &[Device]) {
        let mut old = std::mem::take(&mut self.meters);
        self.routes = Routes::default();
        for device in devices {
            let Communication::Mqtt(settings) = &device.communication else { continue };
            for (filter, meaning) in &settings.topics {
                self.routes.add(device.id, filter, meaning);
            }
            let mut meter = match old.remove(&device.id) {
                Some(same) if same.device == *device => {
                    self.meters.insert(device.id, same);
                    continue;
                }
                changed => {
                    self.put_aside(changed.and_then(|mut meter| meter.close()));
                    Meter::new(device.clone(), settings, &self.outbox)
                }
            };
            announce(&mut meter, self.link.as_ref()).await;
            self.meters.insert(device.id, meter);
        }
        self.put_aside(old.into_values().filter_map(|mut gone| gone.close()));
        self.subscribe();
    }

    pub(super) async fn on(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Connected { session } => {
                if !session {
                    self.subscribed.clear();
                    self.acks.begin_again();
                }
                self.link = Some(Ok(()));
                let now = Instant::now();
                for meter in self.meters.values_mut() {
                    if session {
                        meter.resumed(now, self.held);
                    }
                    announce(meter, self.link.as_ref()).await;
                }
                self.subscribe();
            }
            LinkEvent::Lost(reason) => {
                // What comes again finds the time of its row.
                self.close_all();
                self.acks.forget();
                for unanswered in self.asked.drain(..).flatten() {
                    self.subscribed.remove(&unanswered);
                }
                self.link = Some(Err(reason));
                for meter in self.meters.values_mut() {
                    announce(meter, self.link.as_ref()).await;
                }
            }
            LinkEvent::Subscribed(answer) => self.subscribed(&answer).await,
            LinkEvent::Message(message) => self.message(message).await,
        }
    }

    /// Subscribes to what is wanted and not subscribed to, and the other way round.
    fn subscribe(&mut self) {
        if !self.is_connected() {
            return;
        }
        let wanted = self.routes.filters();
        for gone in self.subscribed.difference(&wanted) {
            // The request channel is never full; were it, messages nobody follows would do no harm.
            self.client.try_unsubscribe(gone).ok();
        }
        let new: Vec<_> = wanted.difference(&self.subscribed).cloned().collect();
        self.subscribed.retain(|topic| wanted.contains(topic));
        for topics in new.chunks(TOPICS_AT_ONCE) {
            let filters =
                topics.iter().map(|topic| SubscribeFilter::new(topic.clone(), QoS::AtLeastOnce));
            if self.client.try_subscribe_many(filters).is_ok() {
                self.subscribed.extend(topics.iter().cloned());
                self.asked.push_back(topics.to_vec());
            }
        }
    }

    async fn subscribed(&mut self, answer: &SubAck) {
        let asked = self.asked.pop_front().unwrap_or_default();
        for (topic, code) in asked.iter().zip(&answer.return_codes) {
            if *code != SubscribeReasonCode::Failure {
                continue;
            }
            for device in self.routes.followers(topic) {
                if let Some(meter) = self.meters.get_mut(&device) {
                    let reason = Unheard::TopicRefused { topic: topic.clone() };
                    meter.pulse.fault(DeviceState::Error, reason).await;
                }
            }
        }
    }

    async fn message(&mut self, message: Publish) {
        self.last_message = Instant::now();
        let followers = self.routes.of(&message.topic);
        let ticket = self.acks.arrived(message.clone());
        let before = self.acks.dates(ticket);
        for (device, meaning) in followers {
            self.follow(device, &meaning, &message, (ticket, &before)).await;
        }
        self.acks.release(ticket);
        self.acknowledge();
    }

    /// Lets one device take what a message means to it.
    async fn follow(
        &mut self,
        id: DeviceId,
        meaning: &Topic,
        message: &Publish,
        (ticket, before): (Ticket, &[(MeterId, DateTime<Utc>)]),
    ) {
        let Some(meter) = self.meters.get_mut(&id) else { return };
        let now = self.last_message;
        let read = payload::read(&message.topic, meaning, &meter.settings, &message.payload);
        let mut sample = match read {
            Ok(Said::Online(true)) => {
                meter.heard(now);
                return meter.sense(None).await;
            }
            Ok(Said::Online(false)) => {
                return meter.pulse.fault(DeviceState::Offline, Unheard::SaysOffline).await;
            }
            Ok(Said::Other(why)) => {
                meter.heard(now);
                return meter.other(why.into()).await;
            }
            Ok(Said::Sample(mut sample)) => {
                sample.settle_time(meter.device.zone, Utc::now());
                *sample
            }
            Err(why) => ChannelSample { problems: vec![why], ..ChannelSample::default() },
        };
        // The broker has kept it for whoever comes: without a time it says nothing about now.
        if message.retain && sample.at.is_none() {
            // Of a value in parts it is the newest part all the same.
            return meter.remember(&message.topic, &sample);
        }
        let belated = meter.is_belated(now, self.held) || message.dup;
        meter.heard(now);
        meter.complete(&mut sample);
        match sample.reason() {
            Some(why) => {
                meter.nonsense(self.unreadable.record(id, &message.topic, why)).await;
            }
            None if belated || message.retain => {}
            None => meter.sense(sample.remark()).await,
        }
        if !sample.is_empty() {
            let is_of_it = |(of, _): &&(MeterId, DateTime<Utc>)| *of == meter.device.meter;
            sample.at = sample.at.or(before.iter().find(is_of_it).map(|(_, at)| *at));
            self.acks.hold(ticket);
            let part = Part { topic: message.topic.clone(), sample, ticket, belated };
            let closed = meter.gather(part);
            self.put_aside(closed);
        }
    }

    /// Puts complete rows where the next delivery takes them.
    fn put_aside(&mut self, closed: impl IntoIterator<Item = Closed>) {
        for (reading, tickets) in closed {
            if reading.values.present().next().is_none() {
                // Parts of a value whose other parts were not heard yet.
                for ticket in tickets {
                    self.acks.release(ticket);
                }
                continue;
            }
            for ticket in &tickets {
                self.acks.dated(*ticket, reading.meter, reading.at);
            }
            self.closed.push((reading, tickets));
        }
    }

    /// How many readings wait to be stored.
    pub(super) fn closed(&self) -> usize {
        self.closed.len()
    }

    /// The readings to store next, and the messages they were made of.
    pub(super) fn take_closed(&mut self) -> Option<(Vec<Reading>, Vec<Ticket>)> {
        self.handed_over = Instant::now();
        let mut tickets = Vec::new();
        let readings: Vec<_> = std::mem::take(&mut self.closed)
            .into_iter()
            .map(|(reading, of)| {
                tickets.extend(of);
                reading
            })
            .collect();
        (!readings.is_empty()).then_some((readings, tickets))
    }

    /// Acknowledges what is stored. What is not stored stays with the broker.
    pub(super) async fn settle(&mut self, outcome: Option<Outcome>, tickets: Vec<Ticket>) {
        let Some(outcome) = outcome else { return };
        let now = Instant::now();
        if now - self.handed_over >= SLOW && self.acks.unacknowledged() >= HELD {
            self.held.add(self.handed_over, now);
        }
        for ticket in tickets {
            self.acks.release(ticket);
        }
        self.acknowledge();
        for refusal in outcome.refused {
            let of = self.meters.values_mut().find(|meter| meter.device.meter == refusal.meter);
            if let Some(meter) = of {
                let reason = Trouble::AReadingRefused { why: Box::new(refusal.reason.into()) };
                meter.pulse.fault(DeviceState::Error, reason).await;
            }
        }
    }

    fn acknowledge(&mut self) {
        while let Some(message) = self.acks.next() {
            if self.client.try_ack(&message).is_err() {
                tracing::warn!(topic = message.topic, "a message was not acknowledged");
            }
        }
    }

    /// When to look after rows, silences and health next.
    pub(super) fn wake(&self) -> Instant {
        let rows = self.meters.values().filter_map(|meter| meter.row.as_ref());
        let closes = rows.map(|row| row.closes).chain(self.stall()).min();
        closes.map_or(self.next_tick, |closes| closes.min(self.next_tick))
    }

    /// When open rows must be closed because the broker waits for their acknowledgement.
    fn stall(&self) -> Option<Instant> {
        let rows = self.meters.values().filter_map(|meter| meter.row.as_ref());
        let held: usize = rows.map(Row::waiting).sum();
        (held >= HELD).then(|| self.last_message + STALL)
    }

    pub(super) async fn tick(&mut self) {
        let now = Instant::now();
        let stalled = self.stall().is_some_and(|at| at <= now);
        let is_due =
            |meter: &&mut Meter| meter.row.as_ref().is_some_and(|row| stalled || row.closes <= now);
        let due = self.meters.values_mut().filter(is_due).filter_map(Meter::close);
        let closed: Vec<Closed> = due.collect();
        self.put_aside(closed);
        if now < self.next_tick {
            return;
        }
        self.next_tick = now + TICK;
        let connected = self.is_connected();
        for meter in self.meters.values_mut() {
            if connected {
                meter.check_silence(now).await;
            }
            meter.tick(now).await;
        }
    }

    /// Closes all rows.
    pub(super) fn close_all(&mut self) {
        let closed: Vec<Closed> = self.meters.values_mut().filter_map(Meter::close).collect();
        self.put_aside(closed);
    }
}

/// Tells the health of a meter that has nothing to go by but the connection.
async fn announce(meter: &mut Meter, link: Option<&Result<(), Message>>) {
    match link {
        None => {}
        Some(Ok(())) => meter.pulse.fault(DeviceState::Offline, Unheard::Waiting).await,
        Some(Err(reason)) => meter.pulse.fault(DeviceState::Offline, reason.clone()).await,
    }
}
