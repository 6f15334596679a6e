//! The readings after a stretch of time that tell how it ends.
//!
//! A register may be read more seldom than another of the same meter: what it moves by lies in quarter-hours
//! that end long before its next reading, and these cannot be told without it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::{Carry, Read};
use storage::span::Span;

use crate::Error;
use crate::recount::compute::Watched;
use crate::recount::filled::LONGEST_GAP;
use crate::recount::reader::Reader;

/// Readings that are looked at first, and then, before a register's next reading is asked for by name.
const FIRST: u32 = 3;
const THEN: u32 = 1_000;

/// How often each register is read after a stretch, for its last step to be judged.
pub(super) const TIMES: u32 = 4;

/// A stretch of which it is asked what comes after it.
pub(crate) struct Ended<'a> {
    pub(crate) meter: MeterId,
    /// When it ends.
    pub(crate) at: DateTime<Utc>,
    /// What was known at its begin.
    pub(crate) carry: Option<&'a Carry>,
    /// Its readings.
    pub(crate) reads: &'a [Read],
}

/// The readings after stretches until all that was read in them, or before, was read again often enough
/// for its last step to be judged; the answer stands in the order asked.
pub(crate) async fn after(
    reader: &Reader<'_>,
    ended: &[Ended<'_>],
) -> Result<Vec<Vec<Read>>, Error> {
    read_again(reader, ended, TIMES).await
}

/// The same until it was read again so many times.
pub(super) async fn read_again(
    reader: &Reader<'_>,
    ended: &[Ended<'_>],
    times: u32,
) -> Result<Vec<Vec<Read>>, Error> {
    let asked = ended.iter().map(|&Ended { meter, at, carry, reads }| {
        let known = carry.map(Watched::known).unwrap_or_default();
        Awaited {
            span: Span { meter, from: at, to: at + LONGEST_GAP },
            watched: Watched::default(),
            known: known.and(Watched::of(reads, None)),
            again: known.and(Watched::of(reads, None)),
            times,
        }
    });
    awaited(reader, asked.collect()).await
}

/// What is waited for after a stretch.
pub(crate) struct Awaited {
    /// Where: from the end of the stretch on.
    pub(crate) span: Span,
    /// Registers whose next reading is looked for in any case.
    pub(crate) watched: Watched,
    /// All that something is known of at the end of the stretch.
    pub(crate) known: Watched,
    /// Those of them that are to be read so often; the others once.
    pub(crate) again: Watched,
    pub(crate) times: u32,
}

/// The readings after each stretch until all that is known there was read again; the answer stands in
/// the order asked.
pub(crate) async fn awaited(
    reader: &Reader<'_>,
    mut asked: Vec<Awaited>,
) -> Result<Vec<Vec<Read>>, Error> {
    let spans: Vec<Span> = asked.iter().map(|awaited| awaited.span).collect();
    let mut found = reader.following(&spans, FIRST).await?;
    let mut open: Vec<usize> =
        (0..asked.len()).filter(|&i| asked[i].is_open(&found[i], FIRST)).collect();
    forget_what_is_read_no_more(reader, &mut asked, &open).await?;
    open.retain(|&i| asked[i].is_open(&found[i], FIRST));
    let spans: Vec<Span> = open.iter().map(|&i| asked[i].span).collect();
    for (&i, reads) in open.iter().zip(reader.following(&spans, THEN).await?) {
        found[i] = reads;
    }
    open.retain(|&i| asked[i].is_open(&found[i], THEN));
    far_away(reader, &asked, open, &mut found).await?;
    Ok(found)
}

/// Goes on behind the readings that were found already, which were all that was looked for, to the next
/// of each register.
pub(crate) async fn go_on(
    reader: &Reader<'_>,
    mut asked: Vec<Awaited>,
    found: &mut [Vec<Read>],
) -> Result<(), Error> {
    let mut open: Vec<usize> = (0..asked.len()).collect();
    forget_what_is_read_no_more(reader, &mut asked, &open).await?;
    open.retain(|&i| !asked[i].is_settled(&found[i]));
    far_away(reader, &asked, open, found).await
}

impl Awaited {
    /// Whether a register is still to be read where more readings may be.
    fn is_open(&self, found: &[Read], limit: u32) -> bool {
        found.len() >= usize::try_from(limit).unwrap_or(usize::MAX) && !self.is_settled(found)
    }

    fn is_settled(&self, found: &[Read]) -> bool {
        self.watched.and(self.known).settled(found, 1).is_some()
            && self.again.settled(found, self.times).is_some()
    }
}

/// A column that a meter once had is not waited for: the last quarter-hour that is kept says when each
/// was read.
async fn forget_what_is_read_no_more(
    reader: &Reader<'_>,
    asked: &mut [Awaited],
    open: &[usize],
) -> Result<(), Error> {
    let keys: Vec<_> = open.iter().map(|&i| (asked[i].span.meter, asked[i].span.to)).collect();
    let anchors = storage::energy::intervals::last_before(reader.pool, &keys, 1).await?;
    for (&i, anchors) in open.iter().zip(anchors) {
        let carry = anchors.into_iter().next().and_then(|anchor| anchor.carry);
        let since = asked[i].span.from;
        let later = carry.map(|carry| Watched::read_since(&carry, since)).unwrap_or_default();
        asked[i].known = asked[i].known.among(later);
    }
    Ok(())
}

/// Goes on from one reading of a register that is waited for to the next.
async fn far_away(
    reader: &Reader<'_>,
    asked: &[Awaited],
    mut open: Vec<usize>,
    found: &mut [Vec<Read>],
) -> Result<(), Error> {
    while !open.is_empty() {
        let rest: HashMap<usize, Span> =
            open.iter().filter_map(|&i| Some((i, asked[i].beyond(found[i].last()?)))).collect();
        let wanted: Vec<(usize, (Span, _))> = rest
            .iter()
            .flat_map(|(&i, &span)| {
                let again = asked[i].again.missing_in(&found[i], asked[i].times);
                let missing = asked[i].known.missing_in(&found[i], 1).and(again);
                missing.fields().into_iter().map(move |field| (i, (span, field)))
            })
            .collect();
        let keys: Vec<_> = wanted.iter().map(|(_, key)| *key).collect();
        let mut until: HashMap<usize, Span> = HashMap::new();
        for ((i, (span, _)), at) in
            wanted.into_iter().zip(storage::readings::next_of(reader.pool, &keys).await?)
        {
            let Some(at) = at else { continue };
            let to = at + TimeDelta::microseconds(1);
            let known = until.entry(i).or_insert(Span { to, ..span });
            known.to = known.to.max(to);
        }
        let (going, spans): (Vec<usize>, Vec<Span>) = until.into_iter().unzip();
        open.clear();
        for (i, reads) in going.into_iter().zip(reader.spans(&spans).await?) {
            let goes_on = !reads.is_empty();
            found[i].extend(reads);
            open.extend((goes_on && !asked[i].is_settled(&found[i])).then_some(i));
        }
    }
    Ok(())
}

impl Awaited {
    fn beyond(&self, last: &Read) -> Span {
        Span { from: last.at + TimeDelta::microseconds(1), ..self.span }
    }
}
