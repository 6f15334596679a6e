//! The search over meters, pages and acts, for a mouse and for the keyboard alone. The server finds,
//! and draws what it found; here that is put in place and walked through.

use domain::live::MeterCard;
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, Node};

use crate::components::erased_view::Erase as _;
use crate::fetch::{call, quoted};
use crate::islands::place::{closest, elements, put, set, target};
use crate::json::Part;
use texts::console::{NO_FOCUS, log_refusal};

/// Ids of the field, of what is found, and of what is said about it.
pub const FIELD: &str = "find-field";
pub const FOUND: &str = "find-found";
pub const SAID: &str = "find-said";

const ADDRESS: &str = "/fn/found";

/// What takes letters: all but the fields that are only switched.
const TYPED_INTO: &str = "input:not([type=radio], [type=checkbox]), textarea, select";

/// What the server has answered to.
type Answered = StoredValue<String>;

/// The form with its field, as the server drew it. Without WASM it leads to the page of what is found.
#[component]
pub fn Search(field: String) -> impl IntoView {
    let answered = StoredValue::new(String::new());
    view! {
        <form
            class="search"
            role="search"
            action="/find"
            method="get"
            inner_html=field
            on:submit=move |event| on_submit(&event, answered)
            on:input=move |_| {
                if is_shown() {
                    activate(&options(), 0);
                }
                ask(answered, false);
            }
            on:keydown=move |event| on_key(&event, answered)
            on:click=|event| on_click(&event)
            on:focusout=|event| on_leave(&event)
        ></form>
    }
    .erased()
}

/// Puts the cursor into the field.
pub fn begin() {
    if let Some(field) = field() {
        field.select();
        log_refusal(field.focus(), NO_FOCUS);
    }
}

/// Asks what answers to what was typed, and opens the first of it where that is wanted.
fn ask(answered: Answered, then_open: bool) {
    let Some(field) = field() else { return };
    let typed = field.value();
    let (path, query) = (location().pathname(), location().search());
    let (path, query) = (quoted(&path.unwrap_or_default()), quoted(&query.unwrap_or_default()));
    let asked = format!("{{\"typed\":{},\"path\":{path},\"query\":{query}}}", quoted(&typed));
    spawn_local(async move {
        let found = call(ADDRESS, &asked).await;
        if field.value() != typed {
            return;
        }
        // The place in the list stays while an answer is on its way.
        let at = options().iter().position(is_active).unwrap_or_default();
        match found {
            Ok(found) => put(&Part::parse(&found).and_then(|it| it.text()).unwrap_or_default()),
            Err(why) => {
                if let Some(said) = by_id(SAID) {
                    said.set_text_content(Some(&why));
                }
            }
        }
        answered.set_value(typed);
        show(true);
        let options = options();
        activate(&options, i32::try_from(at.min(options.len().saturating_sub(1))).unwrap_or(0));
        if then_open {
            open();
        }
    });
}

fn on_submit(event: &SubmitEvent, answered: Answered) {
    event.prevent_default();
    let is_answered = field().is_some_and(|field| answered.with_value(|it| *it == field.value()));
    if is_answered { open() } else { ask(answered, true) }
}

fn on_key(event: &KeyboardEvent, answered: Answered) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        "Escape" => {
            event.prevent_default();
            return leave();
        }
        _ => return,
    };
    event.prevent_default();
    let options = options();
    let at = options.iter().position(is_active);
    match (i32::try_from(options.len()), at.and_then(|at| i32::try_from(at).ok())) {
        (Ok(count), Some(at)) if is_shown() => activate(&options, (at + step).rem_euclid(count)),
        _ => ask(answered, false),
    }
}

/// What is followed by a click ends the search.
fn on_click(event: &MouseEvent) {
    if closest(event, "[role=option]").is_some() {
        leave();
    }
}

/// Another part of the page is used: what was found makes room.
fn on_leave(event: &FocusEvent) {
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    let form = event.current_target().and_then(|form| form.dyn_into::<Node>().ok());
    if !form.is_some_and(|form| form.contains(to.as_ref())) {
        show(false);
    }
}

fn open() {
    let Some(active) = options().into_iter().find(is_active) else { return };
    let link = active.query_selector("label").ok().flatten().unwrap_or(active);
    if let Some(link) = link.dyn_ref::<HtmlElement>() {
        link.click();
    }
}

/// Ends the search, with an empty field.
fn leave() {
    show(false);
    if let Some(field) = field() {
        field.set_value("");
        log_refusal(field.blur(), "the search keeps the focus");
    }
}

fn is_shown() -> bool {
    by_id(FOUND).is_some_and(|found| !found.has_attribute("hidden"))
}

/// Shows or hides what is found; the first of it is active then.
fn show(is_shown: bool) {
    if let Some(found) = by_id(FOUND).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        found.set_hidden(!is_shown);
    }
    let options = options();
    if let Some(field) = field() {
        let is_expanded = is_shown && !options.is_empty();
        set(&field, "aria-expanded", if is_expanded { "true" } else { "false" });
        set(&field, "aria-activedescendant", "");
    }
    if is_shown {
        activate(&options, 0);
    }
}

fn activate(options: &[Element], at: i32) {
    for (i, option) in (0..).zip(options) {
        set(option, "aria-selected", if i == at { "true" } else { "false" });
        if i == at {
            option.scroll_into_view_with_bool(false);
            if let Some(field) = field() {
                set(&field, "aria-activedescendant", &option.id());
            }
        }
    }
}

fn is_active(option: &Element) -> bool {
    option.get_attribute("aria-selected").as_deref() == Some("true")
}

fn options() -> Vec<Element> {
    by_id(FOUND).map(|found| elements(&found, "[role=option]")).unwrap_or_default()
}

fn field() -> Option<HtmlInputElement> {
    by_id(FIELD)?.dyn_into().ok()
}

fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Whether a meter is meant by what was typed: all of its words stand in the name or number.
pub fn is_meant(card: &MeterCard, typed: &str) -> bool {
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

/// Whether a key belongs to a field.
pub fn is_typing(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| element.matches(TYPED_INTO) == Ok(true))
}
