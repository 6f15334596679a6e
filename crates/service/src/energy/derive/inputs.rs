//! What a derived meter is computed from, minute by minute.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::derive::{Input, STEP};
use domain::energy::interval::{Carry, Interval, Read, fold};
use sqlx::PgPool;
use storage::span::Span;

use crate::Error;
use crate::recount::{Ended, Reader, after, subjects};
use crate::registry::Known;

/// Readings of an input after the stretch: they tell how its last minute ends.
const AFTER: u32 = 5;
/// How far back the reading before the stretch is looked for where nothing is rolled up yet.
const BEFORE: TimeDelta = TimeDelta::hours(1);
/// Readings of a statement.
pub(super) const PAGE: u32 = 20_000;

/// One input over a stretch.
struct Loaded {
    meter: MeterId,
    factor: f64,
    minutes: Vec<Interval>,
    last_read_at: Option<DateTime<Utc>>,
    reads: Vec<Read>,
    gap: TimeDelta,
}

/// All inputs over a stretch of whole minutes.
pub(super) struct Inputs(Vec<Loaded>);

impl Inputs {
    pub(super) async fn load(
        pool: &PgPool,
        known: &Known,
        terms: &[(MeterId, f64)],
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let ids: Vec<MeterId> = terms.iter().map(|(input, _)| *input).collect();
        let subjects = subjects(pool, known, &ids).await?;
        let reader = Reader::open(pool, &ids).await?;
        let mut loaded = Vec::with_capacity(terms.len());
        for &(meter, factor) in terms {
            let Some(subject) = subjects.get(&meter) else { continue };
            let latest = from - TimeDelta::minutes(15) + TimeDelta::microseconds(1);
            let anchors =
                storage::energy::intervals::last_before(pool, &[(meter, latest)], 1).await?;
            let anchor = anchors.into_iter().flatten().next();
            let anchor = anchor.and_then(|anchor| Some((anchor.end(), anchor.carry?)));
            let (start, carry) = match anchor {
                Some((end, carry)) => (end, Some(carry)),
                None => (from - BEFORE, None),
            };
            let reads = reader.whole(Span { meter, from: start, to }, PAGE, AFTER).await?;
            let first = (start < from).then_some(start);
            let bounds: Vec<_> = first
                .into_iter()
                .chain(std::iter::successors(Some(from), |&at| Some(at + STEP)))
                .take_while(|&at| at <= to)
                .collect();
            let after = after_all(&reader, (meter, to), carry.as_ref(), &reads).await?;
            let mut known: Vec<Read> = reads.iter().cloned().chain(after).collect();
            let last_read_at = carry.as_ref().and_then(|carry| carry.last_at);
            let carry = subject.filled.joined(to, carry, &mut known);
            let mut minutes = fold(&subject.rules, carry.as_ref(), &known, &bounds).intervals;
            if first.is_some() {
                minutes.remove(0);
            }
            let gap = subject.rules.gap_limit(from);
            loaded.push(Loaded { meter, factor, minutes, last_read_at, reads, gap });
        }
        Ok(Self(loaded))
    }

    pub(super) fn all(&self) -> Vec<Input<'_>> {
        let each = self.0.iter().map(|loaded| Input {
            factor: loaded.factor,
            minutes: &loaded.minutes,
            last_read_at: loaded.last_read_at,
            reads: &loaded.reads,
            gap: loaded.gap,
        });
        each.collect()
    }

    /// The meters at these places.
    pub(super) fn meters(&self, places: &[usize]) -> Vec<MeterId> {
        places.iter().filter_map(|&place| Some(self.0.get(place)?.meter)).collect()
    }
}

/// The readings behind the ones that are known already, until each register was read again.
async fn after_all(
    reader: &Reader<'_>,
    (meter, at): (MeterId, DateTime<Utc>),
    carry: Option<&Carry>,
    reads: &[Read],
) -> Result<Vec<Read>, Error> {
    let ended = Ended { meter, at, carry, reads };
    let mut found = after(reader, &[ended]).await?.pop().unwrap_or_default();
    let last = reads.last().map(|read| read.at);
    found.retain(|read| last.is_none_or(|last| read.at > last));
    Ok(found)
}
