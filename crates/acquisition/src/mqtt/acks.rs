//! Acknowledgements, given after the commit and in the order in which the messages came, as the
//! standard demands (MQTT 3.1.1, section 4.6).

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::{DateTime, Utc};
use domain::MeterId;
use rumqttc::{Publish, QoS};

/// Stands for a message in the rows it went into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// Messages that are not acknowledged yet.
#[derive(Debug, Default)]
pub(super) struct Acks {
    /// Ticket of the first message in `waiting`.
    first: u64,
    waiting: VecDeque<Waiting>,
    /// By the broker's numbers, of which there are 65,535. What was acknowledged stays until its number is
    /// used again: the broker may not have heard of it.
    known: HashMap<u16, Known>,
}

/// A message that the broker may send again.
#[derive(Debug)]
struct Known {
    content: u64,
    /// The times of the readings that it went into.
    dated: Vec<(MeterId, DateTime<Utc>)>,
}

#[derive(Debug)]
struct Waiting {
    message: Publish,
    /// How many rows it still waits for; one of these is its own handling.
    open: usize,
}

impl Acks {
    /// Notes a message that has arrived and is being handled.
    pub(super) fn arrived(&mut self, mut message: Publish) -> Ticket {
        if message.qos != QoS::AtMostOnce {
            let content = content(&message);
            let is_again = |known: &Known| message.dup && known.content == content;
            if !self.known.get(&message.pkid).is_some_and(is_again) {
                self.known.insert(message.pkid, Known { content, dated: Vec::new() });
            }
        }
        message.payload.clear();
        self.waiting.push_back(Waiting { message, open: 1 });
        Ticket(self.first + self.waiting.len() as u64 - 1)
    }

    /// Notes that one more row waits for the commit of a message.
    pub(super) fn hold(&mut self, ticket: Ticket) {
        if let Some(waiting) = self.find(ticket) {
            waiting.open += 1;
        }
    }

    /// Notes that a row is stored, or a message handled.
    pub(super) fn release(&mut self, ticket: Ticket) {
        if let Some(waiting) = self.find(ticket) {
            waiting.open = waiting.open.saturating_sub(1);
        }
    }

    /// The next message that may be acknowledged.
    pub(super) fn next(&mut self) -> Option<Publish> {
        if self.waiting.front()?.open > 0 {
            return None;
        }
        self.first += 1;
        self.waiting.pop_front().map(|waiting| waiting.message)
    }

    /// How many messages the broker waits for, which are those that it does not just send and forget.
    pub(super) fn unacknowledged(&self) -> usize {
        let awaited = |waiting: &&Waiting| waiting.message.qos != QoS::AtMostOnce;
        self.waiting.iter().filter(awaited).count()
    }

    /// Notes the time of a reading that a message went into.
    pub(super) fn dated(&mut self, ticket: Ticket, meter: MeterId, at: DateTime<Utc>) {
        let Some(number) = self.find(ticket).map(|waiting| waiting.message.pkid) else { return };
        if let Some(known) = self.known.get_mut(&number) {
            known.dated.retain(|(of, _)| *of != meter);
            known.dated.push((meter, at));
        }
    }

    /// The times that a message was given by meter when it came before; none when it is a new one.
    pub(super) fn dates(&mut self, ticket: Ticket) -> Vec<(MeterId, DateTime<Utc>)> {
        let number = self.find(ticket).map(|waiting| waiting.message.pkid);
        let known = number.and_then(|number| self.known.get(&number));
        known.map(|known| known.dated.clone()).unwrap_or_default()
    }

    /// Forgets what waits: after a connection is lost, the broker sends again what was not acknowledged.
    pub(super) fn forget(&mut self) {
        self.first += self.waiting.len() as u64;
        self.waiting.clear();
    }

    /// Forgets the messages that came: the broker kept none of them, and its numbers begin again.
    pub(super) fn begin_again(&mut self) {
        self.known.clear();
    }

    fn find(&mut self, ticket: Ticket) -> Option<&mut Waiting> {
        let place = usize::try_from(ticket.0.checked_sub(self.first)?).ok()?;
        self.waiting.get_mut(place)
    }
}

fn content(message: &Publish) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&message.topic, &message.payload).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(topic: &str) -> Publish {
        Publish::new(topic, QoS::AtLeastOnce, "1")
    }

    #[test]
    fn acknowledgements_keep_the_order_of_arrival() {
        let mut acks = Acks::default();
        let (first, second) = (acks.arrived(message("a")), acks.arrived(message("b")));
        acks.release(second);
        assert_eq!(acks.next(), None);
        acks.release(first);
        let order: Vec<_> = std::iter::from_fn(|| acks.next()).map(|m| m.topic).collect();
        assert_eq!(order, ["a", "b"]);
    }

    #[test]
    fn a_message_in_two_rows_waits_for_both() {
        let mut acks = Acks::default();
        let ticket = acks.arrived(message("a"));
        acks.hold(ticket);
        acks.hold(ticket);
        acks.release(ticket);
        acks.release(ticket);
        assert_eq!(acks.next(), None);
        acks.release(ticket);
        assert!(acks.next().is_some());
    }

    #[test]
    fn the_broker_waits_only_for_what_it_wants_acknowledged() {
        let mut acks = Acks::default();
        let stored = acks.arrived(message("a"));
        acks.arrived(Publish::new("b", QoS::AtMostOnce, "1"));
        assert_eq!(acks.unacknowledged(), 1);
        acks.release(stored);
        acks.next();
        assert_eq!(acks.unacknowledged(), 0);
    }

    #[test]
    fn what_comes_again_is_of_the_time_at_which_it_first_came() {
        let numbered = |number: u16, payload: &str, dup: bool| {
            let mut message = Publish::new("a", QoS::AtLeastOnce, payload);
            (message.pkid, message.dup) = (number, dup);
            message
        };
        let (meter, at) = (MeterId(1), DateTime::from_timestamp(10, 0).unwrap());
        let mut acks = Acks::default();
        for number in [1, 2] {
            let ticket = acks.arrived(numbered(number, "1", false));
            assert_eq!(acks.dates(ticket), []);
            acks.dated(ticket, meter, at);
        }
        // The broker does not hear that the first is stored, and the second is not stored yet.
        acks.next();
        acks.forget();
        for number in [1, 2] {
            let again = acks.arrived(numbered(number, "1", true));
            assert_eq!(acks.dates(again), [(meter, at)]);
        }
        let other = acks.arrived(numbered(1, "2", true));
        assert_eq!(acks.dates(other), []);
        let new = acks.arrived(numbered(2, "1", false));
        assert_eq!(acks.dates(new), []);
    }

    #[test]
    fn commits_of_a_lost_connection_acknowledge_nothing_of_the_new_one() {
        let mut acks = Acks::default();
        let old = acks.arrived(message("old"));
        acks.forget();
        acks.arrived(message("new"));
        acks.release(old);
        assert_eq!(acks.next(), None);
    }
}
