//! The energy that a correction of a reading would leave, computed for the moment and not kept.

use std::iter;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::energy::interval::Folded;
use domain::meters::Meter;
use domain::sites::Site;
use sqlx::PgPool;
use storage::readings::corrections::Correction;
use storage::recount::{Stored, requeue};

use super::compute::quarter_end;
use super::filled::LONGEST_GAP;
use super::otherwise::{counted, fold};
use super::subjects::subjects_of;
use super::{Reader, Recount};
use crate::Error;
use crate::registry::Known;

/// Days before and after a correction whose quarter-hours are computed.
const MOST_DAYS: u64 = 62;

/// The quarter-hours around a correction: of the days of the readings before and after it, and of the day before and
/// the day after it at least.
#[derive(Debug, Default)]
pub(crate) struct Corrected {
    pub(crate) quarters: Vec<CorrectedQuarter>,
    /// Whether no energy changes outside of them.
    pub(crate) is_whole: bool,
    /// Whether the corrected value does not fit its register, so that it would not count.
    pub(crate) is_left_out: bool,
    /// Whether it would be a step that is too large to be true, so that somebody is asked.
    pub(crate) is_questioned: bool,
}

/// The energy of a quarter-hour before and after a correction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CorrectedQuarter {
    pub(crate) start: DateTime<Utc>,
    pub(crate) before: Stored,
    pub(crate) after: Stored,
}

/// Counts a meter again around a correction, with it and without.
pub(crate) async fn corrected(
    pool: &PgPool,
    known: &Known,
    meter: &Meter,
    correction: Correction,
) -> Result<Corrected, Error> {
    let subject = subjects_of(pool, known, vec![meter.clone()]).await?.remove(&meter.id);
    let Some(subject) = subject else {
        return Ok(Corrected { is_whole: true, ..Corrected::default() });
    };
    let (site, at) = (&subject.site, correction.at);
    let (before, after) = requeue::reach(pool, meter.id, at, LONGEST_GAP).await?;
    let (first, last) = days_between(site, before, after);
    let (least, most) = (days_around(site, at, 1), days_around(site, at, MOST_DAYS));
    let (first, last) = (first.min(least.0), last.max(least.1));
    // Quarter-hours further away are computed as one.
    let (from, to) = (first.max(most.0), last.min(most.1));
    let [begin, from, to, end] = [first, from, to, last].map(|day| site.day_start(day));
    let anchor = storage::energy::intervals::last_before(pool, &[(meter.id, begin)], 1).await?;
    let anchor = anchor.into_iter().flatten().next();
    let start = anchor.as_ref().map_or(begin, |anchor| anchor.end().min(begin));
    let quarters = iter::successors(Some(from), |at| Some(quarter_end(*at)));
    let quarters = quarters.take_while(|at| *at < to);
    let mut bounds: Vec<_> = [start, begin].into_iter().chain(quarters).chain([to, end]).collect();
    bounds.dedup();
    let carry = anchor.and_then(|anchor| anchor.carry);
    let of = (meter.id, bounds.as_slice());
    let reader = Reader::open(pool, &[meter.id]).await?;
    let before = fold(&reader, &subject, of, carry.as_ref()).await?;
    let after = fold(&reader.with(correction), &subject, of, carry.as_ref()).await?;
    let figures = counted(&before).into_iter().zip(counted(&after));
    let counted = bounds.iter().zip(figures).map(|(&start, (before, after))| CorrectedQuarter {
        start,
        before,
        after,
    });
    let (quarters, outside): (Vec<_>, Vec<_>) =
        counted.partition(|quarter| from <= quarter.start && quarter.start < to);
    Ok(Corrected {
        quarters,
        is_whole: !outside.iter().any(CorrectedQuarter::differs),
        is_left_out: is_left_out(&after, &correction),
        is_questioned: after.quarantined.len() > before.quarantined.len(),
    })
}

/// The days from that of an instant on, up to the one after that of another.
fn days_between(site: &Site, from: DateTime<Utc>, to: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let last = site.date_at(to);
    (site.date_at(from), last.succ_opt().unwrap_or(last))
}

/// So many days before that of an instant, its own, and so many after it.
fn days_around(site: &Site, at: DateTime<Utc>, days: u64) -> (NaiveDate, NaiveDate) {
    let day = site.date_at(at);
    let first = day.checked_sub_days(Days::new(days)).unwrap_or(day);
    (first, day.checked_add_days(Days::new(days + 1)).unwrap_or(day))
}

impl CorrectedQuarter {
    /// Whether the correction changes its energy by more than what rounding does.
    pub(crate) fn differs(&self) -> bool {
        const LEAST: f64 = 1e-6;
        let (before, after) = (&self.before, &self.after);
        let litres = |of: &Stored| of.diesel_l.unwrap_or_default();
        (before.import_kwh - after.import_kwh).abs() > LEAST
            || (before.export_kwh - after.export_kwh).abs() > LEAST
            || (litres(before) - litres(after)).abs() > LEAST
    }
}

impl Corrected {
    /// The same day by day.
    pub(crate) fn by_day(&self, site: &Site) -> Recount {
        let days = self.quarters.chunk_by(|a, b| site.date_at(a.start) == site.date_at(b.start));
        let sum = |day: &[CorrectedQuarter], of: fn(&CorrectedQuarter) -> Stored| {
            day.iter().map(of).fold(Stored::default(), Stored::plus)
        };
        Recount {
            bounds: days.clone().filter_map(|day| Some(day.first()?.start)).collect(),
            before: days.clone().map(|day| sum(day, |quarter| quarter.before)).collect(),
            after: days.map(|day| sum(day, |quarter| quarter.after)).collect(),
            is_whole: self.is_whole,
        }
    }
}

fn is_left_out(folded: &Folded, correction: &Correction) -> bool {
    let is_it = |at, field| at == correction.at && field == correction.field;
    folded.outliers.iter().any(|outlier| is_it(outlier.at, outlier.field))
}
