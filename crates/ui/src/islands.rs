//! The parts of a document that live in the browser, each taken over where the server drew it.

mod chart_hand;
mod drag;
mod forms;

use any_spawner::Executor;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

use crate::components::erased_view::{Erase as _, ErasedView};
use crate::components::island::{LIVE, LOST, SEARCH, STATUS, on_window};
use crate::components::layout::{LiveState, LostBanner, follow_keys, follow_switches};
use crate::components::search::Search;
use crate::live::{Status, stream};
use crate::panic_banner;
use texts::console::log_refusal;

/// Events between the islands and the script of the document.
const VISIT: &str = "wattlens:visit";
const REFRESH: &str = "wattlens:refresh";
const REFRESHED: &str = "wattlens:refreshed";

/// To be called once, by the script of the document.
pub fn start() {
    panic_banner::watch();
    if Executor::init_wasm_bindgen().is_err() {
        return leptos::logging::error!("the document is alive already");
    }
    let owner = Owner::new();
    owner.with(take_over);
    // For as long as the document stands.
    std::mem::forget(owner);
}

fn take_over() {
    // Before the frame, which leaves alone what the chart has heard.
    chart_hand::follow();
    follow_keys();
    follow_switches();
    forms::follow();
    drag::follow();
    hydrate(SEARCH, || view! { <Search field=String::new() /> }.erased());
    let Some(status) = status() else { return };
    hydrate(STATUS, move || view! { <LiveState status /> }.erased());
    hydrate(LOST, move || view! { <LostBanner status /> }.erased());
    stream::follow(status);
    Effect::new(move |before: Option<u32>| {
        let resumed = status.resumed.get();
        if before.is_some_and(|before| before != resumed) {
            refresh();
        }
        resumed
    });
    on_window(REFRESHED, move |event: &CustomEvent| {
        status.tried(event.detail().is_truthy());
    });
}

/// The status that the document was sent with; none where its reader may not see the site.
fn status() -> Option<Status> {
    let status = Status::of_document(&document().get_element_by_id(LIVE)?.text_content()?);
    if status.is_none() {
        leptos::logging::error!("the status of the site cannot be read");
    }
    status
}

fn hydrate(name: &str, view: impl FnOnce() -> ErasedView) {
    let found = document().query_selector(&format!("[data-island={name}]"));
    if let Ok(Some(element)) = found {
        std::mem::forget(view().hydrate_from::<true>(&element));
    }
}

/// Has the document drawn anew.
fn refresh() {
    tell(REFRESH, &JsValue::NULL);
}

/// Goes to an address, as a link to it does.
fn visit(address: &str) {
    tell(VISIT, &address.into());
}

fn tell(name: &str, detail: &JsValue) {
    let with = CustomEventInit::new();
    with.set_detail(detail);
    let told = CustomEvent::new_with_event_init_dict(name, &with)
        .and_then(|event| window().dispatch_event(&event));
    log_refusal(told.map(drop), "the document does not hear");
}
