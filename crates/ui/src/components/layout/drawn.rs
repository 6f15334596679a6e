//! The parts of the frame that the server draws, put in place with each new address.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::api::ask_sheet;
#[cfg(feature = "ssr")]
use crate::api::pages;
use crate::components::sheet::put_live;
use texts::console::{NO_FOCUS, log_refusal};

/// The parts of the frame, as HTML. What the server drew stays as it is: the browser begins with none.
#[derive(Debug, Default)]
pub struct Parts {
    /// The rail's places.
    pub places: String,
    /// Help and the switches, at the rail's foot.
    pub foot: String,
    /// The places at the foot of a phone.
    pub phone: String,
    /// Whose meters these are, and the other sites.
    pub site: String,
    /// The field of the search.
    pub field: String,
    /// The period bar.
    pub period: String,
    pub keys: String,
    /// The outcome of a form that a browser without script has sent.
    pub sent: String,
}

/// The parts, as the page brings them.
#[cfg(feature = "ssr")]
pub(super) fn parts() -> Parts {
    let location = use_location();
    let acting = use_context::<service::Service>().zip(use_context::<service::Principal>());
    let Some(((service, who), pages)) = acting.zip(pages().ok()) else { return Parts::default() };
    pages.frame(&service, &who, &location.pathname.get(), &location.search.get())
}

#[cfg(not(feature = "ssr"))]
pub(super) fn parts() -> Parts {
    Parts::default()
}

/// Draws the parts anew for each address but the first. Whoever came to another page with nothing in
/// focus begins in its content.
pub(super) fn follow() {
    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        let search = location.search.get();
        if let Some(before) = before {
            if before != path {
                begin_in_content();
            }
            let asked = path.clone();
            spawn_local(async move {
                let drawn = ask_sheet(format!("/frame{asked}"), search.clone()).await;
                let pathname = location.pathname.get_untracked();
                // Of quick steps the last one counts, in whatever order they are answered.
                let is_current = pathname == asked && location.search.get_untracked() == search;
                if let (true, Ok(Some(sheet))) = (is_current, drawn) {
                    put_live(&sheet.html);
                }
            });
        }
        path
    });
}

fn begin_in_content() {
    let document = document();
    let is_nowhere = document.active_element().is_none_or(|active| active.tag_name() == "BODY");
    let main = document.get_element_by_id("main").filter(|_| is_nowhere);
    if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
        log_refusal(main.focus(), NO_FOCUS);
    }
}
