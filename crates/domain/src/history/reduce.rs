//! Many samples as few columns that a chart can draw, with every peak and every gap kept.
//!
//! A column carries the least, the mean and the highest of what falls into it. Columns follow each
//! other in runs; where a meter was silent for too long a run ends and another begins, so that a line
//! along a run never bridges a gap.

use chrono::{DateTime, TimeDelta, Utc};

use crate::energy::window::Window;

/// One value, or what many of them came to: of a reading both ends are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReducedPoint {
    /// The first instant that it stands for.
    pub from: DateTime<Utc>,
    /// The last.
    pub to: DateTime<Utc>,
    /// The least.
    pub min: f64,
    pub mean: f64,
    /// The highest.
    pub max: f64,
    /// How many values it is made of.
    pub count: f64,
}

impl ReducedPoint {
    /// A single value.
    pub const fn of(at: DateTime<Utc>, value: f64) -> Self {
        Self { from: at, to: at, min: value, mean: value, max: value, count: 1.0 }
    }

    /// The middle of its time.
    pub fn middle(&self) -> DateTime<Utc> {
        self.from + (self.to - self.from) / 2
    }

    fn add(&mut self, next: &Self) {
        let count = self.count + next.count;
        self.mean += (next.mean - self.mean) * (next.count / count);
        self.count = count;
        self.min = self.min.min(next.min);
        self.max = self.max.max(next.max);
        self.to = self.to.max(next.to);
    }
}

/// What falls into one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// The place of the column among the bounds.
    pub index: usize,
    /// What it holds.
    pub held: ReducedPoint,
}

/// Samples as columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reduced {
    /// Columns that follow each other without a gap, in order of time.
    pub runs: Vec<Vec<Column>>,
    /// Where nothing was read for too long.
    pub gaps: Vec<Window>,
}

impl Reduced {
    /// Every column, in order of time.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.runs.iter().flatten()
    }
}

/// Lengths of a column, in seconds, and from a day on in days.
const LENGTHS: [i64; 19] = [
    1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    86_400,
];

/// Columns of a round length over a window, at most `most`; the last ends with the window.
pub fn columns(window: Window, most: usize) -> Vec<Window> {
    let seconds = (window.to - window.from).num_seconds().max(1);
    let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
    let least = (seconds + most - 1) / most;
    let length = LENGTHS.into_iter().find(|length| *length >= least);
    let length = length.unwrap_or_else(|| (least + 86_399) / 86_400 * 86_400);
    let start = |i: i64| window.from + TimeDelta::seconds(i * length);
    (0..(seconds + length - 1) / length)
        .map(|i| Window { from: start(i), to: start(i + 1).min(window.to) })
        .collect()
}

/// Samples, in order of time, as columns between `bounds`, which are in order too and do not overlap.
/// A silence of more than `limit` is a gap, also after the beginning and before the end of `window`.
/// What falls into no column is left out.
pub fn reduce(
    samples: &[ReducedPoint],
    bounds: &[Window],
    window: Window,
    limit: TimeDelta,
) -> Reduced {
    let mut reduced = Reduced::default();
    let mut heard = window.from;
    let mut starts_anew = true;
    for sample in samples {
        if sample.from - heard > limit {
            reduced.gaps.push(Window { from: heard, to: sample.from });
            starts_anew = true;
        }
        heard = heard.max(sample.to);
        let middle = sample.middle();
        let index = bounds.partition_point(|bound| bound.to <= middle);
        if bounds.get(index).is_none_or(|bound| middle < bound.from) {
            continue;
        }
        if starts_anew {
            reduced.runs.push(Vec::new());
            starts_anew = false;
        }
        let Some(run) = reduced.runs.last_mut() else { continue };
        match run.last_mut() {
            Some(last) if last.index == index => last.held.add(sample),
            _ => run.push(Column { index, held: *sample }),
        }
    }
    if window.to - heard > limit {
        reduced.gaps.push(Window { from: heard, to: window.to });
    }
    reduced
}

#[cfg(test)]
mod tests;
