//! All meters: the tree with live figures, which lives in the browser, and beside it a figure of them and what is
//! selected, which the server draws.

mod following;
mod grid;
mod head;
mod keys;
mod row;
mod scene;
mod selection;

use domain::meters::view::MetersPage;
use domain::meters::view::by_meter;
use domain::meters::view::tree::{Key, Tree, rows};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use following::follow;
use grid::Grid;
use keys::{Act, act};
use scene::{Figures, Scene};
use selection::Selection;
use texts::words::meters as words;
use ui::components::erased_view::Erase as _;
use ui::components::reactive::text;
use ui::components::search::is_meant;
use ui::islands::{closest, target};
use ui::live;
use ui::period::Address;
#[cfg(feature = "ssr")]
use {
    super::Drawn,
    service::pages::Query,
    service::{Principal, Service},
    ui::components::island::island,
    ui::drawing::{Islands, Sheet},
    ui::kit,
};

const TREE: &str = "tree";

#[cfg(feature = "ssr")]
pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let snapshot = service::pages::snapshot(service, who, query).await?;
    if snapshot.meters.is_empty() {
        return Ok(super::empty::draw(words::TITLE.get(), query));
    }
    let language = texts::language::now();
    let page = service::meters::page::tree::meters(service, who, query, &[], language).await?;
    let (figure, selected) = pages_energy::beside_tree(service, who, query).await?;
    let is_selected = query.get("meter").is_some();
    let live = live::Meters::of(&snapshot);
    let (script, page) = (ui::page::script(&page), RwSignal::new(page));
    let tree = view! { <Meters live page address=Address::of_request() /> };
    let view = view! {
        <article class="page meters">
            {island(TREE, tree.erased())}
            {script}
            <div class="meters-side">
                <section class="meters-pane">
                    <section id="pane" class="pane" aria-label=words::PANE inner_html=figure.html></section>
                </section>
                <aside
                    class="meters-detail"
                    class:is-open=is_selected
                    aria-label=words::DETAIL
                    inner_html=selected
                ></aside>
            </div>
        </article>
    };
    Ok(Sheet {
        refresh_s: figure.refresh_s,
        is_live: is_selected,
        islands: Islands::Live(Box::new(snapshot.of_meters())),
        ..kit::page(words::TITLE.get(), view)
    })
}

#[cfg(feature = "hydrate")]
pub(crate) fn take_over(live: live::Meters) {
    let Some(page) = ui::page::read() else { return };
    let (page, address) = (RwSignal::new(page), Address::of_document());
    ui::islands::hydrate(TREE, || view! { <Meters live page address /> }.erased());
}

#[component]
fn Meters(live: live::Meters, page: RwSignal<MetersPage>, address: Address) -> impl IntoView {
    let tree = Memo::new(move |_| Tree::of(live.cards.get()));
    let others = Memo::new(move |_| page.with(MetersPage::others));
    let selection = Selection::new(address, tree, others);
    let typed = Memo::new(move |_| address.get("q").unwrap_or_default());
    let rows = Memo::new(move |_| {
        let typed = typed.read();
        tree.with(|tree| {
            let meant =
                (!typed.trim().is_empty()).then(|| tree.meant(|card| is_meant(card, &typed)));
            let folds = selection.folds.read();
            others.with(|others| rows(tree, &folds, others, meant.as_ref()))
        })
    });
    let first: Figures = page.with_untracked(|page| by_meter(page.counted.clone()));
    let figures = RwSignal::new(first);
    let troubled = Scene::troubled(live);
    let scene = Scene { live, page, figures, tree, others, selection, rows, troubled, address };
    let grid = Grid::new(scene);
    follow(grid);
    view! {
        <section class="meters-tree">
            <head::Head scene typed />
            <table
                class="table tree"
                role="treegrid"
                tabindex="-1"
                aria-label=words::TREE
                aria-rowcount=text(move || (rows.read().len() + 1).to_string())
                on:keydown=move |event| press(&event, grid)
                on:click=move |event| click(&event, grid)
                on:dblclick=move |event| {
                    if let Some(Key::Meter(id)) = target(&event).and_then(|it| grid::row_of(&it)) {
                        selection.open(id);
                    }
                }
            >
                <head::Columns page />
                <tbody node_ref=grid.body inner_html=grid.first()></tbody>
            </table>
            <p class="note" hidden=Signal::derive(move || !rows.read().is_empty())>
                {text(move || words::no_match(&typed.get()))}
            </p>
        </section>
    }
    .erased()
}

/// Does what a key pressed in the tree asks for.
fn press(event: &KeyboardEvent, grid: Grid) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let selection = grid.scene.selection;
    let own = target(event).and_then(|it| grid::row_of(&it));
    let key = own.or_else(|| selection.focused.get_untracked());
    let asked = grid.scene.rows.with_untracked(|rows| {
        let at = rows.iter().position(|row| Some(row.key) == key).unwrap_or_default();
        act(&event.key(), rows, at, |key| selection.is_folded(key))
    });
    let Some(asked) = asked else { return };
    event.prevent_default();
    match asked {
        Act::Go(key) => {
            selection.select(key);
            grid.show(key, true);
        }
        Act::Fold(key, fold) => selection.fold(key, fold),
        Act::Open(id) => selection.open(id),
        Act::Clear => selection.clear(),
    }
}

/// A click on a row selects it; one on its chevron, or on a row of others, folds or unfolds it.
fn click(event: &MouseEvent, grid: Grid) {
    if event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    let Some(key) = target(event).and_then(|it| grid::row_of(&it)) else { return };
    event.prevent_default();
    let selection = grid.scene.selection;
    let is_others = matches!(key, Key::Others(_));
    if is_others || closest(event, ".chevron").is_some() {
        selection.fold(key, !selection.is_folded(key));
    } else {
        selection.select(key);
    }
}
