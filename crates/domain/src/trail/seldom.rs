//! An export register that is read more seldom than the import of its meter.
//!
//! What it rose by passed since it was read last, as the stored figures have it: it is shared out over the
//! samples between, and not all counted where it was read.

use super::{Sample, Trail, plausible_rise};

impl Trail {
    /// Shares out what the export register of a sample rose by over the samples since it was read last.
    /// A rise that cannot have flowed is left where it was read, to be judged there.
    pub(super) fn share_out_export(&mut self, sample: &Sample) {
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
