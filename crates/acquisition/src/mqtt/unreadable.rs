//! Messages that could not be read.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::DeviceId;
use domain::devices::reason::mqtt::Unheard;
use domain::message::Message;

/// Messages of a device that could not be read: how many, and the last ten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unreadable {
    /// How many there were since the start.
    pub count: u64,
    /// The last ten, oldest first: when, on which topic, and what was wrong.
    pub last: VecDeque<(DateTime<Utc>, String, Message)>,
}

const KEPT: usize = 10;

/// Messages that could not be read, by device; shared between the brokers' tasks and those who ask.
#[derive(Debug, Clone, Default)]
pub struct UnreadableLog(Arc<Mutex<HashMap<DeviceId, Unreadable>>>);

impl UnreadableLog {
    /// Records a message and says how things stand with the device.
    pub(super) fn record(&self, device: DeviceId, topic: &str, why: Message) -> Message {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = log.entry(device).or_default();
        of.count += 1;
        if of.last.len() == KEPT {
            of.last.pop_front();
        }
        of.last.push_back((Utc::now(), topic.to_owned(), why.clone()));
        let (topic, why) = (topic.to_owned(), Box::new(why));
        match of.count {
            1 => Unheard::OneUnreadable { topic, why }.into(),
            count => Unheard::Unreadable { count, topic, why }.into(),
        }
    }

    /// The record of a device.
    pub fn of(&self, device: DeviceId) -> Unreadable {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.get(&device).cloned().unwrap_or_default()
    }

    /// Drops the records of devices that are gone.
    pub(crate) fn keep(&self, wanted: impl Fn(DeviceId) -> bool) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.retain(|device, _| wanted(*device));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ten_are_kept_and_all_are_counted() {
        let log = UnreadableLog::default();
        for number in 0..12 {
            log.record(DeviceId(1), "a/b", Message::foreign(format!("`{number}`")));
        }
        let record = log.of(DeviceId(1));
        assert_eq!((record.count, record.last.len()), (12, 10));
        assert_eq!(record.last[0].2, Message::foreign("`2`"));
        assert_eq!(log.of(DeviceId(2)), Unreadable::default());
    }
}
