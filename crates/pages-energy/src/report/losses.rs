//! What was lost: node by node, by area, and against the months before.

use domain::losses::balance::Verdict;
use domain::losses::view::{AreaLoss, Loss, NodeLoss};
use domain::reports::view::ReportPage;
use domain::reports::{MonthTotal, Report};
use markup::{Html, html};
use rust_decimal::Decimal;

use super::chart::{self, Bar, LOSS, QUIET};
use super::{figures_head, picture, section, table, text_head};
use texts::figures;
use texts::messages::told;
use texts::words::losses;
use texts::words::report as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::plot::data_table;
use ui::drawing::parts::{kwh, percent, time, verdict};

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
        {picture(nodes_chart(report))}
        {nodes(page)}
        {cut}
        {areas(report)}
    };
    section("losses", words::LOSSES, content)
}

fn cost(cost: Option<Decimal>, report: &Report) -> String {
    cost.map_or_else(|| UNKNOWN.to_owned(), |cost| with_sign(cost, &report.currency))
}

fn row(name: String, loss: &Loss, cause: Option<String>, page: &ReportPage) -> Vec<String> {
    let report = &page.report;
    let known = |kwh_of: Option<f64>| kwh_of.map_or_else(|| UNKNOWN.to_owned(), kwh);
    let share = loss.percent.map_or_else(|| UNKNOWN.to_owned(), |share| figures::fixed(share, 1));
    vec![
        name,
        kwh(loss.in_kwh),
        known(loss.kwh),
        known(loss.kwh.map(|_| loss.error_kwh)),
        share,
        cost(loss.saving.and_then(|saving| saving.cost), report),
        percent(loss.coverage),
        verdict(loss.verdict).1.into(),
        cause.unwrap_or_else(|| unknown(page, loss)),
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

fn nodes(page: &ReportPage) -> Html {
    let report = &page.report;
    let heads = [
        text_head(words::NODE),
        figures_head(words::IN_KWH),
        figures_head(words::LOSS_KWH),
        figures_head(words::ERROR_KWH),
        figures_head(words::PERCENT),
        figures_head(losses::SAVING),
        figures_head(words::COVERAGE_PERCENT),
        text_head(words::VERDICT),
        text_head(words::CAUSE),
    ];
    let of =
        |node: &NodeLoss| row(node.name.clone(), &node.loss, node.cause.as_deref().map(told), page);
    let rows = report.nodes.iter().take(LISTED).map(of).collect();
    let whole = row(words::SITE.into(), &report.loss, None, page);
    table(&words::LOSSES, &heads, rows, Some(whole))
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
    let legend: [chart::Named; 2] =
        [(words::LOSS_WORD.into(), LOSS), (words::WITHIN_WORD.into(), QUIET)];
    chart::bars(&words::LOSSES_CHART, &legend, &bars)
}

const fn colour(verdict: Verdict) -> plotters::style::RGBColor {
    match verdict {
        Verdict::Loss | Verdict::Negative => LOSS,
        Verdict::WithinError | Verdict::Incomplete => QUIET,
    }
}

/// Nothing where no node has an area.
fn areas(report: &Report) -> Option<Html> {
    report.areas.iter().any(|area| area.name.is_some()).then(|| {
        let heads = [
            text_head(words::AREA),
            figures_head(words::NODES),
            figures_head(words::LOSS_KWH),
            figures_head(words::ERROR_KWH),
            figures_head(losses::SAVING),
            figures_head(words::COVERAGE_PERCENT),
        ];
        let row = |area: &AreaLoss| {
            vec![
                area.name.clone().unwrap_or_else(|| words::NO_AREA.into()),
                area.nodes.to_string(),
                area.kwh.map_or_else(|| UNKNOWN.to_owned(), kwh),
                area.kwh.map_or_else(|| UNKNOWN.to_owned(), |_| kwh(area.error_kwh)),
                cost(area.saving.and_then(|saving| saving.cost), report),
                percent(area.coverage),
            ]
        };
        html! {
            <h3>{words::AREAS}</h3>
            {table(&words::AREAS, &heads, report.areas.iter().map(row).collect(), None)}
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
    let legend: [chart::Named; 2] =
        [(words::LOSS_WORD.into(), LOSS), (words::WITHIN_WORD.into(), QUIET)];
    (months.len() > 1).then(|| chart::columns(&words::TREND_CHART, &legend, &months)).flatten()
}

pub(super) fn trend(page: &ReportPage) -> Html {
    let report = &page.report;
    if report.months.len() < 2 {
        let said = html! { <p class="note">{words::FIRST}</p> };
        return section("trend", words::TREND, said);
    }
    let unknown = || UNKNOWN.to_owned();
    let row = |month: &MonthTotal| {
        let total = &month.total;
        vec![
            time::month(month.month),
            kwh(total.energy.kwh()),
            total.lost.map_or_else(unknown, |lost| kwh(lost.kwh)),
            total.lost.map_or_else(unknown, |lost| kwh(lost.error_kwh)),
            month.loss_percent.map_or_else(unknown, |share| figures::fixed(share, 1)),
            cost(month.saving.and_then(|saving| saving.cost), report),
            percent(total.coverage),
        ]
    };
    let heads = [
        words::MONTH,
        words::ENERGY,
        words::LOSS_KWH,
        words::ERROR_KWH,
        words::PERCENT,
        losses::SAVING,
        words::COVERAGE_PERCENT,
    ];
    let content = html! {
        {picture(months_chart(report))}
        {data_table(heads.map(String::from).into(), report.months.iter().map(row))}
    };
    section("trend", words::TREND, content)
}
