//! The switches of the frame, which the server draws: colours, language, single keys.

use leptos::ev::Event;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use crate::components::island::on_window;
use crate::keys;
use crate::theme::Theme;
use texts::language;

pub(crate) fn follow() {
    on_window("change", choose);
}

/// Does what a switch says; those of a page have no `data-choice`.
fn choose(event: &Event) {
    let switch = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(switch) = switch else { return };
    match switch.get_attribute("data-choice").as_deref() {
        Some("theme") => Theme::parse(Some(&switch.value())).apply(),
        Some("language") => language::choose(&switch.value()),
        Some("keys") => keys::switch(switch.checked()),
        _ => {}
    }
}
