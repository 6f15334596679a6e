//! An export register that is read more seldom than the import of its meter.
//!
//! What it rose by passed since it was read last, as the stored figures have it: it is shared out over the
//! samples between, and not all counted where it was read.

use chrono::{DateTime, Utc};

use super::{HistorySample, RegisterHistory, plausible_rise};
use crate::energy::Energy;
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

    /// Notes that the export register was read, of one that rose.
    pub(super) fn note_export_read(&mut self, sample: &HistorySample) {
        let Some(export) = sample.export_kwh.filter(|_| self.has_export) else { return };
        let rose = self.recent.back().is_some_and(|last| export > last.export);
        if rose || self.export_read.is_some() {
            self.export_read = self.export_read.max(Some(sample.at));
        }
    }

    /// Shares out what the export register of a sample rose by over the samples since it was read last.
    /// A rise that cannot have flowed is left where it was read, to be judged there.
    pub(super) fn share_out_export(&mut self, sample: &HistorySample) {
        if self.register.is_none() || self.counts_both_ways() {
            return;
        }
        let Some(export) = sample.export_kwh else { return };
        let before = self.export_at.replace(sample.at);
        let Some((from, last)) = before.zip(self.recent.back().copied()) else { return };
        let (elapsed, rise) = (sample.at - from, export - last.export);
        let is_plausible = rise <= plausible_rise(self.rated, self.step_kwh, elapsed);
        if from >= last.at || rise <= 0.0 || !is_plausible {
            return;
        }
        for mark in self.recent.iter_mut().chain(&mut self.quarters) {
            if mark.at > from && mark.run == last.run {
                let passed = (mark.at - from).as_seconds_f64() / elapsed.as_seconds_f64();
                mark.export += rise * passed;
            }
        }
    }
}
