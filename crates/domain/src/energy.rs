//! Energy: what registers count, in quarter-hours, on the way to now, and in any window of time.

pub mod derive;
pub mod interval;
pub mod refusal;
pub mod register_history;
pub mod staleness;
pub mod window;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use crate::Kwh;
use crate::ids::id;

id!(
    /// A step of a register that is kept from counting until somebody decides.
    StepId(i64)
);

/// The length of a quarter-hour.
pub const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// Least share of a quarter-hour that is whole: what it lacks is less than a second's energy.
const ALL_THROUGH: f64 = 0.999;

/// Whether a quarter-hour has all the energy that passed in it, by the share of it, 0 to 1, that was read or lies in a
/// gap between two readings. One that was not read, or not computed, to its end has too little for its mean power, and
/// for being held against others.
pub fn is_whole(backed: f64) -> bool {
    backed >= ALL_THROUGH
}

/// Energy that passed a meter in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energy {
    /// Drawn by a load, or delivered by a meter that feeds its parent.
    pub import: Kwh,
    /// Returned by a load, or drawn by a meter that feeds its parent.
    pub export: Kwh,
    /// What the ends of the window leave uncertain.
    pub uncertain: Kwh,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
}

impl Energy {
    /// Energy of which nothing is uncertain.
    pub const fn placed(import: Kwh, export: Kwh, coverage: f64) -> Self {
        Self { import, export, uncertain: Kwh::ZERO, coverage }
    }

    /// Import less export.
    pub fn net(&self) -> Kwh {
        self.import - self.export
    }
}

/// The last multiple of `step` at or before an instant.
pub fn floor(at: DateTime<Utc>, step: TimeDelta) -> Option<DateTime<Utc>> {
    at.duration_trunc(step).ok()
}
