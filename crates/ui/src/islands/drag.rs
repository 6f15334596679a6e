//! Dragging a meter onto its place. A place knows the address up to the id of what is dropped on it; a form does the
//! same without a mouse.

use leptos::ev::DragEvent;

use super::place::closest;
use super::visit;
use crate::components::island::on_window;

/// The type of the id that is dragged.
const KIND: &str = "text/plain";

pub(super) fn follow() {
    on_window("dragstart", begin);
    on_window("dragover", |event: &DragEvent| {
        // A place that takes what is dragged says so.
        if nearest(event, "data-onto").is_some() {
            event.prevent_default();
        }
    });
    on_window("drop", |event: &DragEvent| {
        if let Some(address) = dropped(event) {
            event.prevent_default();
            visit(&address);
        }
    });
}

fn begin(event: &DragEvent) {
    if let (Some(id), Some(carried)) = (nearest(event, "data-meter"), event.data_transfer())
        && carried.set_data(KIND, &id).is_err()
    {
        leptos::logging::warn!("meter {id} cannot be dragged: use the form");
    }
}

/// The value of an attribute of the nearest element that has it.
fn nearest(event: &DragEvent, attribute: &str) -> Option<String> {
    closest(event, &format!("[{attribute}]"))?.get_attribute(attribute)
}

/// The address of what dropping something would change.
fn dropped(event: &DragEvent) -> Option<String> {
    let onto = nearest(event, "data-onto")?;
    let id = event.data_transfer()?.get_data(KIND).ok()?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("{onto}{id}=on"))
}
