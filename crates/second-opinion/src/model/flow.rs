//! What passed a meter in a window.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::Signed as _;

use crate::exact::{Exact, overlap, share, zero};
use crate::model::register::{Kind, Step};
use crate::model::truth::Metered;

/// A half-open window.
pub type Window = (DateTime<Utc>, DateTime<Utc>);

/// A silence longer than this is a gap, unless a meter is read more seldom.
pub const GAP: TimeDelta = TimeDelta::minutes(15);

/// What passed a meter in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Drawn by a load, or delivered by a meter that feeds its parent, kWh.
    pub import: Exact,
    /// The other way, kWh.
    pub export: Exact,
    /// The part of the window that lies between its readings.
    pub known: Window,
    /// Until when it tells of both directions; none where that is not certain.
    pub told_to: Option<DateTime<Utc>>,
    /// Whether an end of the window lies inside a long step, or next to what is not believed.
    pub is_open: bool,
    /// Share of the window that readings back; none where it hangs on how often the meter is read, or on
    /// a glitch beside a gap: from which reading on the gap is counted is not said.
    pub coverage: Option<Exact>,
    /// Time between its readings of which nothing is known: steps that are not believed, or not judged yet.
    pub unknown: TimeDelta,
}

/// What passed; none where fewer than two readings bear on the window.
pub fn flow(metered: &Metered, window: Window) -> Option<Flow> {
    let (first, last) = metered.known?;
    let known = (first.max(window.0), last.min(window.1));
    if known.0 >= known.1 {
        return None;
    }
    let moved = |steps: &[Step], sign: fn(&Exact) -> bool| -> Exact {
        within(steps, window)
            .iter()
            .filter(|step| sign(&step.kwh))
            .map(|step| part(step, window))
            .sum::<Exact>()
            .abs()
    };
    let rose = |kwh: &Exact| kwh.is_positive();
    let fell = |kwh: &Exact| kwh.is_negative();
    let gap = metered.gap;
    let import = within(&metered.import, window);
    // How often it is read is learned while the readings come in, to a half.
    let (short, long) = (metered.least_gap * 2 / 3, gap * 3 / 2);
    let is_near = |step: &Step| is_open(step, window, short) && !is_open(step, window, long);
    let is_skipped = |step: &Step| step.skips && is_open(step, window, short);
    let is_certain = !import.iter().any(|step| is_near(step) || is_skipped(step));
    // The newest reading of a register that fell is judged when the next one has come.
    let believed = || import.iter().filter(|step| step.kind != Kind::Quarantined);
    let inside = |step: &Step| overlap((step.from, step.to), window);
    let counted: TimeDelta = believed().map(inside).sum();
    let open = believed().filter(|step| is_open(step, window, gap));
    let backed = counted - open.map(inside).sum::<TimeDelta>();
    Some(Flow {
        import: moved(&metered.import, rose),
        export: moved(&metered.import, fell) + moved(&metered.export, rose),
        known,
        told_to: match metered.export_read {
            Some(read) if read.at < known.1 => read.is_certain.then_some(read.at),
            Some(read) if !read.is_certain => None,
            _ => Some(known.1),
        },
        is_open: import.iter().any(|step| is_open(step, window, short.min(GAP))),
        coverage: is_certain.then(|| share(backed, window.1 - window.0)),
        unknown: (known.1 - known.0) - counted,
    })
}

/// The steps that meet a window; they follow each other.
fn within(steps: &[Step], window: Window) -> &[Step] {
    let from = steps.partition_point(|step| step.to <= window.0);
    let to = steps.partition_point(|step| step.from < window.1);
    &steps[from..to.max(from)]
}

/// What of a step lies in the window: in proportion to power where it was sampled in between, else to
/// time.
fn part(step: &Step, window: Window) -> Exact {
    let inside = overlap((step.from, step.to), window);
    if inside.is_zero() {
        return zero();
    }
    if inside == step.to - step.from {
        return step.kwh.clone();
    }
    let energy = |window| step.lines.iter().map(|line| line.energy(window)).sum::<Exact>();
    let whole = energy((step.from, step.to));
    let share = if whole.is_positive() {
        energy(window) / whole
    } else {
        share(inside, step.to - step.from)
    };
    &step.kwh * share
}

/// Whether an end of the window lies inside a step that is too long to say where its energy lies.
fn is_open(step: &Step, window: Window, gap: TimeDelta) -> bool {
    let inside = |at: DateTime<Utc>| step.from < at && at < step.to;
    step.to - step.from > gap && (inside(window.0) || inside(window.1))
}
