//! The time that the litres of an interval cover, and what was produced beside it.
//!
//! Litres do not say how much was produced with them, and what was produced in time that they do not cover
//! is counted by a factor. Where that time begins or ends within an interval, its energy is noted, since the
//! readings that tell it are dropped one day.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Carry, Interval, Read, Rules, fold};
use crate::Kwh;

/// The time that the litres of an interval cover.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fuel {
    /// Since when; of increments none: each covers the time since the reading with litres before it, the
    /// first of a day since midnight.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    #[serde(rename = "t")]
    pub to: DateTime<Utc>,
    /// What passed in the interval before it.
    #[serde(rename = "b", default, skip_serializing_if = "Beside::is_nothing")]
    pub before: Beside,
    /// What passed in the interval after it.
    #[serde(rename = "a", default, skip_serializing_if = "Beside::is_nothing")]
    pub after: Beside,
}

/// Energy in time that no litres cover.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    #[serde(rename = "i")]
    pub import: Kwh,
    #[serde(rename = "e")]
    pub export: Kwh,
}

impl Beside {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn sum<'a>(parts: impl Iterator<Item = &'a Interval>) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            import: sum.import + part.import,
            export: sum.export + part.export,
        })
    }
}

impl Interval {
    /// Adds litres.
    pub(super) fn burn(&mut self, litres: f64) {
        self.diesel_litres = Some(self.diesel_litres.unwrap_or(0.0) + litres);
    }

    /// Notes a time that litres cover.
    pub(super) fn fuel_covers(&mut self, from: Option<DateTime<Utc>>, to: DateTime<Utc>) {
        let (before, after) = (Beside::default(), Beside::default());
        let known = self.fuel.unwrap_or(Fuel { from, to, before, after });
        let from = known.from.zip(from).map(|(known, from)| known.min(from));
        self.fuel = Some(Fuel { from, to: known.to.max(to), before, after });
    }

    /// The instants within it at which the time begins or ends that its litres cover.
    fn cuts(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let ends = self.fuel.into_iter().flat_map(|fuel| [fuel.from, Some(fuel.to)]);
        ends.flatten().filter(|&at| self.start < at && at < self.end)
    }
}

/// Notes what passed beside the time that litres cover: `intervals` are what [`fold`] made of the rest.
pub fn beside_fuel(
    rules: &Rules,
    carry: Option<&Carry>,
    reads: &[Read],
    bounds: &[DateTime<Utc>],
    intervals: &mut [Interval],
) {
    if intervals.iter().all(|interval| interval.fuel.is_none()) {
        return;
    }
    let mut cuts: Vec<_> = intervals.iter().flat_map(Interval::cuts).collect();
    let parts = if cuts.is_empty() {
        intervals.to_vec()
    } else {
        cuts.extend(bounds);
        cuts.sort_unstable();
        cuts.dedup();
        fold(rules, carry, reads, &cuts).intervals
    };
    for Interval { start, end, fuel, .. } in intervals {
        let Some(fuel) = fuel else { continue };
        let parts = || parts.iter().filter(|part| part.start >= *start && part.end <= *end);
        let is_before = |part: &&Interval| fuel.from.is_some_and(|from| part.end <= from);
        let (before, after) = (
            Beside::sum(parts().filter(is_before)),
            Beside::sum(parts().filter(|part| part.start >= fuel.to)),
        );
        *fuel = Fuel { before, after, ..*fuel };
    }
}
