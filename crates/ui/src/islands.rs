//! The parts of a document that live in the browser, each taken over where the server drew it.

mod chart_hand;
mod drag;
mod forms;
pub(crate) mod place;

use any_spawner::Executor;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, Element};

use crate::components::erased_view::{Erase as _, ErasedView};
use crate::components::island::{LIVE, LOST, SEARCH, STATUS, on_window};
use crate::components::layout::{self, LiveState, LostBanner};
use crate::components::search::Search;
use crate::live::{Status, stream};
use texts::console::log_refusal;

pub use place::{closest, find, target};

/// Events between the islands and the script of the document.
const VISIT: &str = "wattlens:visit";
const ADDRESS: &str = "wattlens:address";
const NEWS: &str = "wattlens:news";
const REFRESH: &str = "wattlens:refresh";
const REFRESHED: &str = "wattlens:refreshed";

/// Id of the sentence that a page whose code has stopped shows; the document has it from the first byte on.
pub const STOPPED: &str = "stopped";

/// To be called once, by the script of the document. `live` begins with the islands of its page, and follows the stream
/// where its reader may see the site.
pub fn start(live: fn(Option<Status>)) {
    watch();
    if Executor::init_wasm_bindgen().is_err() {
        return leptos::logging::error!("the document is alive already");
    }
    let owner = Owner::new();
    owner.with(|| take_over(live));
    // For as long as the document stands.
    std::mem::forget(owner);
}

/// Shows a sentence when the code stops, and why in the console. It stops where a part of it can no longer be fetched, as
/// when the server was updated while the page was open: links would be dead from then on.
fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        if let Some(sentence) = document().get_element_by_id(STOPPED) {
            let done = sentence.remove_attribute("hidden");
            log_refusal(done, "the page cannot say that it has stopped");
        }
    }));
}

/// The live part of a document whose page has no islands.
pub fn follow(status: Option<Status>) {
    if let Some(status) = status {
        stream::follow(status);
    }
}

fn take_over(live: fn(Option<Status>)) {
    // Before the frame, which leaves alone what the chart has heard.
    chart_hand::follow();
    layout::follow();
    forms::follow();
    drag::follow();
    hydrate(SEARCH, || view! { <Search field=String::new() /> }.erased());
    let status = status();
    live(status);
    let Some(status) = status else { return };
    hydrate(STATUS, move || view! { <LiveState status /> }.erased());
    hydrate(LOST, move || view! { <LostBanner status /> }.erased());
    Effect::new(move |before: Option<u32>| {
        let resumed = status.resumed.get();
        if before.is_some_and(|before| before != resumed) {
            refresh();
        }
        resumed
    });
    Effect::new(move |before: Option<()>| {
        status.at.track();
        if before.is_some() {
            tell(NEWS, &JsValue::NULL);
        }
    });
    on_window(REFRESHED, move |event: &CustomEvent| {
        status.tried(event.detail().is_truthy());
    });
}

/// The live state that the document was sent with, as JSON.
pub(crate) fn live_text() -> Option<String> {
    document().get_element_by_id(LIVE)?.text_content()
}

/// The status that the document was sent with; none where its reader may not see the site.
fn status() -> Option<Status> {
    let status = Status::of_document(&live_text()?);
    if status.is_none() {
        leptos::logging::error!("the status of the site cannot be read");
    }
    status
}

/// Takes over an island where the document has it.
pub fn hydrate(name: &str, view: impl FnOnce() -> ErasedView) {
    if let Some(element) = find::<Element>(&format!("[data-island={name}]")) {
        std::mem::forget(view().hydrate_from::<true>(&element));
    }
}

fn refresh() {
    tell(REFRESH, &JsValue::NULL);
}

/// Hears whenever the document was drawn anew.
pub fn on_drawn(hear: impl Fn() + 'static) {
    on_window(REFRESHED, move |event: &CustomEvent| {
        if event.detail().is_truthy() {
            hear();
        }
    });
}

/// Goes to an address, as a link to it does.
pub fn visit(address: &str) {
    tell(VISIT, &address.into());
}

/// Has the document stand for another address of its page, and drawn anew soon.
pub(crate) fn change_address(address: &str) {
    tell(ADDRESS, &address.into());
}

fn tell(name: &str, detail: &JsValue) {
    let with = CustomEventInit::new();
    with.set_detail(detail);
    let told = CustomEvent::new_with_event_init_dict(name, &with)
        .and_then(|event| window().dispatch_event(&event));
    log_refusal(told.map(drop), "the document does not hear");
}
