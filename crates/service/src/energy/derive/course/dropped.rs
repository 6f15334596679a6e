//! Time whose readings are dropped: there the quarter-hours of the inputs tell what passed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::derive::{Point, Stretch, points_of_quarters};
use domain::energy::{QUARTER, floor};
use domain::{Kwh, MeterId, Quality};
use storage::energy::derived::Quarter;

use crate::Error;
use crate::energy::derive::Deriver;
use crate::energy::derive::course::{CHUNK, Progress, Span, Step};

impl Deriver {
    /// Up to when readings of an input are dropped, if that is after an instant.
    pub(crate) fn dropped_to(&self, span: &Span<'_>, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let known = self.registry.known();
        let frozen = span.inputs.iter().filter_map(|input| known.frozen.get(input)).max();
        frozen.copied().filter(|to| from < *to)
    }

    /// The next stretch of such time. Of a quarter-hour that the meter goes through in part only it is not known what
    /// passed in the rest.
    pub(crate) async fn dropped(
        &self,
        span: &Span<'_>,
        (from, dropped_to): (DateTime<Utc>, DateTime<Utc>),
        progress: &mut Progress,
    ) -> Result<Step, Error> {
        let start = floor(from + QUARTER - TimeDelta::microseconds(1), QUARTER).unwrap_or(from);
        let reach = dropped_to.min(span.reach);
        if reach < start {
            return Ok(Step::End);
        }
        let to = floor(reach.min(start + CHUNK), QUARTER).unwrap_or(start);
        if to == start && reach < dropped_to {
            return Ok(Step::End);
        }
        if self.is_awaited(span, dropped_to).await? {
            return Ok(Step::Wait);
        }
        let mut points = unknown(from, start, progress);
        let quarters = self.quarters(span, start, to).await?;
        points.extend(points_of_quarters(&quarters, &mut progress.registers));
        progress.done_to = Some(if to == start { dropped_to } else { to });
        progress.wrote |= !points.is_empty();
        Ok(Step::Points(points))
    }

    /// Whether quarter-hours that end such time are still to be computed: what is read after it tells of it.
    async fn is_awaited(&self, span: &Span<'_>, dropped_to: DateTime<Utc>) -> Result<bool, Error> {
        let told =
            storage::energy::derived::all_told_by(&self.pool, &span.inputs, dropped_to).await?;
        let until = told.unwrap_or(span.reach).max(dropped_to);
        Ok(storage::energy::derived::are_awaited(&self.pool, &span.inputs, until).await?)
    }

    async fn quarters(
        &self,
        span: &Span<'_>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Stretch>, Error> {
        let known = storage::energy::derived::quarters(&self.pool, &span.inputs, from, to).await?;
        let starts = std::iter::successors(Some(from), |&start| Some(start + QUARTER));
        let stretch = |start: DateTime<Utc>| {
            let of = |input: &MeterId| known.get(&(*input, start)).copied();
            let net = |(input, factor): &(MeterId, f64)| of(input).map(|of| of.net * *factor);
            let is_gap = span.inputs.iter().filter_map(of).any(|of: Quarter| of.is_gap);
            Stretch {
                start,
                end: start + QUARTER,
                net: span.terms.iter().map(net).sum::<Option<Kwh>>(),
                is_gap,
                is_told: !is_gap,
                quality: Quality::Derived,
            }
        };
        Ok(starts.take_while(|start| *start < to).map(stretch).collect())
    }
}

/// Goes on over time of which nothing is known: what was known before it is told there.
pub(crate) fn unknown(
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    progress: &mut Progress,
) -> Vec<Point> {
    if end <= start {
        return Vec::new();
    }
    let quality = Quality::Derived;
    let stretch = Stretch { start, end, net: None, is_gap: false, is_told: false, quality };
    points_of_quarters(&[stretch], &mut progress.registers)
}
