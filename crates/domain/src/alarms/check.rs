//! The rules that a rule keeps.

use std::ops::RangeInclusive;

use thiserror::Error;

use super::{Direction, Kind, LimitRefusal, Limits, RuleRefusal, Side, TankRefusal, Terms};
use crate::entry::Entry;
use crate::message::Message;

/// A field that a rule cannot have so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Invalid {
    /// The field, by its JSON name.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub message: Message,
}

/// The longest delay, a day, in seconds.
pub(super) const LONGEST: u32 = 86_400;
/// Volts or hertz.
const NOMINAL: RangeInclusive<f64> = 1.0..=1e7;

fn invalid<T>(field: &'static str, message: impl Into<Message>) -> Result<T, Invalid> {
    Err(Invalid { field, message: message.into() })
}

impl Terms {
    /// Whether the terms keep the rules: what the kind needs is there and nothing else, and the alarm
    /// clears where it is not raised.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn check(&self) -> Result<(), Invalid> {
        let kind = self.kind.as_str();
        match (self.kind, &self.channel) {
            (Kind::Threshold, None) => return invalid("channel", RuleRefusal::NoChannel),
            (Kind::Threshold, Some(_)) | (_, None) => {}
            _ => return invalid("channel", RuleRefusal::OwnChannels { kind }),
        }
        match self.limits {
            None if self.kind.has_limits() => {
                return invalid("raise", LimitRefusal::Needed { kind });
            }
            Some(_) if !self.kind.has_limits() => {
                return invalid("raise", LimitRefusal::NotNeeded { kind });
            }
            None => {}
            Some(limits) => limits.check(self.kind)?,
        }
        self.check_beside()?;
        for (field, seconds) in
            [("delaySeconds", self.delay_s), ("clearDelaySeconds", self.clear_delay_s)]
        {
            if seconds > LONGEST {
                return invalid(field, RuleRefusal::LongDelay { most: LONGEST });
            }
        }
        Ok(())
    }

    /// The nominal value and the tank.
    fn check_beside(&self) -> Result<(), Invalid> {
        match (self.kind, self.nominal) {
            (Kind::Voltage | Kind::Frequency, Some(nominal)) if NOMINAL.contains(&nominal) => {}
            (Kind::Voltage | Kind::Frequency, Some(_)) => {
                return invalid("nominal", RuleRefusal::Nominal);
            }
            (_, Some(_)) => return invalid("nominal", RuleRefusal::NoNominal),
            (_, None) => {}
        }
        match (self.kind, self.tank) {
            (Kind::DieselLow, Some(tank)) if tank.litres > 0.0 => Ok(()),
            (Kind::DieselLow, Some(_)) => invalid("tankLitres", Entry::NotPositive),
            (Kind::DieselLow, None) => invalid("tankLitres", TankRefusal::NoLitres),
            (_, Some(_)) => invalid("tankLitres", TankRefusal::NoTank),
            (_, None) => Ok(()),
        }
    }
}

/// What a limit of a kind may be, and what is said of one that is not.
const fn allowed(kind: Kind) -> (RangeInclusive<f64>, LimitRefusal) {
    match kind {
        Kind::PowerFactor => (0.0..=1.0, LimitRefusal::PowerFactor),
        Kind::DieselLow => (0.0..=100.0, LimitRefusal::Tank),
        // Opposite signs are up to twice the larger apart.
        Kind::DataQuality => (0.0..=200.0, LimitRefusal::Energy),
        Kind::LossPercent => (0.0..=100.0, LimitRefusal::Input),
        Kind::Threshold => (f64::MIN..=f64::MAX, LimitRefusal::Negative),
        Kind::Offline
        | Kind::Stale
        | Kind::PhaseImbalance
        | Kind::PhaseExport
        | Kind::Voltage
        | Kind::Frequency
        | Kind::Tamper
        | Kind::MeterError
        | Kind::Quarantine
        | Kind::Outliers
        | Kind::Loss
        | Kind::LossCost
        | Kind::Demand
        | Kind::Cost => (0.0..=f64::MAX, LimitRefusal::Negative),
    }
}

impl Limits {
    fn check(&self, kind: Kind) -> Result<(), Invalid> {
        let (allowed, refusal) = allowed(kind);
        for (field, limit) in [("raise", self.raise), ("clear", self.clear)] {
            if !allowed.contains(&limit) {
                return invalid(field, refusal);
            }
        }
        let usual = match kind {
            Kind::Threshold => None,
            _ => Some(kind.usual().limits.map_or(Direction::Above, |limits| limits.direction)),
        };
        if let Some(usual) = usual.filter(|usual| *usual != self.direction) {
            let side = match usual {
                Direction::Above => Side::Above,
                Direction::Below => Side::Below,
            };
            return invalid("direction", LimitRefusal::OtherSide { kind: kind.as_str(), side });
        }
        let Self { direction, raise, clear } = *self;
        match direction {
            Direction::Above if clear > raise => {
                invalid("clear", LimitRefusal::ClearAbove { limit: raise })
            }
            Direction::Below if clear < raise => {
                invalid("clear", LimitRefusal::ClearBelow { limit: raise })
            }
            _ => Ok(()),
        }
    }
}
