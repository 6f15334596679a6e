//! Loads what runs depend on, many meters at a time.
//!
//! A reading decides about the stretch since the register was read before, so a run begins at a
//! quarter-hour that ended before that; and it ends with the one in which each register has been read
//! again.

mod again;
pub(crate) mod settled;

use std::collections::HashMap;
use std::iter;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::{Carry, Folded, Read};
use parking_lot::Mutex;
use sqlx::PgPool;
use storage::energy::intervals::Anchor;
use storage::span::Span;

use super::claims::Run;
use crate::Error;
use crate::recount::compute::{Stretch, Watched, quarter, quarter_end};
use crate::recount::filled::LONGEST_GAP;
use crate::recount::{Awaited, Reader, Subject, awaited, go_on};
use crate::rollup::load::settled::{DECIDING, Head, Settled};

/// Readings that are looked at for the next of a register, first a few, before it is asked for by name.
const AHEAD: [u32; 4] = [3, 30, 300, 1_000];

/// A run while what it depends on is gathered.
pub(super) struct Draft<'a> {
    pub(super) run: &'a Run,
    pub(super) subject: &'a Subject,
    pub(super) watched: Watched,
    /// Registers that the run had readings of when it was last computed.
    formerly: Watched,
    /// What was known before the run, and until when.
    pub(super) known: Option<Carry>,
    pub(super) known_to: Option<DateTime<Utc>>,
    stretch: Stretch,
    /// Readings after the run, as far as it was looked.
    ahead: Vec<Read>,
    /// Readings from here on were dropped: what is there is not computed again.
    frozen_from: Option<DateTime<Utc>>,
    /// Registers whose readings are not decided, and how often each is to be read again.
    undecided: Watched,
    times: u32,
    folded: Folded,
    is_open: bool,
    /// The instant back to which it was decided about readings before its beginning.
    reopened: Option<DateTime<Utc>>,
    reopenings: u32,
    /// The same of when it was computed last.
    formerly_reopened: Option<DateTime<Utc>>,
}

/// A run that is computed.
pub(super) struct Computed {
    pub(super) head: Head,
    pub(super) stretch: Stretch,
    pub(super) folded: Folded,
    /// Whether readings of it are decided by later ones than were looked at.
    pub(super) is_open: bool,
}

/// Computes a batch of runs, in their order.
pub(super) async fn compute(
    pool: &PgPool,
    runs: &[(&Run, &Subject)],
    settled: &Mutex<Settled>,
) -> Result<Vec<Computed>, Error> {
    let meters: Vec<MeterId> = runs.iter().map(|(run, _)| run.meter()).collect();
    let reader = Reader::open(pool, &meters).await?;
    let mut drafts = begin(&reader, runs).await?;
    look_ahead(&reader, &mut drafts).await?;
    drafts.iter_mut().for_each(Draft::forget_what_is_too_long_ago);
    let heads: Vec<Head> = drafts.iter().map(Head::of).collect();
    let shortcuts: Vec<bool> = {
        let settled = settled.lock();
        for draft in &mut drafts {
            draft.formerly_reopened = settled.reopened(draft);
        }
        drafts.iter().map(|draft| settled.holds(draft)).collect()
    };
    find_starts(&reader, &mut drafts, &shortcuts).await?;
    let mut open: Vec<usize> = (0..drafts.len()).collect();
    while !open.is_empty() {
        find_ends(&reader, &mut drafts, &open).await?;
        open = again::fold(&mut drafts, open).await;
        let reopened: Vec<usize> = (0..drafts.len()).filter(|&i| drafts[i].reopen()).collect();
        let begun = drafts.iter_mut().enumerate().filter(|(i, _)| reopened.contains(i));
        go_back(&reader, begun.map(|(_, draft)| draft).collect()).await?;
        open.retain(|i| !reopened.contains(i));
        open.extend(reopened);
    }
    let computed = drafts.into_iter().zip(heads);
    Ok(computed
        .map(|(draft, head)| {
            let Draft { mut stretch, folded, is_open, reopened, formerly_reopened, .. } = draft;
            // While it is written the next batch has the room.
            stretch.reads = Vec::new();
            let is_decided = Watched::undecided(&folded.known) == Watched::default();
            let head = head.after(reopened.or(formerly_reopened), is_decided);
            Computed { head, stretch, folded, is_open }
        })
        .collect())
}

