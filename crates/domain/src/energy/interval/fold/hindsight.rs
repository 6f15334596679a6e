//! Later readings show this of earlier ones.

use chrono::{DateTime, Utc};

use crate::Field;
use crate::energy::interval::Register;
use crate::energy::interval::track::Asked;

/// A figure of a register that is kept, shown, and no energy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlier {
    pub at: DateTime<Utc>,
    pub field: Field,
    pub value: f64,
}

/// Something that a later reading shows of earlier ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excluded {
    register: Register,
    of: Hindsight,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Hindsight {
    /// Readings between two instants are outliers.
    Outliers { after: DateTime<Utc>, before: DateTime<Utc> },
    /// The same, but for those on the track that the register returned to.
    Away { after: DateTime<Utc>, before: DateTime<Utc> },
    /// Nothing counts before a person has answered.
    Asked(Asked),
    /// Estimates since an instant count by so much.
    Rescaled { after: DateTime<Utc>, before: DateTime<Utc>, scale: f64 },
}

impl Excluded {
    pub(super) const fn new(register: Register, of: Hindsight) -> Self {
        Self { register, of }
    }

    /// Whether a reading is an outlier, by whether it is on the track that was believed before.
    pub(super) fn holds(
        &self,
        register: Register,
        at: DateTime<Utc>,
        is_on_track: impl Fn() -> bool,
    ) -> bool {
        let (after, before) = match self.of {
            Hindsight::Outliers { after, before } => (after, before),
            Hindsight::Away { after, before } if !is_on_track() => (after, before),
            _ => return false,
        };
        self.register == register && after < at && at < before
    }

    /// How much of the rises of what was estimated at an instant counts, after an actual reading.
    pub(super) fn scale(
        &self,
        register: Register,
        actual: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Option<f64> {
        let Hindsight::Rescaled { after, before, scale } = self.of else { return None };
        (self.register == register && after == actual && at < before).then_some(scale)
    }

    pub(super) fn asked(&self, register: Register, at: DateTime<Utc>) -> Option<Asked> {
        let Hindsight::Asked(asked) = self.of else { return None };
        (self.register == register && (asked.from..=asked.at.0).contains(&at)).then_some(asked)
    }
}
