//! Durations of things that are done again and again.

use std::time::Instant;

/// Durations in seconds.
#[derive(Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Adds the time since an instant.
    pub fn add(&mut self, since: Instant) {
        self.add_seconds(since.elapsed().as_secs_f64());
    }

    /// Adds a duration in seconds.
    pub fn add_seconds(&mut self, seconds: f64) {
        self.0.push(seconds);
    }

    /// Adds all of others.
    pub fn append(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The number of durations.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The duration in seconds that so many of a thousand do not exceed; not a number where there is none.
    pub fn at(&mut self, thousandths: usize) -> f64 {
        self.0.sort_by(f64::total_cmp);
        let place = self.0.len().saturating_sub(1) * thousandths / 1000;
        self.0.get(place).copied().unwrap_or(f64::NAN)
    }

    /// The longest duration in seconds.
    pub fn longest(&mut self) -> f64 {
        self.at(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_durations_are_found_in_any_order() {
        let mut times = Times::default();
        assert!(times.at(500).is_nan());
        for seconds in (0..=100).rev() {
            times.add_seconds(f64::from(seconds));
        }
        let found =
            [times.at(500), times.at(950), times.longest()].map(|seconds| seconds.to_string());
        assert_eq!(found, ["50", "95", "100"]);
    }
}
