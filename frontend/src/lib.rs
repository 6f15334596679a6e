//! The browser's entry: takes over the page that the server rendered. Everything to see is in
//! `app`; nothing but this start belongs here.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use app::App;
use leptos::mount::hydrate_from_async;
use leptos::prelude::{WindowListenerHandle, document, window_event_listener_untyped};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlFormElement;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    app::watch();
    let Some(body) = document().body() else { return };
    // While a page is taken over it believes in the address that it was sent for: until then links are
    // the browser's own, and no key leads elsewhere.
    let heard = ["click", "keydown"]
        .map(|event| window_event_listener_untyped(event, |it| it.stop_immediate_propagation()));
    let sent = Rc::new(RefCell::new(None));
    let sending = Rc::clone(&sent);
    let submits = window_event_listener_untyped("submit", move |event| {
        if !event.default_prevented() {
            sending.replace(event.target().and_then(|form| form.dyn_into().ok()));
        }
    });
    spawn_local(async move {
        let page = hydrate_from_async(body, App).await;
        heard.into_iter().chain([submits]).for_each(WindowListenerHandle::remove);
        page.forget();
        // A form that does nothing by itself is sent now that somebody takes it.
        let form = sent.take().filter(|form: &HtmlFormElement| form.method() == "dialog");
        if form.is_some_and(|form| form.request_submit().is_err()) {
            leptos::logging::error!("a form was not sent");
        }
    });
}
