//! The numbered messages of a site's stream, each encoded once for all who listen.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::live::{Delta, Snapshot};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::alarm::AlarmLive;
use super::event::{Event, EventKind, Message, encode};
use super::extent::Extent;

/// Messages kept for those who resume: a minute at four a second …
const KEPT: usize = 240;
/// … and of large ones fewer: whoever missed more than these bytes is sooner told by a snapshot.
const KEPT_BYTES: usize = 4 << 20;
/// Messages a slow subscriber may be behind before it gets a new snapshot.
const BEHIND: usize = 64;

/// A message with the open alarms. They stand beside what the pages read: those have their alarms drawn
/// by the server, and a browser should not download what it does not use.
#[derive(Serialize)]
struct WithAlarms<'a, T> {
    #[serde(flatten)]
    message: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    alarms: Option<&'a [AlarmLive]>,
}

/// A place in the stream.
#[derive(Debug)]
pub struct Subscription {
    /// A snapshot, or the messages that were missed.
    first: VecDeque<Arc<Event>>,
    next: broadcast::Receiver<Message>,
    told: Extent,
}

impl Subscription {
    /// The next message. Whoever lags subscribes again and gets a snapshot.
    ///
    /// # Errors
    /// Messages were missed, or the stream has ended.
    pub async fn next(&mut self) -> Result<Arc<Event>, RecvError> {
        loop {
            let form = match self.first.pop_front() {
                Some(form) => form,
                None => self.told.form(&self.next.recv().await?),
            };
            if let Some(event) = self.told.of(form) {
                return Ok(event);
            }
        }
    }
}

/// The messages of a site.
pub(super) struct Log {
    last_id: u64,
    kept: VecDeque<Message>,
    kept_bytes: usize,
    sender: broadcast::Sender<Message>,
}

impl Log {
    /// Numbers begin with the time of the start, so that one from before a restart is never taken
    /// for one of now.
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Self {
            last_id: seconds * 1000,
            kept: VecDeque::new(),
            kept_bytes: 0,
            sender: broadcast::Sender::new(BEHIND),
        }
    }

    pub(super) fn last_id(&self) -> u64 {
        self.last_id
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The open alarms are told where they changed.
    pub(super) fn delta(&mut self, delta: &Delta, alarms: Option<&[AlarmLive]>) {
        self.last_id = delta.id;
        let all = encode(EventKind::Delta, delta.id, &WithAlarms { message: delta, alarms });
        self.send(all, encode(EventKind::Delta, delta.id, &delta.of_site()));
    }

    /// Everyone starts anew from this snapshot; what came before cannot be resumed.
    pub(super) fn snapshot(&mut self, snapshot: Snapshot, alarms: &[AlarmLive]) {
        self.kept.clear();
        self.kept_bytes = 0;
        let message = WithAlarms { message: &snapshot, alarms: Some(alarms) };
        let all = encode(EventKind::Snapshot, snapshot.id, &message);
        self.send(all, encode(EventKind::Snapshot, snapshot.id, &snapshot.of_site()));
    }

    fn send(&mut self, all: Option<Arc<Event>>, status: Option<Arc<Event>>) {
        let Some((all, status)) = all.zip(status) else { return };
        let message = Message { all, status };
        self.kept_bytes += message.bytes();
        self.kept.push_back(message.clone());
        while (self.kept.len() > KEPT || self.kept_bytes > KEPT_BYTES)
            && let Some(oldest) = self.kept.pop_front()
        {
            self.kept_bytes -= oldest.bytes();
        }
        // Nobody listening is the ordinary case at night.
        self.sender.send(message).ok();
    }

    /// Under the state's lock: nothing can come between the first messages and the next.
    pub(super) fn subscribe<'a>(
        &self,
        told: Extent,
        last_id: Option<u64>,
        snapshot: impl FnOnce(&Extent) -> (Snapshot, Option<&'a [AlarmLive]>),
    ) -> Subscription {
        let next = self.sender.subscribe();
        let first = if let Some(missed) = last_id.and_then(|last| self.after(last)) {
            missed.into_iter().map(|message| told.form(message)).collect()
        } else {
            let (snapshot, alarms) = snapshot(&told);
            let message = WithAlarms { message: &snapshot, alarms };
            encode(EventKind::Snapshot, snapshot.id, &message).into_iter().collect()
        };
        Subscription { first, next, told }
    }

    fn after(&self, last: u64) -> Option<Vec<&Message>> {
        if last == self.last_id {
            return Some(Vec::new());
        }
        let oldest = self.kept.front()?.all.id;
        (last + 1 >= oldest && last < self.last_id)
            .then(|| self.kept.iter().filter(|message| message.all.id > last).collect())
    }

    pub(super) fn subscribers(&self) -> usize {
        self.sender.receiver_count()
    }
}

