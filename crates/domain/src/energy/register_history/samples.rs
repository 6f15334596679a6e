//! Samples as the stored figures judge them.

use std::ops::Bound::{Excluded, Included};

use chrono::{DateTime, Utc};

use super::{HistorySample, Mark, RegisterHistory};
use crate::energy::interval::{Event, Flags, Point, Quarantined, Register};
use crate::meters::ImportRegister;

impl RegisterHistory {
    /// The mark of a sample; none of one that is no part of its register, or is not decided yet.
    pub(super) fn mark(&mut self, sample: &HistorySample) -> Option<Mark> {
        if let Some(export) = sample.export_kwh {
            self.follow(Register::Export, (sample.at, export), sample);
        }
        let last = self.recent.back().copied();
        let Some(register) = self.register else { return self.integrate(sample, last.as_ref()) };
        let value = match register {
            ImportRegister::Import => sample.import_kwh,
            ImportRegister::Total => sample.total_kwh,
        };
        let register = Register::of(register);
        self.follow(register, (sample.at, value?), sample);
        let mark = self.mark_of(sample.at, sample.runtime_hours);
        if self.judge.stands_at(register, sample.at) {
            return Some(mark);
        }
        let delta = self.judge.waiting(register)?;
        self.waits = true;
        Some(Mark { import: mark.import + delta, ..mark })
    }

    /// The registers as they stand by what was counted.
    pub(super) fn mark_of(&mut self, at: DateTime<Utc>, runtime: Option<f64>) -> Mark {
        let last = self.recent.back();
        let breaks = std::mem::take(&mut self.breaks);
        Mark {
            at,
            import: self.counted.0,
            export: self.counted.1,
            runtime: runtime.or(last.map(|last| last.runtime)).unwrap_or(0.0),
            run: last.map_or(0, |last| last.run + u32::from(breaks)),
            uncertain: 0.0,
        }
    }

    /// Judges a reading of a register as the stored figures do. What a register did that was set back, or rose by
    /// more than can have flowed, these know.
    fn follow(&mut self, register: Register, read: Point, sample: &HistorySample) {
        let since = self.recent.back().map_or(read.0, |last| last.at);
        if self.anew.range((Excluded(since), Included(read.0))).next().is_some() {
            self.judge.begin(register, read);
            self.breaks = true;
            return;
        }
        for event in self.judge.read(register, read, sample.power_kw) {
            match event {
                Event::Moved { from, to, delta, flag, .. }
                    if flag == Flags::default() || flag == Flags::NOISE =>
                {
                    self.count(register, (from, to), delta);
                    self.stand_before(register, to, read.0);
                }
                Event::Dropped => {}
                Event::Moved { to: at, .. } | Event::TooLarge(Quarantined { at, .. }) => {
                    self.breaks = true;
                    self.stand_before(register, at, read.0);
                }
                Event::Replaced(_)
                | Event::TakenBack { .. }
                | Event::Returned { .. }
                | Event::Asked(_)
                | Event::Rescaled { .. }
                | Event::Answered { .. } => {
                    self.breaks = true;
                }
            }
        }
    }

    /// A mark of an earlier reading that is believed only now.
    fn stand_before(&mut self, register: Register, at: DateTime<Utc>, now: DateTime<Utc>) {
        if register != Register::Export && at < now {
            let mark = self.mark_of(at, None);
            self.put(mark);
        }
    }
}
