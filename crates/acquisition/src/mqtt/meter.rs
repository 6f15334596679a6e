//! One meter that publishes: its open row, its health, its silence.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::devices::mqtt::filter::is_wild;
use domain::devices::mqtt::{MqttSettings, Topic};
use domain::devices::reason::mqtt::Unheard;
use domain::devices::{Device, DeviceState};
use domain::message::Message;
use domain::{Field, Reading};
use tokio::time::Instant;

use super::acks::Ticket;
use super::row::{Part, Row};
use super::sums::Sums;
use crate::Outbox;
use crate::health::HealthReporter;
use crate::sample::ChannelSample;

/// A reading, and the messages to acknowledge once it is stored.
pub(super) type Closed = (Reading, Vec<Ticket>);

/// A silence shorter than this is never called one.
const SHORTEST_SILENCE: Duration = Duration::from_mins(1);
/// Messages that waited at the broker come in one burst; a pause longer than this ends it.
const LONGEST_BURST_PAUSE: Duration = Duration::from_secs(1);
/// However they come, after this time messages are taken for new ones. Time in which the broker could
/// send none does not count.
const LONGEST_BURST: Duration = Duration::from_secs(30);

/// What slow storage took of a broker's time, which waits for acknowledgements before it sends more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// The end of the last such time.
    until: Instant,
    /// How long all of them were together.
    total: Duration,
}

impl Held {
    /// None yet at `now`.
    pub(super) fn until(now: Instant) -> Self {
        Self { until: now, total: Duration::ZERO }
    }

    /// Notes that the broker was held up from `start` until `end`.
    pub(super) fn add(&mut self, start: Instant, end: Instant) {
        self.until = end;
        self.total += end.saturating_duration_since(start);
    }
}

/// One meter that publishes.
pub(super) struct Meter {
    pub(super) device: Device,
    pub(super) settings: MqttSettings,
    pub(super) pulse: HealthReporter,
    pub(super) row: Option<Row>,
    /// Topics that make a row complete; unknown with wildcards.
    expected: Option<usize>,
    heard: Option<Instant>,
    /// When the broker began to send what had waited for us, until that is over.
    burst: Option<Burst>,
    /// Time of the last reading that was timed by its arrival.
    last: DateTime<Utc>,
    /// What came since the last tick while the state was an error.
    since: Since,
    /// Values that were made of several numbers once.
    composed: Vec<Field>,
    sums: Sums,
}

/// Messages that had waited for us at the broker.
#[derive(Clone, Copy)]
struct Burst {
    begun: Instant,
    /// How long the broker had been held up by then.
    held: Duration,
}

/// What came since the last tick.
enum Since {
    Nothing,
    Sense,
    Nonsense(Message),
}

impl Meter {
    pub(super) fn new(device: Device, settings: &MqttSettings, outbox: &Outbox) -> Self {
        let mut filters: Vec<_> = settings
            .topics
            .iter()
            .filter(|(_, meaning)| !matches!(meaning, Topic::Status(_)))
            .map(|(filter, _)| filter)
            .collect();
        filters.sort_unstable();
        filters.dedup();
        let wild = filters.iter().any(|filter| is_wild(filter));
        Self {
            pulse: HealthReporter::new(&device, outbox.health.clone()),
            expected: (!wild).then_some(filters.len()),
            device,
            settings: settings.clone(),
            row: None,
            heard: None,
            burst: None,
            last: DateTime::<Utc>::MIN_UTC,
            since: Since::Nothing,
            composed: Vec::new(),
            sums: Sums::of(settings),
        }
    }

    /// Takes values away that a message has only a part of: some devices send what has changed alone,
    /// and what they send less at other times is not what is measured.
    pub(super) fn complete(&mut self, sample: &mut ChannelSample) {
        for &field in &self.composed {
            if !sample.composed.contains(&field) {
                sample.values.set(field, None);
            }
        }
        let new = sample.composed.iter().filter(|field| !self.composed.contains(field));
        let new: Vec<_> = new.copied().collect();
        self.composed.extend(new);
    }

    /// Notes that the broker resumed a session: what comes first may have waited there.
    pub(super) fn resumed(&mut self, now: Instant, held: Held) {
        self.burst = Some(Burst { begun: now, held: held.total });
    }