#[cfg(test)]
mod tests {
    use domain::MeterId;
    use domain::live::Counts;
    use serde_json::{Value, json};

    use super::*;

    fn log() -> Log {
        Log::new(DateTime::UNIX_EPOCH)
    }

    fn delta(id: u64) -> Delta {
        Delta {
            id,
            at: DateTime::UNIX_EPOCH,
            site: None,
            counts: None,
            values: Vec::new(),
            nodes: Vec::new(),
            whole: None,
            hotspots: None,
            gauges: None,
        }
    }

    fn ids(messages: &[&Message]) -> Vec<u64> {
        messages.iter().map(|message| message.all.id).collect()
    }

    #[test]
    fn who_resumes_gets_just_what_was_missed() {
        let mut log = log();
        for id in 1..=5 {
            log.delta(&delta(id), None);
        }
        assert_eq!(log.after(3).map(|messages| ids(&messages)), Some(vec![4, 5]));
        assert_eq!(log.after(5).map(|messages| ids(&messages)), Some(vec![]));
    }

    #[tokio::test]
    async fn who_is_told_the_status_gets_every_number_and_nothing_of_the_meters() {
        let mut log = log();
        log.delta(&delta(1), None);
        let mut place =
            log.subscribe(Extent::Status, Some(0), |_| unreachable!("nothing was lost"));
        let counts = Some(Counts { good: 1, meters: 2 });
        let hotspots = Some(vec![MeterId(1)]);
        log.delta(&Delta { counts, hotspots, ..delta(2) }, Some(&[]));
        let at = "1970-01-01T00:00:00Z";
        let quiet = json!({"id": 1, "at": at});
        let changed = json!({"id": 2, "at": at, "counts": {"good": 1, "meters": 2}});
        for told in [quiet, changed] {
            let event = place.next().await.unwrap();
            let said: Value = serde_json::from_slice(&event.json).unwrap();
            assert_eq!((event.id, &said), (told["id"].as_u64().unwrap(), &told));
        }
    }

    #[test]
    fn who_falls_behind_is_told_so_and_never_skips_in_silence() {
        let mut log = log();
        let mut place = log.subscribe(Extent::All, Some(0), |_| unreachable!("nothing was missed"));
        for id in 1..=200 {
            log.delta(&delta(id), None);
        }
        assert!(matches!(place.next.try_recv(), Err(broadcast::error::TryRecvError::Lagged(_))));
        assert!(log.after(0).is_some(), "what was missed can still be had by number");
    }

    #[test]
    fn of_large_messages_fewer_are_kept() {
        let mut log = log();
        let hotspots = Some(vec![MeterId(1); KEPT_BYTES / 7]);
        for id in 1..=5 {
            log.delta(&Delta { hotspots: hotspots.clone(), ..delta(id) }, None);
        }
        assert!(log.after(1).is_none());
        assert_eq!(log.after(2).map(|messages| ids(&messages)), Some(vec![3, 4, 5]));
    }

    #[test]
    fn who_was_away_too_long_or_comes_from_before_a_restart_gets_a_snapshot() {
        let mut log = log();
        for id in 1..=1000 {
            log.delta(&delta(id), None);
        }
        assert!(log.after(1).is_none());
        assert!(log.after(2000).is_none());
    }
}
