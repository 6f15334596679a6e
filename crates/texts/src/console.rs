//! What the browser refuses is remarked on in its console: none of it stops a page.

use wasm_bindgen::JsValue;

/// What is said of an element that takes no focus.
pub const NO_FOCUS: &str = "an element takes no focus";

/// Remarks on a refusal, with what does not happen now.
pub fn log_refusal(done: Result<(), JsValue>, refused: &str) {
    if let Err(error) = done {
        web_sys::console::warn_2(&refused.into(), &error);
    }
}
