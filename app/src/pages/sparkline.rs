//! A small line of the last 24 hours. Silent to screen readers: figures beside it say the same.

use ui::components::chart::path::line;

const WIDTH: f64 = 66.0;
const HEIGHT: f64 = 18.0;
/// Room above and below, for the end dot.
const MARGIN: f64 = 2.5;

/// The line through heights from 0 to 1, and the height of zero where it runs below that.
pub(crate) fn draw(heights: &[Option<f64>], zero: Option<f64>, class: &str) -> String {
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    let y = |height: f64| tenth(HEIGHT - MARGIN - height * (HEIGHT - 2.0 * MARGIN));
    let steps = heights.len().saturating_sub(1).max(1) as f64;
    let x = |i: usize| tenth(i as f64 / steps * (WIDTH - MARGIN));
    let place = |(i, height): (usize, &Option<f64>)| height.map(|height| (x(i), y(height)));
    let points: Vec<_> = heights.iter().enumerate().map(place).collect();
    let zero = match zero {
        Some(zero) if zero > 0.0 => {
            let y = y(zero);
            format!("<line class=\"spark-zero\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>")
        }
        _ => String::new(),
    };
    let end = match points.last() {
        Some(Some((x, y))) => format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"2\"/>"),
        _ => String::new(),
    };
    format!(
        "<svg class=\"spark {class}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" aria-hidden=\"true\">{zero}\
         <path d=\"{}\"/>{end}</svg>",
        line(points),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_end_has_no_dot() {
        assert!(!draw(&[Some(1.0), None], None, "").contains("circle"));
        let drawn = draw(&[Some(0.0), Some(1.0)], None, "");
        assert!(drawn.contains("<circle cx=\"63.5\" cy=\"2.5\" r=\"2\"/>"), "{drawn}");
    }
}
