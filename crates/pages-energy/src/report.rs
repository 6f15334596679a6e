//! The report of a month: a sheet of paper, to be read, printed and mailed.

mod energy;
mod letter;
mod losses;
mod quality;
mod rest;
mod summary;

use crate::parts::note;
use chrono::TimeDelta;
use domain::meters::view::flow::FlowPage;
use domain::reports::view::ReportPage;
use domain::reports::{Month, Report};
use markup::{Html, html};
use service::pages::Query;
use service::{Error, Principal, Service};
use tables::{Book, Column, Table, Value};
use texts::words::alarms::NOTE;
use texts::words::{files as files_words, report as words};
use ui::drawing::files::{self, Downloads, OF_REPORT};
use ui::drawing::{Sheet, at, still_sheet, time};

pub use letter::{Written, letter};

/// The report of the month that an address names. The workbook has all meters, too, as the page of meters has them.
pub(super) async fn draw(
    service: &Service,
    who: &Principal,
    month: &str,
    query: &Query,
) -> Result<Sheet, Error> {
    let page = service::reports::page::report(service, who, month, query).await?;
    let flow = if files::is_asked() {
        let at = page.report.month.first().to_string();
        let site = page.slug.as_deref().unwrap_or_default();
        let period = Query::default().with("period", "month").with("at", &at).with("site", site);
        Some(service::meters::page::flow::flow(service, who, &period).await?)
    } else {
        None
    };
    Ok(drawn(&page, flow.as_ref()))
}

fn drawn(page: &ReportPage, flow: Option<&FlowPage>) -> Sheet {
    let title = words::title(&time::month(page.report.month));
    let content = html! {
        <article class="page report">
            {tools(page, flow)} <div class="report-paper">{paper(page)}</div>
        </article>
    };
    still_sheet(&title, content)
}

fn tools(page: &ReportPage, flow: Option<&FlowPage>) -> Html {
    let (month, slug) = (page.report.month, page.slug.as_deref());
    let running = Month::of(page.site.date_at(page.now));
    let to = |month: Month| at(slug, &format!("/reports/{month}"), &[]);
    let json = at(slug, &format!("/api/reports/{month}"), &[]);
    let after = (month < running).then(|| {
        html! {
            <a class="button" id="next" rel="next" href=to(month.next())>
                {words::AFTER}
            </a>
        }
    });
    let workbook = page
        .report
        .is_known()
        .then(|| downloads(page).offer_book(OF_REPORT, files_words::WORKBOOK, || book(page, flow)));
    html! {
        <p class="actions report-tools">
            <a class="button" id="prev" rel="prev" href=to(month.previous())>
                {words::BEFORE}
            </a>
            {after}
            <a class="button" href=at(slug, "/reports", &[])>
                {words::ALL}
            </a>
            {workbook}
            <a class="button" href=json rel="external">
                {words::JSON}
            </a>
            <button type="button" class="button is-main" data-print="">
                {words::PRINT}
            </button>
        </p>
    }
}

/// The whole month as one workbook: every table of the report, its figures as tables too, and all meters.
fn book(page: &ReportPage, flow: Option<&FlowPage>) -> Book {
    let sheets = [
        Some(summary::table_of_figures(page)),
        flow.map(crate::meters::sankey::data_table::meters),
        Some(energy::table_of_sources(page)),
        Some(energy::table_of_days(page)),
        Some(energy::table_of_peaks(page)),
        Some(losses::table_of_nodes(page)),
        losses::table_of_areas(page),
        Some(losses::table_of_months(page)),
        Some(rest::table_of_figures(page)),
        Some(rest::table_of_factors(page)),
        Some(quality::table_of_meters(page)),
        Some(quality::table_of_alarms(page)),
    ];
    let said = summary::state(page).into_iter().map(|said| (NOTE.into(), said));
    let cut = quality::shortened(page).map(|said| (words::ALARMS.into(), said));
    let title = words::title(&time::month(page.report.month));
    downloads(page).book(&title, sheets.into_iter().flatten().collect(), said.chain(cut).collect())
}

/// The report as it is printed.
fn paper(page: &ReportPage) -> Html {
    let report = &page.report;
    if !report.is_known() {
        return html! {
            {head(page)}
            <p class="report-state">{nothing(report)}</p>
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

fn nothing(report: &Report) -> String {
    let first = report.first_month.map(time::month);
    words::nothing(&time::month(report.month), first.as_deref())
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
fn chart(svg: Option<String>) -> Html {
    if let Some(svg) = svg {
        html! { <div class="report-chart" role="group" tabindex="0" aria-label=words::CHART inner_html=svg></div> }
    } else {
        note(words::NO_CHART)
    }
}

fn pictures(report: &Report) -> Vec<(&'static str, String)> {
    let all = [
        ("days", energy::days_chart(report)),
        ("losses", losses::nodes_chart(report)),
        ("months", losses::months_chart(report)),
    ];
    all.into_iter().filter_map(|(name, svg)| Some((name, svg?))).collect()
}

fn downloads(page: &ReportPage) -> Downloads<'_> {
    Downloads::of_month(&page.site, page.report.month, page.now)
}

/// A table of a report, and its files. On the page the first `most` of its rows stand, and below them their sum.
fn table(
    page: &ReportPage,
    name: &str,
    table: Table,
    most: usize,
    sum: Option<Vec<Value>>,
) -> Html {
    let files = downloads(page);
    let is_text =
        |i: usize| i > 0 && table.rows.iter().any(|row| matches!(row.get(i), Some(Value::Text(_))));
    let classes: Vec<&str> =
        (0..table.columns.len()).map(|i| if is_text(i) { "report-text" } else { "num" }).collect();
    let cells = |row: &[Value]| {
        let mut cells = files.texts(row).into_iter();
        let first = cells.next();
        let rest = cells.zip(classes.iter().skip(1));
        let rest = rest.map(|(cell, class)| html! { <td class=*class>{cell}</td> });
        html! {
            <th scope="row">{first}</th>
            {rest.collect::<Html>()}
        }
    };
    let head = |(i, column): (usize, &Column)| {
        let class = if i == 0 { "" } else { classes.get(i).copied().unwrap_or_default() };
        html! {
            <th scope="col" class=class>
                {column.head()}
            </th>
        }
    };
    let rows = table.rows.iter().take(most).map(|row| html! { <tr>{cells(row)}</tr> });
    let drawn = html! {
        <div class="scroll" tabindex="0" role="group" aria-label=table.title.clone()>
            <table class="table">
                <thead>
                    <tr>{table.columns.iter().enumerate().map(head).collect::<Html>()}</tr>
                </thead>
                <tbody>
                    {rows.collect::<Html>()}
                    {sum.map(|sum| html! { <tr class="sum">{cells(&sum)}</tr> })}
                </tbody>
            </table>
        </div>
    };
    html! {
        {drawn}
        {files.offer(name, || table)}
    }
}

fn section(id: &'static str, title: impl Into<String>, content: Html) -> Html {
    html! {
        <section class="report-section" id=id>
            <h2>{title.into()}</h2>
            {content}
        </section>
    }
}
