//! The report of a month: a sheet of paper, to be read, printed and mailed.

mod chart;
mod energy;
mod letter;
mod losses;
mod quality;
mod rest;
mod summary;

use chrono::TimeDelta;
use domain::reports::view::ReportPage;
use domain::reports::{Month, Report};
use markup::{Html, html};

use texts::words::report as words;
use ui::drawing::parts::time;
use ui::drawing::{Sheet, at, sheet};

pub use letter::{Written, letter};

/// A report is not drawn anew under the eyes of who reads it.
const REFRESH_S: u32 = 86_400;

pub(super) fn draw(page: &ReportPage) -> Sheet {
    let title = words::title(&time::month(page.report.month));
    let drawn = sheet(
        &title,
        html! {
            <article class="page report">
                {tools(page)} <div class="report-paper">{paper(page)}</div>
            </article>
        },
    );
    Sheet { refresh_s: REFRESH_S, ..drawn }
}

fn tools(page: &ReportPage) -> Html {
    let (month, slug) = (page.report.month, page.slug.as_deref());
    let running = Month::of(page.site.date_at(page.now));
    let to = |month: Month| at(slug, &format!("/reports/{month}"), &[]);
    let file = |form: &str| at(slug, &format!("/api/reports/{month}{form}"), &[]);
    let name = format!("report-{}-{month}.csv", page.site.slug);
    let after = (month < running).then(|| {
        html! {
            <a class="button" id="next" rel="next" href=to(month.next())>
                {words::AFTER}
            </a>
        }
    });
    html! {
        <p class="actions report-tools">
            <a class="button" id="prev" rel="prev" href=to(month.previous())>
                {words::BEFORE}
            </a>
            {after}
            <a class="button" href=at(slug, "/reports", &[])>
                {words::ALL}
            </a>
            <a class="button" href=file(".csv") download=name rel="external">
                {words::CSV}
            </a>
            <a class="button" href=file("") rel="external">
                {words::JSON}
            </a>
            <button type="button" class="button is-main" data-print="">
                {words::PRINT}
            </button>
        </p>
    }
}

/// What stands on the paper.
fn paper(page: &ReportPage) -> Html {
    let report = &page.report;
    if !report.is_known() {
        let first = report.first_month.map(time::month);
        let said = words::nothing(&time::month(report.month), first.as_deref());
        return html! {
            {head(page)}
            <p class="report-state">{said}</p>
        };
    }
    html! {
        {head(page)}
        {summary::draw(page)}
        {energy::draw(page)}
        {losses::draw(page)}
        {losses::trend(page)}
        {rest::draw(page)}
        {quality::draw(page)}
        {quality::alarms(page)}
        {quality::basis()}
    }
}

fn head(page: &ReportPage) -> Html {
    let (report, site) = (&page.report, &page.site);
    let until = site.date_at(report.to - TimeDelta::microseconds(1));
    let span = words::span(&time::short_day(report.month.first()), &time::short_day(until));
    let now =
        format!("{} {}", time::long_day(site.date_at(page.now)), time::minute(site, page.now));
    html! {
        <header class="bill-head">
            <div>
                <p class="bill-brand">
                    <svg class="logo" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
                        <path class="logo-bar" d="M1 2h14M1 7h9M1 12h6" />
                        <path class="logo-loss" d="M12 7h3" />
                    </svg>
                    "Wattlens"
                </p>
                <h1>{words::title(&time::month(report.month))}</h1>
            </div>
            <p class="bill-facts">
                <span>{site.name.clone()}</span>
                <span>{span}</span>
                <span>{words::drawn(&now, site.zone.name())}</span>
            </p>
        </header>
    }
}

/// A chart, or what stands in its place.
fn picture(svg: Option<String>) -> Html {
    if let Some(svg) = svg {
        html! { <div class="report-chart" role="group" tabindex="0" aria-label=words::CHART inner_html=svg></div> }
    } else {
        html! { <p class="note">{words::NO_CHART}</p> }
    }
}

/// The charts of a report as files: their names, and what they hold.
fn pictures(report: &Report) -> Vec<(&'static str, String)> {
    let all = [
        ("days", energy::days_chart(report)),
        ("losses", losses::nodes_chart(report)),
        ("months", losses::months_chart(report)),
    ];
    all.into_iter().filter_map(|(name, svg)| Some((name, svg?))).collect()
}

/// A table whose first column names its rows; `words` of the others are texts, the rest figures.
fn table(
    label: &str,
    heads: &[(String, bool)],
    rows: Vec<Vec<String>>,
    sum: Option<Vec<String>>,
) -> Html {
    let class = |i: usize| {
        if heads.get(i).is_some_and(|(_, is_text)| *is_text) { "report-text" } else { "num" }
    };
    let cells = |row: Vec<String>| {
        let mut cells = row.into_iter();
        let first = cells.next();
        let rest = cells.zip(1..).map(|(cell, i)| html! { <td class=class(i)>{cell}</td> });
        html! {
            <th scope="row">{first}</th>
            {rest.collect::<Html>()}
        }
    };
    let head = |(i, (head, _)): (usize, &(String, bool))| {
        let class = if i == 0 { "" } else { class(i) };
        html! {
            <th scope="col" class=class>
                {head.clone()}
            </th>
        }
    };
    let sum = sum.map(|sum| html! { <tr class="sum">{cells(sum)}</tr> });
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=label.to_owned()>
            <table class="table">
                <thead>
                    <tr>{heads.iter().enumerate().map(head).collect::<Html>()}</tr>
                </thead>
                <tbody>
                    {rows.into_iter().map(|row| html! { <tr>{cells(row)}</tr> }).collect::<Html>()} {sum}
                </tbody>
            </table>
        </div>
    }
}

/// The head of a column of figures, and of one of texts.
fn figures_head(text: impl Into<String>) -> (String, bool) {
    (text.into(), false)
}

fn text_head(text: impl Into<String>) -> (String, bool) {
    (text.into(), true)
}

fn section(id: &'static str, title: impl Into<String>, content: Html) -> Html {
    html! {
        <section class="report-section" id=id>
            <h2>{title.into()}</h2>
            {content}
        </section>
    }
}
