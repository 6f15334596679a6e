//! Energy over the first minutes, in which a single poll is a good part of the whole.

use chrono::{DateTime, Utc};

use super::RegisterHistory;
use crate::Kwh;
use crate::energy::Energy;

impl RegisterHistory {
    /// From when samples are kept one by one.
    pub fn recent_since(&self) -> Option<DateTime<Utc>> {
        self.recent.front().map(|mark| mark.at)
    }

    /// Energy between two instants for which single samples are kept, and all that so short a window
    /// leaves uncertain: what passed between the two polls around an end may lie on either side of it,
    /// and a register whose step nobody stated is known to its smallest rise. None while such a
    /// register has not risen.
    pub fn early(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Energy> {
        let energy = self.told(from, to)?;
        let step = if self.register.is_some() && self.step_kwh <= 0.0 {
            self.smallest_rise()?
        } else {
            self.step_kwh
        };
        let ends = self.poll_around(from)? + self.poll_around(to)?;
        Some(Energy { uncertain: Kwh(energy.uncertain.0.max(ends) + step), ..energy })
    }

    /// The larger part of what passed between the polls around an instant; nothing at a poll.
    fn poll_around(&self, at: DateTime<Utc>) -> Option<f64> {
        let after = self.recent.partition_point(|mark| mark.at < at);
        let right = self.recent.get(after)?;
        if right.at == at {
            return Some(0.0);
        }
        let left = self.recent.get(after.checked_sub(1)?)?;
        let share = (at - left.at).as_seconds_f64() / (right.at - left.at).as_seconds_f64();
        let passed = (right.import - left.import) + (right.export - left.export);
        Some(passed * share.max(1.0 - share))
    }

    fn smallest_rise(&self) -> Option<f64> {
        let pairs = self.recent.iter().zip(self.recent.iter().skip(1));
        let rises = pairs
            .filter(|(a, b)| a.run == b.run)
            .flat_map(|(a, b)| [b.import - a.import, b.export - a.export]);
        rises.filter(|rise| *rise > 0.0).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use crate::energy::register_history::{HistorySample, RegisterHistory};
    use crate::meters::hierarchy::tests::meter;

    use super::*;

    fn sample(second: usize, kwh: f64) -> HistorySample {
        HistorySample {
            at: at(second),
            total_kwh: Some(kwh),
            import_kwh: None,
            export_kwh: None,
            power_kw: None,
            runtime_hours: None,
            is_computed: false,
        }
    }

    fn trail(samples: impl IntoIterator<Item = (usize, f64)>) -> RegisterHistory {
        let mut trail = RegisterHistory::new(&meter(1, None, 0, "Grid"), TimeDelta::seconds(5));
        for (second, kwh) in samples {
            trail.push(&sample(second, kwh)).unwrap();
        }
        trail
    }

    fn at(second: usize) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(second).unwrap())
    }

    #[test]
    fn a_register_that_has_not_risen_says_nothing_yet() {
        let still = trail([(1, 5.0), (6, 5.0), (11, 5.0)]);
        assert_eq!(still.early(at(1), at(11)), None);
    }

    #[test]
    fn between_two_polls_it_is_as_wrong_as_their_energy() {
        let trail = trail([(0, 100.0), (10, 101.0), (20, 102.0)]);
        let at_polls = trail.early(at(0), at(20)).unwrap();
        assert_eq!((at_polls.import, at_polls.uncertain), (Kwh(2.0), Kwh(1.0)));
        let between = trail.early(at(4), at(20)).unwrap();
        assert!((between.import.0 - 1.6).abs() < 1e-9);
        assert!((between.uncertain.0 - 1.6).abs() < 1e-9);
    }

    proptest! {
        /// Whatever the load did, and however coarse the register: the truth lies in the band.
        #[test]
        fn the_truth_lies_in_the_band(
            powers in prop::collection::vec(0.0..500.0_f64, 60..240),
            step in prop::sample::select(vec![0.001, 0.01, 0.1, 1.0]),
            poll in 1..9_usize,
            from in 10..20_usize,
            to in 40..50_usize,
        ) {
            let mut sum = 0.0;
            let mut energy = vec![0.0];
            for power in &powers {
                sum += power / 3600.0;
                energy.push(sum);
            }
            let every = energy.iter().enumerate().step_by(poll);
            let read = every.map(|(second, kwh)| (second, (kwh / step).floor() * step));
            let Some(early) = trail(read).early(at(from), at(to)) else { return Ok(()) };
            let truth = energy[to] - energy[from];
            prop_assert!((early.import.0 - truth).abs() <= early.uncertain.0 + 1e-9);
        }
    }
}
