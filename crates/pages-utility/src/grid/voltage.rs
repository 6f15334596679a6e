//! The voltage before and after, against its limits.

use domain::grid::feasibility::Verdict as Grade;
use domain::grid::view::{Span, Voltage};
use markup::{Html, html};

use texts::words::grid as words;
use ui::components::mark::Shape;
use ui::drawing::parts::{mark, signed};

/// Half the width of the scale, in percent; wider where a voltage is farther off.
const HALF: f64 = 8.0;
const LIMIT: f64 = 5.0;

pub(super) fn draw(voltage: &Voltage) -> Html {
    let spans = [voltage.peak_load, voltage.full_production];
    let ends = spans.into_iter().flat_map(|span| [span.before, span.after]).flatten();
    let half = ends.fold(HALF, |half, end| half.max((end.abs() + 1.0).ceil()));
    let shape = match voltage.grade {
        Grade::Pass => Shape::Good,
        Grade::Warn => Shape::Warn,
        Grade::Fail => Shape::Alarm,
    };
    html! {
        <p class="volt-title">
            {words::VOLTAGE_AT} ", " {words::BEFORE} " "
            <svg class="volt-key volt-before" width="8" height="8" aria-hidden="true">
                <circle cx="4" cy="4" r="3" />
            </svg> " " {words::AFTER} " "
            <svg class="volt-key volt-after" width="8" height="8" aria-hidden="true">
                <circle cx="4" cy="4" r="3.5" />
            </svg> " "
            <span class="note">{mark(shape)} " " {words::grade(voltage.grade)}</span>
        </p>
        <div class="volt-rows">
            {row(words::PEAK_LOAD.get(), voltage.peak_load, half)}
            {row(words::FULL_PRODUCTION.get(), voltage.full_production, half)} {axis(half)}
        </div>
    }
}

/// Before and after, in percent of nominal.
pub(super) fn percent(span: Span) -> String {
    let text = |value: Option<f64>| {
        value.map_or_else(|| words::NO_VOLTAGE.into(), |value| signed(value, 1))
    };
    format!("{} → {}", text(span.before), text(span.after))
}

/// Where a difference from nominal is on the scale.
fn place(value: f64, half: f64) -> String {
    format!("{:.1}%", (value / half + 1.0) * 50.0)
}

fn row(name: &'static str, span: Span, half: f64) -> Html {
    let before = span.before.map(|value| place(value, half));
    let after = span.after.map(|value| place(value, half));
    let (low, high) = (place(-LIMIT, half), place(LIMIT, half));
    let band = format!("{:.1}%", LIMIT / half * 100.0);
    let moved = before.clone().zip(after.clone()).map(|(before, after)| {
        html! { <line class="volt-line" x1=before x2=after y1="10" y2="10" /> }
    });
    let point = |class: &'static str, r: &'static str, at: Option<String>| {
        at.map(|at| html! { <circle class=class cx=at cy="10" r=r /> })
    };
    html! {
        <span class="volt-name">{name}</span>
        <svg class="volt-plot" width="100%" height="20" aria-hidden="true">
            <rect class="volt-band" x=low.clone() width=band height="20" />
            <line class="volt-limit" x1=low.clone() x2=low y1="0" y2="20" />
            <line class="volt-limit" x1=high.clone() x2=high y1="0" y2="20" />
            <line class="volt-nominal" x1="50%" x2="50%" y1="0" y2="20" />
            {moved} {point("volt-before", "3", before)} {point("volt-after", "3.5", after)}
        </svg>
        <span class="volt-figures num">{percent(span)} " %"</span>
    }
}

fn axis(half: f64) -> Html {
    let tick = |value: f64, text: &'static str| {
        html! {
            <text x=place(value, half) y="10" text-anchor="middle">
                {text}
            </text>
        }
    };
    html! {
        <span></span>
        <svg class="volt-axis" width="100%" height="14" aria-hidden="true">
            {tick(-LIMIT, "\u{2212}5 %")}
            {tick(0.0, words::NOMINAL)}
            {tick(LIMIT, "+5 %")}
        </svg>
        <span></span>
    }
}
