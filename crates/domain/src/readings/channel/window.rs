//! The rate of change of frequency, where a meter does not say it itself.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

/// Samples in a window, at least and at most.
const FEWEST: usize = 5;
const MOST: usize = 10;
/// What is older than this says nothing about the present.
const LONGEST: TimeDelta = TimeDelta::minutes(1);

/// The last samples of a meter's frequency: at most ten, of the minute before the newest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrequencyWindow(VecDeque<(DateTime<Utc>, f64)>);

impl FrequencyWindow {
    /// Adds a sample in Hz. A late one is left out: the others tell the slope without it.
    pub fn push(&mut self, at: DateTime<Utc>, hz: f64) {
        if self.0.back().is_some_and(|last| at <= last.0) {
            return;
        }
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back((at, hz));
        while self.0.front().is_some_and(|first| at - first.0 > LONGEST) {
            self.0.pop_front();
        }
    }

    /// The slope in Hz/s of the straight line nearest to the samples (ordinary least squares), and the
    /// time of the newest; none with fewer than five.
    pub fn slope(&self) -> Option<(DateTime<Utc>, f64)> {
        let (newest, last_hz) = *self.0.back()?;
        if self.0.len() < FEWEST {
            return None;
        }
        // Taken relative to the newest sample: squares of epoch seconds would cost all digits.
        let points =
            || self.0.iter().map(|(at, hz)| ((*at - newest).as_seconds_f64(), hz - last_hz));
        let count = points().fold(0.0, |n, _| n + 1.0);
        let mean = |of: fn((f64, f64)) -> f64| points().map(of).sum::<f64>() / count;
        let (mean_s, mean_hz) = (mean(|p| p.0), mean(|p| p.1));
        let along: f64 = points().map(|(s, hz)| (s - mean_s) * (hz - mean_hz)).sum();
        let across: f64 = points().map(|(s, _)| (s - mean_s).powi(2)).sum();
        Some((newest, along / across))
    }
}
