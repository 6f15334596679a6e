//! A part of a document that lives in the browser.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Event;

#[cfg(feature = "ssr")]
use crate::components::erased_view::{Erase as _, ErasedView};

/// The islands of the frame.
pub(crate) const STATUS: &str = "status";
pub(crate) const LOST: &str = "lost";
pub(crate) const SEARCH: &str = "search";

/// Ids of the elements that say what became of a form.
pub(crate) const DONE: &str = "done";
pub(crate) const FAILED: &str = "failed";
/// Id of the refusal beside the field at fault.
pub const REFUSED: &str = "refused-here";

/// Id of the script with the live state of a document, as JSON.
pub const LIVE: &str = "live";

/// A view that the browser takes over by itself.
#[cfg(feature = "ssr")]
pub fn island(name: &'static str, view: ErasedView) -> ErasedView {
    view! {
        <div class="island" data-island=name>
            {view}
        </div>
    }
    .erased()
}

/// Hears an event wherever it occurs, for as long as the current owner lives. Only in the browser.
pub fn on_window<E: JsCast>(event: &'static str, hear: impl Fn(&E) + 'static) {
    listen(event, Rc::new(move |event| hear(event.unchecked_ref())));
}

/// Once for all types of events.
fn listen(event: &'static str, hear: Rc<dyn Fn(&Event)>) {
    Effect::new(move |_| {
        let hear = Rc::clone(&hear);
        let handle = window_event_listener_untyped(event, move |event| hear(&event));
        on_cleanup(move || handle.remove());
    });
}
