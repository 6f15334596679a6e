//! Nodes with their live balance, ranked by what their loss costs.

use domain::MeterId;
use domain::live::{BalanceLive, NodeLive, Snapshot};
use domain::losses::balance::Verdict;
use domain::overview::view::{Finding, HotspotsPage};
use markup::{Html, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use service::pages::Query;

use super::{Names, is_major, name};
use crate::pages::sparkline;
use tables::{Column, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::words::alarms::NOTE;
use texts::words::losses::{NOT_KNOWN, VERDICT};
use texts::words::overview as words;
use ui::components::chart::scale::Scale;
use ui::components::figure;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::parts::{mark, noted, time, verdict};
use ui::kit;
use ui::period::{going_on, join};

/// The list. Rows stay where they are while the pointer or the focus is in it.
pub(super) fn draw(now: &Snapshot, page: &HotspotsPage, (names, query): (&Names, &Query)) -> Html {
    let kept = going_on(&query.without(&[]));
    let lines = lines(now);
    let is_empty = lines.is_empty();
    let sign = figures::currency_sign(&now.site.currency);
    let row = |line| match line {
        Line::Group(verdict) => html! {
            <tr id=format!("hotspots-{}", verdict.as_str()) class="group">
                <th colspan="7" scope="rowgroup">
                    {heading(verdict)}
                </th>
            </tr>
        },
        Line::Node(node) => {
            let (class, shape, spark) = look(&node.balance, &now.whole);
            let line = page.loss_lines.iter().find(|line| line.meter == node.id);
            let line = day(line.map_or(&[][..], |line| &line.points), spark);
            html! {
                <tr id=format!("hotspot-{}", node.id) class=class>
                    <td class="col-mark">{mark(shape)}</td>
                    <th scope="row">
                        <a href=join(&format!("/losses?node={}", node.id), &kept)>{name(names, node.id)}</a>
                        " "
                        <span class="remark">{remark(node, page, names)}</span>
                    </th>
                    <td class="col-spark" inner_html=line></td>
                    {cells(&node.balance, &now.whole, page.metering.contains(&node.id))}
                </tr>
            }
        }
    };
    html! {
        <section class="hotspots">
            <h2>{noted(words::HOTSPOTS, words::HOTSPOTS_NOTE)}</h2>
            <table class="table">
                <thead>
                    <tr>
                        <th class="col-mark">
                            <span class="sr">{words::STATE}</span>
                        </th>
                        {kit::heads([
                            kit::Column::new(words::NODE),
                            kit::Column::new(words::DAY).class("col-spark"),
                            kit::Column::of_figures(words::KW),
                            kit::Column::new(words::ERROR).class("col-error"),
                            kit::Column::of_figures(words::PERCENT),
                            kit::Column::of_figures(format!("{sign}/h")),
                        ])}
                    </tr>
                </thead>
                <tbody id="hotspots" data-still>{lines.into_iter().map(row).collect::<Html>()}</tbody>
                <tfoot>
                    <tr class="sum">
                        <td></td>
                        <th scope="row" colspan="2">
                            {words::ALL_NODES}
                        </th>
                        {cells(&now.whole, &now.whole, !page.metering.is_empty())}
                    </tr>
                </tfoot>
            </table>
            <p class="note" hidden=!is_empty>
                {words::NO_NODES}
            </p>
            {Downloads::of_site(&page.site, now.at).offer("hotspots", || table(now, page, names))}
        </section>
    }
}

enum Line<'a> {
    /// The heading of those with this verdict.
    Group(Verdict),
    Node(&'a NodeLive),
}

const GROUPS: [Verdict; 4] =
    [Verdict::Loss, Verdict::Negative, Verdict::WithinError, Verdict::Incomplete];

const fn heading(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Loss => words::RANKED,
        Verdict::Negative => words::NEGATIVE,
        Verdict::WithinError => words::WITHIN_ERROR,
        Verdict::Incomplete => words::INCOMPLETE,
    }
}

/// Nodes by verdict: losses as the server ranks them, the others by the size of their difference.
fn lines(snapshot: &Snapshot) -> Vec<Line<'_>> {
    let rank = |id| snapshot.hotspots.iter().position(|&hot| hot == id).unwrap_or(usize::MAX);
    GROUPS
        .into_iter()
        .flat_map(|verdict| {
            let of_group = |node: &&NodeLive| node.balance.verdict == verdict;
            let mut nodes: Vec<_> = snapshot.nodes.iter().filter(of_group).collect();
            nodes.sort_by(|a, b| {
                let size = |node: &NodeLive| node.balance.loss_kw.map_or(0.0, f64::abs);
                rank(a.id).cmp(&rank(b.id)).then(size(b).total_cmp(&size(a)))
            });
            let heading = (!nodes.is_empty()).then_some(Line::Group(verdict));
            heading.into_iter().chain(nodes.into_iter().map(Line::Node))
        })
        .collect()
}

