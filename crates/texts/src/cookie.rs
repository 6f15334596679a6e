//! What the browser remembers of a person's choices, such as the colours.

use leptos::prelude::document;
use wasm_bindgen::JsCast as _;

use crate::console::log_refusal;

/// A year, in seconds.
const YEAR_S: u32 = 31_536_000;

/// The value of a cookie in the header of a request.
#[cfg(feature = "ssr")]
pub fn value<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Keeps a choice for a year; an empty one is forgotten.
pub fn keep(name: &str, value: &str) {
    let age = if value.is_empty() { 0 } else { YEAR_S };
    let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax");
    let html = document().unchecked_into::<web_sys::HtmlDocument>();
    log_refusal(html.set_cookie(&cookie), "this choice is not remembered");
}