/// The readings of the runs themselves, and where one could go on from.
async fn begin<'a>(
    reader: &Reader<'_>,
    runs: &[(&'a Run, &'a Subject)],
) -> Result<Vec<Draft<'a>>, Error> {
    let spans: Vec<Span> = runs.iter().map(|(run, _)| run.span).collect();
    let reads = reader.spans(&spans).await?;
    // The last quarter-hour before each run, and the last one in it.
    let keys: Vec<_> =
        spans.iter().flat_map(|span| [(span.meter, span.from), (span.meter, span.to)]).collect();
    let anchors = storage::energy::intervals::last_before(reader.pool, &keys, 1).await?;
    let mut anchors = anchors.into_iter().map(|found| found.into_iter().next());
    let frozen = frozen_after(reader, runs).await?;
    let mut aside =
        storage::operation::set_aside::last_before(reader.pool, &spans).await?.into_iter();
    let drafts = runs.iter().zip(reads).map(|(&(run, subject), reads)| {
        let (before, within) = (anchors.next().flatten(), anchors.next().flatten());
        let known_to = before.as_ref().map(Anchor::end);
        // What could not be computed is not gone through again: the run begins anew behind it.
        let aside = aside.next().flatten();
        let is_beyond =
            |anchor: &Anchor| aside.is_none_or(|aside| quarter_end(aside) < anchor.end());
        let known = before.filter(is_beyond).and_then(|anchor| anchor.carry);
        let Span { meter, from, to } = run.span;
        let formerly = within.and_then(|anchor| anchor.carry);
        let formerly = formerly.map(|carry| Watched::read_since(&carry, from)).unwrap_or_default();
        let watched = Watched::of(&reads, known.as_ref()).and(formerly);
        let stretch = Stretch { start: from, end: to, carry: None, reads };
        Draft {
            run,
            subject,
            watched,
            formerly,
            known,
            known_to,
            stretch,
            ahead: Vec::new(),
            frozen_from: frozen.get(&meter).copied(),
            undecided: Watched::default(),
            times: 1,
            folded: Folded::default(),
            is_open: false,
            reopened: None,
            reopenings: 0,
            formerly_reopened: None,
        }
    });
    Ok(drafts.collect())
}

/// Where frozen time begins after runs that lie before it: readings that came for a time so old that
/// it had none.
async fn frozen_after(
    reader: &Reader<'_>,
    runs: &[(&Run, &Subject)],
) -> Result<HashMap<MeterId, DateTime<Utc>>, Error> {
    let before = |(run, subject): &&(&Run, &Subject)| {
        subject.frozen_to.is_some_and(|frozen_to| run.span.from < frozen_to)
    };
    let asked: Vec<_> =
        runs.iter().filter(before).map(|(run, _)| (run.meter(), run.span.to)).collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(storage::energy::intervals::first_frozen(reader.pool, &asked).await?.into_iter().collect())
}

/// Looks for the next reading of each register after the runs.
async fn look_ahead(reader: &Reader<'_>, drafts: &mut [Draft<'_>]) -> Result<(), Error> {
    let mut open: Vec<usize> = (0..drafts.len()).collect();
    for limit in AHEAD {
        let spans: Vec<Span> = open.iter().map(|&i| drafts[i].beyond()).collect();
        let found = reader.following(&spans, limit).await?;
        let mut rest = Vec::new();
        for (i, ahead) in open.into_iter().zip(found) {
            let draft = &mut drafts[i];
            let exhausted = ahead.len() < usize::try_from(limit).unwrap_or(usize::MAX);
            draft.ahead = ahead;
            let exhausted = draft.leave_what_is_too_far_ahead() || exhausted;
            if draft.stretch.reads.is_empty() {
                draft.watched = draft.watched_without_readings().and(draft.formerly);
            }
            if !exhausted && draft.watched.settled(&draft.ahead, 1).is_none() {
                rest.push(i);
            }
        }
        open = rest;
        if open.is_empty() {
            return Ok(());
        }
    }
    let asked = open.iter().map(|&i| drafts[i].far_ahead()).collect();
    let mut found: Vec<_> = open.iter().map(|&i| std::mem::take(&mut drafts[i].ahead)).collect();
    go_on(reader, asked, &mut found).await?;
    for (i, ahead) in open.into_iter().zip(found) {
        drafts[i].ahead = ahead;
        drafts[i].leave_what_is_too_far_ahead();
    }
    Ok(())
}

