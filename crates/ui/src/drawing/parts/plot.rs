//! The frame of a chart over time, as the live charts have it, drawn once.

mod picture;

use chrono::{DateTime, TimeZone, Timelike as _, Utc};
use domain::energy::{QUARTER, floor};
use domain::view::PeriodContext;
use markup::{Html, html};
use texts::figures;

pub(crate) use picture::picture;

use super::Clock;
use crate::components::chart::percent;
use crate::components::chart::scale::{Scale, tick_places};

/// Where instants lie on the x axis, in per cent.
#[derive(Clone, Copy)]
pub struct Axis {
    from: DateTime<Utc>,
    seconds: f64,
}

impl Axis {
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self { from, seconds: (to - from).as_seconds_f64().max(1.0) }
    }

    pub fn percent(self, at: DateTime<Utc>) -> f64 {
        ((at - self.from).as_seconds_f64() / self.seconds * 100.0).clamp(0.0, 100.0)
    }
}

/// What a colour of a chart stands for, in the line below it.
pub fn legend_entry(class: &'static str, name: &'static str) -> Html {
    html! {
        <span>
            <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect class=class width="10" height="10" />
            </svg>
            {name}
        </span>
    }
}

/// A tick of the x axis: its place in per cent, its text, and whether a phone leaves it out.
pub struct Tick {
    pub x: f64,
    pub text: String,
    pub minor: bool,
}

/// At most so many texts stand under a chart.
const MOST_TICKS: usize = 9;

/// The ticks of steps: each where there is room, else every second, third or sixth.
pub fn ticks(
    shown: &PeriodContext,
    axis: Axis,
    starts: &[(DateTime<Utc>, DateTime<Utc>)],
) -> Vec<Tick> {
    use domain::period::Step;
    let (clock, step) = (Clock(shown), shown.period.chart_step(shown.today()));
    let minute_of_day = |at: DateTime<Utc>| {
        let local = at.with_timezone(&shown.site.zone);
        local.hour() * 60 + local.minute()
    };
    let tick =
        |x: f64, at: DateTime<Utc>, minor: bool| Tick { x, text: clock.tick(at, step), minor };
    match step {
        Step::Quarter | Step::Hour => {
            let (every, sparse) = if step == Step::Hour { (1440, 1440) } else { (180, 360) };
            let is_at = |at: DateTime<Utc>, minutes| minute_of_day(at).is_multiple_of(minutes);
            let even = starts.iter().filter(|(from, _)| is_at(*from, every));
            even.map(|(at, _)| tick(axis.percent(*at), *at, !is_at(*at, sparse))).collect()
        }
        Step::Day | Step::Month => {
            let every = starts.len().div_ceil(16).max(1);
            let sparse = starts.len().div_ceil(MOST_TICKS).max(1);
            let chosen = starts.iter().enumerate().filter(|(i, _)| i % every == 0);
            chosen
                .map(|(i, (from, to))| {
                    let middle = f64::midpoint(axis.percent(*from), axis.percent(*to));
                    tick(middle, *from, i % sparse != 0)
                })
                .collect()
        }
    }
}

/// The instants of a window at which a clock shows a multiple of so many hours; a phone has every sixth alone.
pub fn hours(
    zone: &impl TimeZone,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    every: u32,
) -> Vec<Tick> {
    let axis = Axis::new(from, to);
    let tick = |at: DateTime<Utc>| {
        let local = at.with_timezone(zone);
        let (hour, minute) = (local.hour(), local.minute());
        (minute == 0 && hour.is_multiple_of(every)).then(|| Tick {
            x: axis.percent(at),
            text: format!("{hour:02}:{minute:02}"),
            minor: !hour.is_multiple_of(6),
        })
    };
    let last = floor(to, QUARTER);
    let quarters = std::iter::successors(last, |at| Some(*at - QUARTER).filter(|at| *at >= from));
    quarters.filter_map(tick).collect()
}

