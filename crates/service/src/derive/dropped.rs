//! Time whose readings are dropped: there the quarter-hours of the inputs tell what passed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Kwh;
use domain::derive::{Point, Stretch, points_of_quarters};
use domain::trail::{QUARTER, floor};
use domain::{MeterId, Quality};
use storage::derived::Quarter;

use super::Deriver;
use super::course::{CHUNK, Progress, Span};
use crate::{Error, retention};

impl Deriver {
    /// The points of the next stretch of such time; none where there is no more of it. Of the quarter-hour of the last
    /// point it is not known what passed behind that: the inputs' rows are as they were when their readings were
    /// dropped.
    pub(super) async fn dropped(
        &self,
        span: &Span<'_>,
        from: DateTime<Utc>,
        progress: &mut Progress,
    ) -> Result<Option<Vec<Point>>, Error> {
        let known = self.registry.known();
        let frozen = span.inputs.iter().filter_map(|input| known.frozen.get(input)).max();
        let Some(&dropped_to) = frozen.filter(|to| from < **to) else {
            progress.is_dropped = false;
            return Ok(None);
        };
        let start = floor(from + QUARTER - TimeDelta::microseconds(1), QUARTER).unwrap_or(from);
        if from < start {
            progress.registers.lose();
        }
        let to = floor(dropped_to.min(span.reach).min(start + CHUNK), QUARTER).unwrap_or(start);
        if to <= start {
            progress.registers.lose();
            progress.done_to = Some(start.min(span.reach));
            return Ok(Some(Vec::new()));
        }
        let quarters = self.quarters(span, start, to).await?;
        let mut points = points_of_quarters(&quarters, &mut progress.registers);
        // What is frozen of the meter itself stays as it is: its registers go on all the same.
        let of_points = points.iter().map(|point| (span.meter, point.at));
        let frozen = retention::frozen_among(&self.pool, &known, of_points).await?;
        points.retain(|point| {
            floor(point.at, QUARTER).is_none_or(|start| !frozen.contains(&(span.meter, start)))
        });
        progress.done_to = Some(to);
        progress.wrote |= !points.is_empty();
        Ok(Some(points))
    }

    async fn quarters(
        &self,
        span: &Span<'_>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Stretch>, Error> {
        let known = storage::derived::quarters(&self.pool, &span.inputs, from, to).await?;
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
