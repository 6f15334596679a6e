//! What stands over the tree: how many meters there are, the filter, what is shown of them.

use domain::meters::view::MetersPage;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::scene::Scene;
use texts::language::Text;
use texts::words::meters as words;
use ui::components::erased_view::Erase as _;
use ui::components::reactive::text;

/// The parameter that says what is shown: energy, its cost, or its carbon.
pub(super) const SHOW: &str = "show=";

/// The part of what follows after `?` that begins so.
pub(super) fn part<'a>(search: &'a str, name: &str) -> Option<&'a str> {
    let search = search.strip_prefix('?').unwrap_or(search);
    search.split('&').find(|part| part.starts_with(name) && part.len() > name.len())
}

/// The address of the page with another value of what is shown.
fn shown(search: &str, value: &str) -> String {
    let search = search.strip_prefix('?').unwrap_or(search);
    let own = (!value.is_empty()).then(|| format!("{SHOW}{value}"));
    let rest = search.split('&').filter(|part| !part.is_empty() && !part.starts_with(SHOW));
    let parts: Vec<_> = rest.map(str::to_owned).chain(own).collect();
    if parts.is_empty() { "/meters".to_owned() } else { format!("/meters?{}", parts.join("&")) }
}

#[component]
pub(super) fn Head(
    scene: Scene,
    typed: Memo<String>,
    set_filter: SignalSetter<Option<String>>,
) -> impl IntoView {
    let selection = scene.selection;
    let counts = text(move || {
        let (meters, levels) = scene.tree.with(|tree| (tree.len(), tree.levels()));
        words::counts(meters, levels, scene.rows.read().len())
    });
    let search = use_location().search;
    let measure = |(value, name): (&'static str, Text)| {
        let current = text(move || {
            let is = search.with(|search| part(search, SHOW).unwrap_or_default() == own(value));
            if is { "true" } else { "false" }.to_owned()
        });
        view! {
            <a href=text(move || search.with(|search| shown(search, value))) aria-current=current>
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
                    let text = event.target().value();
                    set_filter.set((!text.is_empty()).then_some(text));
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

/// How a value stands in the address; energy does not.
const fn own(value: &str) -> &str {
    match value.as_bytes() {
        b"cost" => "show=cost",
        b"co2" => "show=co2",
        _ => "",
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_stands_in_the_address_beside_all_else() {
        assert_eq!(shown("?meter=7&show=co2&q=a", "cost"), "/meters?meter=7&q=a&show=cost");
        assert_eq!(shown("show=co2", ""), "/meters");
        assert_eq!(part("?meter=7&show=co2", SHOW), Some("show=co2"));
        assert_eq!(part("show=", SHOW), None);
    }
}
