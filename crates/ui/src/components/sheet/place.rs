//! Putting what was drawn anew in place without taking anything from whoever is at it: the focus, and
//! what is being typed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use texts::console::{NO_FOCUS, log_refusal};

/// Puts the live parts of a sheet in place of those that stand there; false where it has none. A link
/// with an id keeps the focus, a text field with an id stays itself.
pub fn put_live(html: &str) -> bool {
    let focused = focused();
    let Ok(new) = document().create_element("div") else { return false };
    new.set_inner_html(html);
    let parts = elements(&new, "[data-live]");
    for part in &parts {
        if let Some(old) = document().get_element_by_id(&part.id()) {
            let html = part.inner_html();
            if old.inner_html() != html {
                let fields = elements(&old, "input[type=text][id]");
                old.set_inner_html(&html);
                fields.iter().for_each(put_back);
            }
        }
    }
    focus(&focused);
    !parts.is_empty()
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
            log_refusal(
                element.set_attribute("aria-busy", "true"),
                "an element does not say that it waits",
            );
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

/// Whether somebody has typed into the sheet that stands there, and not sent it.
pub(super) fn is_typed() -> bool {
    let Ok(Some(sheet)) = document().query_selector(".sheet") else { return false };
    let differs = |field: &Element| {
        let field = field.dyn_ref::<HtmlInputElement>();
        field.is_some_and(|field| field.value() != field.default_value())
    };
    elements(&sheet, "input:not([type=hidden])").iter().any(differs)
}

pub(crate) fn elements(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    let element = |at| found.get(at)?.dyn_into().ok();
    (0..found.length()).filter_map(element).collect()
}

/// Puts a field where one of the same id took its place.
fn put_back(field: &Element) {
    if let Some(new) = document().get_element_by_id(&field.id()) {
        log_refusal(new.replace_with_with_node_1(field), "a field is drawn anew");
    }
}

/// Id of the element that has the focus; empty where it has none.
pub(super) fn focused() -> String {
    document().active_element().map(|active| active.id()).unwrap_or_default()
}

/// Gives an element the focus back that it had before something was drawn anew. Whoever has moved on meanwhile, as to
/// the search, keeps it.
pub(super) fn focus(id: &str) {
    if document().active_element().is_some_and(|active| active.tag_name() != "BODY") {
        return;
    }
    let element = document().get_element_by_id(id).filter(|_| !id.is_empty());
    // Links of a drawing take the focus too, though they are no HTML.
    if let Some(element) = element.map(JsCast::unchecked_into::<HtmlElement>) {
        log_refusal(element.focus(), NO_FOCUS);
    }
}
