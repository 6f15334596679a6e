//! What a driver knows of a device.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::devices::{Device, DeviceState};
use domain::message::Message;
use domain::{DeviceId, MeterId};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The state of a device, sent when it changes and at least each minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    pub device: DeviceId,
    /// The meter it feeds.
    pub meter: MeterId,
    pub state: DeviceState,
    /// Why it is not online; of one that is, what was read in another way than it may mean it.
    pub reason: Option<Message>,
    /// When this was seen.
    pub at: DateTime<Utc>,
    /// What was counted since its driver began to read it.
    pub figures: Figures,
}

impl Health {
    /// Tells it to whoever listens. One that is busy, or has fallen, keeps no device from being read: what is
    /// not taken is said again.
    pub async fn send(self, to: &mpsc::Sender<Self>) {
        to.send_timeout(self, PATIENCE).await.ok();
    }
}

/// What a driver counted of a device since it began to read it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Answers to polls, or messages.
    pub answers: u64,
    /// Polls that nothing answered, and times that the device was found silent or offline.
    pub silences: u64,
    /// Answers that were errors or nonsense.
    pub errors: u64,
    /// How long the last answer took; absent where nothing is asked for.
    pub latency: Option<Duration>,
    /// Answers and silences per minute, over the last minute or two; absent for the first half minute.
    pub per_minute: Option<f64>,
}

/// What was counted is shown: it is not older than this.
const REPEAT: Duration = Duration::from_secs(10);
/// A report is offered for this long.
const PATIENCE: Duration = Duration::from_millis(100);
/// A pace counted over less than this says little.
const LEAST_COUNTED: Duration = Duration::from_secs(30);
/// A pace is counted anew after this.
const MOST_COUNTED: Duration = Duration::from_mins(2);

/// How often a device was read, counted in stretches of two minutes.
#[derive(Debug)]
struct Pace {
    since: Instant,
    polls: u32,
}

impl Pace {
    fn new(now: Instant) -> Self {
        Self { since: now, polls: 0 }
    }

    /// Polls per minute, if enough time was counted. A long stretch is followed by a new one.
    fn read(&mut self, now: Instant) -> Option<f64> {
        let counted = now - self.since;
        if counted < LEAST_COUNTED {
            return None;
        }
        let pace = f64::from(self.polls) * 60.0 / counted.as_secs_f64();
        if counted >= MOST_COUNTED {
            *self = Self::new(now);
        }
        Some(pace)
    }
}

/// Sends the health of one device when it changes, and again before a minute has passed.
#[derive(Debug)]
pub(crate) struct HealthReporter {
    device: DeviceId,
    meter: MeterId,
    to: mpsc::Sender<Health>,
    last: Option<(DeviceState, Option<Message>)>,
    due: Instant,
    figures: Figures,
    pace: Pace,
}

impl HealthReporter {
    /// Of a device nothing is known of yet.
    pub(crate) fn new(device: &Device, to: mpsc::Sender<Health>) -> Self {
        Self {
            device: device.id,
            meter: device.meter,
            to,
            last: None,
            due: Instant::now() + REPEAT,
            figures: Figures::default(),
            pace: Pace::new(Instant::now()),
        }
    }

    /// Counts an answer to a poll, or a message; also one that turns out to be an error, which
    /// [`fault`](Self::fault) counts besides. `latency` is how long the answer took, where it was asked
    /// for. Nothing is sent: the count goes along with the next report.
    pub(crate) fn answered(&mut self, latency: Option<Duration>) {
        self.figures.answers += 1;
        self.figures.latency = latency;
        self.pace.polls = self.pace.polls.saturating_add(1);
    }

    /// The state last reported.
    pub(crate) fn state(&self) -> Option<DeviceState> {
        self.last.as_ref().map(|(state, _)| *state)
    }

    /// When the last report must be repeated.
    pub(crate) const fn due(&self) -> Instant {
        self.due
    }

    /// Reports that it is read, with what was read in another way than the device may mean it.
    pub(crate) async fn online(&mut self, remark: Option<Message>) {
        let code = |remark: &Option<Message>| remark.as_ref().map(|remark| remark.code.clone());
        // A remark is said once: what stands in it may differ with each message.
        let is_said = matches!(&self.last, Some((DeviceState::Online, last))
            if last.is_some() && code(last) == code(&remark));
        if !is_said {
            self.report(DeviceState::Online, remark).await;
        }
    }

