//! Pages that the server draws as a whole, such as losses and bills. Which there are the server alone
//! knows; for the others it answers that there is no such page.

use leptos::ev::DragEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use leptos_router::{LazyRoute, NavigateOptions, lazy_route};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use texts::words::frame as words;
use ui::components::sheet;

/// A page as the server draws it, whose code the browser fetches when it is first opened.
pub(crate) struct DrawnPage;

#[lazy_route]
impl LazyRoute for DrawnPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let DrawnPage = this;
        let drawn =
            sheet::page(words::THIS_PAGE.get(), words::NOT_FOUND.get(), sheet::fetch(is_drawn));
        let navigate = use_navigate();
        let on_drop = move |event: DragEvent| {
            if let Some(address) = dropped(&event) {
                event.prevent_default();
                navigate(&address, NavigateOptions::default());
            }
        };
        view! {
            <div class="drawn" on:dragstart=|event| on_drag(&event) on:dragover=|event| on_over(&event) on:drop=on_drop>
                {drawn}
            </div>
        }
        .into_any()
    }
}

/// Whether no other route has this path.
fn is_drawn(path: &str) -> bool {
    !["/", "/grid", "/history"].contains(&path) && !path.starts_with("/meters")
}

/// What is dragged is told by its id.
const KIND: &str = "text/plain";

/// The value of an attribute of the nearest element that has it.
fn nearest(event: &DragEvent, attribute: &str) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(&format!("[{attribute}]")).ok()??.get_attribute(attribute)
}

fn on_drag(event: &DragEvent) {
    if let (Some(id), Some(carried)) = (nearest(event, "data-meter"), event.data_transfer())
        && carried.set_data(KIND, &id).is_err()
    {
        leptos::logging::warn!("meter {id} cannot be dragged: use the form");
    }
}

/// A place that takes what is dragged says so.
fn on_over(event: &DragEvent) {
    if nearest(event, "data-onto").is_some() {
        event.prevent_default();
    }
}

/// Where dropping something leads: to what it would change. An element drawn by the server knows the
/// address up to the id.
fn dropped(event: &DragEvent) -> Option<String> {
    let onto = nearest(event, "data-onto")?;
    let id = event.data_transfer()?.get_data(KIND).ok()?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("{onto}{id}=on"))
}
