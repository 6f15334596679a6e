//! Noise without state: the same seed, stream and position give the same number.

/// A source of numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// An independent source.
    pub(crate) const fn stream(self, number: u64) -> Self {
        Self(mix(self.0 ^ mix(number)))
    }

    /// One whole number from 0 to below `limit`, always the same.
    pub(crate) const fn below(self, limit: i64) -> i64 {
        (self.0 % limit.cast_unsigned()).cast_signed()
    }

    /// Evenly spread over 0 to 1.
    pub(crate) fn uniform(self, position: i64) -> f64 {
        (mix(self.0 ^ mix(position.cast_unsigned())) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between -1 and 1, changing steadily from one multiple of `span` to the next.
    pub(crate) fn drift(self, position: i64, span: i64) -> f64 {
        let knot = position.div_euclid(span);
        let share = position.rem_euclid(span) as f64 / span as f64;
        let (before, after) = (self.uniform(knot), self.uniform(knot + 1));
        (before + (after - before) * share) * 2.0 - 1.0
    }
}

/// The output function of `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
const fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
