//! Looking at an MQTT meter: what comes on its topics for a while, and what is made of it; and what
//! devices announce on a broker.
//!
//! A look has a session of its own that ends with it, so that it takes no message from the meters.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Values;
use domain::devices::mqtt::filter::is_wild;
use domain::devices::mqtt::{Broker, MqttSettings, Topic};
use domain::devices::reason::look::Remark;
use domain::devices::reason::mqtt::Unheard;
use domain::message::Message;
use futures::StreamExt as _;
use rand::Rng as _;
use rumqttc::{AsyncClient, Publish, QoS, SubscribeFilter, SubscribeReasonCode};
use tokio::time::{Instant, timeout_at};

use crate::Outbound;
use crate::mqtt::discovery::{Announcements, FILTERS};
pub use crate::mqtt::discovery::{Candidate, Unusable};
use crate::mqtt::payload::{self, Said};
use crate::mqtt::topic::Routes;
use crate::mqtt::{Caller, LinkEvent, open};

/// What came on the topics of a meter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Probe {
    /// The newest value of each kind, as it would be stored.
    pub values: Values,
    /// The messages in order of arrival, the first hundred.
    pub messages: Vec<Heard>,
    /// How many more came.
    pub more: usize,
    /// What is assumed about the topics, and which of them stayed silent.
    pub notes: Vec<Message>,
    /// How long the first message took; none where none came.
    pub latency: Option<Duration>,
}

/// A message and what was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub topic: String,
    /// What it said, the beginning of a long one.
    pub payload: String,
    /// Whether the broker kept it from earlier: without a time, such a message is no reading.
    pub retained: bool,
    /// When it came.
    pub at: DateTime<Utc>,
    /// When its values held, if it says so.
    pub measured: Option<DateTime<Utc>>,
    /// Its values, as they would be stored.
    pub values: Values,
    /// What it says of the device, or what is wrong with it.
    pub remark: Option<Message>,
}

/// What devices announced on a broker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Discovery {
    /// Devices that could become meters.
    pub found: Vec<Candidate>,
    /// Announcements that cannot be followed.
    pub unusable: Vec<Unusable>,
}

const MOST_MESSAGES: usize = 100;
const LONGEST_PAYLOAD: usize = 2_000;
/// Announcements are kept by the broker and come at once; a pause as long as this ends them.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens to the topics of a meter until each has been heard, for `time` at most.
///
/// # Errors
/// When the broker cannot be reached or refuses.
pub async fn test_read(
    settings: &MqttSettings,
    broker: &Broker,
    outbound: Outbound,
    time: Duration,
) -> Result<Probe, Message> {
    let begun = Instant::now();
    let mut probe = Probe {
        notes: settings.notes().into_iter().map(Message::from).collect(),
        ..Probe::default()
    };
    let mut silent: Vec<_> = value_topics(settings).collect();
    let filters = routes(settings).filters().into_iter().collect();
    listen(broker, outbound, filters, begun + time, None, |message| {
        probe.latency.get_or_insert_with(|| begun.elapsed());
        silent.retain(|topic| *topic != message.topic);
        if let Some(heard) = heard(settings, &message.topic, &message.payload, message.retain) {
            probe.take(heard);
        }
        silent.is_empty() && !settings.topics.iter().any(|(topic, _)| is_wild(topic))
    })
    .await?;
    let silent = silent.iter().filter(|topic| !is_wild(topic));
    let seconds = begun.elapsed().as_secs();
    let nothing = |topic: &&str| Remark::Nothing { topic: (*topic).to_owned(), seconds }.into();
    probe.notes.extend(silent.map(nothing));
    if probe.messages.is_empty() {
        probe.notes.push(Remark::CheckTopics.into());
    }
    Ok(probe)
}

/// Gathers what devices announce for Home Assistant, for `time` at most.
///
/// # Errors
/// When the broker cannot be reached or refuses.
pub async fn discover(
    broker: &Broker,
    outbound: Outbound,
    time: Duration,
) -> Result<Discovery, Message> {
    let mut announcements = Announcements::default();
    let filters = FILTERS.map(str::to_owned).into();
    listen(broker, outbound, filters, Instant::now() + time, Some(PAUSE), |message| {
        announcements.take(&message.topic, &message.payload);
        false
    })
    .await?;
    let (found, unusable) = announcements.finish();
    Ok(Discovery { found, unusable })
}

