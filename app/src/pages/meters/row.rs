//! One row of the tree. It reads the signals of its own meter only.

use domain::MeterId;
use domain::balance::Verdict;
use domain::carbon;
use domain::figures;
use domain::live::{MeterCard, NodeLive};
use domain::meter::SourceKind;
use domain::view::MetersPage;
use leptos::prelude::*;

use super::detail::points_of;
use super::selection::{Selection, row_id};
use super::tree::{Row, Tree};
use crate::components::figure;
use crate::components::lean::{piece, text, text_if, word};
use crate::components::mark::{Mark, MeterState, Shape};
use crate::components::sparkline::Sparkline;
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::link;
use crate::words::meters as words;

/// A node that lost at least this part of the site's loss today is set off from the others.
const MAJOR_SHARE: f64 = 0.25;

#[component]
pub(super) fn TreeRow(
    live: Live,
    page: RwSignal<MetersPage>,
    selection: Selection,
    tree: Memo<Tree>,
    row: Row,
) -> impl IntoView {
    let id = row.id;
    let card = tree.with_untracked(|tree| tree.card(id).cloned())?;
    let meter = live.meter(id);
    let power = text(move || figure::fixed(meter.read().power_kw, 1));
    let today = text(move || figure::fixed(meter.read().today_kwh, 1));
    let is_folded = Memo::new(move |_| row.is_node && selection.is_folded(id));
    let is_selected = Memo::new(move |_| selection.selected.get() == Some(id));
    let is_stop =
        Memo::new(move |_| selection.focused.get().or(selection.selected.get()) == Some(id));
    let is_trouble = Memo::new(move |_| meter.with(|meter| MeterState::of(meter).is_trouble()));
    let points = Signal::derive(move || points_of(&page.read(), id));
    let spark = match card.kind {
        SourceKind::Grid => "spark-grid",
        SourceKind::Solar => "spark-solar",
        SourceKind::Diesel => "spark-diesel",
        SourceKind::Battery => "spark-battery",
        SourceKind::Load => "",
    };
    let class = text(move || {
        let trouble = if is_trouble.get() { " is-trouble" } else { "" };
        let path = if row.only_path { " is-path" } else { "" };
        let node = if row.is_node { " is-node" } else { "" };
        format!("row{node}{path}{trouble}")
    });
    Some(
        view! {
            <tr
                id=row_id(id)
                class=class
                role="row"
                attr:aria-level=(row.depth + 1).to_string()
                aria-posinset=row.place.to_string()
                aria-setsize=row.siblings.to_string()
                aria-expanded=Signal::derive(move || row.is_node.then(|| (!is_folded.get()).to_string()))
                aria-selected=text(move || is_selected.get().to_string())
                tabindex=word(move || if is_stop.get() { "0" } else { "-1" })
                on:click=move |_| selection.select(id)
                on:dblclick=move |_| selection.open(id)
            >
                <Name live selection card=card.clone() depth=row.depth is_node=row.is_node is_folded />
                <td role="gridcell" class="num">
                    {power}
                </td>
                <td role="gridcell" class="num">
                    {today}
                </td>
                <Loss live id />
                <td role="gridcell" class="col-spark">
                    <Sparkline points class=spark />
                </td>
                <State live tree id is_folded />
            </tr>
        }
        .at_once(),
    )
}

/// Guide lines, chevron, colour of its kind, name and badges.
#[component]
fn Name(
    live: Live,
    selection: Selection,
    card: MeterCard,
    depth: usize,
    is_node: bool,
    is_folded: Memo<bool>,
) -> impl IntoView {
    let id = card.id;
    let chevron = is_node.then(|| {
        view! {
            <svg
                class=word(move || if is_folded.get() { "chevron is-folded" } else { "chevron" })
                width="14"
                height="14"
                aria-hidden="true"
                on:click=move |event| {
                    event.stop_propagation();
                    selection.fold(id, !is_folded.get_untracked());
                }
            >
                <path d="M3 5l4 4l4-4" />
            </svg>
        }
    });
    let kind = crate::pages::overview::source_class(card.kind);
    view! {
        <td role="gridcell" class="col-name">
            <span class="name">
                {(0..depth).map(|_| view! { <i class="guide"></i> }).collect_view()}
                <i class="branch">{chevron}</i>
                <svg class="kind" width="7" height="7" aria-hidden="true">
                    <rect class=kind width="7" height="7" />
                </svg>
                <a
                    href=link(format!("/meters?meter={id}"))
                    tabindex="-1"
                    title=card.number.clone()
                    on:click=|event| event.prevent_default()
                >
                    {card.name.clone()}
                </a>
                {card.feeds_parent.then(|| view! { <span class="remark">{words::FEEDS_PARENT}</span> })}
                <Badges live card />
            </span>
        </td>
    }
    .at_once()
}