impl Draft<'_> {
    /// Where readings after the run are looked for.
    fn beyond(&self) -> Span {
        let Span { meter, to, .. } = self.run.span;
        let far = self.last_at().unwrap_or(to).max(to - LONGEST_GAP) + LONGEST_GAP;
        Span { meter, from: to, to: self.frozen_from.map_or(far, |frozen| frozen.min(far)) }
    }

    /// The last reading up to the end of the run.
    fn last_at(&self) -> Option<DateTime<Utc>> {
        let last = self.stretch.reads.last().map(|read| read.at);
        last.or(self.known.as_ref().and_then(|known| known.last_at))
    }

    /// What comes after a silence that is not filled says nothing of the run; whether there is such a silence.
    fn leave_what_is_too_far_ahead(&mut self) -> bool {
        self.subject.filled.cut(self.last_at(), &mut self.ahead)
    }

    fn far_ahead(&self) -> Awaited {
        let (watched, known) = (Watched::default(), self.watched);
        Awaited { span: self.beyond(), watched, known, again: watched, times: 1 }
    }

    /// A run without readings changes what the next one, or the last one before it, says.
    fn watched_without_readings(&self) -> Watched {
        match &self.known {
            _ if !self.ahead.is_empty() => Watched::of(self.ahead.first(), self.known.as_ref()),
            Some(known) => Watched::of_carry(known),
            None => Watched::default(),
        }
    }

    fn forget_what_is_too_long_ago(&mut self) {
        let last = self.known.as_ref().and_then(|known| known.last_at);
        let filled = self.subject.filled;
        if last.zip(self.first_at()).is_some_and(|(last, at)| !filled.has(last, at)) {
            self.known = None;
        }
    }

    /// The first readings of the run, which decide about the time before it.
    pub(super) fn head(&self) -> Option<&[Read]> {
        let last = self.watched.settled(&self.stretch.reads, DECIDING)?;
        let count = self.stretch.reads.partition_point(|read| read.at <= last.at);
        self.stretch.reads.get(..count)
    }

    /// The instant that the start must not lie after.
    fn reach(&self) -> DateTime<Utc> {
        let from = self.run.span.from;
        self.known
            .as_ref()
            .and_then(|known| self.watched.reach(known))
            .into_iter()
            .chain(self.reopened)
            .fold(from, DateTime::min)
    }

    /// The first reading that is known of.
    fn first_at(&self) -> Option<DateTime<Utc>> {
        self.stretch.reads.first().or(self.ahead.first()).map(|read| read.at)
    }
}

