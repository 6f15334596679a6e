//! One row of the tree. It reads the signals of its own meter only.

use domain::MeterId;
use domain::live::MeterCard;
use domain::meter::SourceKind;
use domain::view::MetersPage;
use domain::view::meters::Counted;
use leptos::prelude::*;

use super::detail::points_of;
use super::selection::{Selection, row_id};
use super::tree::{Row, Tree};
use crate::components::figure;
use crate::components::lean::{Piece, piece, text, text_if, word};
use crate::components::mark::{Mark, MeterState, Shape};
use crate::components::sparkline::Sparkline;
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::link;
use crate::words::meters as words;

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
    let counted = Memo::new(move |_| {
        page.with(|page| {
            let at = page.snapshot.meters.iter().position(|card| card.id == id);
            at.and_then(|at| page.counted.get(at).cloned()).unwrap_or_default()
        })
    });
    let of = move |read: fn(&Counted) -> String| text(move || counted.with(read));
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
                <Name counted selection card=card.clone() depth=row.depth is_node=row.is_node is_folded />
                <td role="gridcell" class="num">
                    {power}
                </td>
                <td role="gridcell" class="num">
                    {of(Counted::energy)}
                </td>
                <td role="gridcell" class=of(Counted::class)>
                    {of(Counted::loss)}
                </td>
                <td role="gridcell" class=of(Counted::class)>
                    {of(Counted::percent)}
                </td>
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
    counted: Memo<Counted>,
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
                {badges(counted)}
            </span>
        </td>
    }
    .at_once()
}

/// Litres and carbon of a source, and how much of the period is known where that is not all of it.
fn badges(counted: Memo<Counted>) -> Piece {
    let badge = |(class, text): (String, String)| view! { <span class=class>{text}</span> };
    piece(move || counted.with(|counted| counted.badges().map(badge).collect_view()))
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
        let own = reason.map_or_else(|| own.into(), |reason| format!("{own}: {reason}"));
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
