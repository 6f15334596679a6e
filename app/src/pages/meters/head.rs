//! What stands over the tree: how many meters there are, the filter, what is shown of them.

use domain::meters::view::MetersPage;
use leptos::prelude::*;

use super::scene::Scene;
use texts::language::Text;
use texts::words::meters as words;
use ui::components::erased_view::Erase as _;
use ui::components::reactive::text;
use ui::period::with;

/// The parameter that says what is shown: energy, its cost, or its carbon.
const SHOW: &str = "show";

#[component]
pub(super) fn Head(scene: Scene, typed: Memo<String>) -> impl IntoView {
    let selection = scene.selection;
    let counts = text(move || {
        let (meters, levels) = scene.tree.with(|tree| (tree.len(), tree.levels()));
        words::counts(meters, levels, scene.rows.read().len())
    });
    let address = scene.address;
    let measure = |(value, name): (&'static str, Text)| {
        let current = text(move || {
            let is = address.get(SHOW).unwrap_or_default() == value;
            if is { "true" } else { "false" }.to_owned()
        });
        view! {
            <a href=text(move || format!("/meters{}", with(&address.search(), SHOW, value))) aria-current=current>
                {name.get()}
            </a>
        }
    };
    view! {
        <header class="meters-head">
            <h1>{words::TITLE.get()}</h1>
            <p class="note">{counts}</p>
            <nav class="switch" aria-label=words::MEASURE.get()>
                {words::MEASURES.map(measure).collect_view()}
            </nav>
            <a class="button to-pane" href="#pane" rel="external">
                {words::TO_PANE.get()}
            </a>
            <input
                class="field meters-filter"
                type="search"
                placeholder=words::FILTER.get()
                aria-label=words::FILTER_LABEL.get()
                prop:value=typed
                on:input:target=move |event| {
                    address.change("q", &event.target().value());
                }
            />
            <div class="switch">
                <button type="button" on:click=move |_| selection.expand_all()>
                    {words::EXPAND.get()}
                </button>
                <button type="button" on:click=move |_| selection.fold_all()>
                    {words::FOLD.get()}
                </button>
            </div>
        </header>
    }
    .erased()
}

#[component]
pub(super) fn Columns(page: RwSignal<MetersPage>) -> impl IntoView {
    let head = |class: &'static str, name: Signal<String>, unit: Signal<String>| {
        view! {
            <th scope="col" class=class>
                {name}
                <span class="unit">{unit}</span>
            </th>
        }
    };
    let word = |word: Text| text(move || word.into());
    let none = text(String::new);
    let unit = text(move || page.read().unit.clone());
    let share = text(|| "%".to_owned());
    let power = text(|| "kW".to_owned());
    view! {
        <thead>
            <tr>
                {head("col-name", word(words::METER), none)}
                {head("num", word(words::POWER), power)}
                {head("num col-energy", text(move || page.read().period.clone()), unit)}
                {head("num col-loss", word(words::LOSS), unit)}
                {head("num col-share", word(words::LOSS), share)}
                {head("col-spark", word(words::DAY), none)}
                {head("col-state", word(words::STATE), none)}
            </tr>
        </thead>
    }
    .erased()
}
