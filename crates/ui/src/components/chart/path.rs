//! SVG path data. A missing point is a gap, never a zero and never a bridge.

use super::short;

/// A line through the points that are there; each gap begins a new stroke. A point that stands alone
/// between gaps is drawn as a dot by the round line cap.
pub fn line(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut last: Option<(f64, f64)> = None;
    let mut alone = false;
    for point in points.into_iter().chain([None]) {
        let Some((x, y)) = point else {
            if alone {
                path.push_str("h0");
            }
            (last, alone) = (None, false);
            continue;
        };
        // From one written point to the next: what is rounded off does not add up.
        let (x, y) = (hundredths(x), hundredths(y));
        match last {
            Some((from_x, from_y)) => push(&mut path, 'l', x - from_x, y - from_y),
            None => push(&mut path, 'M', x, y),
        }
        alone = last.is_none();
        last = Some((x, y));
    }
    path
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn push(path: &mut String, command: char, x: f64, y: f64) {
    let (x, y) = (bare(x), bare(y));
    path.push(command);
    path.push_str(&x);
    if !y.starts_with('-') {
        path.push(' ');
    }
    path.push_str(&y);
}

/// A coordinate without the zero before its point.
fn bare(value: f64) -> String {
    let text = short(value);
    match (text.strip_prefix("0."), text.strip_prefix("-0.")) {
        (Some(digits), _) => format!(".{digits}"),
        (_, Some(digits)) => format!("-.{digits}"),
        _ => text,
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
        assert_eq!(line(points), "M0 1l1 1M3 .5l1 0");
    }

    #[test]
    fn a_lonely_point_is_seen() {
        assert_eq!(line([None, Some((2.0, 3.0)), None]), "M2 3h0");
    }

    #[test]
    fn what_is_rounded_off_steps_does_not_add_up() {
        let path = line((0..=300_u16).map(|n| Some((f64::from(n) / 300.0, 0.0))));
        let steps = path.strip_prefix("M0 0l").unwrap().split('l');
        let end: f64 =
            steps.map(|step| step.strip_suffix(" 0").unwrap().parse::<f64>().unwrap()).sum();
        assert!((end - 1.0).abs() < 1e-6, "{path}");
    }

    #[test]
    fn nothing_draws_nothing() {
        assert_eq!(line([None, None]), "");
        assert_eq!(band(&[(0.0, 1.0, 2.0)]), "");
    }

    #[test]
    fn a_band_runs_out_above_and_back_below() {
        assert_eq!(band(&[(0.0, 5.0, 1.0), (1.0, 6.0, 2.0)]), "M0 1l1 1l0 4l-1-1Z");
    }
}
