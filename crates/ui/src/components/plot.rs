//! The frame of a chart over time: axes, grid, gaps, and the line of now.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use texts::figures;
use wasm_bindgen::JsCast;

use super::chart::percent;
use super::chart::scale::{Scale, tick_places};
use super::erased_view::{Erase as _, ErasedView};
use super::reactive::{Piece, piece};
use texts::time::SiteClock;

/// A window of time, as the x axis shows it. It is not empty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    from: DateTime<Utc>,
    seconds: f64,
}

impl Window {
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self { from, seconds: (to - from).as_seconds_f64().max(1.0) }
    }

    /// Where an instant lies, in per cent; outside the window it is held at the end.
    pub fn percent(self, at: DateTime<Utc>) -> f64 {
        ((at - self.from).as_seconds_f64() / self.seconds * 100.0).clamp(0.0, 100.0)
    }

    /// Every third hour of the site's clock, with its place in per cent.
    pub fn ticks(self, clock: SiteClock) -> Vec<(f64, String)> {
        let step = TimeDelta::hours(3);
        let end = self.from + TimeDelta::milliseconds(self.milliseconds());
        let mut at = clock.next_multiple(self.from, step);
        let mut found = Vec::new();
        while at <= end {
            found.push((self.percent(at), clock.minute(at)));
            at += step;
        }
        found
    }

    #[expect(clippy::cast_possible_truncation, reason = "a chart's window is days at most")]
    fn milliseconds(self) -> i64 {
        (self.seconds * 1000.0) as i64
    }
}

/// What a chart says at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Place in per cent.
    pub x: f64,
    /// Time and values.
    pub text: String,
}

/// Answers what the chart says nearest to a place in per cent.
pub type Ask = Callback<f64, Option<Probe>>;

/// How far an arrow key moves the crosshair, in per cent: a quarter-hour of a day.
const STEP: f64 = 100.0 / 96.0;

/// The axes of a plot: values, and times by their place in per cent.
#[derive(Debug, Clone, PartialEq)]
pub struct Axes {
    pub scale: Scale,
    pub times: Vec<(f64, String)>,
}

/// Axes, grid and, on it, the content: SVG in per cent of the plot. Pointer and arrow keys move a
/// crosshair that says the values of all series.
#[component]
pub fn Plot(
    /// What the chart shows, for those who do not see it.
    label: Signal<String>,
    axes: Signal<Axes>,
    content: Piece,
    ask: Ask,
) -> impl IntoView {
    let at = RwSignal::new(None);
    view! {
        <div
            class="plot"
            role="img"
            tabindex="0"
            aria-label=label
            on:keydown=move |event| on_key(&event, at)
            on:blur=move |_| at.set(None)
        >
            <svg class="plot-values" aria-hidden="true">
                {piece(move || values(axes.read().scale))}
            </svg>
            <svg
                class="plot-area"
                aria-hidden="true"
                on:pointermove=move |event| at.set(place(&event))
                on:pointerleave=move |_| at.set(None)
            >
                <rect class="plot-catch" width="100%" height="100%" />
                {piece(move || grid(axes.read().scale))}
                {content}
                {piece(move || at.get().and_then(|x| ask.run(x)).map(crosshair))}
            </svg>
            <svg class="plot-times" aria-hidden="true">
                {piece(move || axes.read().times.iter().map(hour).collect_view())}
            </svg>
        </div>
    }
    .erased()
}

fn values(scale: Scale) -> impl IntoView {
    let ticks = scale.ticks(4);
    let places = tick_places(&ticks);
    let text = |tick: f64| {
        view! {
            <text x="100%" y=percent(scale.below_top(tick)) dy="0.34em" text-anchor="end">
                {figures::fixed(tick, places)}
            </text>
        }
    };
    ticks.into_iter().map(text).collect_view()
}

fn grid(scale: Scale) -> impl IntoView {
    let line = |tick: f64| {
        let y = percent(scale.below_top(tick));
        let class = if tick == 0.0 { "plot-zero" } else { "plot-grid" };
        view! { <line class=class x1="0" x2="100%" y1=y.clone() y2=y /> }
    };
    scale.ticks(4).into_iter().map(line).collect_view()
}

fn hour((x, hour): &(f64, String)) -> impl IntoView + use<> {
    // Every other hour makes way on a phone.
    let number = hour.get(..2).and_then(|number| number.parse::<u32>().ok());
    let class = if number.is_some_and(|number| number % 6 != 0) { "plot-minor" } else { "" };
    view! {
        <text class=class x=percent(*x) y="15" text-anchor="middle">
            {hour.clone()}
        </text>
    }
}

fn crosshair(probe: Probe) -> impl IntoView {
    let anchor = match probe.x {
        x if x < 25.0 => "start",
        x if x > 75.0 => "end",
        _ => "middle",
    };
    let x = percent(probe.x);
    view! {
        <line class="plot-cross" x1=x.clone() x2=x.clone() y1="0" y2="100%" />
        <text class="plot-probe" x=x y="-6" text-anchor=anchor>
            {probe.text}
        </text>
    }
}

