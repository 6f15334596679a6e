//! The chart itself: two axes, gaps, lines, marks, and links that zoom.

use super::strokes::{Strokes, TICKS, scale, strokes};
use super::{address, class, letter, marks, ticks};
use crate::parts::upright;
use crate::steps;
use chrono::TimeDelta;
use domain::energy::window::Window;
use domain::history::view::{Basis, Event, HistoryPage, Line, Series, Side};
use markup::{Html, html};
use texts::time::duration;
use texts::words::history as words;
use texts::{figures, language};
use ui::components::chart::percent;
use ui::components::chart::scale::{Scale, tick_places};
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, Tick, crosshair, gap};

const SHORTEST: TimeDelta = TimeDelta::minutes(1);

pub(super) fn draw(page: &HistoryPage) -> Html {
    let axis = Axis::new(page.drawn.from, page.drawn.to);
    let [left, right] = [Side::Left, Side::Right].map(|side| scale(page, side));
    let content = content(page, axis, left, right);
    let seconds = |at: chrono::DateTime<chrono::Utc>| at.timestamp().to_string();
    html! {
        <section class="history-chart" aria-label=words::CHART>
            {zooms(page)}
            <div
                id="hand-plot"
                class="plot plot-two"
                role="img"
                tabindex="0"
                aria-label=label(page)
                aria-describedby="history-keys"
                data-from=seconds(page.drawn.from)
                data-to=seconds(page.drawn.to)
                data-first=seconds(page.shown.whole.from)
                data-last=seconds(page.shown.whole.to)
            >
                <svg class="plot-values" aria-hidden="true">
                    {values(left, page.unit(Side::Left), "end")}
                </svg>
                <svg class="plot-area" aria-hidden="true">
                    {content}
                </svg>
                <svg class="plot-values" aria-hidden="true">
                    {values(right, page.unit(Side::Right), "start")}
                </svg>
                <svg class="plot-times" aria-hidden="true">
                    {ticks::ticks(page, axis).into_iter().map(time).collect::<Html>()}
                </svg>
            </div>
            {gaps(page, axis)}
            <p class="note plot-note">{made_of(page)} {softly(page)}</p>
            <p id="history-keys" class="note plot-note history-keys">
                {words::KEYS}
            </p>
        </section>
    }
}

fn label(page: &HistoryPage) -> String {
    let name = |(i, series): (usize, &Series)| {
        format!("{} {}", letter(i), words::series(&series.name, series.channel))
    };
    let all: Vec<_> = page.series.iter().enumerate().map(name).collect();
    words::label(&all.join("; "), &steps::label(&page.shown))
}

/// The values of an axis, with its unit over them.
fn values(scale: Option<Scale>, unit: Option<&'static str>, anchor: &'static str) -> Html {
    let Some(scale) = scale else { return Html::default() };
    let ticks = scale.ticks(TICKS);
    let places = tick_places(&ticks);
    let x = if anchor == "end" { "100%" } else { "0" };
    let value = |tick: &f64| {
        html! {
            <text x=x y=percent(scale.below_top(*tick)) dy="0.34em" text-anchor=anchor>
                {figures::fixed(*tick, places)}
            </text>
        }
    };
    html! {
        {ticks.iter().map(value).collect::<Html>()}
        <text class="plot-unit" x=x y="-10" text-anchor=anchor>
            {unit}
        </text>
    }
}

fn time(tick: Tick) -> Html {
    let anchor = if tick.x > 96.0 { "end" } else { "middle" };
    html! {
        <text class=if tick.minor { "plot-minor" } else { "" } x=percent(tick.x) y="15" text-anchor=anchor>
            {tick.text}
        </text>
    }
}

