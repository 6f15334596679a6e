//! Finds a meter by name or number and opens it. `/` goes there from anywhere.

use domain::live::MeterCard;
use leptos::ev::{self, KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use crate::components::lean::{flag, piece, text};
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::{Chosen, join};
use crate::words::frame as words;

const FIELD: &str = "meter-search";
const LIST: &str = "meter-search-list";
const MOST: usize = 8;

/// Puts the cursor into the search.
pub(crate) fn focus() {
    let field = document().get_element_by_id(FIELD);
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok())
        && field.focus().is_err()
    {
        leptos::logging::warn!("the search takes no focus");
    }
}

/// Whether a meter is meant by what was typed: all of its words stand in the name or number.
pub(crate) fn is_meant(card: &MeterCard, typed: &str) -> bool {
    let text = lower(&format!("{} {}", card.name, card.number));
    lower(typed).split_whitespace().all(|word| text.contains(word))
}

/// Small letters of every alphabet. The browser knows them; their tables need not be downloaded.
fn lower(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// The meters that are meant, those whose name or number begins so first.
fn matches(cards: &[MeterCard], typed: &str) -> Vec<MeterCard> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Vec::new();
    }
    let begins = |card: &MeterCard| {
        let start = lower(typed);
        lower(&card.name).starts_with(&start) || lower(&card.number).starts_with(&start)
    };
    let mut found: Vec<_> = cards.iter().filter(|card| is_meant(card, typed)).cloned().collect();
    found.sort_by_key(|card| !begins(card));
    found.truncate(MOST);
    found
}

/// The field and what it finds. Without WASM it filters the page of meters.
#[component]
pub(crate) fn Search(live: Live) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let open = RwSignal::new(false);
    let found = Memo::new(move |_| live.cards.with(|cards| typed.with(|t| matches(cards, t))));
    let shown = Memo::new(move |_| open.get() && typed.with(|typed| !typed.trim().is_empty()));
    let chosen = Signal::derive(move || {
        let chosen = found.read().get(active.get()).map(option_id);
        chosen.filter(|_| shown.get())
    });
    let navigate = use_navigate();
    let period = expect_context::<Chosen>();
    let go = StoredValue::new(move |id: domain::MeterId| {
        typed.set(String::new());
        open.set(false);
        navigate(
            &join(&format!("/meters/{id}"), &period.query_now()),
            leptos_router::NavigateOptions::default(),
        );
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(card) = found.with(|found| found.get(active.get()).cloned()) {
            go.with_value(|go| go(card.id));
            blur(&event);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = found.read().len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => active.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Escape" => {
                typed.set(String::new());
                blur(&event);
            }
            _ => return,
        }
        event.stop_propagation();
        if event.key().starts_with("Arrow") {
            event.prevent_default();
        }
    };
    follow_slash();
    view! {
        <form class="search" role="search" action="/meters" method="get" on:submit=on_submit>
            <input
                id=FIELD
                class="field"
                type="search"
                name="q"
                placeholder=words::FIND_A_METER
                aria-label=words::FIND_A_METER
                autocomplete="off"
                role="combobox"
                aria-autocomplete="list"
                aria-controls=LIST
                aria-expanded=text(move || shown.get().to_string())
                aria-activedescendant=chosen
                prop:value=typed
                on:input:target=move |event| {
                    typed.set(event.target().value());
                    active.set(0);
                    open.set(true);
                }
                on:focus=move |_| open.set(true)
                on:blur=move |_| open.set(false)
                on:keydown=on_key
            />
            <kbd class="search-key" aria-hidden="true">
                "/"
            </kbd>
            <div class="search-list" hidden=flag(move || !shown.get())>
                <ul id=LIST role="listbox" aria-label=words::METERS>
                    {piece(move || {
                        found
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(i, card)| {
                                view! { <Found card selected=Signal::derive(move || active.get() == i) go /> }
                            })
                            .collect_view()
                    })}
                </ul>
                <p class="search-none" hidden=flag(move || !found.read().is_empty())>
                    {words::NO_MATCH}
                </p>
            </div>
        </form>
    }
    .at_once()
}

fn option_id(card: &MeterCard) -> String {
    format!("found-{}", card.id)
}

#[component]
fn Found<G>(card: MeterCard, selected: Signal<bool>, go: StoredValue<G>) -> impl IntoView
where
    G: Fn(domain::MeterId) + Send + Sync + 'static,
{
    let (id, option) = (card.id, option_id(&card));
    view! {
        <li
            id=option
            role="option"
            aria-selected=text(move || selected.get().to_string())
            on:mousedown=move |event| {
                event.prevent_default();
                go.with_value(|go| go(id));
            }
        >
            <span class="found-name">{card.name}</span>
            <span class="found-number">{card.number}</span>
        </li>
    }
}

/// `/` puts the cursor into the search unless something is being typed elsewhere.
fn follow_slash() {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, |event| {
            let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
            if event.key() == "/" && !modified && !is_typing(&event) {
                event.prevent_default();
                focus();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Whether a key belongs to a field.
pub(crate) fn is_typing(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.matches("input, textarea, select") == Ok(true))
}

fn blur(event: &web_sys::Event) {
    let focused = event.target().and(document().active_element());
    if let Some(element) = focused.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
        && element.blur().is_err()
    {
        leptos::logging::warn!("the search keeps the focus");
    }
}

#[cfg(test)]
mod tests {
    use domain::MeterId;
    use domain::meter::SourceKind;

    use super::*;

    fn card(id: i64, name: &str, number: &str) -> MeterCard {
        MeterCard {
            id: MeterId(id),
            number: number.into(),
            name: name.into(),
            meter_type: "Machine".into(),
            kind: SourceKind::Load,
            level: 4,
            parent: None,
            feeds_parent: false,
            area: None,
        }
    }

    #[test]
    fn a_meter_is_found_by_parts_of_its_name_and_by_its_number() {
        let cards = [card(1, "CNC Machine 01", "A-01"), card(2, "Air Compressor", "A-03")];
        let ids = |typed| matches(&cards, typed).iter().map(|c| c.id.0).collect::<Vec<_>>();
        assert_eq!(ids("machine 01"), [1]);
        assert_eq!(ids("a-03"), [2]);
        assert_eq!(ids("A-0"), [1, 2]);
        assert!(ids("  ").is_empty());
    }

    #[test]
    fn what_begins_so_comes_first() {
        let cards = [card(1, "Paint Booth", "C-1"), card(2, "Booth Lights", "L-2")];
        assert_eq!(matches(&cards, "booth")[0].id, MeterId(2));
    }
}
