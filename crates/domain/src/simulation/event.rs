//! What a meter reports of itself beside its energy: error logs and tamper alerts.
//!
//! An event is a message and no more: the registers go on as they did, so that what was counted stays
//! what the appliances drew.

use super::refusal::Told;
use super::{EventClass, EventKind, MeterHealth};

impl EventKind {
    /// What it is a sign of.
    pub const fn class(self) -> EventClass {
        match self {
            Self::CoverOpened | Self::MagneticField | Self::ReversedFlow | Self::ClockSet => {
                EventClass::Tamper
            }
            Self::MemoryFault | Self::MeasurementFault | Self::BatteryLow => EventClass::Error,
        }
    }

    /// What happened, in words.
    pub const fn told(self) -> Told {
        match self {
            Self::CoverOpened => Told::CoverOpened,
            Self::MagneticField => Told::MagneticField,
            Self::ReversedFlow => Told::ReversedFlow,
            Self::ClockSet => Told::ClockSet,
            Self::MemoryFault => Told::MemoryFault,
            Self::MeasurementFault => Told::MeasurementFault,
            Self::BatteryLow => Told::BatteryLow,
        }
    }
}

impl MeterHealth {
    /// By the gravest of what was reported.
    pub fn of(reported: impl IntoIterator<Item = EventKind>) -> Self {
        let worse = |health, kind: EventKind| match (health, kind.class()) {
            (Self::Tampered, _) | (_, EventClass::Tamper) => Self::Tampered,
            (_, EventClass::Error) => Self::Error,
        };
        reported.into_iter().fold(Self::Good, worse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_is_as_well_as_the_gravest_of_what_it_reported() {
        use EventKind::{BatteryLow, ClockSet};
        assert_eq!(MeterHealth::of([]), MeterHealth::Good);
        assert_eq!(MeterHealth::of([BatteryLow]), MeterHealth::Error);
        assert_eq!(MeterHealth::of([ClockSet, BatteryLow]), MeterHealth::Tampered);
    }

    #[test]
    fn every_report_is_read_as_it_is_written() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
    }
}
