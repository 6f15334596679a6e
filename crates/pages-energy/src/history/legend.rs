//! The series by their letters: what each comes to, its value under the crosshair, and a way to leave
//! it out.
//!
//! Of a cell with `data-points` the browser shows the one under the crosshair.

use super::{class, letter, same_part};
use chrono::{DateTime, Utc};
use domain::alarms::{Kind, Watch};
use domain::history::view::{Counted, HistoryPage, Line, Series, Side};
use domain::history::{Channel, Counter, Wanted};
use domain::readings::channel::Name;
use markup::{Html, html};
use texts::words::alarms::ALERT;
use texts::words::history as words;
use ui::drawing::parts::plot::{Axis, points};
use ui::drawing::parts::{Clock, draw_table};
use ui::drawing::{Wording, alert, link};
use ui::kit;

pub(super) fn draw(page: &HistoryPage) -> Html {
    let axis = Axis::new(page.drawn.from, page.drawn.to);
    let has_before = page.series.iter().any(|series| series.before.is_some());
    let rows = page.series.iter().enumerate().map(|(i, series)| row(page, axis, i, series));
    let clock = Clock(&page.shown);
    let times = page.columns.iter().map(|column| (column.from, clock.within(column.from)));
    let all = link(&page.shown, "/history");
    let heads = html! {
        <th scope="col">{words::SERIES}</th>
        <th scope="col" class="num at" data-points=points(axis, times) data-rest=words::AT>
            {words::AT}
        </th>
        {has_before.then(|| kit::Column::of_figures(words::BEFORE))}
        {[words::LEAST, words::HIGHEST, words::WHOLE].map(kit::Column::of_figures)}
        {kit::Column::unnamed(ALERT)}
        <th scope="col">
            <a href=all>{words::REMOVE_ALL}</a>
        </th>
    };
    html! {
        <section class="history-series">
            <p id="hand-said" class="sr" role="status"></p>
            {draw_table(words::SERIES, "history-legend", heads, rows)}
        </section>
    }
}

fn row(page: &HistoryPage, axis: Axis, i: usize, series: &Series) -> Html {
    let of = series.channel;
    let name = words::series(&series.name, of);
    let rest: Vec<Wanted> =
        page.chosen.iter().filter(|wanted| **wanted != series.wanted()).cloned().collect();
    let without =
        if rest.is_empty() { link(&page.shown, "/history") } else { same_part(page, &rest) };
    let meter = link(&page.shown, &format!("/meters/{}", series.meter));
    let value = |value: Option<f64>| value.map(|value| words::value(of, value));
    let extremes = series.line.extremes();
    let side = if series.side == Side::Left { words::LEFT } else { words::RIGHT };
    let side = page.unit(Side::Right).is_some().then(|| side.get());
    let cell = |line: &Line| {
        html! { <td class="num at" data-points=points(axis, values(page, series, line))></td> }
    };
    let has_before = page.series.iter().any(|series| series.before.is_some());
    let before = has_before.then(|| {
        if let Some(line) = &series.before {
            cell(line)
        } else {
            html! { <td></td> }
        }
    });
    let nothing =
        extremes.is_none().then(|| html! { <span class="note">" " {words::NO_VALUES}</span> });
    html! {
        <tr data-name=name.clone()>
            <th scope="row">
                <svg class="series-sample" width="30" height="10" aria-hidden="true">
                    <path class=class(i, "series-line") d="M1 5H29" />
                </svg>
                <span class=class(i, "series-name")>{letter(i)}</span>
                " "
                <a href=meter>{series.name.clone()}</a>
                ", "
                {words::channel(of)}
                <span class="unit">" " {of.unit()}</span>
                <span class="note">" " {side}</span>
                {nothing}
            </th>
            {cell(&series.line)}
            {before}
            <td class="num">{value(extremes.map(|(low, _)| low))}</td>
            <td class="num">{value(extremes.map(|(_, high)| high))}</td>
            <td class="num">{value(series.line.whole())}</td>
            <td>{watch(page, series)}</td>
            <td>
                <a href=without aria-label=words::remove(&name) data-noscroll>
                    {words::REMOVE}
                </a>
            </td>
        </tr>
    }
}

/// The link to a rule on what is drawn; of power with a limit just above its highest value.
fn watch(page: &HistoryPage, series: &Series) -> Option<Html> {
    let watch = match series.channel {
        Channel::Instant(field) => Watch::channel(Name::of_field(field)?),
        Channel::Counted(Counter::Energy) => Watch::kind(Kind::Demand),
        Channel::Counted(_) => return None,
    };
    let extremes = series.line.extremes().filter(|_| series.channel == Channel::POWER);
    let highest = extremes.map(|(_, high)| high);
    alert(|path| link(&page.shown, path), (series.meter, watch), highest, Wording::Short)
}

/// The values of a line, each with the instant from which it is the nearest; an empty one begins a gap.
fn values<'a>(
    page: &'a HistoryPage,
    series: &'a Series,
    line: &'a Line,
) -> Box<dyn Iterator<Item = (DateTime<Utc>, String)> + 'a> {
    let of = series.channel;
    match line {
        Line::Instant { reduced, .. } => Box::new(reduced.runs.iter().flat_map(move |run| {
            let value = move |i: usize| {
                let held = run[i].held;
                let from = match i.checked_sub(1).map(|before| run[before].held.middle()) {
                    Some(before) => before + (held.middle() - before) / 2,
                    None => page.columns.get(run[i].index).map_or(held.from, |column| column.from),
                };
                (from, words::spread(of, held.mean, held.min, held.max))
            };
            let last = run.last().and_then(|last| page.columns.get(last.index));
            let end = last.map(|column| (column.to, String::new()));
            (0..run.len()).map(value).chain(end)
        })),
        Line::Counted(steps) => {
            let end = steps.last().map(|last| (last.step.to, String::new()));
            let value = move |step: &Counted| {
                let state = match step {
                    step if step.is_under_way => format!(", {}", words::UNDER_WAY),
                    step if step.is_gap() => format!(", {}", words::ESTIMATED),
                    _ => String::new(),
                };
                let text = step.value.map(|value| words::value(of, value) + &state);
                (step.step.from, text.unwrap_or_default())
            };
            Box::new(steps.iter().map(value).chain(end))
        }
    }
}
