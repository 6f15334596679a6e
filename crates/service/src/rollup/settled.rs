//! What is remembered of live meters, so that each look costs little.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::interval::Read;

use super::load::Draft;

/// Of each meter the quarter-hour from which it was last computed, and the first readings in it.
///
/// They decided how the quarter-hours before it end. While they are the same, and nothing before them
/// changed, these need not be computed again: so a live meter costs its quarter-hour and no more.
#[derive(Debug, Default)]
pub(super) struct Settled(HashMap<MeterId, (DateTime<Utc>, Vec<Read>)>);

impl Settled {
    pub(super) fn holds(&self, draft: &Draft<'_>) -> bool {
        let from = draft.run.span.from;
        let known = draft.known.as_ref();
        let calm = known.is_some_and(|known| !draft.watched.is_doubted(known));
        let heads = self.0.get(&draft.run.meter()).zip(draft.head());
        calm && draft.known_to == Some(from)
            && heads.is_some_and(|((start, head), now)| *start == from && head == now)
    }

    /// Takes over what a batch that was written began with.
    pub(super) fn note(&mut self, heads: Vec<Head>) {
        for (meter, from, head) in heads {
            match head {
                Some(head) => drop(self.0.insert(meter, (from, head))),
                None => drop(self.0.remove(&meter)),
            }
        }
    }
}

/// A meter, the quarter-hour from which it was computed, and its first readings there.
pub(super) type Head = (MeterId, DateTime<Utc>, Option<Vec<Read>>);

/// How often each register is read in the readings that decide about the time before them.
pub(super) const DECIDING: u32 = 2;
