//! What was found of one meter, and what it counted by that.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Kwh;
use domain::interval::Flags;
use domain::meter::Meter;
use domain::site::Site;
use domain::trail::QUARTER;
use domain::window::{self, Bracket, Ends, Known, Window};
use storage::energy::{Edge, Sum};

use super::Counted;
use super::edges::Edged;
use super::parts::Cut;

/// What may happen to a register without its difference being wrong.
pub(super) const QUIET: i32 = Flags::GAP.0 | Flags::DERIVED.0;

/// What was found of one meter.
pub(super) struct Found<'a> {
    pub(super) meter: &'a Meter,
    pub(super) poll: TimeDelta,
    pub(super) start: Bracket,
    pub(super) end: Bracket,
    pub(super) sum: Option<Sum>,
    pub(super) edges: Vec<Edge>,
    /// Whether a person corrected one of its readings.
    pub(super) corrected: bool,
}

impl Found<'_> {
    fn flags(&self) -> Flags {
        let edges = self.edges.iter().fold(0, |flags, edge| flags | edge.flags);
        Flags(self.sum.as_ref().map_or(0, |sum| sum.flags) | edges)
    }

    /// Whether the difference of the registers may not be the energy.
    fn is_doubtful(&self) -> bool {
        self.corrected || self.flags().0 & !QUIET != 0
    }

    fn ends(&self, window: Window) -> Option<Ends> {
        window::ends(self.meter, self.poll, window, &self.start, &self.end)
    }

    /// Whether there is nothing that bears on the window.
    pub(super) fn is_empty(&self, window: Window) -> bool {
        self.sum.is_none() && self.edges.is_empty() && self.ends(window).is_none()
    }

    /// By the difference of its registers; none where that may not be the energy.
    pub(super) fn by_registers(&self, window: Window, cut: &Cut) -> Option<Counted> {
        // Before the first reading there may be intervals whose readings were dropped.
        if self.is_doubtful() || self.start.before.is_none() {
            return None;
        }
        let ends = self.ends(window)?;
        let (import, export) = ends.difference?;
        Some(self.counted(Some(ends.with(import, export)), cut))
    }

    /// The share of a quarter-hour at an end that lies in the window.
    pub(super) fn share(&self, cut: &Cut, start: DateTime<Utc>) -> f64 {
        // Nothing after the end was read: all of the quarter-hour so far lies before it.
        let is_newest = self.end.before.is_some() && self.end.after.is_none();
        let is_under_way = is_newest && cut.ends_in(start);
        if is_under_way { 1.0 } else { cut.share(start) }
    }

    /// With what the other counters say.
    pub(super) fn counted(&self, known: Option<Known>, cut: &Cut) -> Counted {
        let parts = || self.edges.iter().map(|edge| (edge, self.share(cut, edge.bucket_start)));
        let edge_litres = parts().filter_map(|(edge, share)| Some(edge.diesel_l? * share));
        let litres: Vec<f64> =
            self.sum.iter().filter_map(|sum| sum.diesel_l).chain(edge_litres).collect();
        let seconds: f64 = self.sum.iter().map(|sum| sum.runtime_s).sum::<f64>()
            + parts().map(|(edge, share)| edge.runtime_s * share).sum::<f64>();
        let starts = self.sum.iter().map(|sum| sum.starts).sum::<i64>()
            + parts()
                .filter(|(_, share)| *share > 0.0)
                .map(|(edge, _)| i64::from(edge.starts))
                .sum::<i64>();
        let estimated = self.sum.iter().map(|sum| sum.estimated_kwh).sum::<f64>()
            + parts().map(|(edge, share)| edge.estimated_kwh * share).sum::<f64>();
        Counted {
            known,
            estimated: Kwh(estimated),
            diesel_litres: (!litres.is_empty()).then(|| litres.iter().sum()),
            runtime_hours: seconds / 3600.0,
            starts: u32::try_from(starts).unwrap_or(u32::MAX),
            flags: self.flags(),
            start: self.start,
            end: self.end,
        }
    }

    /// By its intervals: the whole ones, with what passed at the edges.
    pub(super) fn by_intervals(
        &self,
        site: &Site,
        window: Window,
        cut: &Cut,
        edged: Edged,
    ) -> Counted {
        let rows = self.ends_of_intervals(site, window, cut);
        let ends = match (self.ends(window), rows) {
            (Some(ends), Some(rows)) if self.start.before.is_none() => {
                Some(ends.since(rows.from, rows.coverage))
            }
            (ends, rows) => ends.or(rows),
        };
        let sum = |of: fn(&Sum) -> f64| self.sum.as_ref().map_or(0.0, of);
        let import = Kwh(sum(|sum| sum.import_kwh)) + edged.import;
        let export = Kwh(sum(|sum| sum.export_kwh)) + edged.export;
        let known = ends.and_then(|ends| match ends.difference {
            _ if rows.is_some() => Some(ends.with(import, export)),
            // Stored a moment ago, and not computed yet.
            Some((import, export)) if !self.is_doubtful() => Some(ends.with(import, export)),
            _ => None,
        });
        self.counted(known, cut)
    }

    /// Where no register reading is left: from the first interval to the last.
    fn ends_of_intervals(&self, site: &Site, window: Window, cut: &Cut) -> Option<Ends> {
        let (mut from, mut to, mut covered) = (None::<DateTime<Utc>>, None::<DateTime<Utc>>, 0.0);
        let mut stretch = |start: DateTime<Utc>, end: DateTime<Utc>| {
            from = Some(from.map_or(start, |from| from.min(start)));
            to = Some(to.map_or(end, |to| to.max(end)));
        };
        let mut uncertain = 0.0;
        if let Some(sum) = &self.sum {
            covered += sum.covered_s;
            if let (Some(first), Some(last)) = (sum.first_day, sum.last_day) {
                stretch(site.day_start(first), site.day_start(last.succ_opt().unwrap_or(last)));
            }
            if let (Some(first), Some(last)) = (sum.first_quarter, sum.last_quarter) {
                stretch(first, last + QUARTER);
            }
        }
        for edge in &self.edges {
            let share = self.share(cut, edge.bucket_start);
            if share > 0.0 {
                stretch(edge.bucket_start, edge.bucket_start + QUARTER);
                covered += f64::from(edge.coverage) * share * QUARTER.as_seconds_f64();
                uncertain += edge.estimated_kwh;
            }
        }
        let (from, to) = (from?.max(window.from), to?.min(window.to));
        let coverage = covered / (window.to - window.from).as_seconds_f64();
        let coverage = coverage.clamp(0.0, 1.0);
        Some(Ends::of_intervals(self.poll, from, to, Kwh(uncertain), coverage))
    }
}
