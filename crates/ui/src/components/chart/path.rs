//! SVG path data. A missing point is a gap, never a zero and never a bridge.

use super::short;

/// A line through the points that are there; each gap begins a new stroke. A point that stands alone
/// between gaps is drawn as a dot by the round line cap.
pub fn line(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut drawing = false;
    let mut alone = false;
    for point in points {
        let Some((x, y)) = point else {
            close_dot(&mut path, alone);
            (drawing, alone) = (false, false);
            continue;
        };
        path.push(if drawing { 'L' } else { 'M' });
        path.push_str(&short(x));
        path.push(' ');
        path.push_str(&short(y));
        (drawing, alone) = (true, !drawing);
    }
    close_dot(&mut path, alone);
    path
}

fn close_dot(path: &mut String, alone: bool) {
    if alone {
        path.push_str("h0");
    }
}

/// The area between a lower and an upper line over one unbroken stretch of `(x, low, high)`.
pub fn band(points: &[(f64, f64, f64)]) -> String {
    let upper = points.iter().map(|&(x, _, high)| Some((x, high)));
    let lower = points.iter().rev().map(|&(x, low, _)| Some((x, low)));
    if points.len() < 2 {
        return String::new();
    }
    let mut path = line(upper.chain(lower));
    path.push('Z');
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_lifts_the_pen() {
        let points = [Some((0.0, 1.0)), Some((1.0, 2.0)), None, Some((3.0, 0.5)), Some((4.0, 0.5))];
        assert_eq!(line(points), "M0 1L1 2M3 0.5L4 0.5");
    }

    #[test]
    fn a_lonely_point_is_seen() {
        assert_eq!(line([None, Some((2.0, 3.0)), None]), "M2 3h0");
    }

    #[test]
    fn nothing_draws_nothing() {
        assert_eq!(line([None, None]), "");
        assert_eq!(band(&[(0.0, 1.0, 2.0)]), "");
    }

    #[test]
    fn a_band_runs_out_above_and_back_below() {
        assert_eq!(band(&[(0.0, 5.0, 1.0), (1.0, 6.0, 2.0)]), "M0 1L1 2L1 6L0 5Z");
    }
}
