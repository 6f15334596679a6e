//! What was lost: node by node, by area, and against the months before.

use super::{chart, downloads, section, table};
use crate::losses::ranking::{area_verdict_text, verdict_text};
use crate::parts::note;
use crate::picture::{self, Bar, LOSS, QUIET};
use domain::losses::balance::Verdict;
use domain::losses::nature::Saving;
use domain::losses::view::{AreaLoss, Loss, NodeLoss};
use domain::message::Message;
use domain::reports::view::ReportPage;
use domain::reports::{MonthTotal, Report};
use markup::{Html, html};
use rust_decimal::Decimal;
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::messages::told;
use texts::words::{losses, report as words};
use ui::drawing::parts::{kwh, time};

/// Nodes in the table and in the chart.
const LISTED: usize = 40;
const DRAWN: usize = 12;

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    if report.nodes.is_empty() {
        return section("losses", words::LOSSES, note(words::NO_NODES));
    }
    let all = report.nodes.len();
    let cut = (all > LISTED).then(|| note(words::of_nodes(LISTED, all)));
    let content = html! {
        {chart(nodes_chart(report))}
        {nodes(page)}
        {cut}
        {areas(page)}
    };
    section("losses", words::LOSSES, content)
}

fn saved(report: &Report) -> Column {
    Column::in_unit(losses::SAVING, figures::currency_sign(&report.currency))
}

fn amount(saving: Option<Saving>) -> Option<Decimal> {
    saving.and_then(|saving| saving.cost)
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
    let rows = page.report.nodes.iter();
    let rows = rows.map(|node| (node.name.as_str(), &node.loss, node.cause.as_deref()));
    let table = downloads(page).rows(words::LOSSES, columns_of_loss(page, rows));
    Table { empty: words::NO_NODES.into(), ..table }
}

/// A loss with its name and its cause, where that is known.
type NamedLoss<'a> = (&'a str, &'a Loss, Option<&'a Message>);

fn columns_of_loss<'a>(
    page: &ReportPage,
    losses: impl IntoIterator<Item = NamedLoss<'a>>,
) -> Rows<NamedLoss<'a>> {
    let cause = |(_, loss, cause): NamedLoss<'_>| cause.map_or_else(|| unknown(page, loss), told);
    Rows::of(losses)
        .text(words::NODE, |(name, ..)| name)
        .figure(Column::of_head(&words::IN_KWH), 1, |(_, loss, _)| loss.in_kwh)
        .figure(Column::of_head(&words::LOSS_KWH), 1, |(_, loss, _)| loss.kwh)
        .figure(Column::of_head(&words::ERROR_KWH), 1, |(_, loss, _)| {
            loss.kwh.map(|_| loss.error_kwh)
        })
        .figure(Column::in_unit(words::LOSS, "%"), 1, |(_, loss, _)| loss.percent)
        .cell(saved(&page.report), |(_, loss, _)| amount(loss.saving))
        .percent(Column::of_head(&words::COVERAGE_PERCENT), |(_, loss, _)| loss.coverage)
        .text(words::VERDICT, |(_, loss, _)| verdict_text(loss))
        .text(words::CAUSE, cause)
}

fn nodes(page: &ReportPage) -> Html {
    let whole = columns_of_loss(page, [(words::SITE.get(), &page.report.loss, None)]);
    let (_, whole) = whole.parts();
    table(page, "nodes", table_of_nodes(page), LISTED, whole.into_iter().next())
}

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
    let name = |area: &AreaLoss| area.name.clone().unwrap_or_else(|| words::NO_AREA.into());
    let rows = Rows::of(&report.areas)
        .text(words::AREA, name)
        .cell(words::NODES, |area| Value::count(area.nodes))
        .figure(Column::of_head(&words::LOSS_KWH), 1, |area| area.kwh)
        .figure(Column::of_head(&words::ERROR_KWH), 1, |area| area.kwh.map(|_| area.error_kwh))
        .cell(saved(report), |area| amount(area.saving))
        .percent(Column::of_head(&words::COVERAGE_PERCENT), |area| area.coverage)
        .text(words::VERDICT, area_verdict_text);
    let has_areas = report.areas.iter().any(|area| area.name.is_some());
    has_areas.then(|| downloads(page).rows(words::AREAS, rows))
}

fn areas(page: &ReportPage) -> Option<Html> {
    table_of_areas(page).map(|areas| {
        html! {
            <h3>{words::AREAS}</h3>
            {table(page, "areas", areas, usize::MAX, None)}
        }
    })
}

pub(super) fn months_chart(report: &Report) -> Option<String> {
    let bar = |month: &MonthTotal| {
        let lost = month.total.lost.unwrap_or_default();
        Bar {
            name: month.month.to_string(),
            parts: vec![(lost.kwh, colour(Verdict::of(Some(lost.kwh), lost.error_kwh)))],
            error: Some(lost.error_kwh),
        }
    };
    let legend: [picture::Named; 2] =
        [(words::LOSS_WORD.into(), LOSS), (words::WITHIN_WORD.into(), QUIET)];
    let months = report.months.iter().map(bar);
    (report.months.len() > 1)
        .then(|| picture::columns(&words::TREND_CHART, &legend, months, None))?
}

pub(super) fn table_of_months(page: &ReportPage) -> Table {
    let lost = |month: &MonthTotal| month.total.lost;
    let rows = Rows::of(&page.report.months)
        .text(words::MONTH, |month| time::month(month.month))
        .figure(Column::in_unit(words::ENERGY, words::KWH), 1, |month| month.total.energy.kwh())
        .figure(Column::of_head(&words::LOSS_KWH), 1, |month| Some(lost(month)?.kwh))
        .figure(Column::of_head(&words::ERROR_KWH), 1, |month| Some(lost(month)?.error_kwh))
        .figure(Column::in_unit(words::LOSS, "%"), 1, |month| month.loss_percent)
        .cell(saved(&page.report), |month| amount(month.saving))
        .percent(Column::of_head(&words::COVERAGE_PERCENT), |month| month.total.coverage);
    downloads(page).rows(words::TREND, rows)
}

pub(super) fn trend(page: &ReportPage) -> Html {
    let report = &page.report;
    if report.months.len() < 2 {
        return section("trend", words::TREND, note(words::FIRST));
    }
    let content = html! {
        {chart(months_chart(report))}
        {downloads(page).behind("months", table_of_months(page), || months_chart(report))}
    };
    section("trend", words::TREND, content)
}
