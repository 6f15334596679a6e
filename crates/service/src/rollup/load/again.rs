//! How far a run reads on, and where it begins again, since later readings decide about its own, or its own about
//! earlier ones.

use domain::energy::interval::Read;
use storage::span::Span;
use tokio::task::yield_now;

use super::Draft;
use crate::recount::Awaited;
use crate::recount::compute::Watched;
use crate::recount::filled::LONGEST_GAP;

/// How often a register is read after a run, at most, before what is undecided there is left to the next run.
const FAR: u32 = 256;

/// Computes runs as far as they were read; answers those that must be read further. A day of readings takes some
/// milliseconds, and whoever waits for the processor gets it after each.
pub(super) async fn fold(drafts: &mut [Draft<'_>], open: Vec<usize>) -> Vec<usize> {
    let mut further = Vec::new();
    for i in open {
        further.extend(drafts[i].fold_again().then_some(i));
        yield_now().await;
    }
    further
}

impl Draft<'_> {
    /// Computes the run as far as it was read; whether it must be read further, since readings wait for others
    /// that were not looked at to be judged.
    fn fold_again(&mut self) -> bool {
        self.folded = self.stretch.fold(&self.subject.rules);
        self.times *= 2;
        let Some(last) = self.folded.intervals.last() else { return false };
        let known = Watched::undecided_before(&self.folded.known, self.stretch.end);
        self.undecided = self.watched.among(Watched::undecided(&last.carry)).and(known);
        let more = self.stretch.reads.last().is_some_and(|read| read.at >= self.stretch.end);
        self.is_open = self.undecided != Watched::default() && more;
        self.is_open && self.times <= FAR
    }

    /// Whether it must begin earlier, since it was decided about readings before it. A few times are enough: what was
    /// decided by readings before the run is computed already.
    pub(super) fn reopen(&mut self) -> bool {
        const MOST: u32 = 4;
        let before = self.reopened.unwrap_or(self.stretch.start).min(self.stretch.start);
        let earlier = self.folded.reopens.take().filter(|at| *at < before);
        let is_known = self.reopenings >= MOST || self.stretch.carry.is_none();
        let Some(at) = earlier.filter(|at| !is_known && self.formerly_reopened != Some(*at)) else {
            return false;
        };
        self.reopenings += 1;
        self.reopened = Some(at);
        let from = self.run.span.from;
        self.stretch.reads.retain(|read| read.at >= from);
        self.times = 1;
        true
    }
}

impl Draft<'_> {
    pub(super) fn within(&self) -> Span {
        let Span { meter, to, .. } = self.run.span;
        Span { meter, from: to, to: self.stretch.end }
    }

    pub(super) fn after(&self, within: &[Read]) -> Awaited {
        let from = self.stretch.end;
        let far = from + LONGEST_GAP;
        let to = self.frozen_from.map_or(far, |frozen| frozen.min(far));
        let span = Span { meter: self.run.meter(), from, to };
        let known = self.known.as_ref().map(Watched::known).unwrap_or_default();
        let reads = self.stretch.reads.iter().chain(within);
        let known = known.and(Watched::of(reads, None));
        Awaited { span, watched: self.watched, known, again: self.undecided, times: self.times }
    }
}
