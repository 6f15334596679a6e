//! Runs that must be computed again, since later readings decide about theirs, or theirs about earlier ones.

use chrono::{DateTime, Utc};

use super::Draft;
use crate::recount::compute::Watched;

/// How often a register is read after a run, at most, before what is undecided there is left to the next run.
const FAR: u32 = 256;

impl Draft<'_> {
    /// Computes the run as far as it was read; whether it must be read further, since readings wait for others
    /// that were not looked at to be judged.
    pub(super) fn fold_again(&mut self) -> bool {
        self.folded = self.stretch.fold(&self.subject.rules);
        self.times *= 2;
        let Some(last) = self.folded.intervals.last() else { return false };
        let known = Watched::known(&self.folded.known);
        let undecided = self.watched.is_undecided(&last.carry)
            || known.is_undecided_before(&self.folded.known, self.stretch.end);
        let more = self.stretch.reads.last().is_some_and(|read| read.at >= self.stretch.end);
        self.is_open = undecided && more;
        self.is_open && self.times <= FAR
    }

    /// Whether it must begin earlier, since it was decided about readings before it.
    pub(super) fn reopen(&mut self) -> bool {
        let known = self.reopened.unwrap_or(DateTime::<Utc>::MAX_UTC).min(self.stretch.start);
        let earlier = self.folded.reopens.take().filter(|at| *at < known);
        let Some(at) = earlier.filter(|_| self.stretch.carry.is_some()) else { return false };
        self.reopened = Some(at);
        let from = self.run.span.from;
        self.stretch.reads.retain(|read| read.at >= from);
        self.times = 1;
        true
    }
}
