//! The rules that a rule keeps.

use std::ops::RangeInclusive;

use thiserror::Error;

use super::{Direction, Kind, Limits, Terms};

/// A field that a rule cannot have so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Invalid {
    /// The field, by its JSON name.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// The longest delay, a day, in seconds.
pub(super) const LONGEST: u32 = 86_400;
/// Volts or hertz.
const NOMINAL: RangeInclusive<f64> = 1.0..=1e7;

fn invalid<T>(field: &'static str, message: impl Into<String>) -> Result<T, Invalid> {
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
            (Kind::Threshold, None) => {
                return invalid(
                    "channel",
                    "a threshold needs the name of a channel, such as ActivePower",
                );
            }
            (Kind::Threshold, Some(_)) | (_, None) => {}
            _ => {
                return invalid(
                    "channel",
                    format!("{kind} looks at channels of its own: leave it out"),
                );
            }
        }
        match self.limits {
            None if self.kind.has_limits() => {
                return invalid("raise", format!("{kind} needs a limit: give raise"));
            }
            Some(_) if !self.kind.has_limits() => {
                return invalid("raise", format!("{kind} has no limit: leave raise and clear out"));
            }
            None => {}
            Some(limits) => limits.check(self.kind)?,
        }
        self.check_beside()?;
        for (field, seconds) in
            [("delaySeconds", self.delay_s), ("clearDelaySeconds", self.clear_delay_s)]
        {
            if seconds > LONGEST {
                return invalid(field, format!("a delay is at most a day: give 0 to {LONGEST}"));
            }
        }
        Ok(())
    }

    /// The nominal value and the tank.
    fn check_beside(&self) -> Result<(), Invalid> {
        match (self.kind, self.nominal) {
            (Kind::Voltage | Kind::Frequency, Some(nominal)) if NOMINAL.contains(&nominal) => {}
            (Kind::Voltage | Kind::Frequency, Some(_)) => {
                return invalid("nominal", "a nominal value lies between 1 and 10,000,000");
            }
            (_, Some(_)) => {
                return invalid(
                    "nominal",
                    "only voltage and frequency have a nominal value: leave it out",
                );
            }
            (_, None) => {}
        }
        match (self.kind, self.tank) {
            (Kind::DieselLow, Some(tank)) if tank.litres > 0.0 => Ok(()),
            (Kind::DieselLow, Some(_)) => invalid("tankLitres", "it must be greater than 0"),
            (Kind::DieselLow, None) => invalid(
                "tankLitres",
                "say how many litres were in the tank when it was filled last",
            ),
            (_, Some(_)) => invalid("tankLitres", "only diesel_low has a tank: leave it out"),
            (_, None) => Ok(()),
        }
    }
}

impl Limits {
    fn check(&self, kind: Kind) -> Result<(), Invalid> {
        let least = if kind == Kind::Threshold { f64::MIN } else { 0.0 };
        let most = match kind {
            Kind::PowerFactor => 1.0,
            Kind::DieselLow => 100.0,
            // Opposite signs are up to twice the larger apart.
            Kind::DataQuality => 200.0,
            _ => f64::MAX,
        };
        for (field, limit) in [("raise", self.raise), ("clear", self.clear)] {
            if !(least..=most).contains(&limit) {
                let message = match kind {
                    Kind::PowerFactor => "a power factor is from 0 to 1",
                    Kind::DieselLow => "a share of the tank is from 0 to 100 per cent",
                    Kind::DataQuality => "a difference of energy is from 0 to 200 per cent",
                    _ => "a limit is a number, and not negative here",
                };
                return invalid(field, message);
            }
        }
        let usual = kind.usual().limits.map(|limits| limits.direction);
        if let Some(usual) = usual.filter(|usual| *usual != self.direction) {
            let message = format!("{} is raised {} its limit alone", kind.as_str(), usual.as_str());
            return invalid("direction", message);
        }
        let Self { direction, raise, clear } = *self;
        match direction {
            Direction::Above if clear > raise => invalid(
                "clear",
                format!(
                    "what is raised above {raise} is cleared at {raise} or below: give at most {raise}"
                ),
            ),
            Direction::Below if clear < raise => invalid(
                "clear",
                format!(
                    "what is raised below {raise} is cleared at {raise} or above: give at least {raise}"
                ),
            ),
            _ => Ok(()),
        }
    }
}
