//! The browser's entry: takes over the page that the server rendered. Everything to see is in
//! `app`; nothing but this start belongs here.
#![cfg(target_arch = "wasm32")]

use app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::watch();
    leptos::mount::hydrate_lazy(App);
}
