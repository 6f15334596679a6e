//! What was stored, on its way from the writer to the rules of alarms. It outlives either of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use domain::{MeterId, Reading};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::instants;

/// Readings that are kept of one meter, and of all: some 24 MB. What is more is read from the database.
const KEPT_OF_METER: usize = 1_000;
const KEPT: usize = 40_000;
/// So many are not kept waiting for the next look: most of what comes meanwhile has room then.
const MANY: usize = KEPT / 8;

/// What was stored and not looked at yet.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    waiting: Mutex<Waiting>,
    many: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    of: HashMap<MeterId, Stored>,
    kept: usize,
    /// Those of them that came since it was taken last. The others were looked at, and wait for their time.
    fresh: usize,
    /// When the writes began that are under way.
    writing: Vec<Instant>,
    /// Whether a write ended, and nobody knows what it stored.
    is_lacking: bool,
}

/// A time, its ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl Span {
    /// From the first reading to the last.
    pub(crate) fn of<'a>(rows: impl IntoIterator<Item = &'a Reading>) -> Option<Self> {
        let at = |row: &Reading| Self { from: row.at, to: row.at };
        rows.into_iter().map(at).reduce(Self::with)
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }
}

/// What was stored of a meter.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) rows: Vec<Reading>,
    /// Where there is more than `rows`, which are none then: it is read from the database.
    pub(crate) unread: Option<Span>,
}

impl Stored {
    /// Lets all of it be read from the database, and what was stored in a time.
    pub(crate) fn reread(&mut self, span: Span) {
        let rows = std::mem::take(&mut self.rows);
        let all = [Span::of(&rows), self.unread].into_iter().flatten();
        self.unread = Some(all.fold(span, Span::with));
    }
}

/// All that was stored since it was taken last.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) of: HashMap<MeterId, Stored>,
    /// What was stored before this is in it, or was in what was taken before.
    pub(crate) since: Instant,
    /// Whether more was stored, and nobody knows of which meters.
    pub(crate) is_lacking: bool,
}

impl Arrived {
    /// Notes that a write begins.
    pub(crate) fn begin(self: &Arc<Self>) -> Mark {
        let begun = Instant::now();
        self.waiting.lock().writing.push(begun);
        Mark { arrived: Arc::clone(self), begun, is_lacking: false, is_done: false }
    }

    /// Waits until there is enough for a look of its own.
    pub(crate) async fn many(&self) {
        self.many.notified().await;
    }

    pub(crate) fn take(&self) -> Taken {
        let mut waiting = self.waiting.lock();
        (waiting.kept, waiting.fresh) = (0, 0);
        Taken {
            of: std::mem::take(&mut waiting.of),
            since: waiting.writing.iter().copied().min().unwrap_or_else(Instant::now),
            is_lacking: std::mem::take(&mut waiting.is_lacking),
        }
    }

    /// Takes back what could not be looked at.
    pub(crate) fn put_back(&self, meter: MeterId, stored: &Stored) {
        let mut waiting = self.waiting.lock();
        waiting.put(meter, &stored.rows);
        if let Some(span) = stored.unread {
            let of = waiting.of.entry(meter).or_default();
            let rows = of.rows.len();
            of.reread(span);
            waiting.kept -= rows;
        }
    }
}

impl Waiting {
    fn put(&mut self, meter: MeterId, rows: &[Reading]) {
        let Some(span) = Span::of(rows) else { return };
        let of = self.of.entry(meter).or_default();
        let has_room =
            of.rows.len() + rows.len() <= KEPT_OF_METER && self.kept + rows.len() <= KEPT;
        if of.unread.is_none() && has_room {
            // At the resolution of the database, where the same may be read.
            of.rows.extend(
                rows.iter().map(|row| Reading { at: instants::stored(row.at), ..row.clone() }),
            );
            self.kept += rows.len();
        } else {
            self.kept -= of.rows.len();
            of.reread(Span { from: instants::stored(span.from), to: instants::stored(span.to) });
        }
    }
}

/// A write under way.
#[derive(Debug)]
pub(crate) struct Mark {
    arrived: Arc<Arrived>,
    begun: Instant,
    /// Whether more may have been stored than it said.
    is_lacking: bool,
    is_done: bool,
}

