//! Energy of a window as far as a trail has passed it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Mark, RegisterHistory};
use crate::Kwh;
use crate::energy::window::{Ends, Known};

impl RegisterHistory {
    /// The energy of a window as far as the trail has passed it. What lies before its first sample or
    /// after its newest one is not known, and shows as missing coverage; nor is a step at which a run
    /// ended. None where the trail has nothing of the window.
    pub fn known(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Known> {
        let (first, last) = (self.first?.max(from), self.last_at()?.min(to));
        let marks = self.marks(first, last);
        let (start, end) = (marks.first()?, marks.last()?);
        if start.at >= end.at {
            return None;
        }
        let (mut import, mut export, mut unknown) = (0.0, 0.0, TimeDelta::zero());
        for run in marks.chunk_by(|a, b| a.run == b.run) {
            let (Some(start), Some(end)) = (run.first(), run.last()) else { continue };
            import += end.import - start.import;
            export += end.export - start.export;
        }
        for pair in marks.windows(2).filter(|pair| pair[0].run != pair[1].run) {
            unknown += pair[1].at - pair[0].at;
        }
        let seconds = |time: TimeDelta| time.as_seconds_f64();
        let read = self.coverage(from, last) * seconds(last - from) - seconds(unknown);
        let coverage = (read / seconds(to - from)).clamp(0.0, 1.0);
        let uncertain = Kwh(start.uncertain + end.uncertain);
        let ends = Ends::of_intervals(self.poll, start.at, end.at, uncertain, coverage);
        let known = ends.with(Kwh(import), Kwh(export), unknown);
        Some(known.with_export_read(self.export_read()))
    }

    /// What is known of the registers between two instants, with these.
    fn marks(&self, first: DateTime<Utc>, last: DateTime<Utc>) -> Vec<Mark> {
        let (start, end) = (self.mark_at(first), self.mark_at(last));
        // Runs follow each other: what lies between two marks of one run is of that run, too.
        if let (Some(start), Some(end)) = (start, end)
            && start.run == end.run
        {
            return vec![start, end];
        }
        let recent_since = self.recent.front().map(|mark| mark.at);
        let older = |mark: &&Mark| recent_since.is_none_or(|since| mark.at < since);
        let inside = |mark: &&Mark| first < mark.at && mark.at < last;
        let kept = self.quarters.iter().filter(older).chain(&self.recent).filter(inside);
        start.into_iter().chain(kept.copied()).chain(end).collect()
    }
}
