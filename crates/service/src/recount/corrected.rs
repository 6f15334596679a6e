//! The energy that a correction of a reading would leave, computed for the moment and not kept.

use std::iter;

use chrono::{DateTime, Days, Utc};
use domain::energy::interval::Folded;
use domain::meters::Meter;
use domain::sites::Site;
use sqlx::PgPool;
use storage::readings::corrections::Correction;
use storage::recount::Stored;

use super::compute::quarter_end;
use super::otherwise::{counted, fold};
use super::subjects::subjects_of;
use super::{Reader, Recount};
use crate::Error;
use crate::registry::Known;

/// The quarter-hours from the day before a correction to the day after it.
#[derive(Debug, Default)]
pub(crate) struct Corrected {
    pub(crate) quarters: Vec<CorrectedQuarter>,
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
    let Some(subject) = subject else { return Ok(Corrected::default()) };
    let day = subject.site.date_at(correction.at);
    let first = day.checked_sub_days(Days::new(1)).unwrap_or(day);
    let last = day.checked_add_days(Days::new(2)).unwrap_or(day);
    let (from, to) = (subject.site.day_start(first), subject.site.day_start(last));
    let anchor = storage::energy::intervals::last_before(pool, &[(meter.id, from)], 1).await?;
    let anchor = anchor.into_iter().flatten().next();
    let start = anchor.as_ref().map_or(from, |anchor| anchor.end().min(from));
    let quarters = iter::successors(Some(from), |at| Some(quarter_end(*at)));
    let bounds = quarters.take_while(|at| *at < to).chain([to]);
    let bounds: Vec<_> = iter::once(start).filter(|start| *start < from).chain(bounds).collect();
    let carry = anchor.and_then(|anchor| anchor.carry);
    let of = (meter.id, bounds.as_slice());
    let reader = Reader::open(pool, &[meter.id]).await?;
    let before = fold(&reader, &subject, of, carry.as_ref()).await?;
    let after = fold(&reader.with(correction), &subject, of, carry.as_ref()).await?;
    let figures = counted(&before).into_iter().zip(counted(&after));
    let quarters = bounds.iter().zip(figures).map(|(&start, (before, after))| CorrectedQuarter {
        start,
        before,
        after,
    });
    Ok(Corrected {
        quarters: quarters.filter(|quarter| quarter.start >= from).collect(),
        is_left_out: is_left_out(&after, &correction),
        is_questioned: after.quarantined.len() > before.quarantined.len(),
    })
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
            is_whole: true,
        }
    }
}

fn is_left_out(folded: &Folded, correction: &Correction) -> bool {
    let is_it = |at, field| at == correction.at && field == correction.field;
    folded.outliers.iter().any(|outlier| is_it(outlier.at, outlier.field))
}