impl Mark {
    /// Says what was stored.
    pub(crate) fn stored(mut self, rows: &[Reading]) {
        let mut waiting = self.arrived.waiting.lock();
        let before = waiting.kept;
        for of_meter in rows.chunk_by(|one, next| one.meter == next.meter) {
            if let Some(first) = of_meter.first() {
                waiting.put(first.meter, of_meter);
            }
        }
        let added = waiting.kept.saturating_sub(before);
        waiting.fresh += added;
        let are_many = waiting.fresh >= MANY;
        drop(waiting);
        if are_many {
            self.arrived.many.notify_one();
        }
        self.is_done = true;
    }

    /// Says that something may have been stored of which nobody knows.
    pub(crate) fn doubt(&mut self) {
        self.is_lacking = true;
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        let mut waiting = self.arrived.waiting.lock();
        let place = waiting.writing.iter().position(|begun| *begun == self.begun);
        if let Some(place) = place {
            waiting.writing.swap_remove(place);
        }
        waiting.is_lacking |= self.is_lacking || !self.is_done;
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::{Quality, Source, Values};
    use futures::FutureExt as _;

    use super::*;

    fn rows(meter: i64, seconds: std::ops::Range<i64>) -> Vec<Reading> {
        let row = |second| Reading {
            meter: MeterId(meter),
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(second),
            quality: Quality::Good,
            source: Source::Api,
            values: Values::default(),
        };
        seconds.map(row).collect()
    }

    #[test]
    fn of_more_than_can_be_kept_the_time_is_known() {
        let arrived = Arc::<Arrived>::default();
        arrived.begin().stored(&rows(1, 0..10));
        arrived.begin().stored(&rows(2, 0..10_000));
        arrived.begin().stored(&rows(2, 10_000..10_001));
        let taken = arrived.take();
        assert_eq!(taken.of[&MeterId(1)].rows.len(), 10);
        let many = &taken.of[&MeterId(2)];
        let span = many.unread.unwrap();
        assert_eq!((many.rows.len(), (span.to - span.from).num_seconds()), (0, 10_000));
        assert!(arrived.take().of.is_empty());
        for meter in 0..100 {
            arrived.begin().stored(&rows(meter, 0..1_000));
        }
        let kept: usize = arrived.take().of.values().map(|stored| stored.rows.len()).sum();
        assert_eq!(kept, KEPT);
    }

    #[test]
    fn many_readings_ask_for_a_look() {
        let arrived = Arc::<Arrived>::default();
        arrived.begin().stored(&rows(1, 0..1_000));
        assert!(arrived.many().now_or_never().is_none());
        for meter in 2..20 {
            arrived.begin().stored(&rows(meter, 0..1_000));
        }
        assert!(arrived.many().now_or_never().is_some());
        assert!(arrived.many().now_or_never().is_none(), "it was asked for");
    }

    #[test]
    fn readings_that_wait_for_their_time_ask_for_no_look() {
        let arrived = Arc::<Arrived>::default();
        for meter in 0..20 {
            arrived.begin().stored(&rows(meter, 0..1_000));
        }
        assert!(arrived.many().now_or_never().is_some());
        for (meter, ahead) in &arrived.take().of {
            arrived.put_back(*meter, ahead);
        }
        arrived.begin().stored(&rows(20, 0..1_000));
        assert!(arrived.many().now_or_never().is_none());
    }

    #[test]
    fn what_is_being_written_is_not_taken_for_looked_at() {
        let arrived = Arc::<Arrived>::default();
        let first = arrived.begin();
        let second = arrived.begin();
        second.stored(&[]);
        let taken = arrived.take();
        assert!(taken.since <= first.begun && !taken.is_lacking);
        let begun = first.begun;
        first.stored(&rows(1, 0..1));
        let taken = arrived.take();
        assert!(taken.since > begun && !taken.is_lacking && taken.of.len() == 1);
    }

    #[test]
    fn what_may_have_been_stored_without_a_word_is_looked_for_once() {
        let arrived = Arc::<Arrived>::default();
        drop(arrived.begin());
        assert!(arrived.take().is_lacking, "the writer fell");
        let mut again = arrived.begin();
        again.doubt();
        again.stored(&[]);
        assert!(arrived.take().is_lacking, "an attempt failed before");
        assert!(!arrived.take().is_lacking);
    }
}
