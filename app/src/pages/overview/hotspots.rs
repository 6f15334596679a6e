//! Nodes with their live balance, ranked by what their loss costs.

use domain::MeterId;
use domain::live::{BalanceLive, NodeLive};
use domain::losses::balance::Verdict;
use leptos::prelude::*;
use rust_decimal::prelude::ToPrimitive;

use super::Hotspot;
use super::ranking::{Line, heading, lines};
use texts::figures;
use texts::words::overview as words;
use ui::components::erased_view::Erase as _;
use ui::components::figure;
use ui::components::mark::{Mark, Shape};
use ui::components::reactive::{flag, piece, text, text_if, word};
use ui::components::sparkline::framed;
use ui::live::Live;
use ui::period::link;
#[cfg(feature = "ssr")]
use {
    domain::overview::view::{Finding, HotspotsPage},
    domain::view::Sparkline,
    ui::components::sparkline,
    ui::drawing::parts::time,
};

/// A node that loses at least this part of the site's loss is set off from the others.
const MAJOR_SHARE: f64 = 0.25;

/// The past day of each node and what was found about it.
#[cfg(feature = "ssr")]
pub(super) fn of_page(page: &HotspotsPage) -> Vec<Hotspot> {
    let found = |node| {
        let found = page.found.iter().find(|(of, _)| *of == node).map(|(_, found)| found);
        match found {
            Some(Finding::Cause(code, number)) => words::cause(*code, number),
            Some(Finding::Step(step)) => {
                let at = time::minute(&page.site, step.at);
                words::step(&figures::fixed(step.power_kw.abs(), 1), &at)
            }
            None => String::new(),
        }
    };
    let hotspot = |line: &Sparkline| Hotspot {
        node: line.meter,
        line: sparkline::html(&line.points),
        found: found(line.meter),
    };
    page.loss_lines.iter().map(hotspot).collect()
}

#[component]
pub(super) fn Hotspots(live: Live, hotspots: RwSignal<Vec<Hotspot>>) -> impl IntoView {
    let (pointed, focused) = (RwSignal::new(false), RwSignal::new(false));
    let ranked = Memo::new(move |_| live.read(lines));
    // While the pointer or the focus is in the list, rows stay where they are.
    let shown = Memo::new(move |before: Option<&Vec<Line>>| match before {
        Some(before) if pointed.get() || focused.get() => before.clone(),
        _ => ranked.get(),
    });
    let currency = text(move || live.site.with(|s| figures::currency_sign(&s.currency).to_owned()));
    let row = move |line: Line| match line {
        Line::Group(verdict) => view! {
            <tr class="group">
                <th colspan="7" scope="rowgroup">
                    {heading(verdict)}
                </th>
            </tr>
        }
        .erased(),
        Line::Node(id) => view! { <Node live hotspots id /> }.erased(),
    };
    view! {
        <section
            class="hotspots"
            on:pointerenter=move |_| pointed.set(true)
            on:pointerleave=move |_| pointed.set(false)
            on:focusin=move |_| focused.set(true)
            on:focusout=move |_| focused.set(false)
        >
            <h2>
                {words::HOTSPOTS} " " <span class="note">{words::HOTSPOTS_NOTE}</span>
            </h2>
            <table class="table">
                <thead>
                    <tr>
                        <th class="col-mark">
                            <span class="sr">{words::STATE}</span>
                        </th>
                        <th scope="col">{words::NODE}</th>
                        <th scope="col" class="col-spark">
                            {words::DAY}
                        </th>
                        <th scope="col" class="num">
                            {words::KW}
                        </th>
                        <th scope="col" class="col-error">
                            {words::ERROR}
                        </th>
                        <th scope="col" class="num">
                            {words::PERCENT}
                        </th>
                        <th scope="col" class="num">
                            {currency}
                            "/h"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {piece(move || shown.get().into_iter().map(row).collect_view())}
                </tbody>
                <tfoot>
                    <tr class="sum">
                        <td></td>
                        <th scope="row" colspan="2">
                            {words::ALL_NODES}
                        </th>
                        <Figures live balance=live.whole />
                    </tr>
                </tfoot>
            </table>
            <p class="note" hidden=flag(move || !shown.read().is_empty())>
                {words::NO_NODES}
            </p>
        </section>
    }
    .erased()
}

/// Whether a node's loss is a large part of the site's.
fn is_major(node: &BalanceLive, whole: &BalanceLive) -> bool {
    let (Some(node_kw), Some(whole_kw)) = (node.loss_kw, whole.loss_kw) else { return false };
    node.verdict == Verdict::Loss && whole_kw > 0.0 && node_kw >= MAJOR_SHARE * whole_kw
}