/// Axes and grid around the content, which is SVG in per cent of the plot.
pub fn plot(label: String, scale: Scale, ticks: Vec<Tick>, content: Html) -> Html {
    scaled((label, None), scale, ticks, content, |tick| tick)
}

/// The same with a crosshair that says what stands under it, where the script runs: the `points`.
pub fn plot_in_hand(
    label: String,
    scale: Scale,
    ticks: Vec<Tick>,
    content: Html,
    points: String,
) -> Html {
    let content = html! {
        <rect class="plot-catch" width="100%" height="100%" />
        {content}
        {crosshair()}
        <text class="plot-probe" x="100%" y="-6" text-anchor="end" data-points=points></text>
    };
    html! {
        {scaled((label, Some("hand-plot")), scale, ticks, content, |tick| tick)}
        <p id="hand-said" class="sr" role="status"></p>
    }
}

/// The line that the browser moves.
pub fn crosshair() -> Html {
    html! { <line id="hand-cross" class="plot-cross" x1="-1" x2="-1" y1="0" y2="100%" /> }
}

/// The texts of a chart in the hand, each with the place from which on it holds, in hundredths of a per cent of the
/// plot: `0:12.3;14:12.5;90:`.
pub fn points(axis: Axis, texts: impl IntoIterator<Item = (DateTime<Utc>, String)>) -> String {
    let point =
        |(at, text): (DateTime<Utc>, String)| format!("{:.0}:{text}", axis.percent(at) * 100.0);
    texts.into_iter().map(point).collect::<Vec<_>>().join(";")
}

/// The same where what lies below zero counts the other way: its ticks have no sign.
pub fn plot_mirrored(label: String, scale: Scale, ticks: Vec<Tick>, content: Html) -> Html {
    scaled((label, None), scale, ticks, content, f64::abs)
}

