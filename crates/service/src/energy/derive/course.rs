//! Where the points of a derived meter lie, one stretch of time after the other.
//!
//! Inputs may be silent for years. What gives no point is passed over in one step: time of which an input says
//! nothing, and the inside of gaps, whose energy the quarter-hours of the inputs tell.

pub(crate) mod dropped;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::derive::{self, Point, Registers, STEP, Waits};
use domain::energy::{QUARTER, floor};
use domain::{Kwh, MeterId};
use storage::energy::derived::Stand;
use storage::meters::virtual_meters::Version;

use super::Deriver;
use super::inputs::Inputs;
use crate::Error;
use crate::energy::derive::course::dropped::unknown;

/// The longest stretch that is computed at once.
pub(super) const CHUNK: TimeDelta = TimeDelta::days(1);

/// A version of a derived meter, as far as it can be written.
pub(super) struct Span<'a> {
    pub(super) terms: &'a [(MeterId, f64)],
    pub(super) inputs: Vec<MeterId>,
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) reach: DateTime<Utc>,
}

/// How far a derived meter is computed.
pub(super) struct Progress {
    pub(super) registers: Registers,
    pub(super) done_to: Option<DateTime<Utc>>,
    /// The version that it is at.
    span: usize,
    /// Whether there were any points.
    pub(super) wrote: bool,
}

impl Progress {
    pub(super) fn after(last: Option<Stand>) -> Self {
        let registers =
            last.map_or_else(Registers::default, |last| Registers::at(last.import, last.export));
        Self { registers, done_to: last.map(|last| last.at), span: 0, wrote: false }
    }
}

/// How the course of a derived meter goes on.
pub(super) enum Step {
    /// By these points, which may be none.
    Points(Vec<Point>),
    /// Not before what was read of the inputs is computed.
    Wait,
    /// Not before more is read of the inputs.
    End,
}

/// A derived meter that was left in the middle, for others to have their turn.
pub(super) struct UnderWay {
    pub(super) versions: Vec<Version>,
    pub(super) progress: Progress,
}

impl UnderWay {
    /// Where to go on, if it is still the sum of the same and no input changed since before it.
    pub(super) fn resumed(
        self,
        versions: &[Version],
        changed_from: Option<DateTime<Utc>>,
    ) -> Option<Progress> {
        let done_to = self.progress.done_to?;
        let stands = changed_from.is_none_or(|from| done_to <= from);
        // A version that had no readings may have some by now.
        (stands && *self.versions == *versions).then_some(Progress { span: 0, ..self.progress })
    }
}

impl Deriver {
    /// The next stretch.
    ///
    /// Where the inputs of an earlier version stop before the next one begins, the next one begins anew:
    /// what comes late is written when it is there.
    pub(super) async fn next(
        &self,
        spans: &[Span<'_>],
        progress: &mut Progress,
    ) -> Result<Step, Error> {
        while let Some(span) = spans.get(progress.span) {
            let begins = match progress.done_to {
                Some(done_to) => Some(done_to),
                None => self.beginning(&span.inputs).await?,
            };
            let from = begins.map(|at| span.from.map_or(at, |from| from.max(at)));
            let Some(from) = from.filter(|from| *from < span.reach) else {
                progress.span += 1;
                continue;
            };
            if let Some(done_to) = progress.done_to {
                let points = unknown(done_to, from, progress);
                progress.done_to = Some(from);
                if !points.is_empty() {
                    progress.wrote = true;
                    return Ok(Step::Points(points));
                }
            }
            let dropped_to = progress.done_to.and_then(|_| self.dropped_to(span, from));
            let Some(dropped_to) = dropped_to else {
                return Ok(Step::Points(self.stretch(span, from, progress).await?));
            };
            match self.dropped(span, (from, dropped_to), progress).await? {
                Step::End => progress.span += 1,
                step => return Ok(step),
            }
        }
        Ok(Step::End)
    }

    async fn stretch(
        &self,
        span: &Span<'_>,
        from: DateTime<Utc>,
        progress: &mut Progress,
    ) -> Result<Vec<Point>, Error> {
        let end = floor(from + CHUNK, QUARTER).unwrap_or(from + CHUNK);
        let to = span.reach.min(end);
        let known = self.registry.known();
        let inputs = Inputs::load(&self.pool, &known, span.terms, from, to).await?;
        let of_inputs = inputs.all();
        let mut points = Vec::new();
        if progress.done_to.is_none() {
            points.push(derive::first(from, &of_inputs));
        }
        points.extend(derive::points(&of_inputs, &mut progress.registers));
        progress.done_to = Some(to);
        progress.wrote |= !points.is_empty();
        if points.is_empty() && to < span.reach {
            let (waits, places) = derive::waits(&of_inputs);
            let for_inputs = inputs.meters(&places);
            let awake = storage::energy::derived::all_told_by(&self.pool, &for_inputs, to).await?;
            let awake = awake.map_or(span.reach, |at| at.min(span.reach));
            match waits {
                Waits::Unknown => progress.done_to = floor(awake, STEP).map(|at| at.max(to)),
                Waits::Gap => self.pass_over(span, (to, awake), progress).await?,
            }
        }
        Ok(points)
    }

    /// Passes over the inside of a gap, where the quarter-hours of all inputs tell what passed in it.
    async fn pass_over(
        &self,
        span: &Span<'_>,
        (from, awake): (DateTime<Utc>, DateTime<Utc>),
        progress: &mut Progress,
    ) -> Result<(), Error> {
        let awake = progress.registers.tell_by().map_or(awake, |by| by.min(awake));
        // The minute that ends with the reading is looked at.
        let Some(to) = floor(awake - STEP, QUARTER).filter(|to| from < *to) else {
            return Ok(());
        };
        if let Some(passed) = self.counted(span, from, to).await? {
            progress.registers.owe(from, passed);
            progress.done_to = Some(to);
        }
        Ok(())
    }

    /// What passed between two bounds of quarter-hours by those of the inputs; none where they do not tell.
    async fn counted(
        &self,
        span: &Span<'_>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Option<Kwh>, Error> {
        let counted = storage::energy::derived::counted(&self.pool, &span.inputs, from, to).await?;
        let of_term = |(input, factor): &(MeterId, f64)| Some(counted.get(input)? * factor);
        Ok(span.terms.iter().map(of_term).sum::<Option<f64>>().map(Kwh))
    }

    /// The first whole minute at which all inputs have been read.
    async fn beginning(&self, inputs: &[MeterId]) -> Result<Option<DateTime<Utc>>, Error> {
        let firsts = storage::energy::derived::first_readings(&self.pool, inputs).await?;
        let latest = firsts.iter().map(|(_, at)| *at).max();
        Ok(latest.and_then(|at| {
            let minute = floor(at, STEP)?;
            Some(if minute < at { minute + STEP } else { minute })
        }))
    }
}
