//! Scales with round ticks.

/// How far a scale goes beyond what it shows.
const HEADROOM: f64 = 1.05;

/// A scale from values to per cent of the plot. Both ends differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From `low` to `high`; where they are the same, a scale one wide.
    pub fn new(low: f64, high: f64) -> Self {
        if high > low { Self { low, high } } else { Self { low, high: low + 1.0 } }
    }

    /// A scale that shows all values with zero and some room, ending at half a tick at the finest.
    pub fn nice(values: impl IntoIterator<Item = f64>, ticks: u32) -> Self {
        let (low, high) =
            values.into_iter().fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        let (low, high) = (low * HEADROOM, high * HEADROOM);
        let step = nice_step(high - low, ticks) / 2.0;
        Self::new((low / step).floor() * step, (high / step).ceil() * step)
    }

    /// A scale that shows all values closely, with a little room: for what varies around a great value.
    #[cfg(feature = "ssr")]
    pub fn around(values: impl IntoIterator<Item = f64>, ticks: u32) -> Self {
        let ends = values.into_iter().map(|value| (value, value));
        let Some((low, high)) = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
            return Self::new(0.0, 1.0);
        };
        let room = ((high - low) * (HEADROOM - 1.0)).max(high.abs() * 1e-3).max(1e-3);
        let step = nice_step(high - low + 2.0 * room, ticks) / 2.0;
        Self::new(((low - room) / step).floor() * step, ((high + room) / step).ceil() * step)
    }

    pub fn high(self) -> f64 {
        self.high
    }

    /// Where a value lies, in per cent from the lower end; outside the scale it is held at the end.
    pub fn percent(self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low) * 100.0).clamp(0.0, 100.0)
    }

    /// The same from the top, as SVG counts.
    pub fn below_top(self, value: f64) -> f64 {
        100.0 - self.percent(value)
    }

    /// Round numbers over the scale, about as many as asked for.
    pub fn ticks(self, count: u32) -> Vec<f64> {
        let step = nice_step(self.high - self.low, count);
        let first = (self.low / step).ceil();
        let steps = (self.high / step - first + 1e-9).floor();
        (0..=100).map(f64::from).take_while(|i| *i <= steps).map(|i| (first + i) * step).collect()
    }
}

/// 1, 2 or 5 times a power of ten that parts `span` into about `count` steps.
fn nice_step(span: f64, count: u32) -> f64 {
    let raw = (span / f64::from(count.max(1))).max(f64::MIN_POSITIVE);
    if raw < 1e-9 {
        return 1.0;
    }
    let power = 10_f64.powf(raw.log10().floor());
    let factor = match raw / power {
        f if f <= 1.0 => 1.0,
        f if f <= 2.0 => 2.0,
        f if f <= 5.0 => 5.0,
        _ => 10.0,
    };
    factor * power
}

/// The decimals that tell neighbouring ticks apart.
pub fn tick_places(ticks: &[f64]) -> usize {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    match step {
        s if s >= 0.999 => 0,
        s if s >= 0.0999 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_contains_its_values_and_zero_and_ends_round() {
        let scale = Scale::nice([310.0, 548.7], 4);
        assert_eq!(scale.ticks(4), [0.0, 200.0, 400.0, 600.0]);
        assert!((scale.high() - 600.0).abs() < 1e-9);
        assert!((Scale::nice([580.0], 4).high() - 700.0).abs() < 1e-9);
    }

    #[test]
    fn up_is_up() {
        let scale = Scale::new(0.0, 600.0);
        assert!((scale.below_top(600.0)).abs() < 1e-9);
        assert!((scale.below_top(0.0) - 100.0).abs() < 1e-9);
        assert!((scale.percent(150.0) - 25.0).abs() < 1e-9);
    }

    #[test]
    fn values_below_zero_extend_the_scale_downwards() {
        let scale = Scale::nice([-3.2, 8.0], 4);
        assert_eq!(scale.ticks(4), [-5.0, 0.0, 5.0, 10.0]);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn what_varies_little_is_shown_closely() {
        let scale = Scale::around([229.1, 231.4], 4);
        assert!(scale.below_top(229.1) < 100.0 && scale.below_top(231.4) > 0.0);
        assert!((scale.ticks(4)[0] - 229.0).abs() < 1e-9);
        assert!(Scale::around([50.0], 4).ticks(4).len() > 1);
    }

    #[test]
    fn nothing_at_all_still_has_a_scale() {
        let scale = Scale::nice([], 4);
        assert!((scale.percent(0.0)).abs() < 1e-9);
        assert!(!scale.ticks(4).is_empty());
    }

    #[test]
    fn what_lies_outside_is_held_at_the_end() {
        assert!((Scale::new(0.0, 10.0).percent(12.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn small_steps_get_decimals() {
        assert_eq!(tick_places(&[0.0, 0.5, 1.0]), 1);
        assert_eq!(tick_places(&[0.0, 200.0]), 0);
    }
}
