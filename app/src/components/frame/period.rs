//! The period bar, at the end of the top bar. The server draws it, as links; here it is put in place
//! and takes the arrow keys.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::lean::text;
use crate::components::sheet::following;
use crate::components::whole::AtOnce as _;
use crate::words::frame as words;

#[component]
pub(super) fn PeriodBar() -> impl IntoView {
    let location = use_location();
    // Which bar it is depends on the page; what else stands in the address goes along in its links.
    let address =
        Memo::new(move |_| (format!("/period{}", location.pathname.get()), location.search.get()));
    let (path, search) = address.get_untracked();
    let html = following(address, first(&path, &search));
    view! {
        <nav class="period" tabindex="-1" aria-label=words::PERIOD on:keydown=|event| on_key(&event)>
            <div class="period-bar" inner_html=text(move || html.get())></div>
        </nav>
    }
    .at_once()
}

/// The bar as the page brought it.
#[cfg(feature = "ssr")]
fn first(path: &str, search: &str) -> String {
    use_context::<service::Service>()
        .zip(use_context::<service::Principal>())
        .map(|(service, who)| crate::sheets::bar(&service, who, path, search))
        .unwrap_or_default()
}

/// The bar as the page brought it.
#[cfg(not(feature = "ssr"))]
fn first(_: &str, _: &str) -> String {
    let bar = document().query_selector(".period-bar").ok().flatten();
    bar.map(|bar| bar.inner_html()).unwrap_or_default()
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
