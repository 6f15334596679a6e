//! Energy in a window, from what its meters' registers showed around its two ends.
//!
//! Between readings at the two ends the energy is exactly their difference, whatever lies between;
//! where a register was set back, exchanged or doubted in between, the sum of its intervals takes the
//! place of the difference. An end that falls between two readings is interpolated; in a gap its
//! share is a guess and counts as uncertain. A window that begins before the first reading or ends
//! after the last one counts what is known, and its coverage says so.

mod compared;

use chrono::{DateTime, TimeDelta, Utc};

pub use compared::{balance, common, joined, of_site};

use crate::Kwh;
use crate::balance::Energy;
use crate::meter::{ImportRegister, Meter};
use crate::silence::gap_limit;
use crate::trail::Sample;

/// A half-open window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

/// The readings around one instant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bracket {
    /// The newest at the instant or before.
    pub before: Option<Sample>,
    /// The oldest at the instant or after.
    pub after: Option<Sample>,
}

/// Energy of one meter in a window, and the part of the window it is known for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The energy.
    pub energy: Energy,
    /// From when it is known.
    pub from: DateTime<Utc>,
    /// Until when it is known.
    pub to: DateTime<Utc>,
    limit: TimeDelta,
}

impl Known {
    /// Together with what was counted in another window.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let length = |known: &Self| (known.to - known.from).as_seconds_f64();
        let share = length(&self) / (length(&self) + length(&other));
        let (a, b) = (self.energy, other.energy);
        Self {
            energy: Energy {
                import: a.import + b.import,
                export: a.export + b.export,
                uncertain: a.uncertain + b.uncertain,
                coverage: a.coverage * share + b.coverage * (1.0 - share),
            },
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            ..self
        }
    }
}

/// What is known at the two ends of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// From when the energy is known.
    pub from: DateTime<Utc>,
    /// Until when it is known.
    pub to: DateTime<Utc>,
    /// What the ends leave uncertain.
    pub uncertain: Kwh,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
    /// Import and export by the registers alone; none where one of them fell.
    pub difference: Option<(Kwh, Kwh)>,
    limit: TimeDelta,
}

impl Ends {
    /// The ends of a window of which only intervals are left, or whose meter has no register: they
    /// lie where its intervals do.
    pub fn of_intervals(
        poll: TimeDelta,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        uncertain: Kwh,
        coverage: f64,
    ) -> Self {
        Self { from, to, uncertain, coverage, difference: None, limit: gap_limit(poll) }
    }

    /// The same, known since earlier by intervals, whose readings may be gone.
    #[must_use]
    pub fn since(self, from: DateTime<Utc>, coverage: f64) -> Self {
        let coverage = coverage.max(self.coverage);
        if from < self.from { Self { from, coverage, ..self } } else { self }
    }

    /// The energy, with what passed between the ends.
    pub fn with(self, import: Kwh, export: Kwh) -> Known {
        let energy = Energy { import, export, uncertain: self.uncertain, coverage: self.coverage };
        Known { energy, from: self.from, to: self.to, limit: self.limit }
    }
}

/// Where the registers stood.
#[derive(Debug, Clone, Copy)]
struct Position {
    at: DateTime<Utc>,
    /// Import and export; none between two readings of which the later one is lower.
    registers: Option<(f64, f64)>,
    uncertain: f64,
    /// The gap around the instant, when it lies in one.
    gap: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// What the readings around the ends of `window` say of `meter`, read every `poll`; none where fewer
/// than two readings bear on it.
pub fn ends(
    meter: &Meter,
    poll: TimeDelta,
    window: Window,
    start: &Bracket,
    end: &Bracket,
) -> Option<Ends> {
    let limit = gap_limit(poll);
    let samples = [start.before, start.after, end.before, end.after];
    let register = meter.import_register.or_else(|| {
        let import = samples.iter().flatten().any(|sample| sample.import_kwh.is_some());
        Some(if import { ImportRegister::Import } else { ImportRegister::Total })
    })?;
    let a = position(register, window.from, start, limit)?;
    let b = position(register, window.to, end, limit)?;
    if b.at <= a.at {
        return None;
    }
    let overlap = |(from, to): (DateTime<Utc>, DateTime<Utc>)| to.min(b.at) - from.max(a.at);
    let mut gaps: Vec<_> = [a.gap, b.gap].into_iter().flatten().collect();
    gaps.dedup();
    let guessed: TimeDelta = gaps.into_iter().map(overlap).sum();
    let covered = (b.at - a.at) - guessed;
    Some(Ends {
        from: a.at,
        to: b.at,
        uncertain: Kwh(a.uncertain + b.uncertain),
        coverage: (covered.as_seconds_f64() / (window.to - window.from).as_seconds_f64())
            .clamp(0.0, 1.0),
        difference: a.registers.zip(b.registers).and_then(|(a, b)| rise(meter, a, b)),
        limit,
    })
}

/// How far the registers rose; none where one fell by more than noise.
fn rise(meter: &Meter, a: (f64, f64), b: (f64, f64)) -> Option<(Kwh, Kwh)> {
    let noise = 2.0 * meter.register_step_kwh.unwrap_or(0.0);
    let rose = |from: f64, to: f64| (to >= from - noise).then(|| Kwh((to - from).max(0.0)));
    rose(a.0, b.0).zip(rose(a.1, b.1))
}

fn position(
    register: ImportRegister,
    at: DateTime<Utc>,
    bracket: &Bracket,
    limit: TimeDelta,
) -> Option<Position> {
    let read = |sample: Sample| {
        let import = match register {
            ImportRegister::Import => sample.import_kwh,
            ImportRegister::Total => sample.total_kwh,
        }?;
        Some((sample.at, import, sample.export_kwh.unwrap_or(0.0)))
    };
    let (a, b) = match (bracket.before.and_then(read), bracket.after.and_then(read)) {
        (Some(a), Some(b)) if a.0 < b.0 => (a, b),
        (one, other) => {
            let (at, import, export) = one.or(other)?;
            let registers = Some((import, export));
            return Some(Position { at, registers, uncertain: 0.0, gap: None });
        }
    };
    let share = (at - a.0).as_seconds_f64() / (b.0 - a.0).as_seconds_f64();
    let in_gap = b.0 - a.0 > limit && share > 0.0 && share < 1.0;
    let passed = |from: f64, to: f64| if to < from { to.abs() } else { to - from };
    let moved = passed(a.1, b.1) + passed(a.2, b.2);
    let fell = b.1 < a.1 || b.2 < a.2;
    let mix = |from: f64, to: f64| from + (to - from) * share;
    Some(Position {
        at,
        registers: (!fell).then(|| (mix(a.1, b.1), mix(a.2, b.2))),
        uncertain: if in_gap { moved * share.max(1.0 - share) } else { 0.0 },
        gap: in_gap.then_some((a.0, b.0)),
    })
}

#[cfg(test)]
mod tests;
