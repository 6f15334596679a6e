//! One unit behind a gateway: what to ask it, and when.

use std::time::Duration;

use chrono::Utc;
use domain::device::{Device, DeviceState, ModbusSettings, Point};
use domain::{Quality, Reading, Source};
use tokio::time::Instant;
use tokio_modbus::ExceptionCode;

use super::decode::decode;
use super::link::{Link, ReadError};
use super::plan::{Breaks, Read, plan};
use crate::Outbox;
use crate::backoff::Backoff;
use crate::health::Pulse;
use crate::sample::Sample;
use crate::schedule::next_due;

/// One unit behind a gateway.
pub(super) struct Unit {
    pub(super) device: Device,
    settings: ModbusSettings,
    breaks: Breaks,
    reads: Vec<Read>,
    /// When it is to be asked next.
    pub(super) due: Instant,
    backoff: Backoff,
    pub(super) pulse: Pulse,
}

/// The answers to the reads of one poll.
type Answers<'a> = Vec<(&'a Read, Vec<u16>)>;

impl Unit {
    pub(super) fn new(device: Device, settings: ModbusSettings, outbox: &Outbox) -> Self {
        let breaks = Breaks::new();
        Self {
            reads: plan(&settings.points, &breaks),
            pulse: Pulse::new(&device, outbox.health.clone()),
            due: Instant::now(),
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_mins(1)),
            device,
            settings,
            breaks,
        }
    }

    /// Asks for all values. An exception costs the values it concerns; any other error ends the
    /// poll, and the link with it.
    pub(super) async fn poll(&mut self, link: &mut Link) -> Result<Option<Reading>, ReadError> {
        let begun = Instant::now();
        let mut answers: Answers<'_> = Vec::with_capacity(self.reads.len());
        let mut sample = Sample::default();
        let mut refused = Vec::new();
        let mut absent = false;
        for read in &self.reads {
            match link.read(self.settings.unit, read).await {
                Ok(words) => answers.push((read, words)),
                Err(ReadError::Exception(exception)) => {
                    sample.problems.push(format!("registers from {}: {exception}", read.start));
                    if exception == ExceptionCode::IllegalDataAddress {
                        refused.extend(read.split());
                    }
                    absent = is_absence(exception);
                    if absent {
                        break;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        for point in &self.settings.points {
            if let Some((low, high)) = words(point, &answers) {
                sample.put(point.field, decode(point, low, high).map_err(|why| why.to_string()));
            }
        }
        self.reschedule(absent);
        if !refused.is_empty() {
            self.breaks.extend(refused);
            self.reads = plan(&self.settings.points, &self.breaks);
        }
        self.pulse.answered(Some(begun.elapsed()));
        match sample.reason() {
            Some(reason) => self.pulse.fault(DeviceState::Error, reason).await,
            None => self.pulse.online().await,
        }
        Ok((!sample.is_empty()).then(|| Reading {
            meter: self.device.meter,
            at: Utc::now() - begun.elapsed() / 2,
            quality: Quality::Good,
            source: Source::Modbus,
            values: sample.values,
        }))
    }

    /// Notes that the unit did not answer, or not to the question.
    pub(super) async fn fail(&mut self, error: &ReadError) {
        self.reschedule(true);
        let state = match error {
            ReadError::Wrong(_) | ReadError::Exception(_) => DeviceState::Error,
            ReadError::TimedOut | ReadError::Broken(_) => DeviceState::Offline,
        };
        self.pulse.fault(state, error.to_string()).await;
    }

    /// Notes that the gateway cannot be reached. The unit stays due and is asked once it can.
    pub(super) async fn unreachable(&mut self, reason: &str) {
        self.pulse.fault(DeviceState::Offline, reason).await;
    }

    fn reschedule(&mut self, absent: bool) {
        let now = Instant::now();
        self.due = next_due(self.due, self.device.poll, now);
        if absent {
            self.due = self.due.max(now + self.backoff.fail());
        } else {
            self.backoff.succeed();
        }
    }
}

/// The words of a point, and its high word where that stands apart.
fn words<'a>(point: &Point, answers: &'a Answers<'_>) -> Option<(&'a [u16], Option<u16>)> {
    let find = |address, width| {
        answers.iter().find_map(|(read, words)| {
            read.place(point.function, address, width).and_then(|place| words.get(place))
        })
    };
    match point.high {
        None => Some((find(point.address, point.number.width())?, None)),
        Some(high) => Some((find(point.address, 1)?, Some(*find(high, 1)?.first()?))),
    }
}

/// Whether a gateway says with this that the unit behind it does not answer. Finding that out took
/// it time that the other units lack.
const fn is_absence(exception: ExceptionCode) -> bool {
    matches!(exception, ExceptionCode::GatewayPathUnavailable | ExceptionCode::GatewayTargetDevice)
}
