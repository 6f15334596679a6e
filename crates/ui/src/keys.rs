//! Whether single keys act, such as `t` for today; remembered in a cookie, so that the server's HTML
//! already says it.

use leptos::prelude::*;

use texts::console::log_refusal;
use texts::cookie;

const COOKIE: &str = "keys";
const OFF: &str = "off";

/// The attribute of the document that says so.
pub const ATTRIBUTE: &str = "data-keys";

/// Its value in what is drawn now; none where keys act.
#[cfg(feature = "ssr")]
pub fn of_request() -> Option<&'static str> {
    let parts = use_context::<http::request::Parts>()?;
    let cookies = parts.headers.get("cookie")?.to_str().ok()?;
    (cookie::value(cookies, COOKIE) == Some(OFF)).then_some(OFF)
}

/// Switches them, and remembers it.
pub fn switch(on: bool) {
    if let Some(root) = document().document_element() {
        let done =
            if on { root.remove_attribute(ATTRIBUTE) } else { root.set_attribute(ATTRIBUTE, OFF) };
        log_refusal(done, "an attribute is not set");
    }
    cookie::keep(COOKIE, if on { "" } else { OFF });
}
