//! The keyboard of the frame. Which key does what stands in what the server draws: `data-key` on a
//! link, a button or a field names its keys, `data-go` the one that follows `g`.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::components::island::on_window;
use crate::components::search::{self, is_typing};
use crate::islands::place::{closest, find};
use crate::keys::ATTRIBUTE;
use texts::console::{NO_FOCUS, log_refusal};

/// What uses arrow keys itself, or scrolls by them.
const USES_ARROWS: &str = "[role=treegrid], [role=grid], [role=tree], [role=listbox], [role=tablist], \
                           [role=slider], [role=img], [role=application], [type=radio], .scroll, \
                           .leaflet-container, dialog";
/// How long `g` waits for its second key.
const WAITS_MS: f64 = 2_000.0;

/// Hears every key that nothing else has heard.
pub(crate) fn follow() {
    let went = StoredValue::new(f64::NEG_INFINITY);
    on_window("keydown", move |event| press(event, went));
}

fn press(event: &KeyboardEvent, went: StoredValue<f64>) {
    let is_other = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    if event.default_prevented() || is_other || event.repeat() {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        return escape(event);
    }
    if is_typing(event) {
        return;
    }
    if key.starts_with("Arrow") {
        if closest(event, USES_ARROWS).is_none() {
            act(event, "data-key", &key);
        }
        return;
    }
    if document().document_element().is_some_and(|root| root.has_attribute(ATTRIBUTE)) {
        return;
    }
    let now = event.time_stamp();
    let is_second = now - went.get_value() < WAITS_MS;
    went.set_value(if key == "g" && !is_second { now } else { f64::NEG_INFINITY });
    act(event, if is_second { "data-go" } else { "data-key" }, &key);
}

/// Follows, presses or begins to type in what has the key.
fn act(event: &KeyboardEvent, attribute: &str, key: &str) {
    let Some(found) = find::<HtmlElement>(&format!("[{attribute}~={key:?}]")) else { return };
    event.prevent_default();
    if found.tag_name() == "INPUT" {
        return search::begin();
    }
    // The bar keeps the focus while its links are drawn anew.
    let active = document().active_element();
    let bar = active.and_then(|active| active.closest(".period").ok().flatten());
    if let Some(bar) = bar.and_then(|bar| bar.dyn_into::<HtmlElement>().ok()) {
        log_refusal(bar.focus(), NO_FOCUS);
    }
    found.click();
}

/// Closes what is open over the page, else clears what is selected on it. What the browser closes by
/// itself is left to it.
fn escape(event: &KeyboardEvent) {
    if let Some(open) = find::<HtmlElement>(".top details[open] > summary") {
        open.click();
        log_refusal(open.focus(), NO_FOCUS);
    } else if !is_typing(event) && find::<HtmlElement>(":popover-open").is_none() {
        act(event, "data-key", "Escape");
    }
}
