//! Energy in a window, from the register readings around its two ends.
//!
//! Between readings at the two ends the energy is exactly their difference, whatever lies between.
//! An end that falls between two readings is interpolated; in a gap its share is a guess and counts
//! as uncertain. A window that begins before the first reading or ends after the last one counts
//! what is known, and its coverage says so.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Kwh;
use crate::balance::{self, Balance, Energy, Verdict};
use crate::meter::{ImportRegister, Meter};
use crate::trail::{QUARTER, Sample};

/// A half-open window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Silence that is no gap yet: three polls, and at least a quarter-hour.
    limit: TimeDelta,
}

/// Where the registers stood.
#[derive(Debug, Clone, Copy)]
struct Position {
    at: DateTime<Utc>,
    import: f64,
    export: f64,
    uncertain: f64,
    /// The gap around the instant, when it lies in one.
    gap: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Energy of `meter`, read every `poll`, in `window`; none where fewer than two readings bear on it
/// or a register fell.
pub fn energy(
    meter: &Meter,
    poll: TimeDelta,
    window: Window,
    start: &Bracket,
    end: &Bracket,
) -> Option<Known> {
    let limit = (poll * 3).max(QUARTER);
    let samples = [start.before, start.after, end.before, end.after];
    let register = meter.import_register.or_else(|| {
        let import = samples.iter().flatten().any(|sample| sample.import_kwh.is_some());
        Some(if import { ImportRegister::Import } else { ImportRegister::Total })
    })?;
    let a = position(register, window.from, start, limit)?;
    let b = position(register, window.to, end, limit)?;
    let noise = 2.0 * meter.register_step_kwh.unwrap_or(0.0);
    if b.at <= a.at || b.import < a.import - noise || b.export < a.export - noise {
        return None;
    }
    let overlap = |(from, to): (DateTime<Utc>, DateTime<Utc>)| to.min(b.at) - from.max(a.at);
    let mut gaps: Vec<_> = [a.gap, b.gap].into_iter().flatten().collect();
    gaps.dedup();
    let guessed: TimeDelta = gaps.into_iter().map(overlap).sum();
    let covered = (b.at - a.at) - guessed;
    Some(Known {
        energy: Energy {
            import: Kwh((b.import - a.import).max(0.0)),
            export: Kwh((b.export - a.export).max(0.0)),
            uncertain: Kwh(a.uncertain + b.uncertain),
            coverage: (covered.as_seconds_f64() / (window.to - window.from).as_seconds_f64())
                .clamp(0.0, 1.0),
        },
        from: a.at,
        to: b.at,
        limit,
    })
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
        let export = sample.export_kwh.unwrap_or(0.0);
        Some(Position { at: sample.at, import, export, uncertain: 0.0, gap: None })
    };
    let (a, b) = match (bracket.before.and_then(read), bracket.after.and_then(read)) {
        (Some(a), Some(b)) if a.at < b.at => (a, b),
        (one, other) => return one.or(other),
    };
    if b.import < a.import || b.export < a.export {
        return None;
    }
    let share = (at - a.at).as_seconds_f64() / (b.at - a.at).as_seconds_f64();
    let in_gap = b.at - a.at > limit && share > 0.0 && share < 1.0;
    let rise = (b.import - a.import) + (b.export - a.export);
    Some(Position {
        at,
        import: a.import + (b.import - a.import) * share,
        export: a.export + (b.export - a.export) * share,
        uncertain: if in_gap { rise * share.max(1.0 - share) } else { 0.0 },
        gap: in_gap.then_some((a.at, b.at)),
    })
}

/// Balance of `node` against its direct children over one window.
///
/// Meters whose last readings lie a few polls apart are compared all the same: the mean power over
/// the time one of them lacks is added to the error. Where one lacks more than that, it is silent,
/// and the balance is incomplete.
pub fn balance<'a>(
    node: (&'a Meter, Option<Known>),
    children: impl IntoIterator<Item = (&'a Meter, Option<Known>)>,
) -> Balance {
    let mut parts: Vec<_> = std::iter::once(node).chain(children).collect();
    let known = || parts.iter().filter_map(|(_, known)| *known);
    let first = known().map(|known| known.from).min();
    let last = known().map(|known| known.to).max();
    let mut silent = Vec::new();
    for (meter, known) in &mut parts {
        let (Some(known), Some(first), Some(last)) = (known, first, last) else { continue };
        let (late, early) = (known.from - first, last - known.to);
        if late > known.limit || early > known.limit {
            silent.push(meter.id);
        }
        let share = (late + early).as_seconds_f64() / (known.to - known.from).as_seconds_f64();
        known.energy.uncertain += (known.energy.import + known.energy.export) * share;
    }
    let mut parts = parts.into_iter().map(|(meter, known)| (meter, known.map(|k| k.energy)));
    let node = parts.next().unwrap_or((node.0, None));
    let mut balance = balance::of_node(node, parts);
    if !silent.is_empty() {
        balance.verdict = Verdict::Incomplete;
        balance.missing.extend(silent);
    }
    balance
}

#[cfg(test)]
mod tests;