fn value_topics(settings: &MqttSettings) -> impl Iterator<Item = &str> {
    let values = settings.topics.iter().filter(|(_, of)| !matches!(of, Topic::Status(_)));
    values.map(|(topic, _)| topic.as_str())
}

/// Hands messages to `take` until it has enough, a pause is long enough, or time is up.
async fn listen(
    broker: &Broker,
    outbound: Outbound,
    filters: Vec<String>,
    until: Instant,
    longest_pause: Option<Duration>,
    mut take: impl FnMut(Publish) -> bool,
) -> Result<(), Message> {
    let client_id = format!("wattlens-look-{:08x}", rand::rng().random::<u32>());
    let caller = Caller { client_id, persistent: false, outbound };
    let (client, events) = open(broker.clone(), caller);
    let mut events = pin!(events);
    let pause = || longest_pause.map_or(until, |pause| (Instant::now() + pause).min(until));
    let (mut subscribed, mut end) = (false, until);
    while let Ok(Some(event)) = timeout_at(end, events.next()).await {
        match event {
            LinkEvent::Connected { .. } => subscribe(&client, &filters)?,
            LinkEvent::Subscribed(answer) => {
                if answer.return_codes.contains(&SubscribeReasonCode::Failure) {
                    return Err(Unheard::TopicsRefused.into());
                }
                (subscribed, end) = (true, pause());
            }
            LinkEvent::Message(message) => {
                if take(message) {
                    break;
                }
                end = pause();
            }
            LinkEvent::Lost(reason) => return Err(reason),
        }
    }
    client.try_disconnect().ok();
    if subscribed {
        return Ok(());
    }
    Err(Unheard::BrokerSilent { broker: broker.to_string() }.into())
}

/// Messages need no acknowledgement, so that none is left behind.
fn subscribe(client: &AsyncClient, filters: &[String]) -> Result<(), Message> {
    let filters = filters.iter();
    let filters = filters.map(|topic| SubscribeFilter::new(topic.clone(), QoS::AtMostOnce));
    client.try_subscribe_many(filters).map_err(|error| Message::foreign(error.to_string()))
}

fn routes(settings: &MqttSettings) -> Routes {
    let mut routes = Routes::default();
    for (filter, meaning) in &settings.topics {
        routes.add(domain::DeviceId(0), filter, meaning);
    }
    routes
}

/// What a message says that came just now; none where the meter does not follow its topic.
pub fn heard(
    settings: &MqttSettings,
    topic: &str,
    payload: &[u8],
    retained: bool,
) -> Option<Heard> {
    let (_, meaning) = routes(settings).of(topic).into_iter().next()?;
    let text = String::from_utf8_lossy(payload);
    let mut heard = Heard {
        topic: topic.to_owned(),
        payload: text.chars().take(LONGEST_PAYLOAD).collect(),
        retained,
        at: Utc::now(),
        measured: None,
        values: Values::default(),
        remark: None,
    };
    match payload::read(topic, &meaning, settings, payload) {
        Ok(Said::Sample(sample)) => {
            heard.remark = sample.reason().or_else(|| sample.remark());
            heard.measured = sample.at;
            heard.values = sample.values;
        }
        Ok(Said::Online(true)) => heard.remark = Some(Remark::Online.into()),
        Ok(Said::Online(false)) => heard.remark = Some(Remark::Offline.into()),
        Ok(Said::Other(why)) => heard.remark = Some(why.into()),
        Err(why) => heard.remark = Some(why),
    }
    if heard.retained && heard.measured.is_none() && heard.remark.is_none() {
        heard.remark = Some(Remark::Retained.into());
    }
    Some(heard)
}

impl Probe {
    fn take(&mut self, heard: Heard) {
        for (field, value) in heard.values.present() {
            self.values.set(field, Some(value));
        }
        if self.messages.len() < MOST_MESSAGES {
            self.messages.push(heard);
        } else {
            self.more += 1;
        }
    }
}