/// A plot with its label, and its id where the hand is on it.
fn scaled(
    named: (String, Option<&'static str>),
    scale: Scale,
    ticks: Vec<Tick>,
    content: Html,
    said: fn(f64) -> f64,
) -> Html {
    let values = scale.ticks(4);
    let places = tick_places(&values);
    let value = |tick: &f64| {
        html! {
            <text x="100%" y=percent(scale.below_top(*tick)) dy="0.34em" text-anchor="end">
                {figures::fixed(said(*tick), places)}
            </text>
        }
    };
    let line = |tick: &f64| {
        let y = percent(scale.below_top(*tick));
        let class = if *tick == 0.0 { "plot-zero" } else { "plot-grid" };
        html! { <line class=class x1="0" x2="100%" y1=y.clone() y2=y /> }
    };
    let values_view = values.iter().map(value).collect::<Html>();
    let lines = values.iter().map(line).collect::<Html>();
    frame("plot", named, values_view, ticks, html! { {lines} {content} })
}

fn frame(
    class: &'static str,
    (label, id): (String, Option<&'static str>),
    values: Html,
    ticks: Vec<Tick>,
    content: Html,
) -> Html {
    let time = |tick: Tick| {
        // The first and the last stay within the plot where nothing stands beside it.
        let anchor = match tick.x {
            x if x > 98.0 => "end",
            x if x < 2.0 && class != "plot" => "start",
            _ => "middle",
        };
        html! {
            <text
                class=if tick.minor { "plot-minor" } else { "" }
                x=percent(tick.x)
                y="15"
                text-anchor=anchor
            >
                {tick.text}
            </text>
        }
    };
    html! {
        <div id=id class=class role="img" tabindex=id.map(|_| "0") aria-label=label>
            <svg class="plot-values" aria-hidden="true">
                {values}
            </svg>
            <svg class="plot-area" aria-hidden="true">
                {content}
            </svg>
            <svg class="plot-times" aria-hidden="true">
                {ticks.into_iter().map(time).collect::<Html>()}
            </svg>
        </div>
    }
}

/// A plot whose content says its values itself, without a scale.
pub fn plot_free(label: String, ticks: Vec<Tick>, content: Html) -> Html {
    frame("plot plot-free", (label, None), Html::default(), ticks, content)
}

/// Lines and areas, by class and path, in per cent of the plot.
pub fn paths(paths: Vec<(&'static str, String)>) -> Html {
    let path = |(class, d)| html! { <path class=class d=d /> };
    html! {
        <svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none" class="stretch">
            {paths.into_iter().map(path).collect::<Html>()}
        </svg>
    }
}

/// A text on the plot.
pub fn remark(
    x: f64,
    y: f64,
    shift: (i8, i8),
    anchor: &'static str,
    class: &'static str,
    text: String,
) -> Html {
    html! {
        <text
            class=class
            x=percent(x)
            y=percent(y)
            dx=shift.0.to_string()
            dy=shift.1.to_string()
            text-anchor=anchor
        >
            {text}
        </text>
    }
}

/// The part of a step's width that its column takes.
const COLUMN: f64 = 0.8;

/// The column of a step from one value up to another; none where there is nothing between them.
pub fn column(
    scale: Scale,
    (from, to): (f64, f64),
    class: &'static str,
    (low, high): (f64, f64),
) -> Option<Html> {
    let (top, bottom) = (scale.below_top(high), scale.below_top(low));
    let (x, width) = (from + (to - from) * (1.0 - COLUMN) / 2.0, (to - from) * COLUMN);
    (bottom > top).then(|| {
        let (y, height) = (percent(top), percent(bottom - top));
        html! { <rect class=class x=percent(x) width=percent(width) y=y height=height /> }
    })
}

/// A column that says what it is while the pointer is over it.
pub fn hint(from: f64, to: f64, text: String) -> Html {
    html! {
        <rect class="plot-hint" x=percent(from) width=percent(to - from) y="0" height="100%">
            <title>{text}</title>
        </rect>
    }
}

/// A stretch without readings, hatched over the full height.
pub fn gap(from: f64, to: f64) -> Html {
    html! {
        <rect x=percent(from) width=percent(to - from) y="0" height="100%" fill="url(#hatch-gap)" />
    }
}

/// The table behind a chart, for those who read figures.
pub fn data_table(heads: Vec<String>, rows: impl IntoIterator<Item = Vec<String>>) -> Html {
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let first = cells.next().unwrap_or_default();
        html! {
            <tr>
                <th scope="row">{first}</th>
                {cells.map(|cell| html! { <td class="num">{cell}</td> }).collect::<Html>()}
            </tr>
        }
    };
    let head = |(i, head): (usize, String)| {
        html! {
            <th scope="col" class=if i == 0 { "" } else { "num" }>
                {head}
            </th>
        }
    };
    html! {
        <details class="behind">
            <summary>{texts::words::losses::AS_A_TABLE}</summary>
            <div class="scroll" tabindex="0" role="group" aria-label=texts::words::losses::AS_A_TABLE>
                <table class="table">
                    <thead>
                        <tr>{heads.into_iter().enumerate().map(head).collect::<Html>()}</tr>
                    </thead>
                    <tbody>
                        {rows.into_iter().map(row).collect::<Html>()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeDelta};

    use super::*;

    fn day(from: &str) -> Vec<Tick> {
        let from: DateTime<Utc> = from.parse().unwrap();
        let zone = FixedOffset::east_opt(330 * 60).unwrap();
        hours(&zone, (from, from + TimeDelta::days(1)), 3)
    }

    #[test]
    fn a_day_is_ticked_at_the_sites_hours() {
        let ticks = day("2026-11-18T18:30:00Z");
        assert_eq!(ticks.len(), 9);
        assert_eq!((ticks[8].x, ticks[8].text.as_str()), (0.0, "00:00"));
        assert_eq!((ticks[4].x, ticks[4].text.as_str()), (50.0, "12:00"));
        assert!(ticks[3].minor && !ticks[4].minor);
    }

    #[test]
    fn a_rolling_window_is_ticked_at_full_hours_too() {
        let ticks = day("2026-11-18T09:20:08Z");
        assert_eq!(ticks[7].text, "15:00");
        assert_eq!(ticks.len(), 8);
    }
}