/// The nodes as data, for files; the site as a whole is among the facts.
fn table(now: &Snapshot, page: &HotspotsPage, names: &Names) -> Table {
    let sign = figures::currency_sign(&now.site.currency);
    let columns = vec![
        Column::new(words::NODE),
        Column::in_unit(words::LOSS, words::KW),
        Column::in_unit(words::ERROR, "± kW"),
        Column::in_unit(words::LOSS, words::PERCENT),
        Column::in_unit(words::LOSS, format!("{sign}/h")),
        Column::new(VERDICT),
        Column::new(NOTE),
    ];
    let row = |line| {
        let Line::Node(node) = line else { return None };
        let known = known(&node.balance);
        let tenths = |read: fn(&BalanceLive) -> Option<f64>| Value::number(known.and_then(read), 1);
        let cost = known.filter(|_| !page.metering.contains(&node.id)).and_then(cost);
        Some(vec![
            Value::text(name(names, node.id)),
            tenths(|balance| balance.loss_kw),
            tenths(|balance| Some(balance.error_kw)),
            tenths(|balance| balance.loss_percent),
            Value::number(cost, 2),
            Value::text(verdict(node.balance.verdict).1),
            remark(node, page, names).into(),
        ])
    };
    let rows = lines(now).into_iter().filter_map(row).collect();
    let mut table = Downloads::of_site(&page.site, now.at).table(words::HOTSPOTS, columns, rows);
    let whole = known(&now.whole).and_then(|whole| Some((whole.loss_kw?, whole.error_kw)));
    let lost = whole.map_or_else(
        || String::from(NOT_KNOWN),
        |(lost, error)| format!("{} ± {} kW", figures::fixed(lost, 1), figures::fixed(error, 1)),
    );
    table.facts.push((words::ALL_NODES.into(), lost));
    table
}

/// A balance, where all of it is known.
fn known(balance: &BalanceLive) -> Option<&BalanceLive> {
    Some(balance).filter(|balance| balance.verdict != Verdict::Incomplete)
}

fn cost(balance: &BalanceLive) -> Option<f64> {
    balance.cost_per_hour.as_ref().and_then(Decimal::to_f64)
}

/// How a node looks: its row, its shape, its line.
fn look(node: &BalanceLive, whole: &BalanceLive) -> (&'static str, Shape, &'static str) {
    match node.verdict {
        Verdict::Loss if is_major(node.loss_kw, whole.loss_kw) => {
            ("row is-major", Shape::Alarm, "spark-loss")
        }
        Verdict::Loss => ("row", Shape::Loss, "spark-loss"),
        Verdict::Negative => ("row", Shape::Warn, "spark-negative"),
        Verdict::WithinError => ("row is-quiet", Shape::Ring, "spark-quiet"),
        Verdict::Incomplete => ("row is-quiet", Shape::Stale, "spark-quiet"),
    }
}

/// The line of a node's day, from zero.
fn day(points: &[Option<f64>], class: &str) -> String {
    let known = || points.iter().flatten().copied();
    let scale = Scale::new(known().fold(0.0, f64::min), known().fold(0.0, f64::max));
    let height = |value: f64| scale.percent(value) / 100.0;
    let heights: Vec<_> = points.iter().map(|point| point.map(height)).collect();
    sparkline::draw(&heights, Some(height(0.0)), class)
}

/// The remark on a node: who is silent, what was found, or a change beyond its error.
fn remark(node: &NodeLive, page: &HotspotsPage, names: &Names) -> Option<String> {
    let balance = &node.balance;
    if let Some(&first) = balance.missing.first() {
        return Some(words::missing(&name(names, first), balance.missing.len() - 1));
    }
    let is_open = matches!(balance.verdict, Verdict::Loss | Verdict::Negative);
    if let Some(found) = found(node.id, page).filter(|_| is_open) {
        return Some(found);
    }
    let trend = balance.trend_kw.filter(|trend| trend.abs() > balance.error_kw)?;
    let kw = figures::about(trend.abs());
    Some(if trend > 0.0 { words::rises(&kw) } else { words::falls(&kw) })
}

fn found(node: MeterId, page: &HotspotsPage) -> Option<String> {
    let (_, found) = page.found.iter().find(|(of, _)| *of == node)?;
    Some(match found {
        Finding::Cause(code, number) => words::cause(*code, number),
        Finding::Step(step) => {
            let at = time::minute(&page.site, step.at);
            words::step(&figures::fixed(step.power_kw.abs(), 1), &at)
        }
    })
}

/// kW, error, per cent and cost of a balance; dashes where it is incomplete, and for the cost of what is
/// probably a meter that reads wrong.
fn cells(balance: &BalanceLive, whole: &BalanceLive, is_metering: bool) -> Html {
    let known = known(balance);
    let tenths = |read: fn(&BalanceLive) -> Option<f64>| figure::fixed(known.and_then(read), 1);
    let error = known.map_or_else(
        || figure::UNKNOWN.to_owned(),
        |balance| format!("± {}", figures::fixed(balance.error_kw, 1)),
    );
    // Costs stand in one column and add up: they all have the decimals of their sum.
    let places = if cost(whole).is_none_or(|sum| sum.abs() >= 20.0) { 0 } else { 2 };
    html! {
        <td class="num kw">{tenths(|balance| balance.loss_kw)}</td>
        <td class="col-error">{error}</td>
        <td class="num">{tenths(|balance| balance.loss_percent)}</td>
        <td class="num">{figure::fixed(known.filter(|_| !is_metering).and_then(cost), places)}</td>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_goes_below_zero_shows_where_zero_is() {
        assert!(!day(&[Some(1.0), Some(2.0)], "").contains("spark-zero"));
        assert!(day(&[Some(1.0), Some(-2.0)], "").contains("spark-zero"));
    }
}
