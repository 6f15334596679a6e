//! Fuel of readings that state what was burnt since the one before.

use chrono::{DateTime, Utc};

use super::Run;
use crate::Field;
use crate::energy::interval::{Decision, DieselRegister, Flags, Quarantined, Read, Stepped};

impl Run<'_> {
    /// The interval that the litres of a reading were burnt in: the one that ends with it or holds it. A
    /// reading before which nothing is known has none that ends with it.
    fn burnt_in(&self, at: DateTime<Utc>) -> Option<usize> {
        let begun = self.bounds.partition_point(|&bound| bound < at);
        let is_first = self.from_nothing && self.bounds.first() == Some(&at);
        let index = if is_first { Some(0) } else { begun.checked_sub(1) };
        index.filter(|&index| index < self.found.intervals.len())
    }

    /// Litres that a reading states as burnt since the one before.
    pub(super) fn increment(&mut self, read: &Read) {
        let Some(litres) = read.values.diesel_consumption_liters else { return };
        if self.rules.diesel != DieselRegister::Increment {
            return;
        }
        let field = Field::DieselConsumptionLiters;
        let step = Stepped { previous: 0.0, value: litres, delta: litres };
        let decision = self.rules.decisions.about(read.at, field, &step);
        if litres < 0.0 && decision != Some(Decision::Accept) {
            self.flag(read.at, Flags::QUARANTINED);
            self.found.quarantined.push(Quarantined {
                at: read.at,
                field,
                kind: step.question(),
                previous_at: read.at,
                previous: 0.0,
                value: litres,
                delta: litres,
                plausible: f64::INFINITY,
                rated_kw: None,
                needed_kw: None,
                last_at: read.at,
                decision,
            });
        } else if let Some(index) = self.burnt_in(read.at) {
            let interval = &mut self.found.intervals[index];
            interval.burn(litres);
            interval.fuel_covers(None, read.at);
        }
    }
}
