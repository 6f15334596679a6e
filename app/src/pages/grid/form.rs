//! The card's form as an address.

use domain::grid::feasibility::Place;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlFormElement};

use super::PATH;

/// The address that a form of the card asks for; none of a form that does something.
pub(super) fn asked(event: &SubmitEvent) -> Option<String> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    form.has_attribute("data-find").then(|| address(&fields(&form)))
}

/// The address of another place, with what else stands in the form.
pub(super) fn address_at(at: Place) -> String {
    let form = document().query_selector("form[data-find]").ok().flatten();
    let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let mut asked = vec![
        ("lat".to_owned(), format!("{:.5}", at.latitude)),
        ("lon".to_owned(), format!("{:.5}", at.longitude)),
    ];
    let rest = form.map(|form| fields(&form)).unwrap_or_default();
    asked.extend(rest.into_iter().filter(|(name, _)| name != "place"));
    address(&asked)
}

fn fields(form: &HtmlFormElement) -> Vec<(String, String)> {
    let Ok(fields) = FormData::new_with_form(form) else { return Vec::new() };
    let pair = |entry: JsValue| {
        let entry = js_sys::Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    js_sys::Array::from(&fields).iter().filter_map(pair).collect()
}

fn address(fields: &[(String, String)]) -> String {
    let filled = fields.iter().filter(|(_, value)| !value.trim().is_empty());
    let pairs: Vec<_> = filled
        .map(|(name, value)| {
            format!("{name}={}", String::from(js_sys::encode_uri_component(value)))
        })
        .collect();
    format!("{PATH}?{}", pairs.join("&"))
}
