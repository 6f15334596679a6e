//! Losses of the period before, and the change since, as columns of a table and a line of a chart.

use crate::picture::Points;
use crate::steps;
use domain::losses::view::{AreaLoss, LossChange, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use markup::{Html, html};
use tables::{Column, Rows};
use texts::words::losses as words;
use texts::words::overview::{CHANGE, WITHIN};
use texts::words::period::capital;
use ui::components::chart::scale::Scale;
use ui::components::figure::{UNKNOWN, fixed};
use ui::drawing::parts::signed;
use ui::kit;

/// The loss of the period before, and the change since; none where they are not known.
pub(super) type Compared = (Option<f64>, Option<LossChange>);

/// The period before, as it begins a label.
pub(super) fn label(shown: &PeriodContext) -> String {
    capital(&steps::before_label(shown))
}

pub(super) fn of_node(page: &LossesPage, node: &NodeLoss) -> Compared {
    let before = page.nodes_before.iter().find(|before| before.id == node.id);
    let change = before.and_then(|before| node.loss.change_from(&before.loss));
    (before.and_then(|before| before.loss.kwh), change)
}

pub(super) fn of_area(page: &LossesPage, area: &AreaLoss) -> Compared {
    let before = page.areas_before.iter().find(|before| before.name == area.name);
    let change = before.and_then(|before| area.change_from(before));
    (before.and_then(|before| before.kwh), change)
}

/// Adds both columns; none where nothing is compared with.
pub(super) fn columns<I: Copy>(
    page: &LossesPage,
    rows: kit::Rows<I>,
    of: impl Fn(I) -> Compared,
) -> kit::Rows<I> {
    if page.before.is_none() {
        return rows;
    }
    rows.column(kit::Column::in_unit(label(&page.shown), "kWh"), |row| fixed(of(row).0, 1))
        .column(kit::Column::in_unit(CHANGE, "kWh"), |row| change(of(row).1))
}

fn change(change: Option<LossChange>) -> Html {
    let kwh = change.map_or_else(|| UNKNOWN.to_owned(), |change| signed(change.kwh, 1));
    let within = change.filter(|change| change.is_within_error()).map(|_| {
        html! { " " <span class="note">{WITHIN}</span> }
    });
    html! { {kwh} {within} }
}

pub(super) fn of_site(page: &LossesPage) -> Option<Html> {
    let before = page.before.as_ref()?;
    Some(html! {
        <td class="num">{fixed(before.kwh, 1)}</td>
        <td class="num">{change(page.whole.change_from(before))}</td>
    })
}

/// The same columns of a file, with the error of the change.
pub(super) fn values<I: Copy>(
    shown: &PeriodContext,
    rows: Rows<I>,
    of: impl Fn(I) -> Compared,
) -> Rows<I> {
    let Some(before) = steps::column_before(shown, words::LOSS_HEAD, "kWh") else { return rows };
    rows.figure(before, 1, |row| of(row).0)
        .figure(Column::in_unit(CHANGE, "kWh"), 1, |row| of(row).1.map(|change| change.kwh))
        .figure(Column::in_unit(CHANGE, "± kWh"), 1, |row| {
            of(row).1.map(|change| change.error_kwh)
        })
}

/// Nodes of the period before that are none any more, in a sentence.
pub(super) fn gone(page: &LossesPage) -> Option<String> {
    let is_gone = |before: &&NodeLoss| page.nodes.iter().all(|node| node.id != before.id);
    let names: Vec<_> =
        page.nodes_before.iter().filter(is_gone).map(|node| node.name.as_str()).collect();
    (!names.is_empty())
        .then(|| words::gone_nodes(&steps::before_label(&page.shown), &names.join(", ")))
}

/// The losses of the trend of the period before, on its own axis.
pub(super) fn trend_points(page: &LossesPage) -> Points {
    steps::points_before(&page.shown, &page.trend_before, |step| (step.from, step.to, step.kwh))
}

pub(super) fn trend_line(page: &LossesPage, scale: Scale) -> Option<Html> {
    let points = || steps::path_before(&trend_points(page), |kwh| scale.below_top(kwh));
    (!page.trend_before.is_empty()).then(points)
}