    /// Whether a message that came at `now` may have waited at the broker. A pause that slow
    /// storage made is none of its own.
    pub(super) fn is_belated(&mut self, now: Instant, held: Held) -> bool {
        let Some(Burst { begun, held: before }) = self.burst else { return false };
        let pause = (self.device.poll / 2).min(LONGEST_BURST_PAUSE);
        let last = self.heard.unwrap_or(begun).max(begun).max(held.until);
        let quiet = now.saturating_duration_since(last);
        let free = (now - begun).saturating_sub(held.total.saturating_sub(before));
        if quiet >= pause || free >= LONGEST_BURST {
            self.burst = None;
        }
        self.burst.is_some()
    }

    /// Notes a sign of life.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = Some(now);
    }

    /// Takes values into the open row, or into a new one. What is complete thereby is returned.
    pub(super) fn gather(&mut self, part: Part) -> Vec<Closed> {
        let mut closed = Vec::new();
        if self.row.as_ref().is_some_and(|row| !row.accepts(&part)) {
            closed.extend(self.close());
        }
        match &mut self.row {
            Some(row) => row.add(part),
            None => self.row = Some(Row::new(part, Utc::now())),
        }
        if self.row.as_ref().map(Row::topics) == self.expected {
            closed.extend(self.close());
        }
        closed
    }

    /// Takes the parts of values that a broker has kept.
    pub(super) fn remember(&mut self, topic: &str, sample: &ChannelSample) {
        let parts = sample.addends.iter();
        let parts = parts.filter_map(|&of| Some((of, topic.to_owned(), sample.values.get(of)?)));
        self.sums.add(parts.collect());
    }

    /// Closes the open row.
    pub(super) fn close(&mut self) -> Option<Closed> {
        let row = self.row.take()?;
        Some(row.close(self.device.meter, &mut self.last, &mut self.sums))
    }

    /// Notes a message that made sense. An error is taken back by the next tick at the earliest, so
    /// that a flood of good and bad messages is not one of reports too. The remark is on values read in another
    /// way than the device may mean.
    pub(super) async fn sense(&mut self, remark: Option<Message>) {
        self.pulse.answered(None);
        if self.pulse.state() == Some(DeviceState::Error) {
            if matches!(self.since, Since::Nothing) {
                self.since = Since::Sense;
            }
        } else if remark.is_some() || self.pulse.state() != Some(DeviceState::Online) {
            // Other topics of the device may need no remark.
            self.pulse.online(remark).await;
        }
    }

    /// Notes a message that could not be read.
    pub(super) async fn nonsense(&mut self, reason: Message) {
        self.pulse.answered(None);
        if self.pulse.state() == Some(DeviceState::Error) {
            self.since = Since::Nonsense(reason);
        } else {
            self.pulse.fault(DeviceState::Error, reason).await;
        }
    }

    /// Notes a message that says nothing of the values. A meter that has said nothing else is not
    /// there yet, for this reason.
    pub(super) async fn other(&mut self, reason: Message) {
        self.pulse.answered(None);
        if self.pulse.state() != Some(DeviceState::Online) {
            let reason = Unheard::NoValueYet { why: Box::new(reason) };
            self.pulse.fault(DeviceState::Offline, reason).await;
        }
    }

    /// Reports what has changed since the last tick, or that nothing has for a while.
    pub(super) async fn tick(&mut self, now: Instant) {
        match std::mem::replace(&mut self.since, Since::Nothing) {
            Since::Nothing => {}
            Since::Sense => self.pulse.online(None).await,
            Since::Nonsense(reason) => self.pulse.fault(DeviceState::Error, reason).await,
        }
        self.pulse.beat(now).await;
    }

    /// Says so when the meter has been silent for too long.
    pub(super) async fn check_silence(&mut self, now: Instant) {
        let limit = (self.device.poll * 3).max(SHORTEST_SILENCE);
        let silent = self.heard.is_some_and(|heard| now - heard > limit);
        if silent && self.pulse.state() == Some(DeviceState::Online) {
            let reason = Unheard::Silent { seconds: limit.as_secs() };
            self.pulse.fault(DeviceState::Offline, reason).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::devices::{Communication, Protocol};
    use domain::{DeviceId, MeterId, SiteId};
    use serde_json::json;
    use tokio::sync::mpsc;

    use super::*;
    use crate::Health;

    fn meter() -> (Meter, mpsc::Receiver<Health>) {
        let topics = json!({"topicPower": "m/p"});
        let Communication::Mqtt(settings) = Communication::parse(Protocol::Mqtt, &topics).unwrap()
        else {
            panic!("not MQTT");
        };
        let device = Device {
            id: DeviceId(1),
            site: SiteId(1),
            zone: chrono_tz::UTC,
            meter: MeterId(1),
            meter_name: "Main".to_owned(),
            poll: Duration::from_secs(5),
            communication: Communication::Mqtt(settings.clone()),
        };
        let (health, told) = mpsc::channel(100);
        let outbox = Outbox { batches: crate::inlet(1, 1).0, health };
        (Meter::new(device, &settings, &outbox), told)
    }

    #[test]
    fn a_burst_after_a_resumed_session_is_belated_until_a_pause() {
        let (mut meter, _told) = meter();
        let mut now = Instant::now();
        let held = Held::until(now);
        assert!(!meter.is_belated(now, held));
        meter.resumed(now, held);
        for _ in 0..10 {
            now += Duration::from_millis(300);
            assert!(meter.is_belated(now, held));
            meter.heard(now);
        }
        now += Duration::from_millis(1500);
        assert!(!meter.is_belated(now, held));
        meter.heard(now);
        assert!(!meter.is_belated(now, held));
    }

    #[test]
    fn a_pause_that_storage_made_does_not_end_a_burst() {
        let (mut meter, _told) = meter();
        let begun = Instant::now();
        let mut held = Held::until(begun);
        meter.resumed(begun, held);
        let stored = begun + Duration::from_secs(9);
        held.add(begun, stored);
        assert!(meter.is_belated(stored + Duration::from_millis(10), held));
        assert!(!meter.is_belated(stored + Duration::from_millis(1500), held));
    }

    #[test]
    fn only_time_in_which_the_broker_could_send_makes_a_burst_too_long() {
        let (mut meter, _told) = meter();
        let begun = Instant::now();
        let mut held = Held::until(begun);
        // What was before does not count for this burst.
        held.add(begun.checked_sub(Duration::from_mins(5)).unwrap(), begun);
        meter.resumed(begun, held);
        let mut now = begun;
        for free in 0..30 {
            assert!(meter.is_belated(now, held), "{free} s");
            meter.heard(now);
            held.add(now, now + Duration::from_secs(31));
            now += Duration::from_secs(32);
            // Messages come all the while.
            meter.heard(now);
        }
        assert!(!meter.is_belated(now, held));
    }

    #[test]
    fn half_of_a_value_is_none_once_the_whole_was_seen() {
        let (mut meter, _told) = meter();
        let import = |composed: bool| {
            let mut sample = ChannelSample::default();
            sample.put(Field::EnergyImportKwh, Ok(1.0));
            sample.composed.extend(composed.then_some(Field::EnergyImportKwh));
            sample
        };
        let mut seen = Vec::new();
        for composed in [false, true, false, true] {
            let mut sample = import(composed);
            meter.complete(&mut sample);
            seen.push(sample.values.energy_import_kwh.is_some());
        }
        assert_eq!(seen, [true, true, false, true]);
    }

    #[tokio::test]
    async fn a_long_silence_is_told() {
        let (mut meter, mut told) = meter();
        let now = Instant::now();
        meter.heard(now);
        meter.sense(None).await;
        meter.check_silence(now + Duration::from_secs(59)).await;
        assert_eq!(meter.pulse.state(), Some(DeviceState::Online));
        meter.check_silence(now + Duration::from_secs(61)).await;
        assert_eq!(told.recv().await.unwrap().state, DeviceState::Online);
        assert_eq!(told.recv().await.unwrap().state, DeviceState::Offline);
    }

    #[tokio::test]
    async fn a_flood_of_nonsense_is_reported_once_a_tick() {
        let (mut meter, mut told) = meter();
        for number in 0..1000 {
            meter.nonsense(Message::foreign(format!("message {number}"))).await;
            meter.sense(None).await;
        }
        meter.tick(Instant::now()).await;
        meter.sense(None).await;
        meter.tick(Instant::now()).await;
        let reasons = [(); 3].map(|()| told.try_recv().unwrap().reason);
        let expected = [Some("message 0"), Some("message 999"), None];
        assert_eq!(reasons, expected.map(|said| said.map(Message::foreign)));
        assert!(told.try_recv().is_err());
    }
}
