//! The browser's entry to a document whose page shows live values. Its islands are in `app`; nothing but this start
//! belongs here.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by `navigate.ts` once the module is loaded.
#[wasm_bindgen]
pub fn start() {
    ui::islands::start(app::islands::live);
}
