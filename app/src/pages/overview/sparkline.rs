//! A small line of the last 24 hours, from zero.

use markup::{Html, html};
use ui::components::chart::path::line;
use ui::components::chart::scale::Scale;

const WIDTH: f64 = 66.0;
const HEIGHT: f64 = 18.0;
/// Room above and below, for the end dot.
const MARGIN: f64 = 2.5;

/// Where the line runs.
#[derive(Debug, Clone, PartialEq)]
struct Shape {
    path: String,
    zero: Option<f64>,
    end: Option<(f64, f64)>,
}

fn shape(points: &[Option<f64>]) -> Shape {
    let known = || points.iter().flatten().copied();
    let scale = Scale::new(known().fold(0.0, f64::min), known().fold(0.0, f64::max));
    let y = |value: f64| tenth(MARGIN + scale.below_top(value) / 100.0 * (HEIGHT - 2.0 * MARGIN));
    let right = WIDTH - MARGIN;
    let steps = points.len().saturating_sub(1).max(1) as f64;
    let place = |(i, value): (usize, &Option<f64>)| {
        value.map(|value| (tenth(i as f64 / steps * right), y(value)))
    };
    let end = points.iter().enumerate().next_back().and_then(place);
    let below = known().any(|value| value < 0.0);
    Shape { path: line(points.iter().enumerate().map(place)), zero: below.then(|| y(0.0)), end }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Silent to screen readers: figures beside it say the same.
pub(super) fn draw(points: &[Option<f64>], class: &str) -> Html {
    let Shape { path, zero, end } = shape(points);
    let zero = zero.map(|y| html! { <line class="spark-zero" x1="0" x2=WIDTH y1=y y2=y /> });
    let end = end.map(|(x, y)| html! { <circle cx=x cy=y r="2" /> });
    html! {
        <svg class=format!("spark {class}") width=WIDTH height=HEIGHT aria-hidden="true">
            {zero}
            <path d=path />
            {end}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_goes_below_zero_shows_where_zero_is() {
        assert_eq!(shape(&[Some(1.0), Some(2.0)]).zero, None);
        assert!(shape(&[Some(1.0), Some(-2.0)]).zero.is_some());
    }

    #[test]
    fn a_silent_end_has_no_dot() {
        assert!(shape(&[Some(1.0), None]).end.is_none());
        assert_eq!(shape(&[Some(0.0), Some(1.0)]).end, Some((63.5, 2.5)));
    }
}