/// Carbon of a source today, and the litres of a site's only generator.
#[component]
fn Badges(live: Live, card: MeterCard) -> impl IntoView {
    let (id, kind) = (card.id, card.kind);
    if kind == SourceKind::Load {
        return None;
    }
    let meter = live.meter(id);
    let only_generator = Memo::new(move |_| {
        live.cards.with(|cards| cards.iter().filter(|c| c.kind == SourceKind::Diesel).count() == 1)
    });
    let litres = Memo::new(move |_| {
        let only = kind == SourceKind::Diesel && only_generator.get();
        if only { live.gauges.read().dg_litres } else { None }
    });
    let carbon = move || {
        let kwh = meter.read().today_kwh;
        match kind {
            SourceKind::Grid => kwh.map(|kwh| kwh * carbon::GRID_KG_PER_KWH),
            SourceKind::Solar => kwh.map(|kwh| -kwh * carbon::SOLAR_KG_PER_KWH),
            SourceKind::Diesel => litres.get().map(|l| l * carbon::DIESEL_KG_PER_LITRE),
            SourceKind::Battery | SourceKind::Load => None,
        }
    };
    let class = match kind {
        SourceKind::Grid => "badge badge-grid",
        SourceKind::Solar => "badge badge-solar",
        _ => "badge badge-diesel",
    };
    let badge = move |value: Option<f64>, unit: &'static str| {
        value.map(|value| view! { <span class=class>{figures::about(value)} " " {unit}</span> })
    };
    Some(view! {
        {piece(move || badge(litres.get(), "L"))}
        {piece(move || badge(carbon(), "kg"))}
    })
}

/// Loss of today in kWh and per cent; empty where nothing hangs below.
#[component]
fn Loss(live: Live, id: MeterId) -> impl IntoView {
    let Some(node) = live.node(id) else {
        return view! {
            <td role="gridcell"></td>
            <td role="gridcell"></td>
        }
        .at_once();
    };
    let site_loss = Memo::new(move |_| live.gauges.read().loss_kwh);
    let class = word(move || loss_class(&node.read(), site_loss.get()));
    let known = move |read: fn(&NodeLive) -> Option<f64>| {
        text(move || {
            let node = node.read();
            figure::fixed(read(&node).filter(|_| node.today_verdict != Verdict::Incomplete), 1)
        })
    };
    view! {
        <td role="gridcell" class=class>
            {known(|node| node.today_loss_kwh)}
        </td>
        <td role="gridcell" class=class>
            {known(|node| node.today_loss_percent)}
        </td>
    }
    .at_once()
}

fn loss_class(node: &NodeLive, site_loss: Option<f64>) -> &'static str {
    let is_major = node
        .today_loss_kwh
        .zip(site_loss)
        .is_some_and(|(loss, site)| site > 0.0 && loss >= MAJOR_SHARE * site);
    match node.today_verdict {
        Verdict::Loss if is_major => "num is-loss",
        Verdict::Loss => "num",
        Verdict::Negative => "num is-negative",
        Verdict::WithinError | Verdict::Incomplete => "num is-quiet",
    }
}

/// The meter's own state; where it is folded, also how many below it need attention.
#[component]
fn State(live: Live, tree: Memo<Tree>, id: MeterId, is_folded: Memo<bool>) -> impl IntoView {
    let meter = live.meter(id);
    let state = Memo::new(move |_| MeterState::of(&meter.read()));
    let below = Memo::new(move |_| {
        if !is_folded.get() {
            return 0;
        }
        let ids = tree.with(|tree| tree.below(id));
        let trouble = |id: &&MeterId| live.meter(**id).with(|m| MeterState::of(m).is_trouble());
        ids.iter().filter(trouble).count()
    });
    let shape = Signal::derive(move || match state.read().shape {
        Shape::Good if below.get() > 0 => Shape::Stale,
        shape => shape,
    });
    let said = text(move || {
        let own = state.read().word;
        let reason = meter.read().reason.clone();
        let own = reason.map_or_else(|| own.to_owned(), |reason| format!("{own}: {reason}"));
        match below.get() {
            0 => own,
            count => format!("{own}, {}", words::troubled_below(count)),
        }
    });
    view! {
        <td role="gridcell" class="col-state" title=said>
            <Mark shape />
            <span class="sr">{said}</span>
            <span class="below" aria-hidden="true">
                {text_if(move || (below.get() > 0).then(|| below.get().to_string()))}
            </span>
        </td>
    }
    .at_once()
}
