//! What passed a meter in a window.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::Signed as _;

use crate::exact::{Exact, overlap, share, zero};
use crate::model::register::{Kind, Step};
use crate::model::truth::Metered;

/// A half-open window.
pub type Window = (DateTime<Utc>, DateTime<Utc>);

/// A silence longer than this is a gap: three polls of five minutes.
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
    /// Whether an end of the window lies inside a gap, or next to what is not believed.
    pub is_open: bool,
    /// Share of the window that readings back.
    pub coverage: Exact,
}

/// What passed; none where fewer than two readings bear on the window.
pub fn flow(metered: &Metered, window: Window) -> Option<Flow> {
    let (first, last) = metered.known?;
    let known = (first.max(window.0), last.min(window.1));
    if known.0 >= known.1 {
        return None;
    }
    let moved = |steps: &[Step], sign: fn(&Exact) -> bool| -> Exact {
        let meets = |step: &&Step| step.from < window.1 && step.to > window.0 && sign(&step.kwh);
        steps.iter().filter(meets).map(|step| part(step, window)).sum::<Exact>().abs()
    };
    let rose = |kwh: &Exact| kwh.is_positive();
    let fell = |kwh: &Exact| kwh.is_negative();
    let unbacked: TimeDelta = metered.import.iter().map(|step| unbacked(step, window)).sum();
    let backed = (known.1 - known.0) - unbacked;
    Some(Flow {
        import: moved(&metered.import, rose),
        export: moved(&metered.import, fell) + moved(&metered.export, rose),
        known,
        is_open: metered.import.iter().any(|step| is_open(step, window)),
        coverage: share(backed, window.1 - window.0),
    })
}

/// What of a step lies in the window, in proportion to time.
fn part(step: &Step, window: Window) -> Exact {
    let inside = overlap((step.from, step.to), window);
    if inside.is_zero() { zero() } else { &step.kwh * share(inside, step.to - step.from) }
}

/// The time of a step that backs nothing in the window: all of what is quarantined, and what an end of
/// the window cuts off a gap.
fn unbacked(step: &Step, window: Window) -> TimeDelta {
    let inside = overlap((step.from, step.to), window);
    if step.kind == Kind::Quarantined || is_open(step, window) { inside } else { TimeDelta::zero() }
}

/// Whether an end of the window lies inside a step that is too long to say where its energy lies.
fn is_open(step: &Step, window: Window) -> bool {
    let inside = |at: DateTime<Utc>| step.from < at && at < step.to;
    step.to - step.from > GAP && (inside(window.0) || inside(window.1))
}
