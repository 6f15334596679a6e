//! Losses of the period before, and the change since, as columns of a table and a line of a chart.

use domain::losses::view::{AreaLoss, LossChange, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use markup::{Html, html};
use tables::{Column, Value};
use texts::language;

use crate::picture::Points;
use crate::steps;
use texts::words::losses as words;
use texts::words::overview::{CHANGE, WITHIN};
use texts::words::period::capital;
use ui::components::chart::path::line;
use ui::components::chart::scale::Scale;
use ui::components::figure::{UNKNOWN, fixed};
use ui::drawing::parts::plot::paths;
use ui::drawing::parts::signed;

/// The loss of the period before, and the change since; none where they are not known.
type Compared = (Option<f64>, Option<LossChange>);

/// The name of the period before, as it stands in a sentence.
pub(super) fn name(shown: &PeriodContext) -> String {
    shown.period.before_label(shown.today(), language::now())
}

/// The period before, as it begins a label.
pub(super) fn label(shown: &PeriodContext) -> String {
    capital(&name(shown))
}

/// The heads of the columns; none where nothing is compared with.
pub(super) fn heads(page: &LossesPage) -> Option<Html> {
    page.before.as_ref()?;
    Some(html! {
        <th scope="col" class="num">
            {label(&page.shown)} <span class="unit">"kWh"</span>
        </th>
        <th scope="col" class="num">
            {CHANGE} <span class="unit">"kWh"</span>
        </th>
    })
}

/// The cells of a node.
pub(super) fn of_node(page: &LossesPage, node: &NodeLoss) -> Option<Html> {
    page.before.as_ref()?;
    Some(cells(compare_node(page, node)))
}

fn compare_node(page: &LossesPage, node: &NodeLoss) -> Compared {
    let before = page.nodes_before.iter().find(|before| before.id == node.id);
    let change = before.and_then(|before| node.loss.change_from(&before.loss));
    (before.and_then(|before| before.loss.kwh), change)
}

/// The cells of an area.
pub(super) fn of_area(page: &LossesPage, area: &AreaLoss) -> Option<Html> {
    page.before.as_ref()?;
    Some(cells(compare_area(page, area)))
}

fn compare_area(page: &LossesPage, area: &AreaLoss) -> Compared {
    let before = page.areas_before.iter().find(|before| before.name == area.name);
    let change = before.and_then(|before| area.change_from(before));
    (before.and_then(|before| before.kwh), change)
}

/// The cells of the site.
pub(super) fn of_site(page: &LossesPage) -> Option<Html> {
    let before = page.before.as_ref()?;
    Some(cells((before.kwh, page.whole.change_from(before))))
}

fn cells((before, change): Compared) -> Html {
    let kwh = change.map_or_else(|| UNKNOWN.to_owned(), |change| signed(change.kwh, 1));
    let within = change.filter(|change| change.is_within_error()).map(|_| {
        html! { " " <span class="note">{WITHIN}</span> }
    });
    html! {
        <td class="num">{fixed(before, 1)}</td>
        <td class="num">{kwh} {within}</td>
    }
}

/// The same columns of a file, with the error of the change.
pub(super) fn columns(shown: &PeriodContext) -> Vec<Column> {
    let Some(before) = steps::column_before(shown, words::LOSS_HEAD, "kWh") else {
        return Vec::new();
    };
    vec![before, Column::in_unit(CHANGE, "kWh"), Column::in_unit(CHANGE, "± kWh")]
}

/// The cells of a node in a file.
pub(super) fn values_of_node(page: &LossesPage, node: &NodeLoss) -> Vec<Value> {
    values(&page.shown, compare_node(page, node))
}

/// The cells of an area in a file.
pub(super) fn values_of_area(page: &LossesPage, area: &AreaLoss) -> Vec<Value> {
    values(&page.shown, compare_area(page, area))
}

fn values(shown: &PeriodContext, (before, change): Compared) -> Vec<Value> {
    if !shown.period.compares() {
        return Vec::new();
    }
    vec![
        Value::number(before, 1),
        Value::number(change.map(|change| change.kwh), 1),
        Value::number(change.map(|change| change.error_kwh), 1),
    ]
}

/// Nodes of the period before that are none any more, in a sentence.
pub(super) fn gone(page: &LossesPage) -> Option<String> {
    let is_gone = |before: &&NodeLoss| page.nodes.iter().all(|node| node.id != before.id);
    let names: Vec<_> =
        page.nodes_before.iter().filter(is_gone).map(|node| node.name.as_str()).collect();
    (!names.is_empty()).then(|| words::gone_nodes(&name(&page.shown), &names.join(", ")))
}

/// The losses of the trend of the period before, on its own axis.
pub(super) fn trend_points(page: &LossesPage) -> Points {
    steps::points_before(&page.shown, &page.trend_before, |step| (step.from, step.to, step.kwh))
}

pub(super) fn trend_line(page: &LossesPage, scale: Scale) -> Option<Html> {
    let points = trend_points(page).into_iter();
    let points = points.map(|point| point.map(|(x, kwh)| (x, scale.below_top(kwh))));
    (!page.trend_before.is_empty()).then(|| paths(vec![("line-before", line(points))]))
}
