//! Posting to the server from a page.

use leptos::prelude::window;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Posts a body and reads the answer: whether it was done, and the text.
///
/// # Errors
/// There is no answer.
pub(crate) async fn post(
    address: &str,
    body: &JsValue,
    headers: &[(&str, &str)],
) -> Result<(bool, String), JsValue> {
    let (address, init) = (address.to_owned(), RequestInit::new());
    init.set_method("POST");
    init.set_body(body);
    let sent = Headers::new()?;
    for (name, value) in headers {
        sent.set(name, value)?;
    }
    init.set_headers(&sent);
    let answer = async move {
        let answer = JsFuture::from(window().fetch_with_str_and_init(&address, &init)).await?;
        let answer: Response = answer.dyn_into()?;
        let text = JsFuture::from(answer.text()?).await?;
        Ok((answer.ok(), text.as_string().unwrap_or_default()))
    };
    // The browser has one thread.
    SendWrapper::new(answer).await
}
