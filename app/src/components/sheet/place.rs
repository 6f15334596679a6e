//! Putting what was drawn anew in place without taking anything from whoever is at it: the focus, and
//! what is being typed.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// The fields in which somebody typed.
fn typed(within: &Element) -> Vec<HtmlInputElement> {
    let Ok(fields) = within.query_selector_all("input:not([type=hidden])") else {
        return Vec::new();
    };
    let field = |at| fields.get(at)?.dyn_into::<HtmlInputElement>().ok();
    let is_typed = |field: &HtmlInputElement| field.value() != field.default_value();
    (0..fields.length()).filter_map(field).filter(is_typed).collect()
}

/// Whether somebody is typing into the sheet that stands there.
pub(super) fn is_typed() -> bool {
    let sheet = document().query_selector(".sheet").ok().flatten();
    sheet.is_some_and(|sheet| !typed(&sheet).is_empty())
}

/// Puts what stood in a field into the one that took its place, the caret where it was.
fn retype(old: &HtmlInputElement) {
    let new = document().get_element_by_id(&old.id());
    let Some(new) = new.and_then(|new| new.dyn_into::<HtmlInputElement>().ok()) else { return };
    new.set_value(&old.value());
    if let (Ok(Some(from)), Ok(Some(to))) = (old.selection_start(), old.selection_end())
        && new.set_selection_range(from, to).is_err()
    {
        leptos::logging::warn!("{} takes no caret", old.id());
    }
}

/// Puts the live parts of a sheet in place of those that stand there; false where it has none. A link
/// with an id keeps the focus, a field with an id what was typed.
pub(in crate::components) fn put_live(html: &str) -> bool {
    let focused = focused();
    let Ok(new) = document().create_element("div") else { return false };
    new.set_inner_html(html);
    let Ok(parts) = new.query_selector_all("[data-live]") else { return false };
    for part in (0..parts.length()).filter_map(|at| parts.get(at)) {
        let Ok(part) = part.dyn_into::<Element>() else { continue };
        if let Some(old) = document().get_element_by_id(&part.id()) {
            let html = part.inner_html();
            if old.inner_html() != html {
                let typed = typed(&old);
                old.set_inner_html(&html);
                typed.iter().for_each(retype);
            }
        }
    }
    focus(&focused);
    parts.length() > 0
}

/// Id of the element that has the focus; empty where it has none.
pub(super) fn focused() -> String {
    document().active_element().map(|active| active.id()).unwrap_or_default()
}

pub(super) fn focus(id: &str) {
    let element = document().get_element_by_id(id).filter(|_| !id.is_empty());
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok())
        && element.focus().is_err()
    {
        leptos::logging::warn!("{id} takes no focus");
    }
}
