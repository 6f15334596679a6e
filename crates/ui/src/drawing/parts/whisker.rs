//! A horizontal bar with the error at its end, in a cell of a table.

use domain::losses::balance::Verdict;
use markup::{Html, html};

use crate::components::chart::percent;
use crate::components::chart::scale::{Scale, tick_places};

/// How a bar is filled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    Class(&'static str),
    /// Below zero: hatched, outlined.
    Negative,
}

impl Fill {
    /// Of a loss, by its verdict.
    pub const fn of_loss(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Loss => Self::Class("fill-loss"),
            Verdict::WithinError | Verdict::Incomplete => Self::Class("fill-within"),
            Verdict::Negative => Self::Negative,
        }
    }
}

/// A bar from one value to another, and the error around its end.
pub fn bar(scale: Scale, from: f64, to: f64, error: Option<f64>, fill: Fill) -> Html {
    let (left, right) = (scale.percent(from.min(to)), scale.percent(from.max(to)));
    let class = match fill {
        Fill::Class(class) => format!("{class} cell-bar"),
        Fill::Negative => "bar-negative".to_owned(),
    };
    let whisker = error.filter(|error| *error > 0.0).map(|error| {
        let (low, high) = (scale.percent(to - error), scale.percent(to + error));
        let cap = |x: f64| {
            let x = percent(x);
            html! { <line x1=x.clone() x2=x y1="6" y2="14" /> }
        };
        html! {
            <g class="whisker">
                <line x1=percent(low) x2=percent(high) y1="10" y2="10" />
                {cap(low)}
                {cap(high)}
            </g>
        }
    });
    let zero = percent(scale.percent(0.0));
    html! {
        <svg class="cell-plot" height="20" aria-hidden="true">
            <line class="cell-zero" x1=zero.clone() x2=zero y1="-4" y2="24" />
            <rect class=class x=percent(left) width=percent(right - left) y="5" height="10" />
            {whisker}
        </svg>
    }
}

/// The numbers over a column of bars.
pub fn axis(scale: Scale) -> Html {
    let ticks = scale.ticks(3);
    let places = tick_places(&ticks);
    let number = |tick: f64| {
        let x = scale.percent(tick);
        // A number at the edge stays within it.
        let anchor = match x {
            ..5.0 => "start",
            95.0.. => "end",
            _ => "middle",
        };
        html! {
            <text x=percent(x) y="11" text-anchor=anchor>
                {texts::figures::fixed(tick, places)}
            </text>
        }
    };
    html! {
        <svg class="cell-plot cell-axis" height="14" aria-hidden="true">
            {ticks.into_iter().map(number).collect::<Html>()}
        </svg>
    }
}
