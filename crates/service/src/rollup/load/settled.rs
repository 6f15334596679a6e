//! What is remembered of live meters, so that each look costs little.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::{Read, Rules};
use domain::readings::cadence::Cadences;

use crate::rollup::load::Draft;

/// Of each meter the quarter-hour from which it was last computed, the first readings in it, and the rules by
/// which it was.
///
/// They decided how the quarter-hours before it end. While they are the same, and nothing before them
/// changed, these need not be computed again: so a live meter costs its quarter-hour and no more. The rules
/// have the exchanges and decisions, which alter what the same readings say. How often the meter is read is
/// learned with every reading; where that alters what was computed, it is queued by itself.
#[derive(Debug, Default)]
pub(crate) struct Settled(HashMap<MeterId, Head>);

impl Settled {
    pub(crate) fn holds(&self, draft: &Draft<'_>) -> bool {
        let from = draft.run.span.from;
        let known = draft.known.as_ref();
        let calm = known.is_some_and(|known| !draft.watched.is_undecided(known));
        let last = self.0.get(&draft.run.meter());
        calm && draft.known_to == Some(from)
            && last.is_some_and(|last| last.is_decided && last.is_of(draft))
    }

    /// The same of this run when it was computed last, by the same readings.
    pub(crate) fn reopened(&self, draft: &Draft<'_>) -> Option<DateTime<Utc>> {
        let last = self.0.get(&draft.run.meter()).filter(|last| last.is_of(draft))?;
        last.reopened.filter(|_| draft.known_to == Some(draft.run.span.from))
    }

    /// Takes over what a batch that was written began with.
    pub(crate) fn note(&mut self, heads: Vec<Head>) {
        for head in heads {
            if head.reads.is_empty() {
                self.0.remove(&head.meter);
            } else {
                self.0.insert(head.meter, head);
            }
        }
    }
}

/// What a run began with.
#[derive(Debug)]
pub(crate) struct Head {
    meter: MeterId,
    from: DateTime<Utc>,
    /// Its first readings; empty where they do not decide yet about the time before it.
    reads: Vec<Read>,
    rules: Rules,
    /// The instant back to which it was decided about readings before it, which is computed.
    reopened: Option<DateTime<Utc>>,
    /// Whether all its readings were decided: else later ones decide about the time before it, too.
    is_decided: bool,
}

impl Head {
    pub(crate) fn after(self, reopened: Option<DateTime<Utc>>, is_decided: bool) -> Self {
        Self { reopened, is_decided, ..self }
    }

    pub(crate) fn of(draft: &Draft<'_>) -> Self {
        Self {
            meter: draft.run.meter(),
            from: draft.run.span.from,
            reads: draft.head().unwrap_or_default().to_vec(),
            rules: lasting(&draft.subject.rules),
            reopened: None,
            is_decided: false,
        }
    }

    fn is_of(&self, draft: &Draft<'_>) -> bool {
        self.from == draft.run.span.from
            && draft.head().is_some_and(|reads| *reads == *self.reads)
            && self.rules == lasting(&draft.subject.rules)
    }
}

/// The rules without what is learned from reading to reading.
fn lasting(rules: &Rules) -> Rules {
    Rules { cadences: Cadences::default(), ..rules.clone() }
}

/// How often each register is read in the readings that decide about the time before them.
pub(crate) const DECIDING: u32 = 2;
