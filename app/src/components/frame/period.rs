//! The period bar, at the end of the top bar. The server draws it; here it is put in place, keeps
//! what else stands in the address, and takes the arrow keys.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::api::get_sheet;
use crate::components::fetched::fetched;
use crate::components::whole::AtOnce as _;
use crate::period::Chosen;
use crate::words::frame as words;

#[component]
pub(super) fn PeriodBar() -> impl IntoView {
    let chosen = expect_context::<Chosen>();
    let location = use_location();
    let bar = fetched(
        move || chosen.query(),
        move |_| {
            let query = location.search.get_untracked();
            async move { get_sheet("/period".to_owned(), query).await }
        },
    );
    let navigate = use_navigate();
    let on_click = move |event: MouseEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if let Some(period) = plain.then(|| period_of(&event)).flatten() {
            event.prevent_default();
            let options = NavigateOptions { scroll: false, ..Default::default() };
            navigate(&chosen.with(&period), options);
        }
    };
    view! {
        <nav
            class="period"
            tabindex="-1"
            aria-label=words::PERIOD
            on:click=on_click
            on:keydown=|event| on_key(&event)
        >
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    let html = bar.await.ok().flatten().map(|sheet| sheet.html);
                    view! { <div class="period-bar" inner_html=html.unwrap_or_default()></div> }
                })}
            </Transition>
        </nav>
    }
    .at_once()
}

/// The period that a link stands for.
fn period_of(event: &MouseEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-period]").ok()??.get_attribute("data-period")
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
