//! All meters: the tree with live figures, and what is selected beside it.

mod detail;
mod keys;
mod pane;
mod row;
mod selection;
mod tree;

use std::time::Duration;

use domain::view;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;
use leptos_router::{LazyRoute, lazy_route};

use super::empty::Empty;
use crate::api::get_meters;
use crate::components::fetched::fetched;
use crate::components::lean::{flag, piece, text};
use crate::components::load::loaded;
use crate::components::title::title;
use crate::components::whole::AtOnce as _;
use crate::live::{Live, use_refreshed};
use crate::period::Chosen;
use crate::words::meters as words;
use row::TreeRow;
pub(crate) use selection::Folded;
use selection::Selection;
use tree::{Tree, rows};

/// Lines change every quarter-hour; a minute late is early enough.
const REFRESH: Duration = Duration::from_mins(1);

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct MetersPage;

#[lazy_route]
impl LazyRoute for MetersPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let MetersPage = this;
        let period = expect_context::<Chosen>();
        let page = fetched(move || period.query(), get_meters);
        provide_context(pane::Asked::new());
        let page = loaded(words::PAGE, page, |live, page| view! { <Meters live page /> }.at_once());
        title(words::TITLE);
        page.into_any()
    }
}

#[component]
fn Meters(live: Live, page: view::MetersPage) -> impl IntoView {
    let period = expect_context::<Chosen>();
    let page = use_refreshed(
        page,
        |_| REFRESH,
        move || async move { get_meters(period.query_now()).await.map(Some) },
    );
    let empty = Memo::new(move |_| live.cards.read().is_empty());
    piece(move || {
        if empty.get() {
            view! { <Empty /> }.at_once()
        } else {
            view! { <TreeAndDetail live page /> }.at_once()
        }
    })
}

#[component]
fn TreeAndDetail(live: Live, page: RwSignal<view::MetersPage>) -> impl IntoView {
    let tree = Memo::new(move |_| Tree::of(live.cards.get()));
    let options = || NavigateOptions { replace: true, scroll: false, ..Default::default() };
    let (filter, set_filter) = query_signal_with_options::<String>("q", options());
    let selection = Selection::new(tree);
    selection.reveal();
    let typed = Memo::new(move |_| filter.get().unwrap_or_default());
    let rows = Memo::new(move |_| {
        selection.folded.with(|folded| tree.with(|tree| rows(tree, folded, &typed.get())))
    });
    let counts = text(move || {
        let (meters, levels) = tree.with(|tree| (tree.len(), tree.levels()));
        words::counts(meters, levels, rows.read().len())
    });
    view! {
        <article class="page meters">
            <section class="meters-tree">
                <header class="meters-head">
                    <h1>{words::TITLE}</h1>
                    <p class="note">{counts}</p>
                    <input
                        class="field meters-filter"
                        type="search"
                        placeholder=words::FILTER
                        aria-label=words::FILTER_LABEL
                        prop:value=typed
                        on:input:target=move |event| {
                            let text = event.target().value();
                            set_filter.set((!text.is_empty()).then_some(text));
                        }
                    />
                    <div class="switch">
                        <button type="button" on:click=move |_| selection.expand_all()>
                            {words::EXPAND}
                        </button>
                        <button type="button" on:click=move |_| selection.fold_all()>
                            {words::FOLD}
                        </button>
                    </div>
                </header>
                <table
                    class="table tree"
                    role="treegrid"
                    aria-label=words::TREE
                    on:keydown=move |event| keys::press(&event, selection, rows)
                >
                    <Head page />
                    <tbody>
                        <For
                            each=move || rows.get()
                            key=|row| *row
                            children=move |row| view! { <TreeRow live page selection tree row /> }
                        />
                    </tbody>
                </table>
                <p class="note" hidden=flag(move || !rows.read().is_empty())>
                    {text(move || words::no_match(&typed.get()))}
                </p>
            </section>
            <div class="meters-side">
                <div class="meters-pane">
                    <pane::Pane />
                </div>
                <detail::Detail live page selection tree />
            </div>
        </article>
    }
    .at_once()
}

#[component]
fn Head(page: RwSignal<view::MetersPage>) -> impl IntoView {
    let unit = |name: &'static str, unit: &'static str| {
        view! {
            <th scope="col" class="num">
                {name}
                <span class="unit">{unit}</span>
            </th>
        }
    };
    view! {
        <thead>
            <tr>
                <th scope="col">{words::METER}</th>
                {unit(words::POWER, "kW")}
                <th scope="col" class="num col-energy">
                    {text(move || page.read().period.clone())}
                    <span class="unit">"kWh"</span>
                </th>
                {unit(words::LOSS, "kWh")}
                {unit(words::LOSS, "%")}
                <th scope="col" class="col-spark">
                    {words::DAY}
                </th>
                <th scope="col" class="col-state">
                    {words::STATE}
                </th>
            </tr>
        </thead>
    }
    .at_once()
}
