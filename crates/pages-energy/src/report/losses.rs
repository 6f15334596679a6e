//! What was lost: node by node, by area, and against the months before.

use domain::losses::balance::Verdict;
use domain::losses::nature::Saving;
use domain::losses::view::{AreaLoss, Loss, NodeLoss};
use domain::reports::view::ReportPage;
use domain::reports::{MonthTotal, Report};
use markup::{Html, html};

use super::{chart, downloads, section, table};
use crate::losses::ranking::{area_verdict_text, verdict_text};
use crate::picture::{self, Bar, LOSS, QUIET};
use tables::{Column, Table, Value};
use texts::figures;
use texts::messages::told;
use texts::words::losses;
use texts::words::report as words;
use ui::drawing::parts::{kwh, time};

/// Nodes in the table and in the chart.
const LISTED: usize = 40;
const DRAWN: usize = 12;

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    if report.nodes.is_empty() {
        let said = html! { <p class="note">{words::NO_NODES}</p> };
        return section("losses", words::LOSSES, said);
    }
    let all = report.nodes.len();
    let cut = (all > LISTED).then(|| html! { <p class="note">{words::of_nodes(LISTED, all)}</p> });
    let content = html! {
        {chart(nodes_chart(report))}
        {nodes(page)}
        {cut}
        {areas(page)}
    };
    section("losses", words::LOSSES, content)
}

/// The column of the cost of real losses.
fn saved(report: &Report) -> Column {
    Column::in_unit(losses::SAVING, figures::currency_sign(&report.currency))
}

fn amount(saving: Option<Saving>) -> Value {
    saving.and_then(|saving| saving.cost).into()
}

fn row(name: &str, loss: &Loss, cause: Option<String>, page: &ReportPage) -> Vec<Value> {
    vec![
        Value::text(name),
        Value::Number(loss.in_kwh, 1),
        Value::number(loss.kwh, 1),
        Value::number(loss.kwh.map(|_| loss.error_kwh), 1),
        Value::number(loss.percent, 1),
        amount(loss.saving),
        Value::percent(loss.coverage),
        Value::text(verdict_text(loss)),
        Value::text(cause.unwrap_or_else(|| unknown(page, loss))),
    ]
}

