//! The period bar, at the end of the top bar. The server draws it, as links; here it is put in place
//! and takes the arrow keys.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::drawn::{Part, drawn};
use crate::components::whole::AtOnce as _;
use crate::words::frame as words;

#[component]
pub(super) fn PeriodBar() -> impl IntoView {
    view! {
        <nav class="period" tabindex="-1" aria-label=words::PERIOD on:keydown=|event| on_key(&event)>
            <div id="period-bar" class="period-bar" inner_html=drawn(Part::Period)></div>
        </nav>
    }
    .at_once()
}

/// Arrow keys step, as the two ends of the bar do. The bar keeps the focus while it is drawn anew.
fn on_key(event: &KeyboardEvent) {
    let end = match event.key().as_str() {
        "ArrowLeft" => "[rel=prev]",
        "ArrowRight" => "[rel=next]",
        _ => return,
    };
    let bar = event.current_target().and_then(|bar| bar.dyn_into::<HtmlElement>().ok());
    let Some(bar) = bar else { return };
    let typing = document().active_element().is_some_and(|active| active.tag_name() == "INPUT");
    let link = bar.query_selector(end).ok().flatten().filter(|_| !typing);
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        if bar.focus().is_ok() {
            link.click();
        }
    }
}
