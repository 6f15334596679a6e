//! What a meter would have counted by other rules, computed for the moment and not kept.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::{Carry, Folded, Folding, Interval, MOST_TIMES};
use domain::meters::Meter;
use domain::sites::Site;
use sqlx::PgPool;
use storage::energy::intervals::Anchor;
use storage::recount::{Stored, newer_than, stored};
use storage::span::Span;

use crate::recount::compute::quarter;
use crate::recount::reader::Reader;
use crate::recount::subjects::{Subject, subjects_of};
use crate::registry::Known;
use crate::{Error, instants};

/// Readings that are looked at, the newest: of a meter that is read every 5 seconds those of 11 days.
const MOST: u32 = 200_000;
/// Readings that are held at once.
const PAGE: u32 = 10_000;

/// What was counted, and what would be, day by day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recount {
    /// When the first day begins, and when each next one does, up to where it was counted.
    pub(crate) bounds: Vec<DateTime<Utc>>,
    /// What is stored of each day.
    pub(crate) before: Vec<Stored>,
    /// What it would be.
    pub(crate) after: Vec<Stored>,
    /// Whether this is all that would be computed again.
    pub(crate) is_whole: bool,
}

/// Counts a meter again by the rules that a change gives it, from where its readings are still kept; at
/// most over its newest readings. None where the change alters no rule, or nothing was counted yet.
pub(crate) async fn recount(
    pool: &PgPool,
    known: &Known,
    before: &Meter,
    after: &Meter,
) -> Result<Option<Recount>, Error> {
    let now = subjects_of(pool, known, vec![before.clone()]).await?.remove(&before.id);
    let then = subjects_of(pool, known, vec![after.clone()]).await?.remove(&after.id);
    let Some((now, then)) = now.zip(then).filter(|(now, then)| now.rules != then.rules) else {
        return Ok(None);
    };
    let last =
        storage::energy::intervals::last_before(pool, &[(after.id, instants::FAR)], 1).await?;
    let last = last.into_iter().flatten().next().filter(|last| !last.frozen);
    let Some(end) = last.as_ref().map(Anchor::end) else { return Ok(None) };
    let begun = begin(pool, after, &now.site).await?;
    let Some(Begin { start, carry, is_whole }) = begun.filter(|begin| begin.start < end) else {
        return Ok(None);
    };
    let mut bounds = days(&now.site, start, end);
    let reader = Reader::open(pool, &[after.id]).await?;
    let folded = fold(&reader, &then, (after.id, &bounds), carry.as_ref()).await?;
    let mut after = counted(&folded);
    if !is_whole {
        // The day in which it begins is not known whole.
        bounds.remove(0);
        after.remove(0);
    }
    let before = stored(pool, before.id, &bounds).await?;
    Ok(Some(Recount { bounds, before, after, is_whole }))
}

/// Where counting begins.
struct Begin {
    start: DateTime<Utc>,
    carry: Option<Carry>,
    is_whole: bool,
}

/// The first quarter-hour whose readings are kept, or the one of the oldest reading that is looked at.
async fn begin(pool: &PgPool, meter: &Meter, site: &Site) -> Result<Option<Begin>, Error> {
    if let Some(oldest) = newer_than(pool, meter.id, MOST).await? {
        let key = (meter.id, quarter(oldest));
        let anchor = storage::energy::intervals::last_before(pool, &[key], 1).await?;
        let anchor = anchor.into_iter().flatten().next();
        let start = anchor.as_ref().map_or(quarter(oldest), Anchor::end);
        let tomorrow = site.date_at(oldest).succ_opt().map(|day| site.day_start(day));
        let is_in_sight = tomorrow.is_some_and(|day| day > start);
        let carry = anchor.and_then(|anchor| anchor.carry);
        return Ok(is_in_sight.then_some(Begin { start, carry, is_whole: false }));
    }
    let first = storage::energy::intervals::firsts(pool, &[meter.id]).await?.remove(&meter.id);
    Ok(first.map(|first| {
        let (start, carry) =
            if first.frozen { (first.end(), first.carry) } else { (first.start, None) };
        Begin { start, carry, is_whole: true }
    }))
}

/// From an instant on each beginning of a day, and the end.
fn days(site: &Site, start: DateTime<Utc>, end: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let next = |at: &DateTime<Utc>| Some(site.day_start(site.date_at(*at).succ_opt()?));
    let begins = std::iter::successors(Some(start), next).take_while(|at| *at < end);
    begins.chain([end]).collect()
}

/// Folds the readings of a meter between bounds; a reading that a later one takes back is left out.
pub(super) async fn fold(
    reader: &Reader<'_>,
    subject: &Subject,
    (meter, bounds): (MeterId, &[DateTime<Utc>]),
    carry: Option<&Carry>,
) -> Result<Folded, Error> {
    let (mut excluded, mut folded) = (Vec::new(), Folded::default());
    let (Some(&from), Some(&to)) = (bounds.first(), bounds.last()) else { return Ok(folded) };
    for _ in 0..MOST_TIMES {
        let mut folding = Folding::begin(&subject.rules, carry, bounds).without(&excluded);
        let mut span = Span { meter, from, to };
        loop {
            let reads = reader.following(&[span], PAGE).await?.into_iter().flatten();
            let mut last = None;
            for read in reads {
                folding.read(&read);
                last = Some(read.at);
            }
            // Readings have times of whole microseconds.
            let Some(last) = last else { break };
            span.from = last + TimeDelta::microseconds(1);
        }
        folded = folding.end();
        if folded.taken_back.is_empty() {
            break;
        }
        excluded.append(&mut folded.taken_back);
    }
    Ok(folded)
}

/// The energy of each interval.
pub(super) fn counted(folded: &Folded) -> Vec<Stored> {
    let stored = |interval: &Interval| Stored {
        import_kwh: interval.import.0,
        export_kwh: interval.export.0,
        diesel_l: interval.diesel_litres,
    };
    folded.intervals.iter().map(stored).collect()
}
