//! Energy in a window, and the part of the window that it is known for.
//!
//! The energy of a window is the sum of its intervals, so that every figure of one time is the same.
//! Between readings at the two ends it is exactly the difference of the registers, whatever lies
//! between. An end between two readings is interpolated; where they are far apart the share on either side
//! is a guess and counts as uncertain, and in a gap it is not covered. A window that begins before the first reading or ends after the last
//! one counts what is known, and its coverage says so.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Kwh;
use crate::energy::Energy;
use crate::energy::register_history::HistorySample;
use crate::energy::staleness::{gap_limit, lag_limit, told_to};
use crate::meters::{ImportRegister, Meter};
pub use crate::window::Window;

/// The readings around one instant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bracket {
    /// The newest at the instant or before.
    pub before: Option<HistorySample>,
    /// The oldest at the instant or after.
    pub after: Option<HistorySample>,
}

/// Energy of one meter in a window, and the part of the window it is known for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    pub energy: Energy,
    /// From when it is known.
    pub from: DateTime<Utc>,
    /// Until when it is known.
    pub to: DateTime<Utc>,
    /// Time between these that says nothing: a step of the register in it was not believed.
    pub unknown: TimeDelta,
    /// When its export register was read last; none where none is awaited.
    pub export_read: Option<DateTime<Utc>>,
    pub(crate) lag_limit: TimeDelta,
}

impl Known {
    /// With an export register that was read at an instant at last.
    #[must_use]
    pub fn with_export_read(self, at: Option<DateTime<Utc>>) -> Self {
        Self { export_read: at, ..self }
    }

    /// Until when both directions are known: what it delivered since its export register was read, where
    /// that is read more seldom than import, it has not told yet.
    pub fn told_to(&self) -> DateTime<Utc> {
        told_to(self.to, self.export_read)
    }

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
            unknown: self.unknown + other.unknown,
            export_read: self.export_read.max(other.export_read),
            ..self
        }
    }

    /// Up to a later end of the window, with what was counted after it, where that is known. `share` is
    /// the first window's part of both. What is uncertain at the instant between them cancels.
    #[must_use]
    pub fn then(self, next: Option<Self>, share: f64) -> Self {
        let (a, b) = (self.energy, next.map(|next| next.energy));
        let sum = |of: fn(&Energy) -> Kwh| of(&a) + b.as_ref().map_or(Kwh::ZERO, of);
        let uncertain = b.map_or(0.0, |b| b.uncertain.0).max(a.uncertain.0);
        let rest = b.map_or(0.0, |b| b.coverage) * (1.0 - share);
        Self {
            energy: Energy {
                import: sum(|energy| energy.import),
                export: sum(|energy| energy.export),
                uncertain: Kwh(uncertain),
                coverage: a.coverage * share + rest,
            },
            to: next.map_or(self.to, |next| next.to),
            unknown: self.unknown + next.map_or(TimeDelta::zero(), |next| next.unknown),
            export_read: self.export_read.max(next.and_then(|next| next.export_read)),
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
    /// Import and export by the registers alone; none where one of them fell, or begins in between, and
    /// where both directions are counted by one.
    pub difference: Option<(Kwh, Kwh)>,
    pub(crate) lag_limit: TimeDelta,
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
        Self { from, to, uncertain, coverage, difference: None, lag_limit: lag_limit(poll) }
    }

    /// The energy, with what passed between the ends, and the time between them of which nothing is
    /// known.
    pub fn with(self, import: Kwh, export: Kwh, unknown: TimeDelta) -> Known {
        let energy = Energy { import, export, uncertain: self.uncertain, coverage: self.coverage };
        let Self { from, to, lag_limit, .. } = self;
        Known { energy, from, to, unknown, export_read: None, lag_limit }
    }
}

/// Where the registers stood.
#[derive(Debug, Clone, Copy)]
struct Position {
    at: DateTime<Utc>,
    /// Import; none between two readings of which the later one is lower.
    import: Option<f64>,
    /// Export likewise.
    export: Exported,
    uncertain: f64,
    /// The gap around the instant, when it lies in one.
    gap: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Where the export register stood.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Exported {
    /// The meter has none, as far as these readings say.
    Without,
    /// Between two readings of which the later one is lower, or one of which lacks it.
    Unknown,
    /// There.
    At(f64),
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
    let samples = [start.before, start.after, end.before, end.after];
    let register = meter.import_register.or_else(|| {
        let import = samples.iter().flatten().any(|sample| sample.import_kwh.is_some());
        Some(if import { ImportRegister::Import } else { ImportRegister::Total })
    })?;
    let a = position(register, window.from, start, poll)?;
    let b = position(register, window.to, end, poll)?;
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
        difference: difference(meter, register, &a, &b),
        lag_limit: lag_limit(poll),
    })
}

/// How far the registers rose. Between two positions of a register that was not read at the first of
/// them nothing is known of it.
fn difference(
    meter: &Meter,
    register: ImportRegister,
    a: &Position,
    b: &Position,
) -> Option<(Kwh, Kwh)> {
    if meter.is_net(register) {
        return None;
    }
    let noise = 2.0 * meter.register_step_kwh.unwrap_or(0.0);
    let rose = |from: f64, to: f64| (to >= from - noise).then(|| Kwh((to - from).max(0.0)));
    let export = match (a.export, b.export) {
        (Exported::Without, Exported::Without) => Kwh::ZERO,
        (Exported::At(a), Exported::At(b)) => rose(a, b)?,
        _ => return None,
    };
    Some((rose(a.import?, b.import?)?, export))
}

fn position(
    register: ImportRegister,
    at: DateTime<Utc>,
    bracket: &Bracket,
    poll: TimeDelta,
) -> Option<Position> {
    let read = |sample: HistorySample| {
        let import = match register {
            ImportRegister::Import => sample.import_kwh,
            ImportRegister::Total => sample.total_kwh,
        }?;
        Some((sample.at, import, sample.export_kwh))
    };
    let (a, b) = match (bracket.before.and_then(read), bracket.after.and_then(read)) {
        (Some(a), Some(b)) if a.0 < b.0 => (a, b),
        (one, other) => {
            let (at, import, export) = one.or(other)?;
            let export = export.map_or(Exported::Without, Exported::At);
            return Some(Position { at, import: Some(import), export, uncertain: 0.0, gap: None });
        }
    };
    let share = (at - a.0).as_seconds_f64() / (b.0 - a.0).as_seconds_f64();
    let is_across = |limit: TimeDelta| b.0 - a.0 > limit && share > 0.0 && share < 1.0;
    let passed = |from: f64, to: f64| if to < from { to.abs() } else { to - from };
    let export = a.2.zip(b.2);
    let moved = passed(a.1, b.1) + export.map_or(0.0, |(from, to)| passed(from, to));
    let mix = |from: f64, to: f64| (to >= from).then_some(from + (to - from) * share);
    Some(Position {
        at,
        import: mix(a.1, b.1),
        export: match (a.2, b.2) {
            (None, None) => Exported::Without,
            (Some(from), Some(to)) => mix(from, to).map_or(Exported::Unknown, Exported::At),
            _ => Exported::Unknown,
        },
        // How energy lies between readings that are far apart is a guess, though the meter be read as seldom.
        uncertain: if is_across(lag_limit(poll)) { moved * share.max(1.0 - share) } else { 0.0 },
        gap: is_across(gap_limit(poll)).then_some((a.0, b.0)),
    })
}

#[cfg(test)]
mod tests;
