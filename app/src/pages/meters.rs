//! All meters: the tree with live figures, and what is selected beside it.

#![expect(
    clippy::large_types_passed_by_value,
    reason = "handles to signals, which every closure of the page gets a copy of"
)]

mod beside;
mod detail;
mod following;
mod grid;
mod head;
mod keys;
mod pane;
mod row;
mod scene;
mod selection;

use domain::meters::view::by_meter;
use domain::meters::view::tree::{Key, Tree, rows};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos_router::hooks::query_signal_with_options;
use leptos_router::{LazyRoute, NavigateOptions, lazy_route};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::empty::Empty;
use following::{Asked, follow};
use grid::Grid;
use keys::{Act, act};
use scene::{Figures, Scene};
pub(crate) use selection::Folded;
use selection::Selection;
use texts::words::meters as words;
use ui::api::ask_meters;
use ui::components::erased_view::Erase as _;
use ui::components::fetched::fetched;
use ui::components::load::loaded;
use ui::components::reactive::{flag, piece, text};
use ui::components::search::is_meant;
use ui::components::title::title;
use ui::live::Live;
use ui::period::Chosen;

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct MetersPage;

#[lazy_route]
impl LazyRoute for MetersPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let MetersPage = this;
        let asked = Asked::new();
        // Another period is fetched by the page itself, which stays meanwhile; one that follows on a
        // refusal makes the page.
        let page = fetched(|| (), move |()| ask_meters(asked.now(), Vec::new()));
        Effect::new(move |before: Option<()>| {
            asked.track();
            if before.is_some() && page.get_untracked().is_some_and(|page| page.is_err()) {
                page.refetch();
            }
        });
        provide_context(pane::Asked::new());
        let page = loaded(words::PAGE.get(), page, move |live, page| {
            view! { <Meters live page asked /> }.erased()
        });
        title(words::TITLE.get());
        page.into_any()
    }
}

#[component]
fn Meters(live: Live, page: domain::meters::view::MetersPage, asked: Asked) -> impl IntoView {
    let page = RwSignal::new(page);
    let empty = Memo::new(move |_| live.cards.read().is_empty());
    piece(move || {
        if empty.get() {
            view! { <Empty /> }.erased()
        } else {
            view! { <TreeAndDetail live page asked /> }.erased()
        }
    })
}

#[component]
fn TreeAndDetail(
    live: Live,
    page: RwSignal<domain::meters::view::MetersPage>,
    asked: Asked,
) -> impl IntoView {
    let tree = Memo::new(move |_| Tree::of(live.cards.get()));
    let others = Memo::new(move |_| page.with(domain::meters::view::MetersPage::others));
    let selection = Selection::new(tree, others);
    let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
    let (filter, set_filter) = query_signal_with_options::<String>("q", options);
    let typed = Memo::new(move |_| filter.get().unwrap_or_default());
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
    let period = expect_context::<Chosen>();
    let scene = Scene { live, page, figures, tree, others, selection, rows, troubled, period };
    let grid = Grid::new(scene);
    follow(grid, asked);
    view! {
        <article class="page meters">
            <section class="meters-tree">
                <head::Head scene typed set_filter />
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
                <p class="note" hidden=flag(move || !rows.read().is_empty())>
                    {text(move || words::no_match(&typed.get()))}
                </p>
            </section>
            <div class="meters-side">
                <beside::Beside selection />
                <detail::Detail selection />
            </div>
        </article>
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
    if is_others || clicked(event, ".chevron").is_some() {
        selection.fold(key, !selection.is_folded(key));
    } else {
        selection.select(key);
    }
}

/// The element that an event is about.
fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// What was clicked, where that is or is in what the selector means.
fn clicked(event: &MouseEvent, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok()?
}
