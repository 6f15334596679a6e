//! What the drivers of this process say of each device.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, OnceLock};

use acquisition::{Health, Unreadable, UnreadableLog};
use chrono::{DateTime, Utc};
use domain::devices::DeviceState;
use domain::message::Message;
use domain::{DeviceId, MeterId};
use parking_lot::RwLock;

/// States of a device that are remembered.
const REMEMBERED: usize = 20;

/// The newest health of every device, by the meter it feeds, with how it came to it. It is forgotten
/// when the process ends.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    devices: Arc<RwLock<HashMap<MeterId, Watched>>>,
    unreadable: Arc<OnceLock<UnreadableLog>>,
}

/// What is known of a device.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    /// What its driver said last.
    pub(crate) newest: Health,
    /// The states it was in, the newest last.
    pub(crate) turns: VecDeque<Turn>,
}

/// A state that a device came into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Since when.
    pub(crate) since: DateTime<Utc>,
    pub(crate) state: DeviceState,
    /// Why, as it was said last while the state held.
    pub(crate) reason: Option<Message>,
}

impl Watch {
    /// Takes what a driver says.
    pub(crate) fn take(&self, health: &Health) {
        let mut devices = self.devices.write();
        let watched = devices
            .entry(health.meter)
            .and_modify(|watched| {
                // A meter that was given another device begins anew.
                if watched.newest.device != health.device {
                    watched.turns.clear();
                }
            })
            .or_insert_with(|| Watched { newest: health.clone(), turns: VecDeque::new() });
        let same = watched.turns.back_mut().filter(|turn| turn.state == health.state);
        if let Some(turn) = same {
            turn.reason.clone_from(&health.reason);
        } else {
            if watched.turns.len() == REMEMBERED {
                watched.turns.pop_front();
            }
            let (since, state, reason) = (health.at, health.state, health.reason.clone());
            watched.turns.push_back(Turn { since, state, reason });
        }
        watched.newest = health.clone();
    }

    /// Forgets the devices of meters that are gone.
    pub(crate) fn keep(&self, wanted: impl Fn(MeterId) -> bool) {
        self.devices.write().retain(|&meter, _| wanted(meter));
    }

    /// What is known of a device; nothing where its driver has not spoken yet.
    pub(crate) fn of(&self, meter: MeterId, device: DeviceId) -> Option<Watched> {
        self.devices.read().get(&meter).filter(|watched| watched.newest.device == device).cloned()
    }

    /// Where the drivers note the messages that they could not read.
    pub(crate) fn follow(&self, log: UnreadableLog) {
        if self.unreadable.set(log).is_err() {
            tracing::warn!(
                "drivers were started twice: unreadable messages of the second are not shown"
            );
        }
    }

    /// The messages of a device that could not be read.
    pub(crate) fn unreadable(&self, device: DeviceId) -> Unreadable {
        self.unreadable.get().map(|log| log.of(device)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use acquisition::Figures;
    use chrono::TimeDelta;

    use super::*;

    fn health(state: DeviceState, reason: Option<&str>, minute: i64) -> Health {
        Health {
            device: DeviceId(1),
            meter: MeterId(7),
            state,
            reason: reason.map(Message::foreign),
            at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minute),
            figures: Figures::default(),
        }
    }

    #[test]
    fn a_state_is_told_since_it_began_with_its_newest_reason() {
        let watch = Watch::default();
        watch.take(&health(DeviceState::Online, None, 0));
        watch.take(&health(DeviceState::Offline, Some("no answer"), 1));
        watch.take(&health(DeviceState::Offline, Some("the host is unknown"), 2));
        let turns = watch.of(MeterId(7), DeviceId(1)).unwrap().turns;
        assert_eq!(turns.len(), 2);
        assert_eq!(turns[1].since, DateTime::UNIX_EPOCH + TimeDelta::minutes(1));
        assert_eq!(turns[1].reason, Some(Message::foreign("the host is unknown")));
        assert!(watch.of(MeterId(7), DeviceId(2)).is_none());
    }

    #[test]
    fn the_newest_states_are_remembered_and_another_device_begins_anew() {
        let watch = Watch::default();
        for minute in 0..50 {
            let state = if minute % 2 == 0 { DeviceState::Online } else { DeviceState::Offline };
            watch.take(&health(state, None, minute));
        }
        let turns = watch.of(MeterId(7), DeviceId(1)).unwrap().turns;
        assert_eq!(turns.len(), REMEMBERED);
        assert_eq!(turns[REMEMBERED - 1].since, DateTime::UNIX_EPOCH + TimeDelta::minutes(49));
        let other = Health { device: DeviceId(2), ..health(DeviceState::Online, None, 60) };
        watch.take(&other);
        assert_eq!(watch.of(MeterId(7), DeviceId(2)).unwrap().turns.len(), 1);
        watch.keep(|_| false);
        assert!(watch.of(MeterId(7), DeviceId(2)).is_none());
    }
}