/// What of a loss is not known, and what is of a part of the month.
fn unknown(page: &ReportPage, loss: &Loss) -> String {
    let at =
        |at| format!("{} {}", time::short_day(page.site.date_at(at)), time::minute(&page.site, at));
    let complete = loss.complete.map(|complete| {
        let share = complete.percent.map(|percent| figures::fixed(percent, 1));
        let (lost, error) = (kwh(complete.kwh), kwh(complete.error_kwh));
        losses::complete(&at(complete.from), &at(complete.to), &lost, &error, share.as_deref())
    });
    let left_out = (!loss.left_out.is_empty()).then(|| losses::left_out(&loss.left_out.join(", ")));
    let missing = (!loss.missing.is_empty()).then(|| loss.missing.join(", "));
    [missing, complete, left_out].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

pub(super) fn table_of_nodes(page: &ReportPage) -> Table {
    let report = &page.report;
    let columns = vec![
        Column::new(words::NODE),
        Column::of_head(&words::IN_KWH),
        Column::of_head(&words::LOSS_KWH),
        Column::of_head(&words::ERROR_KWH),
        Column::in_unit(words::LOSS, "%"),
        saved(report),
        Column::of_head(&words::COVERAGE_PERCENT),
        Column::new(words::VERDICT),
        Column::new(words::CAUSE),
    ];
    let of = |node: &NodeLoss| row(&node.name, &node.loss, node.cause.as_deref().map(told), page);
    let rows = report.nodes.iter().map(of).collect();
    let table = downloads(page).table(words::LOSSES, columns, rows);
    Table { empty: words::NO_NODES.into(), ..table }
}

fn nodes(page: &ReportPage) -> Html {
    let whole = row(&words::SITE, &page.report.loss, None, page);
    table(page, "nodes", table_of_nodes(page), LISTED, Some(whole))
}

/// The nodes that matter most, with their error.
pub(super) fn nodes_chart(report: &Report) -> Option<String> {
    let bar = |node: &NodeLoss| {
        Some(Bar {
            name: node.name.clone(),
            parts: vec![(node.loss.kwh?, colour(node.loss.verdict))],
            error: Some(node.loss.error_kwh),
        })
    };
    let bars: Vec<Bar> = report.nodes.iter().filter_map(bar).take(DRAWN).collect();
    if bars.is_empty() {
        return None;
    }
    let legend: [picture::Named; 2] =
        [(words::LOSS_WORD.into(), LOSS), (words::WITHIN_WORD.into(), QUIET)];
    picture::bars(&words::LOSSES_CHART, &legend, &bars)
}

const fn colour(verdict: Verdict) -> plotters::style::RGBColor {
    match verdict {
        Verdict::Loss | Verdict::Negative => LOSS,
        Verdict::WithinError | Verdict::Incomplete => QUIET,
    }
}

/// None where no node has an area.
pub(super) fn table_of_areas(page: &ReportPage) -> Option<Table> {
    let report = &page.report;
    let columns = vec![
        Column::new(words::AREA),
        Column::new(words::NODES),
        Column::of_head(&words::LOSS_KWH),
        Column::of_head(&words::ERROR_KWH),
        saved(report),
        Column::of_head(&words::COVERAGE_PERCENT),
        Column::new(words::VERDICT),
    ];
    let row = |area: &AreaLoss| {
        vec![
            Value::text(area.name.clone().unwrap_or_else(|| words::NO_AREA.into())),
            Value::count(area.nodes),
            Value::number(area.kwh, 1),
            Value::number(area.kwh.map(|_| area.error_kwh), 1),
            amount(area.saving),
            Value::percent(area.coverage),
            Value::text(area_verdict_text(area)),
        ]
    };
    let rows = report.areas.iter().map(row).collect();
    let has_areas = report.areas.iter().any(|area| area.name.is_some());
    has_areas.then(|| downloads(page).table(words::AREAS, columns, rows))
}

fn areas(page: &ReportPage) -> Option<Html> {
    table_of_areas(page).map(|areas| {
        html! {
            <h3>{words::AREAS}</h3>
            {table(page, "areas", areas, usize::MAX, None)}
        }
    })
}

/// Loss of each month up to this one.
pub(super) fn months_chart(report: &Report) -> Option<String> {
    let bar = |month: &MonthTotal| {
        let lost = month.total.lost.unwrap_or_default();
        Bar {
            name: month.month.to_string(),
            parts: vec![(lost.kwh, colour(Verdict::of(Some(lost.kwh), lost.error_kwh)))],
            error: Some(lost.error_kwh),
        }
    };
    let months: Vec<Bar> = report.months.iter().map(bar).collect();
    let legend: [picture::Named; 2] =
        [(words::LOSS_WORD.into(), LOSS), (words::WITHIN_WORD.into(), QUIET)];
    (months.len() > 1)
        .then(|| picture::columns(&words::TREND_CHART, &legend, &months, None))
        .flatten()
}

pub(super) fn table_of_months(page: &ReportPage) -> Table {
    let report = &page.report;
    let row = |month: &MonthTotal| {
        let total = &month.total;
        vec![
            Value::text(time::month(month.month)),
            Value::Number(total.energy.kwh(), 1),
            Value::number(total.lost.map(|lost| lost.kwh), 1),
            Value::number(total.lost.map(|lost| lost.error_kwh), 1),
            Value::number(month.loss_percent, 1),
            amount(month.saving),
            Value::percent(total.coverage),
        ]
    };
    let columns = vec![
        Column::new(words::MONTH),
        Column::in_unit(words::ENERGY, words::KWH),
        Column::of_head(&words::LOSS_KWH),
        Column::of_head(&words::ERROR_KWH),
        Column::in_unit(words::LOSS, "%"),
        saved(report),
        Column::of_head(&words::COVERAGE_PERCENT),
    ];
    downloads(page).table(words::TREND, columns, report.months.iter().map(row).collect())
}

pub(super) fn trend(page: &ReportPage) -> Html {
    let report = &page.report;
    if report.months.len() < 2 {
        let said = html! { <p class="note">{words::FIRST}</p> };
        return section("trend", words::TREND, said);
    }
    let content = html! {
        {chart(months_chart(report))}
        {downloads(page).behind("months", table_of_months(page), || months_chart(report))}
    };
    section("trend", words::TREND, content)
}
