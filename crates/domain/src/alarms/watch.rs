//! The states of an alarm.

use chrono::{DateTime, TimeDelta, Utc};

use super::Change;

/// Where a figure stands towards the limits of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Beyond the limit that raises.
    Beyond,
    /// Between the limits.
    Between,
    /// Within the limit that clears.
    Within,
    /// Nothing fresh is known.
    Unknown,
}

/// How far the alarm of a rule and a meter is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// There is none.
    #[default]
    Quiet,
    /// The figure has been beyond the limit since then, not yet for long enough.
    Rising(DateTime<Utc>),
    /// There is one.
    Raised,
    /// There is one, and the figure has been within the limit since then, not yet for long enough.
    Falling(DateTime<Utc>),
}

impl Phase {
    /// Whether there is an alarm.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Raised | Self::Falling(_))
    }

    /// When it changes where the figure stays as it is; none where it does not.
    pub fn due(self, (delay, clear_delay): (TimeDelta, TimeDelta)) -> Option<DateTime<Utc>> {
        match self {
            Self::Rising(since) => Some(since + delay),
            Self::Falling(since) => Some(since + clear_delay),
            Self::Quiet | Self::Raised => None,
        }
    }
}

/// Goes on from a phase with where the figure stands at an instant. Where nothing is known, what was
/// raised stays, and what was about to change begins anew.
pub fn step(
    phase: Phase,
    position: Position,
    at: DateTime<Utc>,
    (delay, clear_delay): (TimeDelta, TimeDelta),
) -> (Phase, Option<Change>) {
    // A clock that was set back must not let an alarm wait for the time it had before.
    let since = |begun: Option<DateTime<Utc>>| begun.map_or(at, |begun| begun.min(at));
    match (phase, position) {
        (Phase::Quiet | Phase::Rising(_), Position::Beyond) => {
            let since = since(if let Phase::Rising(begun) = phase { Some(begun) } else { None });
            if at - since >= delay {
                (Phase::Raised, Some(Change::Raised))
            } else {
                (Phase::Rising(since), None)
            }
        }
        (Phase::Quiet | Phase::Rising(_), _) => (Phase::Quiet, None),
        (Phase::Raised | Phase::Falling(_), Position::Within) => {
            let since = since(if let Phase::Falling(begun) = phase { Some(begun) } else { None });
            if at - since >= clear_delay {
                (Phase::Quiet, Some(Change::Cleared))
            } else {
                (Phase::Falling(since), None)
            }
        }
        (Phase::Raised | Phase::Falling(_), _) => (Phase::Raised, None),
    }
}