/// Where the pointer is over the plot, in per cent.
fn place(event: &PointerEvent) -> Option<f64> {
    let plot = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let frame = plot.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - frame.left()) / frame.width() * 100.0;
    (0.0..=100.0).contains(&x).then_some(x)
}

fn on_key(event: &KeyboardEvent, at: RwSignal<Option<f64>>) {
    let now = at.get_untracked().unwrap_or(100.0);
    let next = match event.key().as_str() {
        "ArrowLeft" => Some(now - STEP),
        "ArrowRight" => Some(now + STEP),
        "Home" => Some(0.0),
        "End" => Some(100.0),
        "Escape" => None,
        _ => return,
    };
    event.prevent_default();
    at.set(next.map(|x| x.clamp(0.0, 100.0)));
}

/// Lines and areas, by class and path, in per cent of the plot; lines keep their width whatever the
/// plot's.
pub fn paths(paths: impl IntoIterator<Item = (&'static str, String)>) -> ErasedView {
    let path = |(class, d)| view! { <path class=class d=d /> };
    view! {
        <svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none" class="stretch">
            {paths.into_iter().map(path).collect_view()}
        </svg>
    }
    .erased()
}

/// A remark on the plot, its place in per cent and px.
pub struct Remark {
    pub x: f64,
    pub y: f64,
    pub dx: i8,
    pub dy: i8,
    pub anchor: &'static str,
    pub class: &'static str,
    pub text: String,
}

impl Remark {
    pub fn draw(self) -> ErasedView {
        view! {
            <text
                class=self.class
                x=percent(self.x)
                y=percent(self.y)
                dx=self.dx.to_string()
                dy=self.dy.to_string()
                text-anchor=self.anchor
            >
                {self.text}
            </text>
        }
        .erased()
    }
}

/// A stretch without readings, hatched over the full height, with a remark beside it where there is room; both ends
/// in per cent.
pub fn gap(start: f64, end: f64, text: Option<String>) -> ErasedView {
    let (x, anchor, dx) = match (start, end) {
        (start, _) if start > 45.0 => (start, "end", -8),
        (_, end) if end < 70.0 => (end, "start", 8),
        _ => (f64::midpoint(start, end), "middle", 0),
    };
    let remark = text
        .map(|text| Remark { x, y: 84.0, dx, dy: 0, anchor, class: "plot-remark", text }.draw());
    let width = percent(end - start);
    view! {
        <rect x=percent(start) width=width y="0" height="100%" fill="url(#hatch-gap)" />
        {remark}
    }
    .erased()
}

/// The dot at the newest value, with what it is.
pub fn newest(x: f64, y: f64, anchor: &'static str, text: String) -> ErasedView {
    let dx = if anchor == "end" { -8 } else { 8 };
    let dy = if y < 12.0 { 18 } else { -10 };
    let remark = Remark { x, y, dx, dy, anchor, class: "plot-value", text };
    view! {
        <circle class="plot-dot" cx=percent(x) cy=percent(y) r="3" />
        {remark.draw()}
    }
    .erased()
}

/// Patterns that fills refer to; once per document. They never change: the browser leaves them as they
/// came.
#[component]
pub fn Patterns() -> impl IntoView {
    #[cfg(feature = "ssr")]
    let drawn = ["hatch-gap", "hatch-loss", "hatch-warn"].map(hatch).concat();
    #[cfg(not(feature = "ssr"))]
    let drawn = String::new();
    view! { <svg class="patterns" width="0" height="0" aria-hidden="true" inner_html=drawn></svg> }
}

#[cfg(feature = "ssr")]
fn hatch(name: &'static str) -> String {
    view! {
        <defs>
            <pattern
                id=name
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
            >
                <line class=name x1="0" x2="0" y1="0" y2="6" />
            </pattern>
        </defs>
    }
    .to_html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_ticked_at_the_sites_hours() {
        let from: DateTime<Utc> = "2026-11-18T18:30:00Z".parse().unwrap();
        let window = Window::new(from, from + TimeDelta::days(1));
        let ticks = window.ticks(SiteClock::east(330));
        assert_eq!(ticks.len(), 9);
        assert_eq!(ticks[0], (0.0, "00:00".to_owned()));
        assert_eq!(ticks[4], (50.0, "12:00".to_owned()));
    }

    #[test]
    fn a_rolling_window_is_ticked_at_full_hours_too() {
        let from: DateTime<Utc> = "2026-11-18T09:15:00Z".parse().unwrap();
        let ticks = Window::new(from, from + TimeDelta::days(1)).ticks(SiteClock::east(330));
        assert_eq!(ticks[0].1, "15:00");
        assert_eq!(ticks.len(), 8);
    }
}