/// Grid, gaps, lines and marks; above them what the browser moves.
fn content(page: &HistoryPage, axis: Axis, left: Option<Scale>, right: Option<Scale>) -> Html {
    let Some(main) = left.or(right) else { return Html::default() };
    let grid = main.ticks(TICKS).into_iter().map(|tick| {
        let y = percent(main.below_top(tick));
        let class = if tick == 0.0 { "plot-zero" } else { "plot-grid" };
        html! { <line class=class x1="0" x2="100%" y1=y.clone() y2=y /> }
    });
    let silent = common(page.series.iter().map(|series| series.line.gaps()));
    let silent =
        silent.iter().map(|silent| gap(axis.percent(silent.from), axis.percent(silent.to)));
    let drawn: Vec<_> = page
        .series
        .iter()
        .enumerate()
        .filter_map(|(i, series)| {
            let scale = if series.side == Side::Left { left } else { right }?;
            let before = series.before.as_ref().map(|line| strokes(line, axis, scale));
            Some((i, strokes(&series.line, axis, scale), before))
        })
        .collect();
    let ends = ends(&drawn);
    let lines = drawn.into_iter().map(|(i, now, before)| paths(i, now, before));
    let is_in = (page.drawn.from..page.drawn.to).contains(&page.shown.now);
    let now = is_in.then(|| upright("plot-now", axis.percent(page.shown.now)));
    html! {
        <rect class="plot-catch" width="100%" height="100%" />
        {grid.collect::<Html>()}
        {silent.collect::<Html>()}
        <svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none" class="stretch">
            {lines.collect::<Html>()}
        </svg>
        {now}
        {ends}
        {marks::draw(page, axis)}
        <rect id="history-zoom" class="plot-zoom" y="0" height="100%" width="0" />
        {crosshair()}
    }
}

fn paths(i: usize, now: Strokes, before: Option<Strokes>) -> Html {
    let before = before.map(|before| {
        html! {
            <path class=class(i, "line-earlier") d=before.line />
            <path class=class(i, "line-earlier") d=before.soft />
        }
    });
    let bands =
        now.bands.into_iter().map(|band| html! { <path class=class(i, "series-band") d=band /> });
    html! {
        {before}
        {bands.collect::<Html>()}
        <path class=class(i, "series-soft") d=now.soft />
        <path class=class(i, "series-line") d=now.line />
    }
}

/// How far apart the letters of lines stand, in per cent.
const APART: f64 = 4.5;

/// The letter of each line at its end; where lines end close to each other, one below the other.
fn ends(drawn: &[(usize, Strokes, Option<Strokes>)]) -> Html {
    let mut ends: Vec<(usize, f64, f64)> =
        drawn.iter().filter_map(|(i, now, _)| now.end.map(|(x, y)| (*i, x, y))).collect();
    ends.sort_by(|a, b| a.2.total_cmp(&b.2));
    let mut lowest = f64::NEG_INFINITY;
    let end = |(i, x, y): (usize, f64, f64)| {
        lowest = y.max(lowest + APART);
        let (anchor, dx) = if x > 97.0 { ("end", "-2") } else { ("start", "5") };
        html! {
            <text
                class=class(i, "series-end")
                x=percent(x)
                y=percent(lowest)
                dx=dx
                dy="0.34em"
                text-anchor=anchor
            >
                {letter(i)}
            </text>
        }
    };
    ends.into_iter().map(end).collect::<Html>()
}

fn common(all: impl Iterator<Item = Vec<Window>>) -> Vec<Window> {
    let both = |a: Vec<Window>, b: Vec<Window>| {
        let pairs = a.iter().flat_map(|one| b.iter().map(move |other| (one, other)));
        let shared = pairs.map(|(one, other)| Window {
            from: one.from.max(other.from),
            to: one.to.min(other.to),
        });
        shared.filter(|shared| shared.from < shared.to).collect()
    };
    all.reduce(both).unwrap_or_default()
}

