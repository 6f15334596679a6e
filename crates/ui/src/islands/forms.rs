//! The forms of a document, sent without leaving it.

mod submit;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use texts::console::log_refusal;

use super::place::{Busy, put_into};
use super::refresh;
use crate::components::island::{DONE, FAILED, on_window};
use submit::Submission;

/// The notice of a form that led on, until the next page shows it.
const KEPT: &str = "done";

pub(super) fn follow() {
    if let Some(said) = kept() {
        done(&said);
    }
    on_window("submit", send);
}

fn kept() -> Option<String> {
    let storage = window().session_storage().ok()??;
    let said = storage.get_item(KEPT).ok()??;
    log_refusal(storage.remove_item(KEPT), "a notice is shown again");
    Some(said)
}

/// Shows what was done on the page to which it leads.
fn lead_on(next: &str, said: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        log_refusal(storage.set_item(KEPT, said), "a notice is not shown");
    }
    log_refusal(window().location().assign(next), "the next page is not opened");
}

fn send(event: &SubmitEvent) {
    let Some(form) = Submission::of(event) else { return };
    event.prevent_default();
    if form.is_sent() {
        return;
    }
    spawn_local(async move {
        let busy = form.into.as_deref().map(Busy::new);
        let outcome = form.send().await;
        drop(busy);
        match outcome {
            Ok(said) => {
                fail("");
                if let Some(id) = &form.into {
                    done("");
                    put_into(id, &said);
                } else if let Some(next) = form.next() {
                    lead_on(&next, &said);
                } else {
                    done(&said);
                    form.reset();
                    refresh();
                }
            }
            Err(refused) => {
                done("");
                let is_at_field = form.mark(&refused);
                fail(if is_at_field { "" } else { &refused.why });
            }
        }
    });
}

/// Shows what was done, as the server drew it; nothing where that is empty.
fn done(said: &str) {
    say(DONE, said, |place, said| place.set_inner_html(said));
}

fn fail(why: &str) {
    say(FAILED, why, |place, why| place.set_text_content(Some(why)));
}

fn say(id: &str, said: &str, put: fn(&HtmlElement, &str)) {
    let place = document().get_element_by_id(id);
    if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
        put(&place, said);
        place.set_hidden(said.is_empty());
    }
}
