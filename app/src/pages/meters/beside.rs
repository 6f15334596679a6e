//! The views beside the tree select in it: whatever in them carries the id of a meter as `data-meter` is
//! a way to it, and is marked while that meter is selected.

use domain::MeterId;
use domain::meters::view::tree::Key;
use leptos::ev::MouseEvent;
use leptos::html::Section;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit};

use super::pane::Pane;
use super::selection::Selection;
use texts::console::log_refusal;
use ui::components::erased_view::Erase as _;

/// What names a meter.
const METER: &str = "data-meter";

#[component]
pub(super) fn Beside(selection: Selection) -> impl IntoView {
    let pane = NodeRef::<Section>::new();
    let on_click = move |event: MouseEvent| {
        let found = super::clicked(&event, "[data-meter]");
        let id = found.and_then(|it| it.get_attribute(METER)?.parse().ok());
        if let Some(id) = id {
            event.prevent_default();
            selection.select(Key::Meter(MeterId(id)));
        }
    };
    Effect::new(move |_| {
        if let Some(pane) = pane.get() {
            mark(&pane, selection.selected.get());
        }
    });
    mark_again(pane, selection);
    view! {
        <section class="meters-pane" node_ref=pane on:click=on_click>
            <Pane />
        </section>
    }
    .erased()
}

/// Marks what is selected whenever something in the pane is drawn anew.
fn mark_again(pane: NodeRef<Section>, selection: Selection) {
    Effect::new(move |_| {
        let Some(pane) = pane.get() else { return };
        let within = pane.clone();
        let drawn = Closure::<dyn FnMut()>::new(move || {
            if let Some(selected) = selection.selected.try_get_untracked() {
                mark(&within, selected);
            }
        });
        let options = MutationObserverInit::new();
        options.set_child_list(true);
        options.set_subtree(true);
        let Ok(observer) = MutationObserver::new(drawn.as_ref().unchecked_ref()) else { return };
        let done = observer.observe_with_options(&pane, &options);
        log_refusal(done, "what is selected is not marked beside the tree");
        let kept = StoredValue::new_local((observer, drawn));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    });
}

fn mark(pane: &Element, selected: Option<MeterId>) {
    let Ok(found) = pane.query_selector_all("[data-meter]") else { return };
    let selected = selected.map(|id| id.to_string());
    for at in 0..found.length() {
        let Some(one) = found.get(at).and_then(|one| one.dyn_into::<Element>().ok()) else {
            continue;
        };
        let done = if one.get_attribute(METER) == selected {
            one.set_attribute("aria-current", "true")
        } else {
            one.remove_attribute("aria-current")
        };
        log_refusal(done, "what is selected is not marked");
    }
}
