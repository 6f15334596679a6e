//! Finding elements of the document, and putting what the server drew in place.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use texts::console::log_refusal;

/// Puts what is in each element of an answer into the one of the same id.
pub(crate) fn put(html: &str) {
    let Ok(new) = document().create_element("div") else { return };
    new.set_inner_html(html);
    for part in elements(&new, ":scope > [id]") {
        if let Some(old) = document().get_element_by_id(&part.id()) {
            old.set_inner_html(&part.inner_html());
        }
    }
}

/// Puts an answer that the server drew where it belongs, and shows it.
pub(crate) fn put_into(id: &str, html: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_inner_html(html);
        // It stays when the page is drawn anew.
        log_refusal(element.set_attribute("data-told", ""), "an answer goes with the next drawing");
        element.scroll_into_view_with_bool(false);
    }
}

/// An element that waits for its answer, as long as this lives.
pub(crate) struct Busy(Option<Element>);

impl Busy {
    pub(crate) fn new(id: &str) -> Self {
        let element = document().get_element_by_id(id);
        if let Some(element) = &element {
            set(element, "aria-busy", "true");
        }
        Self(element)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(element) = &self.0 {
            log_refusal(
                element.remove_attribute("aria-busy"),
                "an element says that it waits for ever",
            );
        }
    }
}

/// Sets an attribute, which fails for none of the names that stand here.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    log_refusal(element.set_attribute(name, value), "an attribute is not set");
}

/// The element that an event is about.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The nearest element around the target of an event that a selector means.
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok()?
}

/// The first element of the document that a selector means.
pub fn find<E: JsCast>(selector: &str) -> Option<E> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

pub(crate) fn elements(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    let element = |at| found.get(at)?.dyn_into().ok();
    (0..found.length()).filter_map(element).collect()
}
