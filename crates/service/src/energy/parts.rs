//! How a window falls into whole days, whole quarter-hours and pieces.

use std::ops::Range;

use chrono::{DateTime, DurationRound as _, NaiveDate, Utc};
use domain::Kwh;
use domain::energy::QUARTER;
use domain::energy::interval::Interval;
use domain::energy::window::Window;
use domain::period::Step;
use domain::sites::Site;
use storage::energy::Parts;

/// A window, cut.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    window: Window,
    /// The first whole quarter-hour begins here.
    pub(super) first: DateTime<Utc>,
    /// The last whole quarter-hour ends here.
    pub(super) last: DateTime<Utc>,
    /// The whole days and quarter-hours.
    pub(super) parts: Parts,
    /// Starts of the quarter-hours at the ends and next to them.
    pub(super) edges: Vec<DateTime<Utc>>,
}

/// Start of the quarter-hour that holds an instant.
pub(super) fn floor(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(QUARTER).unwrap_or(at)
}

fn ceil(at: DateTime<Utc>) -> DateTime<Utc> {
    let floor = floor(at);
    if floor == at { at } else { floor + QUARTER }
}

/// The days of a site on which the clock is changed, each with its length in seconds.
pub(super) fn changed_days(site: &Site, days: Range<NaiveDate>) -> Vec<(NaiveDate, i32)> {
    let length = |(date, day): (NaiveDate, Window)| {
        let seconds = i32::try_from((day.to - day.from).num_seconds()).ok()?;
        (seconds != 24 * 3600).then_some((date, seconds))
    };
    site.days(days).filter_map(length).collect()
}

impl Cut {
    pub(super) fn of(site: &Site, window: Window) -> Self {
        let (first, last) = (ceil(window.from), floor(window.to));
        let begin = floor(window.from);
        let mut edges = vec![begin - QUARTER, begin, first - QUARTER, last - QUARTER, last];
        edges.sort_unstable();
        edges.dedup();
        let first_day = site.date_at(site.step_from(Step::Day, first));
        let last_day = site.date_at(last);
        let (from, to) = (site.day_start(first_day), site.day_start(last_day));
        let none = (last, last);
        let changed = Vec::new();
        let parts = if last <= first {
            Parts { days: (last_day, last_day), changed, head: none, tail: none }
        } else if to <= from {
            Parts { days: (last_day, last_day), changed, head: (first, last), tail: none }
        } else {
            let changed = changed_days(site, first_day..last_day);
            Parts { days: (first_day, last_day), changed, head: (first, from), tail: (to, last) }
        };
        Self { window, first, last, parts, edges }
    }

    /// The pieces of quarter-hours at the ends: one where the window lies in one quarter-hour.
    pub(super) fn pieces(&self) -> Vec<Window> {
        let Self { window, first, last, .. } = *self;
        let pieces = if first > last {
            vec![window]
        } else {
            vec![Window { to: first, ..window }, Window { from: last, ..window }]
        };
        pieces.into_iter().filter(|piece| piece.from < piece.to).collect()
    }

    /// The share of a quarter-hour at an end that lies in the window; 0 of those next to it.
    pub(super) fn share(&self, start: DateTime<Utc>) -> f64 {
        let end = start + QUARTER;
        let inside = end.min(self.window.to) - start.max(self.window.from);
        let share = inside.as_seconds_f64() / QUARTER.as_seconds_f64();
        if start >= self.first && end <= self.last { 0.0 } else { share.max(0.0) }
    }

    /// Whether the window ends inside this quarter-hour.
    pub(super) fn ends_in(&self, start: DateTime<Utc>) -> bool {
        start < self.window.to && self.window.to < start + QUARTER && start >= self.window.from
    }
}

/// What passed in the pieces of quarter-hours at the ends of the window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edged {
    pub(super) import: Kwh,
    pub(super) export: Kwh,
    /// The part of both whose place is a guess.
    pub(super) estimated: Kwh,
    /// Litres by its own fuel counter.
    pub(super) diesel_l: Option<f64>,
    pub(super) runtime_s: f64,
    pub(super) starts: i64,
    /// Seconds whose energy is known.
    pub(super) backed_s: f64,
}

impl std::ops::AddAssign for Edged {
    fn add_assign(&mut self, other: Self) {
        self.import += other.import;
        self.export += other.export;
        self.estimated += other.estimated;
        self.diesel_l = [self.diesel_l, other.diesel_l].into_iter().flatten().reduce(|a, b| a + b);
        self.runtime_s += other.runtime_s;
        self.starts += other.starts;
        self.backed_s += other.backed_s;
    }
}

impl From<Interval> for Edged {
    fn from(fold: Interval) -> Self {
        Self {
            import: fold.import,
            export: fold.export,
            estimated: fold.estimated,
            diesel_l: fold.diesel_litres,
            runtime_s: fold.runtime_seconds,
            starts: i64::from(fold.starts),
            backed_s: fold.backed_seconds(),
        }
    }
}
