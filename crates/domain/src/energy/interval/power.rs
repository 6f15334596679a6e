//! Power samples: straight lines of power between them.

use chrono::{DateTime, Utc};

/// A straight line of power, kW, over a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
    pub(super) first: f64,
    pub(super) last: f64,
}

impl Line {
    fn at(&self, at: DateTime<Utc>) -> f64 {
        let share = (at - self.from).as_seconds_f64() / (self.to - self.from).as_seconds_f64();
        self.first + (self.last - self.first) * share
    }

    /// The part between two instants; none where they do not meet.
    pub(super) fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Self> {
        let (from, to) = (from.max(self.from), to.min(self.to));
        (from < to).then(|| Self { from, to, first: self.at(from), last: self.at(to) })
    }

    /// Its energy above zero and below zero, kWh, both positive: trapezoids, split where it crosses.
    pub(super) fn energy(&self) -> (f64, f64) {
        let hours = (self.to - self.from).as_seconds_f64() / 3600.0;
        let (a, b) = (self.first, self.last);
        if a >= 0.0 && b >= 0.0 {
            return (f64::midpoint(a, b) * hours, 0.0);
        }
        if a <= 0.0 && b <= 0.0 {
            return (0.0, -f64::midpoint(a, b) * hours);
        }
        let crossing = a / (a - b);
        let first = a / 2.0 * crossing * hours;
        let second = b / 2.0 * (1.0 - crossing) * hours;
        if a > 0.0 { (first, -second) } else { (second, -first) }
    }
}
