//! Asking the server from a page.

use leptos::prelude::window;
use send_wrapper::SendWrapper;
use texts::words::frame as words;
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

/// Calls a server function with JSON, and gives back the JSON that it answers. Its own client would be a tenth of what
/// a page loads.
///
/// # Errors
/// Why it does not answer, in words.
pub async fn call(path: &str, arguments: &str) -> Result<String, String> {
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    match post(path, &arguments.into(), &headers).await {
        Ok((true, answer)) => Ok(answer),
        // Before the words stands the kind of the error.
        Ok((false, why)) => {
            Err(why.split_once('|').map_or(why.as_str(), |(_, why)| why).to_owned())
        }
        Err(_) => Err(words::NO_ANSWER.get().to_owned()),
    }
}

/// A text as JSON writes it.
pub fn quoted(text: &str) -> String {
    js_sys::JSON::stringify(&text.into()).map(String::from).unwrap_or_default()
}
