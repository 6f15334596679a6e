//! An export register that is read more seldom than the import of its meter.
//!
//! What it rose by passed since it was read last, as the stored figures have it: it is shared out over the
//! samples between, and not all counted where it was read.

use chrono::{DateTime, Utc};

use super::RegisterHistory;
use crate::energy::Energy;
use crate::energy::interval::Register;
use crate::energy::staleness::{lag_limit, told_to};

impl RegisterHistory {
    /// With an export register that rose and was read at an instant at last, as far as is stored.
    #[must_use]
    pub fn with_export_read(self, at: Option<DateTime<Utc>>) -> Self {
        Self { export_read: at, ..self }
    }

    /// When the export register was read last; none where none is awaited.
    pub(super) fn export_read(&self) -> Option<DateTime<Utc>> {
        self.export_read.filter(|_| self.register.is_some() && !self.counts_both_ways())
    }

    /// Energy between two instants in both directions; none either where the export register, of which it is
    /// counted, was read too long before the second of them.
    pub fn told(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Energy> {
        let told_to = told_to(to, self.export_read());
        self.energy(from, to).filter(|_| to - told_to <= lag_limit(self.poll))
    }

    /// Up to when a balance can count it: its newest sample, or the one just before with which its export
    /// register was read.
    pub fn told_at(&self) -> Option<DateTime<Utc>> {
        let last = self.last_at()?;
        let told_to = told_to(last, self.export_read());
        Some(if last - told_to <= lag_limit(self.poll) { told_to } else { last })
    }

    /// Counts what a register moved by. A register that is read more seldom than the others is shared out over the
    /// samples since it was read before.
    pub(super) fn count(
        &mut self,
        register: Register,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        delta: f64,
    ) {
        let is_export = register == Register::Export;
        if is_export && (delta > 0.0 || self.export_read.is_some()) {
            self.export_read = self.export_read.max(Some(to));
        }
        let (import, export) = match (is_export, delta >= 0.0) {
            (true, _) => (0.0, delta),
            (false, true) => (delta, 0.0),
            (false, false) => (0.0, -delta),
        };
        (self.counted.0, self.counted.1) = (self.counted.0 + import, self.counted.1 + export);
        let Some(run) = self.recent.back().filter(|last| last.at > from).map(|last| last.run)
        else {
            return;
        };
        for mark in self.recent.iter_mut().chain(&mut self.quarters) {
            if mark.at > from && mark.run == run {
                let passed = (mark.at - from).as_seconds_f64() / (to - from).as_seconds_f64();
                mark.import += import * passed;
                mark.export += export * passed;
            }
        }
    }
}
