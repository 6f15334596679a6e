//! How long to wait after a failure.

use std::time::Duration;

use rand::Rng;

/// Waits that double from failure to failure and begin again after a success. Each is drawn at
/// random from the upper half, so that devices which failed together do not come back together.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Waits from about `first` to `longest`.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// Notes a failure and says how long to wait.
    pub fn fail(&mut self) -> Duration {
        let doubled = self.first.saturating_mul(1 << self.failures.min(20));
        self.failures = self.failures.saturating_add(1);
        doubled.min(self.longest).mul_f64(rand::rng().random_range(0.5..=1.0))
    }

    /// Notes a success.
    pub const fn succeed(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_begin_again_after_a_success() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_mins(1));
        let mut backoff = Backoff::new(first, longest);
        assert!(backoff.fail() <= first);
        let late = (0..40).map(|_| backoff.fail()).last().unwrap();
        assert!(late >= longest / 2 && late <= longest, "{late:?}");
        backoff.succeed();
        assert!(backoff.fail() <= first);
    }
}