    /// Reports a fault, and counts it.
    pub(crate) async fn fault(&mut self, state: DeviceState, reason: impl Into<Message>) {
        if state == DeviceState::Error {
            self.figures.errors += 1;
        } else {
            self.figures.silences += 1;
            self.pace.polls = self.pace.polls.saturating_add(1);
        }
        self.report(state, Some(reason.into())).await;
    }

    /// Repeats the last report if it is due.
    pub(crate) async fn beat(&mut self, now: Instant) {
        if now >= self.due {
            self.send().await;
        }
    }

    async fn report(&mut self, state: DeviceState, reason: Option<Message>) {
        let seen = Some((state, reason));
        if self.last == seen {
            self.beat(Instant::now()).await;
            return;
        }
        if let Some((state, Some(reason))) = &seen {
            tracing::warn!(device = %self.device, meter = %self.meter, ?state, reason = reason.message);
        } else {
            tracing::info!(device = %self.device, meter = %self.meter, "online");
        }
        self.last = seen;
        self.send().await;
    }

    async fn send(&mut self) {
        let now = Instant::now();
        self.due = now + REPEAT;
        let Some((state, reason)) = self.last.clone() else { return };
        self.figures.per_minute = self.pace.read(now).or(self.figures.per_minute);
        let health = Health {
            device: self.device,
            meter: self.meter,
            state,
            reason,
            at: Utc::now(),
            figures: self.figures,
        };
        health.send(&self.to).await;
    }
}

#[cfg(test)]
mod tests {
    use domain::SiteId;
    use domain::devices::{Communication, Protocol};
    use serde_json::json;

    use super::*;

    fn pulse() -> (HealthReporter, mpsc::Receiver<Health>) {
        let settings = json!({"url": "http://meter/"});
        let device = Device {
            id: DeviceId(1),
            site: SiteId(1),
            zone: chrono_tz::UTC,
            meter: MeterId(2),
            meter_name: "Main".to_owned(),
            poll: Duration::from_secs(5),
            communication: Communication::parse(Protocol::Http, &settings).unwrap(),
        };
        let (to, told) = mpsc::channel(10);
        (HealthReporter::new(&device, to), told)
    }

    #[tokio::test]
    async fn health_is_told_when_it_changes_and_again_within_a_minute() {
        let (mut pulse, mut told) = pulse();
        pulse.online(None).await;
        pulse.online(None).await;
        pulse.fault(DeviceState::Offline, Message::foreign("no answer")).await;
        let states = [told.try_recv().unwrap(), told.try_recv().unwrap()].map(|told| told.state);
        assert_eq!(states, [DeviceState::Online, DeviceState::Offline]);
        assert!(told.try_recv().is_err());
        pulse.beat(Instant::now()).await;
        assert!(told.try_recv().is_err());
        pulse.beat(Instant::now() + Duration::from_secs(59)).await;
        assert_eq!(told.try_recv().unwrap().reason, Some(Message::foreign("no answer")));
    }

    #[tokio::test]
    async fn answers_silences_and_errors_are_counted_apart() {
        let (mut pulse, mut told) = pulse();
        let took = Some(Duration::from_millis(38));
        for _ in 0..3 {
            pulse.answered(took);
            pulse.online(None).await;
        }
        pulse.fault(DeviceState::Offline, Message::foreign("no answer")).await;
        pulse.fault(DeviceState::Offline, Message::foreign("no answer")).await;
        pulse.answered(took);
        pulse.fault(DeviceState::Error, Message::foreign("illegal data address")).await;
        let last = std::iter::from_fn(|| told.try_recv().ok()).last().unwrap();
        let Figures { answers, silences, errors, latency, .. } = last.figures;
        assert_eq!((answers, silences, errors, latency), (4, 2, 1, took));
    }

    #[test]
    fn a_pace_is_told_once_enough_was_counted_and_counted_anew_after_a_while() {
        let begun = Instant::now();
        let mut pace = Pace { since: begun, polls: 10 };
        let mut after = |seconds| pace.read(begun + Duration::from_secs(seconds));
        assert_eq!(after(20), None);
        assert_eq!(after(50), Some(12.0));
        assert_eq!(after(120), Some(5.0));
        assert_eq!(after(140), None);
        assert_eq!(after(180), Some(0.0));
    }
}
