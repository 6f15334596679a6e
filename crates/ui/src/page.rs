//! The data that a document brings for the island of its page, beside the live state.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Id of the script that has it, as JSON.
const PAGE: &str = "page";

/// The script.
#[cfg(feature = "ssr")]
pub fn script(page: &impl Serialize) -> AnyView {
    json_script(PAGE, page)
}

/// A script with JSON, which nothing in it may end.
#[cfg(feature = "ssr")]
pub fn json_script(id: &'static str, data: &impl Serialize) -> AnyView {
    let json = serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c");
    view! { <script type="application/json" id=id inner_html=json></script> }.into_any()
}

/// The data of the document; none where it cannot be read. Only in the browser.
pub fn read<T: DeserializeOwned>() -> Option<T> {
    let text = document().get_element_by_id(PAGE)?.text_content()?;
    match crate::json::read(&text) {
        Ok(page) => Some(page),
        Err(error) => {
            leptos::logging::error!("what the document brings cannot be read: {error}");
            None
        }
    }
}
