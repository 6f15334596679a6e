//! What happened to the meters: marks in the chart, and the same as a table.

use domain::alarms::Severity;
use domain::history::view::{Event, HistoryPage, Mark};
use markup::{Html, html};

use tables::{Column, Table, Value};
use texts::words::history as words;
use ui::components::chart::percent;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::Axis;
use ui::drawing::parts::{Clock, mark};
use ui::period::join;

/// With more marks than this each is a number alone, which the table explains.
const MOST_TEXTS: usize = 4;

/// Numbered lines in the chart.
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
            at.iter().map(|at| circle(axis.percent(*at))).collect()
        } else {
            html! { <line class="plot-event" x1=percent(x) x2=percent(x) y1="0" y2="100%" /> }
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

/// A reading that is left out: its figure has no place on the axes.
fn circle(x: f64) -> Html {
    html! { <circle class="plot-outlier" cx=percent(x) cy="97%" r="3" /> }
}

/// The marks by their numbers.
pub(super) fn table(page: &HistoryPage) -> Html {
    if page.series.is_empty() {
        return Html::default();
    }
    let body = if page.marks.is_empty() {
        html! { <p class="note">{words::NO_MARKS}</p> }
    } else {
        rows(page)
    };
    let more = (page.more_marks > 0)
        .then(|| html! { <p class="note">{words::more_marks(page.more_marks)}</p> });
    let compares = page.shown.period.compares();
    let alone = compares.then_some(texts::words::energy::ALONE);
    html! {
        <section class="history-marks" aria-labelledby="marks">
            <h2 id="marks">
                {words::MARKS} " " <span class="note">{alone}</span>
            </h2>
            {body}
            {more}
        </section>
    }
}

fn rows(page: &HistoryPage) -> Html {
    let clock = Clock(&page.shown);
    let row = |(i, happened): (usize, &Mark)| {
        let shape = match &happened.event {
            Event::Alarm { severity: Severity::Critical, .. } => Shape::Alarm,
            Event::Alarm { .. } => Shape::Warn,
            Event::Exchange(_) | Event::Correction { .. } | Event::Outliers { .. } => Shape::Ring,
        };
        let tab = match &happened.event {
            Event::Alarm { .. } => "",
            Event::Outliers { .. } => "/registers",
            Event::Exchange(_) | Event::Correction { .. } => "/corrections",
        };
        let path = format!("/meters/{}{tab}", happened.meter);
        let query = page.shown.period.query();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        let until = happened.until.map(|until| clock.within(until));
        html! {
            <tr>
                <td class="num">{i + 1}</td>
                <th scope="row">{clock.within(happened.at)}</th>
                <td>{until}</td>
                <td>
                    <a href=join(&path, &query)>{happened.name.clone()}</a>
                </td>
                <td class="history-event">
                    {mark(shape)} " " {words::event(&happened.event)}
                </td>
            </tr>
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::MARKS>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col" class="num">"#"</th>
                        <th scope="col">{words::TIME}</th>
                        <th scope="col">{words::UNTIL}</th>
                        <th scope="col">{words::METER}</th>
                        <th scope="col">{words::EVENT}</th>
                    </tr>
                </thead>
                <tbody>{page.marks.iter().enumerate().map(row).collect::<Html>()}</tbody>
            </table>
        </div>
        {Downloads::of(&page.shown).offer("events", || data(page))}
    }
}

/// The marks as data, for files.
fn data(page: &HistoryPage) -> Table {
    let row = |mark: &Mark| {
        vec![
            Value::Time(mark.at),
            mark.until.map_or(Value::Unknown, Value::Time),
            Value::text(&mark.name),
            Value::text(words::event(&mark.event)),
        ]
    };
    let columns = [words::TIME, words::UNTIL, words::METER, words::EVENT].map(Column::new);
    let rows = page.marks.iter().map(row).collect();
    Downloads::of(&page.shown).table(words::MARKS, columns.into(), rows)
}
