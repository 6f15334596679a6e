//! A page whose code has stopped says so. It stops where a part of it can no longer be fetched, as when
//! the server was updated while the page was open: links would be dead from then on.

/// Id of the sentence, which the document has from the first byte on.
pub const STOPPED: &str = "stopped";

/// Shows the sentence when the code stops, and why in the console. To be called once, in the browser.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        let sentence = leptos::prelude::document().get_element_by_id(STOPPED);
        if let Some(sentence) = sentence {
            let done = sentence.remove_attribute("hidden");
            texts::console::log_refusal(done, "the page cannot say that it has stopped");
        }
    }));
}
