//! Randomness without a generator's state: a number follows from the seed, the meter and the time, so
//! that what is made again is made the same.

use chrono::{DateTime, Utc};

use crate::MeterId;

/// What a number is for, so that two of one instant do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A record's power factor.
    PowerFactor,
    /// A record's voltage.
    Voltage,
    /// Whether an appliance runs; by its place among the meter's.
    Runs(u64),
    /// The clouds over the world.
    Clouds,
}

impl Purpose {
    const fn code(self) -> u64 {
        match self {
            Self::PowerFactor => 1,
            Self::Voltage => 2,
            Self::Clouds => 3,
            Self::Runs(place) => 16 + place,
        }
    }
}

/// A number of 0 to 1, itself not in it, evenly spread.
pub fn unit(seed: u64, meter: MeterId, at: DateTime<Utc>, purpose: Purpose) -> f64 {
    let parts = [meter.0.cast_unsigned(), at.timestamp().cast_unsigned(), purpose.code()];
    let mixed = parts.into_iter().fold(mix(seed), |state, part| mix(state ^ mix(part)));
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// The step of `SplitMix64` (Steele, Lea and Flood, 2014).
const fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn numbers_are_spread_evenly_and_follow_from_their_names_alone() {
        let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let numbers: Vec<f64> = (0..10_000)
            .map(|i| unit(7, MeterId(3), start + TimeDelta::minutes(15 * i), Purpose::Voltage))
            .collect();
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            let within = numbers.iter().filter(|&&u| (from..from + 0.1).contains(&u)).count();
            assert!((850..1_150).contains(&within), "{tenth}: {within}");
        }
        let again = unit(7, MeterId(3), start, Purpose::Voltage);
        assert_eq!(numbers[0].to_bits(), again.to_bits());
        for other in [
            unit(8, MeterId(3), start, Purpose::Voltage),
            unit(7, MeterId(4), start, Purpose::Voltage),
            unit(7, MeterId(3), start, Purpose::PowerFactor),
            unit(7, MeterId(3), start, Purpose::Runs(0)),
        ] {
            assert_ne!(other.to_bits(), again.to_bits());
        }
    }
}
