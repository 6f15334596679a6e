//! What meters report of themselves, as alarms.

use super::Kind;
use crate::simulation::EventClass;

impl EventClass {
    /// The kind of alarm that it raises.
    pub const fn alarm(self) -> Kind {
        match self {
            Self::Tamper => Kind::Tamper,
            Self::Error => Kind::MeterError,
        }
    }

    /// What an alarm of this kind is raised by; none where it is not about reports.
    pub const fn of_alarm(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Tamper => Some(Self::Tamper),
            Kind::MeterError => Some(Self::Error),
            _ => None,
        }
    }
}
