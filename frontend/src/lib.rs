//! The browser's entry to a page that lives in it: takes over what the server rendered. Everything to see is in
//! `app`; nothing but this start belongs here.
#![cfg(target_arch = "wasm32")]

use app::{App, lives_in_browser};
use leptos::mount::hydrate_from_async;
use leptos::prelude::{WindowListenerHandle, document, window_event_listener_untyped};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlAnchorElement};

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    ui::panic_banner::watch();
    let Some(body) = document().body() else { return };
    // While a page is taken over it believes in the address that it was sent for: until then links are
    // the browser's own, and no key leads elsewhere.
    let heard = ["click", "keydown"]
        .map(|event| window_event_listener_untyped(event, |it| it.stop_immediate_propagation()));
    // Before the router hears of it. It stays for as long as the page does.
    let _ = window_event_listener_untyped("click", |event| {
        if leads_to_document(&event) {
            event.stop_immediate_propagation();
        }
    });
    spawn_local(async move {
        let page = hydrate_from_async(body, App).await;
        heard.into_iter().for_each(WindowListenerHandle::remove);
        page.forget();
    });
}

/// Whether a link is followed to a page that the browser loads.
fn leads_to_document(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    let link = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    link.is_some_and(|link| !lives_in_browser(&link.pathname()))
}
