//! The browser's entry: takes over the page that the server rendered. Everything to see is in
//! `app`; nothing but this start belongs here.
#![cfg(target_arch = "wasm32")]

use app::App;
use leptos::mount::hydrate_from_async;
use leptos::prelude::{WindowListenerHandle, document, window_event_listener_untyped};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    app::watch();
    let Some(body) = document().body() else { return };
    // While a page is taken over it believes in the address that it was sent for: until then links are
    // the browser's own, and no key leads elsewhere.
    let heard = ["click", "keydown"]
        .map(|event| window_event_listener_untyped(event, |it| it.stop_immediate_propagation()));
    spawn_local(async move {
        let page = hydrate_from_async(body, App).await;
        heard.into_iter().for_each(WindowListenerHandle::remove);
        page.forget();
    });
}