/// Finds the quarter-hour from which each run goes on, and loads what lies between.
async fn find_starts(
    reader: &Reader<'_>,
    drafts: &mut [Draft<'_>],
    shortcuts: &[bool],
) -> Result<(), Error> {
    for (draft, _) in drafts.iter_mut().zip(shortcuts).filter(|(_, shortcut)| **shortcut) {
        draft.stretch.carry = draft.known.clone();
    }
    let rest: Vec<&mut Draft<'_>> = drafts
        .iter_mut()
        .zip(shortcuts)
        .filter(|(_, shortcut)| !**shortcut)
        .map(|(draft, _)| draft)
        .collect();
    if rest.is_empty() { Ok(()) } else { go_back(reader, rest).await }
}

/// Goes back to a quarter-hour that ended before anything that the runs decide about.
async fn go_back(reader: &Reader<'_>, mut drafts: Vec<&mut Draft<'_>>) -> Result<(), Error> {
    // A row that begins before this ends at the instant or earlier.
    let latest = |at: DateTime<Utc>| at - TimeDelta::minutes(15) + TimeDelta::microseconds(1);
    let keys: Vec<_> =
        drafts.iter().map(|draft| (draft.run.meter(), latest(draft.reach()))).collect();
    let anchors = storage::energy::intervals::last_before(reader.pool, &keys, 1).await?;
    let anchors: Vec<Option<Anchor>> =
        anchors.into_iter().map(|found| found.into_iter().next()).collect();
    let without: Vec<MeterId> = drafts
        .iter()
        .zip(&anchors)
        .filter(|(draft, anchor)| draft.known.is_some() && !goes_on(anchor.as_ref()))
        .map(|(draft, _)| draft.run.meter())
        .collect();
    let firsts = storage::energy::intervals::firsts(reader.pool, &without).await?;
    for (draft, anchor) in drafts.iter_mut().zip(anchors) {
        if draft.known.is_none() {
            draft.begin_at(None, None);
            continue;
        }
        let first = firsts.get(&draft.run.meter());
        draft.begin_at(anchor.filter(|anchor| goes_on(Some(anchor))), first);
    }
    let spans: Vec<Span> = drafts
        .iter()
        .map(|draft| Span { from: draft.stretch.start, to: draft.run.span.from, ..draft.run.span })
        .collect();
    for (draft, before) in drafts.iter_mut().zip(reader.spans(&spans).await?) {
        draft.stretch.reads.splice(..0, before);
        draft.leave_long_silence();
    }
    Ok(())
}

fn goes_on(anchor: Option<&Anchor>) -> bool {
    anchor.is_some_and(|anchor| anchor.carry.is_some())
}

impl Draft<'_> {
    /// Begins after the last silence that is not filled, where there is one before the run.
    fn leave_long_silence(&mut self) {
        let (from, filled) = (self.run.span.from, self.subject.filled);
        let Stretch { start, carry, reads, .. } = &mut self.stretch;
        let known = carry.as_ref().and_then(|carry| carry.last_at).unwrap_or(*start);
        let begins = iter::once(known).chain(reads.iter().map(|read| read.at));
        let ends = reads.iter().map(|read| read.at).chain([from]);
        let silences = begins.zip(ends).enumerate();
        let too_long = silences.filter(|(_, (begin, end))| !filled.has(*begin, *end));
        if let Some((last, _)) = too_long.last() {
            reads.drain(..last);
            *start = reads.first().map_or(from, |read| quarter(read.at)).min(from);
            *carry = None;
        }
    }

    fn begin_at(&mut self, anchor: Option<Anchor>, first: Option<&Anchor>) {
        let from = self.run.span.from;
        let (start, carry) = match (anchor, first) {
            (Some(anchor), _) => (anchor.end(), anchor.carry),
            (None, Some(first)) if first.frozen && first.end() <= from => {
                (first.end(), first.carry.clone())
            }
            (None, Some(first)) if first.start < from => (first.start, None),
            // From nothing, and from the first reading on.
            _ => (self.first_at().map_or(from, quarter).max(from), None),
        };
        self.stretch.start = start;
        self.stretch.carry = carry;
    }
}

/// Finds where each run ends, and loads the readings up to there and a few more, which tell how the
/// last stretch ends.
async fn find_ends(
    reader: &Reader<'_>,
    drafts: &mut [Draft<'_>],
    open: &[usize],
) -> Result<(), Error> {
    for &i in open {
        let draft = &mut drafts[i];
        let to = draft.run.span.to;
        draft.stretch.reads.retain(|read| read.at < to);
        let settled = draft.watched.settled(&draft.ahead, 1);
        let decided = draft.undecided.settled(&draft.ahead, draft.times);
        let last =
            settled.zip(decided).map(|(one, other)| if one.at < other.at { other } else { one });
        let last = last.or(draft.ahead.last()).or(draft.stretch.reads.last());
        draft.stretch.end = last.map_or(draft.stretch.start, |read| quarter_end(read.at));
    }
    let going: Vec<usize> = open.iter().copied().filter(|&i| !drafts[i].ahead.is_empty()).collect();
    let within: Vec<Span> = going.iter().map(|&i| drafts[i].within()).collect();
    let within = reader.spans(&within).await?;
    let after: Vec<Awaited> =
        going.iter().zip(&within).map(|(&i, within)| drafts[i].after(within)).collect();
    let tails = awaited(reader, after).await?;
    for ((i, within), mut tail) in going.into_iter().zip(within).zip(tails) {
        let Draft { stretch, subject, .. } = &mut drafts[i];
        stretch.reads.extend(within);
        subject.filled.cut(stretch.reads.last().map(|read| read.at), &mut tail);
        stretch.reads.extend(tail);
    }
    Ok(())
}
