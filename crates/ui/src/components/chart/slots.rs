//! Series of equal steps, such as a day's quarter-hours.

use std::ops::Range;

/// Stretches without a value before the last value: what is missing, not what is still to come.
pub fn gaps(points: &[Option<f64>]) -> Vec<Range<usize>> {
    let end = points.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    runs(&points[..end], Option::is_none)
}

/// Stretches of items that fulfil a condition.
pub fn runs<T>(items: &[T], is: impl Fn(&T) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for i in (0..items.len()).filter(|&i| is(&items[i])) {
        match found.last_mut() {
            Some(run) if run.end == i => run.end = i + 1,
            _ => found.push(i..i + 1),
        }
    }
    found
}

/// The points of a step line's middles: x in per cent of `slots` steps, y by `y`.
pub fn middles(
    points: &[Option<f64>],
    slots: usize,
    y: impl Fn(f64) -> f64,
) -> Vec<Option<(f64, f64)>> {
    let x = |i: usize| (i as f64 + 0.5) / slots.max(1) as f64 * 100.0;
    points.iter().enumerate().map(|(i, point)| point.map(|value| (x(i), y(value)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_to_come_is_no_gap() {
        let points = [None, Some(1.0), None, None, Some(2.0), None];
        assert_eq!(gaps(&points), [0..1, 2..4]);
        assert!(gaps(&[None, None]).is_empty());
    }

    #[test]
    fn steps_are_drawn_at_their_middle() {
        let points = middles(&[Some(3.0), None], 4, |y| y);
        assert_eq!(points, [Some((12.5, 3.0)), None]);
    }
}
