//! The page of history: any channels of meters in one chart, what happened meanwhile, and the choice of
//! series. All of it is links and a form; the browser adds the crosshair, the zoom by hand and a PNG.

mod chart;
mod choose;
mod legend;
mod marks;
pub(crate) mod picture;
mod strokes;
mod table;
mod ticks;

use crate::parts::note;
use crate::steps;
use domain::energy::window::Window;
use domain::history::view::HistoryPage;
use domain::history::{Trouble, Wanted};
use markup::{Html, html};
use texts::words::history as words;
use ui::drawing::parts::{Clock, mark};
use ui::drawing::{Downloads, Shape, Sheet, link, sheet};

pub(super) fn draw(page: &HistoryPage) -> Sheet {
    let body = if page.chosen.is_empty() { nothing() } else { body(page) };
    sheet(
        &words::TITLE,
        html! {
            <article class="page history">
                <header class="state">
                    <h1>{words::TITLE}</h1>
                    {(!page.chosen.is_empty()).then(|| note(summary(page)))}
                </header>
                {troubles(page)}
                {body}
                {choose::draw(page)}
            </article>
        },
    )
}

fn nothing() -> Html {
    html! {
        <p class="sheet-empty">{words::NOTHING}</p>
        <p class="note">{words::NOTHING_HELP}</p>
    }
}

fn body(page: &HistoryPage) -> Html {
    if page.series.is_empty() {
        return Html::default();
    }
    html! {
        {chart::draw(page)}
        {legend::draw(page)}
        {marks::table(page)}
        {Downloads::of(&page.shown).behind("history", table::table(page), || Some(picture::picture(page)))}
    }
}

fn summary(page: &HistoryPage) -> String {
    let mut meters: Vec<_> = page.chosen.iter().map(|wanted| &wanted.meter).collect();
    meters.dedup();
    let all = words::shown(page.chosen.len(), meters.len(), &steps::label(&page.shown));
    if !page.is_zoomed {
        return all;
    }
    let clock = Clock(&page.shown);
    let (from, to) = (clock.within(page.drawn.from), clock.within(page.drawn.to));
    format!("{all}, {}", words::part(&from, &to))
}

fn troubles(page: &HistoryPage) -> Option<Html> {
    let line = |trouble: &Trouble| {
        let alone = match trouble {
            Trouble::NoAxis { series, .. } => {
                let wanted = Wanted::of(series.id, series.channel);
                let href = link(&page.shown, &format!("/history?series={wanted}"));
                Some(html! { " " <a href=href>{words::OPEN_ALONE}</a> })
            }
            _ => None,
        };
        html! {
            <li>{mark(Shape::Warn)} <span>{words::trouble(trouble)} {alone}</span></li>
        }
    };
    (!page.troubles.is_empty()).then(|| {
        html! {
            <ul class="history-troubles" aria-label=words::TROUBLES>
                {page.troubles.iter().map(line).collect::<Html>()}
            </ul>
        }
    })
}

/// The address of these series, and of a part of the period where one is looked at.
fn address(page: &HistoryPage, series: &[Wanted], zoom: Option<Window>) -> String {
    link(&page.shown, &format!("/history?{}", own(series, zoom)))
}

/// The address of other series in the same part of the period.
fn same_part(page: &HistoryPage, series: &[Wanted]) -> String {
    address(page, series, page.is_zoomed.then_some(page.drawn))
}

fn own(series: &[Wanted], zoom: Option<Window>) -> String {
    let instant = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%dT%H:%M:%SZ");
    let zoom = zoom.map(|zoom| format!("&zoom={}_{}", instant(zoom.from), instant(zoom.to)));
    format!("series={}{}", service::history::address(series), zoom.unwrap_or_default())
}

fn letter(index: usize) -> String {
    char::from(b'A' + u8::try_from(index % 26).unwrap_or_default()).to_string()
}

/// Colour and dashes of a series; those next to each other differ in both.
fn class(index: usize, line: &str) -> String {
    format!("{line} series-{} dash-{}", index % 6, index % 4)
}
