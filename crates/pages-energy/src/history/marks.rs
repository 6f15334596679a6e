//! What happened to the meters: marks in the chart, and the same as a table.

use crate::parts::{heading, note, ring, upright};
use domain::alarms::Severity;
use domain::history::view::{Event, HistoryPage, Mark};
use markup::{Html, html};
use tables::{Rows, Table, Value};
use texts::words::history as words;
use ui::components::chart::percent;
use ui::drawing::parts::plot::Axis;
use ui::drawing::parts::{Clock, mark};
use ui::drawing::{Downloads, Shape};
use ui::kit;
use ui::period::join;

/// With more marks than this each is a number alone, which the table explains.
const MOST_TEXTS: usize = 4;

pub(super) fn draw(page: &HistoryPage, axis: Axis) -> Html {
    let has_texts = page.marks.len() <= MOST_TEXTS;
    let one = |(i, mark): (usize, &Mark)| {
        let x = axis.percent(mark.at);
        let (anchor, dx) = if x > 70.0 { ("end", "-4") } else { ("start", "4") };
        let number = i + 1;
        let text = if has_texts {
            format!("{number} {}, {}", words::event_name(&mark.event), mark.name)
        } else {
            number.to_string()
        };
        let row = if has_texts { i } else { i % 3 };
        let drawn = if let Event::Outliers { at, .. } = &mark.event {
            at.iter().map(|at| ring(axis.percent(*at), "97%")).collect()
        } else {
            upright("plot-event", x)
        };
        html! {
            <g>
                <title>{format!("{}: {}", mark.name, words::event(&mark.event))}</title>
                {drawn}
                <text
                    class="plot-event-text"
                    x=percent(x)
                    y=(12 + 15 * row).to_string()
                    dx=dx
                    text-anchor=anchor
                >
                    {text}
                </text>
            </g>
        }
    };
    page.marks.iter().enumerate().map(one).collect::<Html>()
}

pub(super) fn table(page: &HistoryPage) -> Html {
    let body = if page.marks.is_empty() { note(words::NO_MARKS) } else { rows(page) };
    let more = (page.more_marks > 0).then(|| note(words::more_marks(page.more_marks)));
    let alone = page.shown.period.compares().then_some(texts::words::energy::ALONE);
    html! {
        <section class="history-marks" aria-labelledby="marks">
            {heading(Some("marks"), words::MARKS, alone)}
            {body}
            {more}
        </section>
    }
}

fn rows(page: &HistoryPage) -> Html {
    let clock = Clock(&page.shown);
    let query = page.shown.period.query();
    let query = if query.is_empty() { query } else { format!("?{query}") };
    let meter = |happened: &Mark| {
        let tab = match &happened.event {
            Event::Alarm { .. } => "",
            Event::Outliers { .. } => "/registers",
            Event::Exchange(_) | Event::Correction { .. } => "/corrections",
        };
        let href = join(&format!("/meters/{}{tab}", happened.meter), &query);
        html! { <a href=href>{happened.name.clone()}</a> }
    };
    let event = |happened: &Mark| {
        let shape = match &happened.event {
            Event::Alarm { severity: Severity::Critical, .. } => Shape::Alarm,
            Event::Alarm { .. } => Shape::Warn,
            Event::Exchange(_) | Event::Correction { .. } | Event::Outliers { .. } => Shape::Ring,
        };
        html! { {mark(shape)} " " {words::event(&happened.event)} }
    };
    let rows = kit::Rows::of(page.marks.iter().enumerate())
        .before(kit::Column::of_figures("#"), |(i, _)| i + 1)
        .column(words::TIME, |(_, happened)| clock.within(happened.at))
        .column(words::UNTIL, |(_, happened)| happened.until.map(|until| clock.within(until)))
        .column(words::METER, |(_, happened)| meter(happened))
        .column(kit::Column::new(words::EVENT).cells("history-event"), |(_, it)| event(it));
    html! {
        {rows.scrolled(words::MARKS, "")}
        {Downloads::of(&page.shown).offer("events", || data(page))}
    }
}

fn data(page: &HistoryPage) -> Table {
    let rows = Rows::of(&page.marks)
        .cell(words::TIME, |mark| Value::Time(mark.at))
        .cell(words::UNTIL, |mark| mark.until.map_or(Value::Unknown, Value::Time))
        .text(words::METER, |mark| &mark.name)
        .text(words::EVENT, |mark| words::event(&mark.event));
    Downloads::of(&page.shown).rows(words::MARKS, rows)
}