#[component]
fn Node(live: Live, hotspots: RwSignal<Vec<Hotspot>>, id: MeterId) -> impl IntoView {
    let node = live.node(id)?;
    let balance = Memo::new(move |_| node.read().balance.clone());
    let name = Memo::new(move |_| name_of(live, id));
    let major =
        Memo::new(move |_| balance.with(|node| live.whole.with(|whole| is_major(node, whole))));
    let verdict = Memo::new(move |_| balance.read().verdict);
    let class = word(move || match (verdict.get(), major.get()) {
        (Verdict::Loss, true) => "row is-major",
        (Verdict::WithinError | Verdict::Incomplete, _) => "row is-quiet",
        (Verdict::Loss | Verdict::Negative, _) => "row",
    });
    let shape = Signal::derive(move || match (verdict.get(), major.get()) {
        (Verdict::Loss, true) => Shape::Alarm,
        (Verdict::Loss, false) => Shape::Loss,
        (Verdict::Negative, _) => Shape::Warn,
        (Verdict::WithinError, _) => Shape::Ring,
        (Verdict::Incomplete, _) => Shape::Stale,
    });
    let of = move |read: fn(&Hotspot) -> &String| {
        text(move || {
            let all = hotspots.read();
            all.iter().find(|hotspot| hotspot.node == id).map(read).cloned().unwrap_or_default()
        })
    };
    let (line, found) = (of(|hotspot| &hotspot.line), of(|hotspot| &hotspot.found));
    let spark = word(move || match verdict.get() {
        Verdict::Loss => "spark-loss",
        Verdict::Negative => "spark-negative",
        Verdict::WithinError | Verdict::Incomplete => "spark-quiet",
    });
    Some(view! {
        <tr class=class>
            <td class="col-mark">
                <Mark shape />
            </td>
            <th scope="row">
                <a href=link(format!("/meters/{id}"))>{name}</a>
                " "
                <Remark live node found />
            </th>
            <td class="col-spark">
                {framed(line, spark)}
            </td>
            <Figures live balance />
        </tr>
    })
}

/// What is worth saying of a node: who is silent, what was found, or a change beyond its error.
#[component]
fn Remark(live: Live, node: RwSignal<NodeLive>, found: Signal<String>) -> impl IntoView {
    let remark = text_if(move || {
        let balance = &node.read().balance;
        if let Some(&first) = balance.missing.first() {
            return Some(words::missing(&name_of(live, first), balance.missing.len() - 1));
        }
        let is_open = matches!(balance.verdict, Verdict::Loss | Verdict::Negative);
        let found = found.get();
        if is_open && !found.is_empty() {
            return Some(found);
        }
        let trend = balance.trend_kw.filter(|trend| trend.abs() > balance.error_kw)?;
        let kw = figures::about(trend.abs());
        Some(if trend > 0.0 { words::rises(&kw) } else { words::falls(&kw) })
    });
    view! { <span class="remark">{remark}</span> }
}

/// kW, error, per cent and cost of a balance; dashes where it is incomplete.
#[component]
fn Figures(live: Live, #[prop(into)] balance: Signal<BalanceLive>) -> impl IntoView {
    let known = move |read: fn(&BalanceLive) -> Option<String>| {
        text(move || {
            balance
                .with(|b| if b.verdict == Verdict::Incomplete { None } else { read(b) })
                .unwrap_or_else(|| figure::UNKNOWN.to_owned())
        })
    };
    // Costs stand in one column and add up: they all have the decimals of their sum.
    let places = Memo::new(move |_| {
        let sum = live.whole.with(|whole| whole.cost_per_hour.and_then(|cost| cost.to_f64()));
        if sum.is_none_or(|sum| sum.abs() >= 20.0) { 0 } else { 2 }
    });
    let cost = text(move || {
        let known = balance.with(|b| b.cost_per_hour.filter(|_| b.verdict != Verdict::Incomplete));
        figure::fixed(known.and_then(|cost| cost.to_f64()), places.get())
    });
    view! {
        <td class="num kw">{known(|b| b.loss_kw.map(|kw| figures::fixed(kw, 1)))}</td>
        <td class="col-error">{known(|b| Some(format!("± {}", figures::fixed(b.error_kw, 1))))}</td>
        <td class="num">{known(|b| b.loss_percent.map(|percent| figures::fixed(percent, 1)))}</td>
        <td class="num">{cost}</td>
    }
}

fn name_of(live: Live, id: MeterId) -> String {
    live.card(id).map(|card| card.name).unwrap_or_default()
}
