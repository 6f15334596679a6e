//! A figure of today on its scale: an honest bar with its normal range and yesterday's tick.

use domain::live::Gauge as Values;
use leptos::prelude::*;

use super::chart::percent;
use super::chart::scale::Scale;
use super::figure::Figure;
use super::mark::{Mark, Shape};
use crate::components::lean::{AtOnce as _, piece, text};
use crate::words::state as words;

/// Which side of the normal range deserves attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worse {
    High,
    Low,
}

/// The state against the normal range; none where there is no range yet.
fn state(values: &Values, worse: Worse) -> Option<(Shape, &'static str)> {
    let (value, (low, high)) = values.value.zip(values.normal)?;
    let shape = |side| if worse == side { Shape::Warn } else { Shape::Ring };
    Some(if value > high {
        (shape(Worse::High), words::ABOVE)
    } else if value < low {
        (shape(Worse::Low), words::BELOW)
    } else {
        (Shape::Good, words::IN_RANGE)
    })
}

/// The end of the bar: round, with some room beyond everything that is shown.
fn scale(values: &Values) -> Scale {
    const ROUND: [f64; 11] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let shown = [values.value, values.yesterday, values.normal.map(|(_, high)| high)];
    let most = shown.into_iter().flatten().fold(0.0, f64::max) * 1.05;
    if most <= 0.0 {
        return Scale::new(0.0, 1.0);
    }
    let power = 10_f64.powf(most.log10().floor());
    let factor = ROUND.into_iter().find(|round| round * power >= most).unwrap_or(10.0);
    Scale::new(0.0, factor * power)
}

/// A number under the bar.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    x: f64,
    anchor: &'static str,
    value: f64,
    tick: bool,
}

/// The numbers under the bar that do not run into each other: zero, the normal range, the maximum.
fn numbers(scale: Scale, normal: Option<(f64, f64)>) -> Vec<Number> {
    /// Room for one number, in per cent of the bar.
    const ROOM: f64 = 18.0;
    let number = |x, anchor, value, tick| Number { x, anchor, value, tick };
    let end = number(100.0, "end", scale.high(), false);
    let mut found = vec![number(0.0, "start", 0.0, false)];
    let Some((low, high)) = normal else {
        found.push(end);
        return found;
    };
    let (x_low, x_high) = (scale.percent(low), scale.percent(high));
    let close = x_high - x_low < ROOM;
    let high_anchor = match x_high {
        x if x > 100.0 - ROOM / 2.0 => "end",
        _ if close => "start",
        _ => "middle",
    };
    let low_right = if close { x_low } else { x_low + ROOM / 2.0 };
    if low_right > ROOM && !(close && high_anchor == "end") {
        found.push(number(x_low, if close { "end" } else { "middle" }, low, true));
    }
    if x_high > ROOM / 2.0 {
        found.push(number(x_high, high_anchor, high, true));
    }
    if x_high < 100.0 - 2.0 * ROOM {
        found.push(end);
    }
    found
}

/// Label and state, value and second value, bar and scale.
#[component]
pub(crate) fn Gauge(
    label: &'static str,
    unit: &'static str,
    /// Colour of the bar.
    class: &'static str,
    worse: Worse,
    #[prop(into)] values: Signal<Values>,
    /// How a value is written.
    format: fn(f64) -> String,
    /// How a number of the scale is written.
    scale_format: fn(f64) -> String,
    /// What stands at the right of the value.
    #[prop(into)]
    side: Signal<Option<String>>,
) -> impl IntoView {
    let state = Memo::new(move |_| state(&values.get(), worse));
    let value = Signal::derive(move || {
        values.get().value.map_or_else(|| super::figure::UNKNOWN.to_owned(), format)
    });
    view! {
        <li class="gauge">
            <span class="gauge-label">
                {label} <span class="gauge-today">" " {words::TODAY}</span>
            </span>
            <span class="gauge-state">
                {piece(move || {
                    state
                        .get()
                        .map(|(shape, word)| view! { <Mark shape /> <span class="gauge-word">{word}</span> })
                })}
            </span>
            <span class="gauge-value">
                <Figure value unit />
            </span>
            <span class="gauge-side">{side}</span>
            <GaugeBar values class scale_format />
        </li>
    }
    .at_once()
}

#[component]
fn GaugeBar(
    values: Signal<Values>,
    class: &'static str,
    scale_format: fn(f64) -> String,
) -> impl IntoView {
    let scale = Memo::new(move |_| scale(&values.get()));
    let at = move |value: f64| percent(scale.get().percent(value));
    let band = piece(move || {
        let (low, high) = values.get().normal?;
        let width = scale.get().percent(high) - scale.get().percent(low);
        Some(view! {
            <rect class="gauge-normal" x=at(low) y="0" width=percent(width) height="16" />
        })
    });
    let yesterday = piece(move || {
        let x = at(values.get().yesterday?);
        Some(view! { <line class="gauge-yesterday" x1=x.clone() x2=x y1="0" y2="16" /> })
    });
    let numbers = piece(move || {
        let under = move |number: Number| {
            let x = percent(number.x);
            let tick = number.tick.then(|| {
                view! { <line class="gauge-tick" x1=x.clone() x2=x.clone() y1="16" y2="20" /> }
            });
            view! {
                {tick}
                <text class="gauge-number" x=x y="31" text-anchor=number.anchor>
                    {scale_format(number.value)}
                </text>
            }
        };
        numbers(scale.get(), values.get().normal).into_iter().map(under).collect_view()
    });
    view! {
        <svg class="gauge-bar" aria-hidden="true">
            {band}
            <rect
                class=class
                x="0"
                y="4"
                width=text(move || at(values.get().value.unwrap_or(0.0)))
                height="8"
            />
            {yesterday} <line class="gauge-base" x1="0" x2="100%" y1="16.5" y2="16.5" />
            {numbers}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(value: f64, normal: Option<(f64, f64)>) -> Values {
        Values { value: Some(value), yesterday: None, normal }
    }

    #[test]
    fn the_scale_ends_round_and_beyond_everything() {
        assert!((scale(&values(3.6, Some((1.4, 2.6)))).high() - 4.0).abs() < 1e-9);
        assert!((scale(&values(6152.0, Some((5720.0, 6480.0)))).high() - 8000.0).abs() < 1e-9);
        assert!((scale(&Values::default()).high() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn only_the_worse_side_warns() {
        let high = values(3.6, Some((1.4, 2.6)));
        assert_eq!(state(&high, Worse::High), Some((Shape::Warn, "above normal")));
        assert_eq!(state(&high, Worse::Low), Some((Shape::Ring, "above normal")));
        assert_eq!(state(&values(2.0, None), Worse::High), None);
    }

    #[test]
    fn numbers_keep_clear_of_each_other() {
        let normal = Some((5720.0, 6480.0));
        let found = numbers(Scale::new(0.0, 8000.0), normal);
        let anchors: Vec<_> = found.iter().map(|n| (n.value, n.anchor)).collect();
        assert_eq!(anchors, [(0.0, "start"), (5720.0, "end"), (6480.0, "start")]);
        let found = numbers(Scale::new(0.0, 5.0), Some((1.4, 2.6)));
        assert_eq!(found.len(), 4);
    }
}