/// The gaps of each series that has any, below the chart.
fn gaps(page: &HistoryPage, axis: Axis) -> Option<Html> {
    let clock = Clock(&page.shown);
    let row = |(i, series): (usize, &Series)| {
        let gaps = series.line.gaps();
        let cells = gaps.iter().map(|gap| {
            let (from, to) = (axis.percent(gap.from), axis.percent(gap.to));
            let said = words::gap(&clock.within(gap.from), &clock.within(gap.to));
            html! {
                <rect x=percent(from) width=percent(to - from) height="8" fill="url(#hatch-gap)">
                    <title>{said}</title>
                </rect>
            }
        });
        (!gaps.is_empty()).then(|| {
            html! {
                <p class="history-gaps">
                    <span class=class(i, "series-name")>{letter(i)}</span>
                    <svg class="strip" height="8" role="img" aria-label=words::series(&series.name, series.channel)>
                        {cells.collect::<Html>()}
                    </svg>
                </p>
            }
        })
    };
    let rows: Vec<_> = page.series.iter().enumerate().filter_map(row).collect();
    (!rows.is_empty()).then(|| html! { <p class="note plot-note">{words::GAPS}</p> {rows} })
}

fn zooms(page: &HistoryPage) -> Html {
    let Window { from, to } = page.drawn;
    let (whole, length) = (page.shown.whole, to - from);
    let part = |from, to| {
        let part = Window { from: whole.from.max(from), to: whole.to.min(to) };
        let is_other = part != page.drawn && part.to - part.from >= SHORTEST;
        let zoom = (part != whole).then_some(part);
        is_other.then(|| address(page, &page.chosen, zoom))
    };
    let (quarter, half) = (length / 4, length / 2);
    let earlier = half.min(from - whole.from);
    let later = half.min(whole.to - to);
    let links = [
        ("zoom-in", words::ZOOM_IN, part(from + quarter, to - quarter)),
        ("zoom-out", words::ZOOM_OUT, part(from - half, to + half)),
        ("zoom-earlier", words::EARLIER, part(from - earlier, to - earlier)),
        ("zoom-later", words::LATER, part(from + later, to + later)),
        ("zoom-whole", words::WHOLE_PERIOD, part(whole.from, whole.to)),
    ];
    let link = |(id, name, href): (&'static str, _, Option<String>)| {
        if let Some(href) = href {
            html! { <a id=id class="segment" href=href data-noscroll>{name}</a> }
        } else {
            html! { <span class="segment is-off">{name}</span> }
        }
    };
    html! { <nav class="segments history-zooms" aria-label=words::ZOOM>{links.map(link)}</nav> }
}

fn made_of(page: &HistoryPage) -> String {
    let column = page.columns.first().map(|column| duration(column.to - column.from));
    let mut of: Vec<Basis> = Vec::new();
    for series in &page.series {
        if let Line::Instant { basis, .. } = series.line
            && !of.contains(&basis)
        {
            of.push(basis);
        }
    }
    let step = page.step.map(|step| step.name(language::now()));
    let text = words::made_of(&column.unwrap_or_default(), &of, step);
    format!("{}.", texts::words::period::capital(&text))
}

/// The meaning of pale lines and hollow circles, if there are any.
fn softly(page: &HistoryPage) -> String {
    let is_soft = |series: &Series| match &series.line {
        Line::Counted(steps) => {
            steps.iter().any(|step| step.value.is_some() && (step.is_gap() || step.is_under_way))
        }
        Line::Instant { .. } => false,
    };
    let has_before = page.series.iter().any(|series| series.before.is_some());
    let has_outliers = page.marks.iter().any(|mark| matches!(mark.event, Event::Outliers { .. }));
    let said = [
        page.series.iter().any(is_soft).then_some(words::SOFT),
        has_before.then_some(words::LEGEND_BEFORE),
        has_outliers.then_some(words::LEGEND_OUTLIERS),
    ];
    said.into_iter().flatten().fold(String::new(), |all, text| format!("{all} {text}."))
}
