//! The step of a register that nobody stated, from what it showed.

/// Rises that are needed to tell a step from what happened to flow.
const FEWEST_RISES: usize = 8;
/// Registers are looked at in tenths of a watt-hour: a finer step hardly widens an error.
const UNITS_PER_KWH: f64 = 10_000.0;
/// How far from a whole unit a figure may lie that stands on one: twelve digits of a register.
const TOLERANCE: f64 = 0.01;

/// The largest step that a register's figures, in order of time, all stand on: what they moved by is a
/// multiple of it, and not always the same one, as it is where a load is constant. None where they are
/// too few to tell, or stand on no step.
pub fn step_of(figures: &[f64]) -> Option<f64> {
    let units = figures.iter().map(|kwh| {
        let units = (kwh * UNITS_PER_KWH).round();
        let is_whole = (kwh * UNITS_PER_KWH - units).abs() <= TOLERANCE;
        #[expect(clippy::cast_possible_truncation, reason = "a register has fewer digits")]
        (is_whole && units.abs() < 1e15).then_some(units as i64)
    });
    let units: Vec<i64> = units.collect::<Option<_>>()?;
    let moved: Vec<u64> =
        units.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).unsigned_abs()).collect();
    let rises = moved.iter().filter(|units| **units > 0).count();
    let is_varied = moved.iter().any(|units| Some(units) != moved.first());
    let step = moved.iter().copied().fold(0, greatest_common_divisor);
    (rises >= FEWEST_RISES && is_varied).then_some(step as f64 / UNITS_PER_KWH)
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(start: f64, rises: &[f64]) -> Vec<f64> {
        let mut figure = start;
        let after = rises.iter().map(|rise| {
            figure += rise;
            figure
        });
        std::iter::once(start).chain(after.collect::<Vec<_>>()).collect()
    }

    #[test]
    fn a_register_of_whole_kwh_has_a_step_of_one() {
        let figures = register(1_204_311.0, &[2.0, 3.0, 2.0, 3.0, 3.0, 2.0, 2.0, 3.0]);
        assert_eq!(step_of(&figures), Some(1.0));
        let stands = register(7.0, &[0.4, 0.0, 0.4, 0.4, 0.0, 0.4, 0.4, 0.4, 0.4, 0.4]);
        assert_eq!(step_of(&stands), Some(0.4), "times a ratio of its current transformers");
    }

    #[test]
    fn a_constant_load_and_few_readings_tell_of_no_step() {
        assert_eq!(step_of(&register(0.0, &[25.0; 20])), None);
        assert_eq!(step_of(&[0.0, 1_000.0, 1_900.0]), None);
        assert_eq!(step_of(&register(0.0, &[1.0 / 3.0; 20])), None);
        assert_eq!(step_of(&[]), None);
    }

    #[test]
    fn a_register_of_many_digits_has_a_fine_step() {
        let figures = register(88.1, &[0.1234, 0.0511, 0.2, 0.31, 0.0009, 0.004, 0.12, 0.33]);
        assert!(step_of(&figures).unwrap() <= 0.0001);
    }
}
